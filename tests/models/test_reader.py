"""One reader for all cells: its losses, gradients and states, read after every step or after the last one."""

import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.core.initial_values import orthogonal, scaled_normal
from helpers.core.params import map_params, named_arrays, zeros_like
from helpers.data.tasks.brackets import brackets
from helpers.data.tasks.delayed_recall import delayed_recall, latest_letter
from helpers.data.tasks.echo import echo
from helpers.layers.linear import LinearParams
from helpers.layers.losses import cross_entropy, cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent.lstm import lstm_gates, zero_lstm_state
from helpers.layers.recurrent.rnn import RNNParams
from helpers.layers.recurrent.stack import CELLS
from helpers.layers.recurrent.torch_weights import from_torch, to_torch
from helpers.models.reader import (
    ReaderParams,
    first_reader_state,
    init_reader,
    reader,
    reader_accuracy,
    reader_backward,
    reader_loss,
    train_reader,
)

CHANCE = np.log(4)
SIZES = [(1, 1, 1, 1, 1), (1, 2, 3, 2, 4), (2, 1, 1, 3, 2), (6, 3, 2, 4, 3)]  # (T, B, D, H, V)
KINDS = ["last", "every", "summed"]  # what the loss is of
every_cell = pytest.mark.parametrize("cell", CELLS)
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_kind = pytest.mark.parametrize("kind", KINDS)
masked_or_not = pytest.mark.parametrize("masked", [False, True])


def make(cell, size, kind="every", masked=False, dtype=np.float64):
    """Random parameters, the biases too, and a batch: params, (x, targets, mask), state."""
    T, B, D, H, V = size
    rng = np.random.default_rng(size)
    params = init_reader(rng, cell, D, H, V, dtype)
    params = map_params(lambda p: (p + 0.3 * rng.standard_normal(p.shape)).astype(dtype), params)
    x = rng.standard_normal((T, B, D)).astype(dtype)
    shape = (B,) if kind == "last" else (T, B)
    mask = None
    if masked:
        mask = rng.random(shape) < 0.6
        mask.flat[0] = True
    state = tuple(rng.standard_normal((B, H)).astype(dtype) for _ in range(arrays_of_state(cell)))
    return params, (x, rng.integers(V, size=shape), mask), state


def arrays_of_state(cell):
    return 2 if cell == "lstm" else 1


def whole_backward(params, batch, state, kind):
    """Gradients of x, the first state and the parameters, by `reader_backward` itself."""
    x, targets, mask = batch
    logits, last, cache = reader(x, state, params, "last" if kind == "last" else "every")
    _, loss_cache = (summed_cross_entropy if kind == "summed" else cross_entropy)(logits, targets, mask)
    return reader_backward(cross_entropy_backward(loss_cache), zeros_like(last), cache, params)


def torch_reader(cell, params, batch, state, kind):
    """The same by torch: loss, gradients of x, of the first state and of the parameters, and the last state."""
    (x, targets, mask), layer = batch, to_torch(params.cell, cell)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, *state, *params.output)]
    x_leaf, *state_leaves, W, b = leaves
    given = tuple(s[None] for s in state_leaves)
    h, last = layer(x_leaf, given if cell == "lstm" else given[0])
    logits = (h[-1] if kind == "last" else h) @ W + b
    each = torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), torch.tensor(targets.ravel()), reduction="none"
    )
    counts = torch.tensor(np.ones(targets.shape, bool) if mask is None else mask).ravel()
    loss = each[counts].sum() / (x.shape[1] if kind == "summed" else counts.sum())
    loss.backward()
    (cell_grads,) = from_torch(layer, gradients=True)
    dx, *dstate, dW, db = (leaf.grad.numpy() for leaf in leaves)
    last = [s[0].detach().numpy() for s in (last if cell == "lstm" else (last,))]
    return loss.item(), dx, dstate, ReaderParams(cell_grads, LinearParams(dW, db)), last


