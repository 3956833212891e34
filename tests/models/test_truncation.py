"""Truncated backpropagation through time, and the terms that it keeps and loses."""

import tracemalloc

import numpy as np
import pytest
import torch

from helpers.core.initial_values import orthogonal, scaled_normal
from helpers.core.optimisers import adam
from helpers.core.params import named_arrays
from helpers.core.training import train
from helpers.data.tasks.echo import echo
from helpers.layers.recurrent.stack import CELLS
from helpers.models.reader import init_reader, reader_accuracy, reader_loss
from helpers.models.truncation import checkpointed_loss, recurrent_terms, same_window, truncated_loss

T = 7


def make(masked=False):
    rng = np.random.default_rng(3)
    B, D, H, V = 3, 2, 4, 3
    params = init_reader(rng, "rnn", D, H, V, W_hh=scaled_normal(rng, (H, H)))
    params.cell.b_h[:] = rng.standard_normal(H)
    mask = rng.random((T, B)) < 0.7 if masked else None
    return params, rng.standard_normal((T, B, D)), rng.integers(V, size=(T, B)), (rng.standard_normal((B, H)),), mask


def torch_grads(params, x, targets, state, window, mask):
    """Truncated in torch's own way: `detach` the state between windows."""
    tensors = [torch.tensor(a, requires_grad=True) for _, a in named_arrays(params)]
    W_xh, W_hh, b_h, W, b = tensors
    h, loss = torch.tensor(state[0]), 0.0
    for t in range(len(x)):
        if t % window == 0:
            h = h.detach()
        h = torch.tanh(torch.tensor(x[t]) @ W_xh + h @ W_hh + b_h)
        log_p = torch.log_softmax(h @ W + b, dim=-1)[range(len(h)), targets[t]]
        loss = loss - (log_p * (1.0 if mask is None else torch.tensor(mask[t]))).mean()
    loss.backward()
    return loss.item(), [tensor.grad.numpy() for tensor in tensors]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("window", [T, T + 1, 100])
def test_a_window_over_the_whole_sequence_is_the_full_gradient_exactly(window, masked):
    params, x, targets, state, mask = make(masked)
    full = reader_loss(params, x, targets, mask, state, summed=True)
    truncated = truncated_loss(params, x, targets, window, mask, state)
    assert truncated[0] == full[0]
    for (name, a), (_, b) in zip(named_arrays(truncated[1:]), named_arrays(full[1:]), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)


@pytest.mark.parametrize("window", range(1, T))
def test_a_shorter_window_has_the_same_loss_and_state_and_another_gradient(window):
    params, x, targets, state, _ = make()
    loss, grads, (last,) = reader_loss(params, x, targets, state=state, summed=True)
    cut_loss, cut_grads, (cut_last,) = truncated_loss(params, x, targets, window, state=state)
    assert cut_loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(cut_last, last, rtol=1e-12)
    for cut, full in zip(cut_grads.output, grads.output, strict=True):
        np.testing.assert_allclose(cut, full, rtol=1e-10)  # the read-out does not look back in time
    for cut, full in zip(cut_grads.cell, grads.cell, strict=True):
        assert np.abs(cut - full).max() > 1e-3 * np.abs(full).max()


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("window", [1, 2, 3, T])
def test_it_equals_torch_with_a_detached_state(window, masked):
    params, x, targets, state, mask = make(masked)
    loss, grads, _ = truncated_loss(params, x, targets, window, mask, state)
    their_loss, theirs = torch_grads(params, x, targets, state, window, mask)
    assert loss == pytest.approx(their_loss, rel=1e-10)
    for (_, ours), their in zip(named_arrays(grads), theirs, strict=True):
        np.testing.assert_allclose(ours, their, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("masked", [False, True])
def test_the_kept_terms_are_the_truncated_gradient(masked):
    params, x, targets, state, mask = make(masked)
    terms = recurrent_terms(params, x, targets, mask, state)
    assert terms.shape == (T, T, 4, 4)
    assert not terms[np.triu_indices(T, 1)].any()  # no loss asks anything of later steps
    for window in range(1, T + 1):
        _, grads, _ = truncated_loss(params, x, targets, window, mask, state)
        np.testing.assert_allclose(terms[same_window(T, window)].sum(axis=0), grads.cell.W_hh, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("every", [1, 2, 3, T, 100])
@pytest.mark.parametrize("begins", ["zero", "given", "learned"])
def test_checkpoints_give_the_whole_gradient(cell, masked, every, begins):
    rng = np.random.default_rng(0)
    params, x, targets = init_reader(rng, cell, 2, 4, 3), rng.standard_normal((T, 3, 2)), rng.integers(3, size=(T, 3))
    size = 2 if cell == "lstm" else 1
    state = tuple(rng.standard_normal((size, 3, 4))) if begins == "given" else None
    if begins == "learned":
        params = params._replace(state_0=tuple(rng.standard_normal((size, 4))))
    mask = rng.random((T, 3)) < 0.7 if masked else None
    loss, grads, last = checkpointed_loss(params, x, targets, every, mask, state)
    full_loss, full, full_last = reader_loss(params, x, targets, mask, state, summed=True)
    assert loss == pytest.approx(full_loss, rel=1e-12)
    for (name, a), (_, b) in zip(named_arrays((grads, last)), named_arrays((full, full_last)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-13, err_msg=name)


def test_checkpoints_keep_fewer_states_than_the_whole_pass():
    params, x, targets = make()[:3]
    x, targets = np.tile(x, (60, 1, 1)), np.tile(targets, (60, 1))
    peaks = []
    for every in (len(x), 20):
        tracemalloc.start()
        checkpointed_loss(params, x, targets, every)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] / 3


@pytest.mark.parametrize("cell", CELLS)
def test_the_model_begins_from_its_own_state_and_only_the_first_window_asks_of_it(cell):
    rng = np.random.default_rng(0)
    params, x, targets = init_reader(rng, cell, 2, 4, 3), rng.standard_normal((T, 3, 2)), rng.integers(3, size=(T, 3))
    loss, grads, last = truncated_loss(params, x, targets, 2)
    full_loss, _, full_last = reader_loss(params, x, targets, summed=True)
    assert loss == pytest.approx(full_loss, rel=1e-12)
    np.testing.assert_allclose(last, full_last, rtol=1e-12)
    assert not grads.state_0

    size = 2 if cell == "lstm" else 1
    learned = params._replace(state_0=tuple(0.3 * rng.standard_normal((size, 4))))
    _, grads, _ = truncated_loss(learned, x, targets, 2)
    _, first, _ = reader_loss(learned, x[:2], targets[:2], summed=True)
    np.testing.assert_array_equal(grads.state_0, first.state_0)
    assert np.abs(grads.state_0).max() > 1e-3


def test_the_terms_of_a_learned_first_state_begin_there():
    params, x, targets, state, _ = make()
    learned = params._replace(state_0=(state[0][0],))
    same = (np.tile(state[0][0], (3, 1)),)
    np.testing.assert_array_equal(recurrent_terms(learned, x, targets), recurrent_terms(params, x, targets, state=same))
    zero = (np.zeros((3, 4)),)
    np.testing.assert_array_equal(recurrent_terms(params, x, targets), recurrent_terms(params, x, targets, state=zero))


def test_windows_by_hand():
    wanted = [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]]
    np.testing.assert_array_equal(same_window(5, 2), np.array(wanted, bool))
    assert same_window(5, 5).all()


def test_an_echo_is_learned_only_if_the_window_is_longer_than_the_delay():
    accuracy = {}
    for window in (2, 8):
        rng = np.random.default_rng(0)
        params = init_reader(rng, "rnn", 4, 24, 4, W_hh=orthogonal(rng, 24, gain=0.5, dtype=np.float32))

        def loss_and_grads(p, x, targets, mask, window=window):
            return truncated_loss(p, x, targets, window, mask)[:2]

        batches = (echo(rng, 16, 24, delay=4, symbols=4) for _ in range(250))
        params, _ = train(loss_and_grads, params, batches, adam(0.01), 250, clip=1.0)
        x, targets, mask = echo(rng, 50, 200, delay=4, symbols=4)
        accuracy[window] = reader_accuracy(params, x, targets, mask)
    assert accuracy[2] < 0.6 < 0.9 < accuracy[8]


def test_float32_stays_float32_and_bad_windows_are_errors():
    params, x, targets, state, _ = make()
    small = init_reader(np.random.default_rng(0), "rnn", 2, 4, 3, np.float32)
    args, state_32 = (small, x.astype(np.float32), targets), (state[0].astype(np.float32),)
    _, grads, last = truncated_loss(*args, 3, state=state_32)
    assert {a.dtype for _, a in named_arrays((grads, last))} == {np.dtype(np.float32)}
    assert recurrent_terms(*args, state=state_32).dtype == np.float32
    for wrong in (0, -1, 2.5, True):
        with pytest.raises(ValueError, match="window is"):
            truncated_loss(params, x, targets, wrong, state=state)
        with pytest.raises(ValueError, match="every is"):
            checkpointed_loss(params, x, targets, wrong, state=state)
        with pytest.raises(ValueError, match="window is"):
            same_window(5, wrong)
    with pytest.raises(ValueError, match="T is 0"):
        same_window(0, 1)
    with pytest.raises(ValueError, match="targets has shape"):
        truncated_loss(params, x, targets[:-1], 2, state=state)
    with pytest.raises(ValueError, match="mask has shape"):
        truncated_loss(params, x, targets, 2, np.ones((T + 1, 3), bool), state)
    with pytest.raises(ValueError, match="x has shape"):
        truncated_loss(params, x[:0], targets[:0], 2, state=state)