@every_cell
@every_size
@every_kind
@masked_or_not
def test_gradients_equal_central_differences(cell, size, kind, masked):
    params, (x, targets, mask), state = make(cell, size, kind, masked)
    options = {"summed": kind == "summed"}
    dx, dstate, grads = whole_backward(params, (x, targets, mask), state, kind)
    assert isinstance(grads, ReaderParams)

    def loss(params=params, x=x, state=state):
        return reader_loss(params, x, targets, mask, state, **options)[0]

    errors = check_gradients(loss, params, grads)
    assert [name for name in errors if name.startswith("cell")] == [f"cell.{name}" for name in params.cell._fields]
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    for n in range(len(state)):
        numerical = numerical_gradient(lambda s, n=n: loss(state=(*state[:n], s, *state[n + 1 :])), state[n])
        errors[f"state {n}"] = relative_error(dstate[n], numerical)
    assert max(errors.values()) < 1e-6, errors
    _, same, _ = reader_loss(params, x, targets, mask, state, **options)
    for (name, a), (_, b) in zip(named_arrays(same), named_arrays(grads), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)


@every_cell
@every_size
@every_kind
@masked_or_not
def test_everything_equals_torch(cell, size, kind, masked):
    params, batch, state = make(cell, size, kind, masked)
    loss, _, last = reader_loss(params, *batch, state, summed=kind == "summed")
    ours = whole_backward(params, batch, state, kind)
    their_loss, *theirs, their_last = torch_reader(cell, params, batch, state, kind)
    assert loss == pytest.approx(their_loss, rel=1e-10, abs=1e-14)
    for (_, a), (_, b) in zip(named_arrays(ours[0:1] + ours[1] + ours[2:]), flat(theirs), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-13)
    for a, b in zip(last, their_last, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-14)


def flat(theirs):
    dx, dstate, grads = theirs
    return named_arrays((dx, *dstate, grads))


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("size", [(1, 1, 1, 1, 1), (2, 3, 2, 3, 2), (6, 2, 3, 5, 4)], ids=str)
def test_the_rnn_has_a_choice_of_activations(activation, size):
    params, (x, targets, _), _ = make("rnn", size, "last")
    loss, grads, _ = reader_loss(params, x, targets, activation=activation)
    errors = check_gradients(lambda p: reader_loss(p, x, targets, activation=activation)[0], params, grads)
    assert max(errors.values()) < 1e-6, errors
    act = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda a: a}[activation]
    W_xh, W_hh, b_h, W, b = (torch.tensor(a) for _, a in named_arrays(params))
    h = torch.zeros(size[1], size[3], dtype=torch.float64)
    for x_t in torch.tensor(x):
        h = act(x_t @ W_xh + h @ W_hh + b_h)
    assert loss == pytest.approx(torch.nn.functional.cross_entropy(h @ W + b, torch.tensor(targets)).item(), rel=1e-10)


def two_steps_by_hand():
    """One unit whose weights are 1, two names with logits h and 0: L_t = ln(1 + e^−h) for name 0."""
    one, zero = np.ones((1, 1)), np.zeros(1)
    params = ReaderParams(RNNParams(one, one, zero), LinearParams(np.array([[1.0, 0.0]]), np.zeros(2)))
    h_1 = np.tanh(1)
    return params, np.ones((2, 1, 1)), h_1, np.tanh(1 + h_1)


def test_a_sum_over_time_by_hand():
    params, x, h_1, h_2 = two_steps_by_hand()
    loss, grads, (h_last,) = reader_loss(params, x, np.zeros((2, 1), int), summed=True)
    assert h_last.item() == pytest.approx(h_2)
    assert loss == pytest.approx(np.log(1 + np.exp(-h_1)) + np.log(1 + np.exp(-h_2)))
    dy_1, dy_2 = (-1 / (1 + np.exp(h)) for h in (h_1, h_2))  # p_0 − 1
    da_2 = dy_2 * (1 - h_2**2)
    da_1 = (dy_1 + da_2) * (1 - h_1**2)  # two paths lead into h_1
    assert grads.cell.W_hh.item() == pytest.approx(da_2 * h_1)
    assert grads.cell.b_h.item() == pytest.approx(da_1 + da_2)
    np.testing.assert_allclose(grads.output.b, [dy_1 + dy_2, -dy_1 - dy_2])


def test_the_last_step_by_hand():
    params, x, h_1, h_2 = two_steps_by_hand()
    loss, grads, _ = reader_loss(params, x, np.zeros(1, int))
    assert loss == pytest.approx(np.log(1 + np.exp(-h_2)))
    da_2 = -1 / (1 + np.exp(h_2)) * (1 - h_2**2)
    da_1 = da_2 * (1 - h_1**2)  # one path: the first step is not read
    assert grads.cell.W_hh.item() == pytest.approx(da_2 * h_1)
    assert grads.cell.b_h.item() == pytest.approx(da_1 + da_2)


@every_cell
@masked_or_not
def test_the_sum_over_time_is_the_mean_times_its_number_of_steps(cell, masked):
    params, (x, targets, mask), _ = make(cell, (6, 3, 2, 4, 3), "every", masked)
    mean, mean_grads, _ = reader_loss(params, x, targets, mask)
    total, total_grads, _ = reader_loss(params, x, targets, mask, summed=True)
    steps = (mask.sum() if masked else 18) / 3  # for each sequence
    assert total == pytest.approx(mean * steps, rel=1e-12)
    for (_, a), (_, b) in zip(named_arrays(total_grads), named_arrays(mean_grads), strict=True):
        np.testing.assert_allclose(a, b * steps, rtol=1e-10, atol=1e-14)


@every_cell
@masked_or_not
def test_one_answer_at_the_end_is_every_step_of_which_the_last_alone_counts(cell, masked):
    params, (x, targets, mask), state = make(cell, (6, 3, 2, 4, 3), "last", masked)
    counts = np.zeros((6, 3), bool)
    counts[-1] = True if mask is None else mask
    every = np.full((6, 3), -9)
    every[-1] = targets
    one, one_grads, one_last = reader_loss(params, x, targets, mask, state)
    other, other_grads, other_last = reader_loss(params, x, every, counts, state)
    assert one == pytest.approx(other, rel=1e-12)
    for (_, a), (_, b) in zip(
        named_arrays((one_grads, one_last)), named_arrays((other_grads, other_last)), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-14)
    logits, _, _ = reader(x, state, params, "last")
    np.testing.assert_allclose(logits, reader(x, state, params)[0][-1], rtol=1e-12)


@every_cell
@every_kind
def test_without_a_state_it_begins_from_zero(cell, kind):
    params, batch, state = make(cell, (6, 3, 2, 4, 3), kind)
    zero = first_reader_state(3, params)
    assert [array.shape for array in zero] == [(3, 4)] * len(state)
    assert not any(array.any() for array in zero)
    for a, b in zip(reader_loss(params, *batch), reader_loss(params, *batch, zero), strict=True):
        for (_, one), (_, same) in zip(named_arrays(a), named_arrays(b), strict=True):
            np.testing.assert_array_equal(one, same)
    assert reader_loss(params, *batch)[0] != reader_loss(params, *batch, state)[0]


@every_cell
@every_size
@every_kind
@masked_or_not
def test_a_learned_first_state_is_the_same_loss_and_has_a_gradient_too(cell, size, kind, masked):
    plain, batch, _ = make(cell, size, kind, masked)
    rng = np.random.default_rng(7)
    params = plain._replace(state_0=tuple(rng.standard_normal((arrays_of_state(cell), size[3]))))
    options = {"summed": kind == "summed"}
    loss, grads, last = reader_loss(params, *batch, **options)
    state = tuple(np.tile(array, (size[1], 1)) for array in params.state_0)
    same, plain_grads, same_last = reader_loss(plain, *batch, state, **options)
    assert loss == same
    np.testing.assert_array_equal(last, same_last)
    assert isinstance(grads, ReaderParams)
    errors = check_gradients(lambda p: reader_loss(p, *batch, **options)[0], params, grads)
    assert list(errors)[-len(state) :] == [f"state_0.{n}" for n in range(len(state))]
    assert max(errors.values()) < 1e-6, errors
    _, _, dstate, _, _ = torch_reader(cell, plain, batch, state, kind)
    for ours, theirs in zip(grads.state_0, dstate, strict=True):
        np.testing.assert_allclose(ours, theirs.sum(axis=0), rtol=1e-9, atol=1e-13)
    for (_, a), (_, b) in zip(named_arrays(grads[:2]), named_arrays(plain_grads[:2]), strict=True):
        np.testing.assert_array_equal(a, b)
    assert reader_accuracy(params, *batch) == reader_accuracy(plain, *batch, state)


@every_cell
def test_a_given_state_takes_the_place_of_the_learned_one_which_gets_no_gradient(cell):
    plain, batch, state = make(cell, (6, 3, 2, 4, 3))
    params = plain._replace(state_0=tuple(np.ones((len(state), 4))))
    loss, grads, _ = reader_loss(params, *batch, state)
    assert loss == reader_loss(plain, *batch, state)[0]
    assert [array.shape for array in grads.state_0] == [(4,)] * len(state)
    assert not np.any(grads.state_0)


def test_with_weights_that_stay_a_first_state_alone_can_be_trained():
    params, (x, targets, _), _ = make("rnn", (3, 4, 2, 8, 3))
    targets[:] = targets[:, :1]

    def loss_of(h_0):
        loss, grads, _ = reader_loss(params._replace(state_0=(h_0,)), x, targets)
        return loss, grads.state_0[0]

    h_0, before = np.zeros(8), loss_of(np.zeros(8))[0]
    for _ in range(50):
        h_0 = h_0 - 0.5 * loss_of(h_0)[1]
    assert loss_of(h_0)[0] < 0.9 * before


@every_cell
def test_the_state_is_handed_on(cell):
    params, (x, targets, _), state = make(cell, (6, 3, 2, 4, 3))
    loss, _, last = reader_loss(params, x, targets, state=state, summed=True)
    first, _, middle = reader_loss(params, x[:2], targets[:2], state=state, summed=True)
    second, _, end = reader_loss(params, x[2:], targets[2:], state=middle, summed=True)
    assert loss == pytest.approx(first + second, rel=1e-12)
    for a, b in zip(end, last, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


@every_cell
def test_what_the_loss_takes_from_the_last_state_goes_back_too(cell):
    params, (x, _, _), state = make(cell, (4, 2, 3, 4, 3))
    rng = np.random.default_rng(0)
    _, last, cache = reader(x, state, params)
    dlast = tuple(rng.standard_normal(s.shape) for s in last)
    dx, _, grads = reader_backward(np.zeros((4, 2, 3)), dlast, cache, params)

    def taken(params=params, x=x):
        return float(sum((d * s).sum() for d, s in zip(dlast, reader(x, state, params)[1], strict=True)))

    assert relative_error(dx, numerical_gradient(lambda x: taken(x=x), x)) < 1e-6
    errors = check_gradients(taken, params, grads)
    assert max(errors.values()) < 1e-6, errors
    assert not np.any(grads.output.W)


@every_cell
def test_what_the_mask_leaves_out_does_not_count(cell):
    params, (x, targets, _), state = make(cell, (4, 2, 2, 3, 3))
    mask = np.array([[True, True], [True, False], [False, False], [False, False]])
    for kind in ("every", "summed"):
        dx, _, _ = whole_backward(params, (x, targets, mask), state, kind)
        assert not dx[2:].any()
        assert not dx[1, 1].any()
        assert dx[1, 0].any()
    wild_x, wild = np.where(mask[..., None], x, 7), np.where(mask, targets, -9)
    for summed in (False, True):
        loss, _, _ = reader_loss(params, x, targets, mask, state, summed)
        assert reader_loss(params, wild_x, wild, mask, state, summed)[0] == loss
    nothing, grads, _ = reader_loss(params, x, targets, np.zeros((4, 2), bool), state, summed=True)
    assert nothing == 0
    assert not any(a.any() for _, a in named_arrays(grads))


def test_accuracy_by_hand():
    params, (x, _, _), state = make("gru", (2, 4, 3, 4, 4))
    params.output.W[:] = 0
    params.output.b[:] = [0, 0, 1, 0]  # always says 2
    last, every = np.array([2, 2, 0, 1]), np.array([[2, 2, 0, 1], [2, 2, 2, 2]])
    assert reader_accuracy(params, x, last) == 2 / 4
    assert reader_accuracy(params, x, every, state=state) == 6 / 8
    assert reader_accuracy(params, x, last, np.array([True, False, True, False])) == 1 / 2
    mask = np.array([[True, False, True, True], [False, False, True, True]])
    assert reader_accuracy(params, x, every, mask) == 3 / 5
    for targets in (np.array([2]), np.array([[2, 2, 0, 1]])):
        with pytest.raises(ValueError, match="targets has shape"):
            reader_accuracy(params, x, targets)
    with pytest.raises(ValueError, match=r"mask has shape \(4,\), expected \(2, 4\)"):
        reader_accuracy(params, x, every, np.ones(4, bool))
    with pytest.raises(ValueError, match="no target counts"):
        reader_accuracy(params, x, every, np.zeros((2, 4), bool))


def test_accuracy_begins_from_the_state_that_is_given():
    one, zero = np.ones((1, 1)), np.zeros(1)
    params = ReaderParams(RNNParams(one, one, zero), LinearParams(np.array([[0.0, 1.0]]), np.zeros(2)))
    x, targets = np.zeros((3, 1, 1)), np.ones((3, 1), int)  # it says 1 as long as its state is above 0
    assert reader_accuracy(params, x, targets) == 0
    assert reader_accuracy(params, x, targets, state=(np.ones((1, 1)),)) == 1
    assert reader_accuracy(params._replace(state_0=(np.ones(1),)), x, targets) == 1


def test_a_recurrent_matrix_can_be_given():
    W_hh = scaled_normal(np.random.default_rng(1), (5, 5), dtype=np.float32)
    params = init_reader(np.random.default_rng(0), "rnn", 3, 5, 2, W_hh=W_hh)
    np.testing.assert_array_equal(params.cell.W_hh, W_hh)
    assert [a.shape for _, a in named_arrays(params)] == [(3, 5), (5, 5), (5,), (5, 2), (2,)]
    assert {a.dtype for _, a in named_arrays(params)} == {np.dtype(np.float32)}
    with pytest.raises(ValueError, match=r"W_hh has shape \(5, 5\), expected \(H=4, H=4\)"):
        init_reader(np.random.default_rng(0), "rnn", 3, 4, 2, W_hh=W_hh)
    with pytest.raises(ValueError, match="cell with a given W_hh is 'gru', expected one of 'rnn'"):
        init_reader(np.random.default_rng(0), "gru", 3, 5, 2, W_hh=W_hh)


@every_cell
@every_kind
def test_float32_stays_float32_and_nothing_is_changed(cell, kind):
    plain, batch, state = make(cell, (5, 2, 3, 4, 3), kind, True, np.float32)
    params = plain._replace(state_0=tuple(np.ones((len(state), 4), np.float32)))
    kept = [a.copy() for _, a in named_arrays((params, batch, state))]
    for result in (reader_loss(params, *batch, state), reader_loss(params, *batch)):
        assert {a.dtype for _, a in named_arrays(result[1:])} == {np.dtype(np.float32)}
    for before, (_, after) in zip(kept, named_arrays((params, batch, state)), strict=True):
        np.testing.assert_array_equal(before, after)


@every_cell
def test_a_short_delay_is_learned_and_nothing_is_left_to_chance(cell):
    results = []
    for _ in range(2):
        rng = np.random.default_rng(0)
        start = init_reader(rng, cell, 6, 16, 4, np.float32)
        params, history = train_reader(start, lambda rng=rng: delayed_recall(rng, 32, 6, 2), 200, rate=1e-2)
        results.append(history.loss)
    assert history.loss.shape == history.gradient_norm.shape == (200,)
    assert history.loss[0] == pytest.approx(CHANCE, abs=0.6)
    assert history.loss[-10:].mean() < 0.05
    assert reader_accuracy(params, *delayed_recall(rng, 500, 6, 2)) > 0.99
    assert {a.dtype for _, a in named_arrays(params)} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(*results)


def test_a_long_delay_is_not_learned_with_small_weights():
    """What chapter 04 says of its first values: with 0.25 times an orthogonal matrix the gradient vanishes."""
    rng = np.random.default_rng(0)
    start = init_reader(rng, "rnn", 6, 32, 4, W_hh=orthogonal(rng, 32, gain=0.25, dtype=np.float32))
    _, history = train_reader(start, lambda: delayed_recall(rng, 32, 51, 40), 250)
    assert history.loss[-50:].mean() == pytest.approx(CHANCE, abs=0.03)


def test_training_takes_a_mask_and_the_options_of_the_loss():
    """A sum over time has a larger gradient than the mean; both learn to echo two steps late."""
    norms = {}
    for summed in (False, True):
        rng = np.random.default_rng(0)
        start = init_reader(rng, "rnn", 3, 12, 3, np.float32)
        params, history = train_reader(start, lambda rng=rng: echo(rng, 16, 12, 2, 3), 150, rate=1e-2, summed=summed)
        norms[summed] = history.gradient_norm[0]
        assert reader_accuracy(params, *echo(rng, 50, 12, 2, 3)) > 0.9
    assert norms[True] == pytest.approx(10 * norms[False], rel=1e-4)  # 10 of 12 steps count


def test_training_clips_the_gradient():
    params, (x, targets, _), _ = make("rnn", (3, 4, 2, 8, 3))
    free, history = train_reader(params, lambda: (x, targets), 5, rate=0.1)
    held, same = train_reader(params, lambda: (x, targets), 5, rate=0.1, clip=1e-12)  # far below Adam's eps
    assert np.abs(free.cell.W_hh - params.cell.W_hh).max() > 0.1
    np.testing.assert_allclose(held.cell.W_hh, params.cell.W_hh, atol=1e-3)
    assert same.gradient_norm[0] == history.gradient_norm[0]


def test_without_forgetting_the_latest_letter_is_not_learned():
    """What chapter 05 says of its ablations: the forget gate is the one that this task cannot do without."""
    losses = {}
    for fixed in ((), ("f",)):
        rng = np.random.default_rng(0)
        start = init_reader(rng, "lstm", 6, 8, 4, np.float32)
        params, _ = train_reader(start, lambda rng=rng: latest_letter(rng, 32, 20), 150, rate=1e-2, fixed=fixed)
        losses[fixed], _, _ = reader_loss(params, *latest_letter(rng, 200, 20), fixed=fixed)
    assert losses[()] < 0.1
    assert losses[("f",)] > 3 * losses[()]


def test_a_cell_counts():
    """Chapter 05: told only whether all brackets are closed, one cell of the network comes to count them."""
    rng = np.random.default_rng(0)

    def draw():
        x, depth = brackets(rng, 32, 40)
        return x, (depth == 0).astype(int)

    params, _ = train_reader(init_reader(rng, "lstm", 4, 6, 2, np.float32), draw, 300, rate=1e-2)
    x, depth = brackets(rng, 200, 40)
    c = lstm_gates(x, zero_lstm_state(200, params.cell), params.cell).c
    correlations = [abs(np.corrcoef(c[..., unit].ravel(), depth.ravel())[0, 1]) for unit in range(6)]
    assert max(correlations) > 0.95


def test_bad_input():
    params, (x, targets, _), state = make("rnn", (2, 3, 2, 4, 3))
    with pytest.raises(ValueError, match="cell is 'cnn', expected one of 'rnn', 'lstm', 'gru'"):
        init_reader(np.random.default_rng(0), "cnn", 2, 2, 2)
    with pytest.raises(ValueError, match=r"params\.cell is LinearParams, expected one of RNNParams, LSTMParams, GRUP"):
        reader(x, state, params._replace(cell=params.output))
    with pytest.raises(ValueError, match="read is 'first', expected one of 'every', 'last'"):
        reader(x, state, params, "first")
    for function in (reader_loss, reader_accuracy):
        with pytest.raises(ValueError, match=r"x has shape \(3, 2\)"):
            function(params, x[0], targets)
        with pytest.raises(ValueError, match="h_0 has shape"):
            function(params, x, targets, state=(state[0][:2],))
        with pytest.raises(ValueError, match=r"h_0 has shape \(3,\), expected \(H=4\)"):
            function(params._replace(state_0=(np.zeros(3),)), x, targets)
        with pytest.raises(ValueError, match="state_0 has 2 arrays, expected 1"):
            function(params._replace(state_0=(np.zeros(4), np.zeros(4))), x, targets)
    with pytest.raises(ValueError, match="expected targets and a mask"):
        reader_loss(params, x, targets[:1], state=state)
    with pytest.raises(ValueError, match="expected integers from 0 to 2"):
        reader_loss(params, x, targets + 3, state=state)
    with pytest.raises(ValueError, match=r"logits has shape \(3, 3\), expected \(T, B, V\)"):
        reader_loss(params, x, targets[0], summed=True)
    with pytest.raises(ValueError, match="no target counts"):
        reader_loss(params, x, targets, np.zeros((2, 3), bool))
    with pytest.raises(ValueError, match="dy has shape"):
        reader_backward(np.zeros((3, 3)), state, reader(x, state, params)[2], params)
    with pytest.raises(ValueError, match="rate is 0"):
        train_reader(params, lambda: (x, targets), 1, rate=0)
