import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.core.initial_values import scaled_normal
from helpers.core.params import named_arrays
from helpers.layers.linear import LinearParams
from helpers.layers.losses import cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent.rnn import RNNParams, zero_state
from helpers.models.tagger import (
    LearnedStartParams,
    TaggerParams,
    init_tagger,
    learned_start_loss,
    tagger,
    tagger_accuracy,
    tagger_backward,
    tagger_loss,
)

SIZES = [(1, 1, 1, 1, 1), (1, 2, 3, 2, 4), (2, 1, 1, 3, 2), (6, 3, 2, 4, 3)]  # (T, B, D, H, V)
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
masked_or_not = pytest.mark.parametrize("masked", [False, True])


def make(T, B, D, H, V, masked=False, dtype=np.float64):
    rng = np.random.default_rng((T, B, D, H, V))
    params = init_tagger(rng, D, V, scaled_normal(rng, (H, H), dtype=dtype))
    params.rnn.b_h[:] = rng.standard_normal(H)
    params.output.b[:] = rng.standard_normal(V)
    x, h_0 = rng.standard_normal((T, B, D)).astype(dtype), rng.standard_normal((B, H)).astype(dtype)
    mask = rng.random((T, B)) < 0.7 if masked else None
    return params, x, rng.integers(V, size=(T, B)), (h_0,), mask


def whole_backward(params, x, targets, state, mask):
    """Gradients of x, h_0 and the parameters."""
    logits, last, cache = tagger(x, state, params)
    _, loss_cache = summed_cross_entropy(logits, targets, mask)
    dx, (dh_0,), grads = tagger_backward(cross_entropy_backward(loss_cache), (np.zeros_like(last[0]),), cache, params)
    return dx, dh_0, grads


def torch_loss(params, x, targets, h_0, mask):
    """The same loss, unrolled in torch; returns it and its leaves: x, h_0, then the parameters."""
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, h_0, *(a for _, a in named_arrays(params)))]
    x, h, W_xh, W_hh, b_h, W, b = leaves
    loss = 0.0
    counts = np.ones(targets.shape, bool) if mask is None else mask
    for x_t, target, count in zip(x, torch.tensor(targets), torch.tensor(counts), strict=True):
        h = torch.tanh(x_t @ W_xh + h @ W_hh + b_h)
        log_p = torch.log_softmax(h @ W + b, dim=-1)
        loss = loss - (log_p.gather(1, target[:, None])[:, 0] * count).mean()
    return loss, leaves


def test_two_steps_by_hand():
    """One unit whose weights are 1, two names with logits h and 0: L_t = ln(1 + e^−h) for name 0."""
    one, zero = np.ones((1, 1)), np.zeros(1)
    params = TaggerParams(RNNParams(one, one, zero), LinearParams(np.array([[1.0, 0.0]]), np.zeros(2)))
    x, targets = np.ones((2, 1, 1)), np.zeros((2, 1), int)
    loss, grads, (h_last,) = tagger_loss(params, x, targets, zero_state(1, params.rnn))
    h_1 = np.tanh(1)
    h_2 = np.tanh(1 + h_1)
    assert h_last.item() == pytest.approx(h_2)
    assert loss == pytest.approx(np.log(1 + np.exp(-h_1)) + np.log(1 + np.exp(-h_2)))  # summed over time
    dy_1, dy_2 = (-1 / (1 + np.exp(h)) for h in (h_1, h_2))  # p_0 − 1
    da_2 = dy_2 * (1 - h_2**2)
    da_1 = (dy_1 + da_2) * (1 - h_1**2)  # two paths lead into h_1
    assert grads.rnn.W_hh.item() == pytest.approx(da_2 * h_1)
    assert grads.rnn.b_h.item() == pytest.approx(da_1 + da_2)
    np.testing.assert_allclose(grads.output.b, [dy_1 + dy_2, -dy_1 - dy_2])


@every_size
@masked_or_not
def test_gradients_equal_central_differences(size, masked):
    params, x, targets, state, mask = make(*size, masked)
    dx, dh_0, grads = whole_backward(params, x, targets, state, mask)
    errors = check_gradients(lambda p: tagger_loss(p, x, targets, state, mask)[0], params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: tagger_loss(params, x, targets, state, mask)[0], x))
    errors["h_0"] = relative_error(
        dh_0, numerical_gradient(lambda h_0: tagger_loss(params, x, targets, (h_0,), mask)[0], state[0])
    )
    assert max(errors.values()) < 1e-6, errors
    for (name, array), (_, same) in zip(
        named_arrays(tagger_loss(params, x, targets, state, mask)[1]), named_arrays(grads), strict=True
    ):
        np.testing.assert_array_equal(array, same, err_msg=name)


@every_size
@masked_or_not
def test_loss_and_gradients_equal_torch(size, masked):
    params, x, targets, state, mask = make(*size, masked)
    loss, _, _ = tagger_loss(params, x, targets, state, mask)
    dx, dh_0, grads = whole_backward(params, x, targets, state, mask)
    their, leaves = torch_loss(params, x, targets, state[0], mask)
    their.backward()
    assert loss == pytest.approx(their.item(), rel=1e-10, abs=1e-14)
    for ours, leaf in zip((dx, dh_0, *(a for _, a in named_arrays(grads))), leaves, strict=True):
        np.testing.assert_allclose(ours, leaf.grad.numpy(), rtol=1e-10, atol=1e-13)


@every_size
@masked_or_not
def test_a_learned_start_is_the_same_loss_and_has_a_gradient_too(size, masked):
    tagger_params, x, targets, _, mask = make(*size, masked)
    h_0 = np.random.default_rng(7).standard_normal(size[3])
    params = LearnedStartParams(tagger_params, h_0)
    loss, grads = learned_start_loss(params, x, targets, mask)
    state = (np.tile(h_0, (size[1], 1)),)
    assert loss == tagger_loss(tagger_params, x, targets, state, mask)[0]
    assert isinstance(grads, LearnedStartParams)
    errors = check_gradients(lambda p: learned_start_loss(p, x, targets, mask)[0], params, grads)
    assert list(errors)[-1] == "h_0"
    assert max(errors.values()) < 1e-6, errors
    their, leaves = torch_loss(tagger_params, x, targets, state[0], mask)
    their.backward()
    np.testing.assert_allclose(grads.h_0, leaves[1].grad.numpy().sum(axis=0), rtol=1e-10, atol=1e-13)


def test_the_state_is_handed_on():
    params, x, targets, state, _ = make(6, 3, 2, 4, 3)
    loss, _, last = tagger_loss(params, x, targets, state)
    first, _, middle = tagger_loss(params, x[:2], targets[:2], state)
    second, _, end = tagger_loss(params, x[2:], targets[2:], middle)
    assert loss == pytest.approx(first + second, rel=1e-12)
    np.testing.assert_allclose(end[0], last[0], rtol=1e-12)


def test_a_masked_step_asks_nothing():
    params, x, targets, state, _ = make(4, 2, 2, 3, 3)
    mask = np.array([[True, True], [True, False], [False, False], [False, False]])
    dx, _, _ = whole_backward(params, x, targets, state, mask)
    assert not dx[2:].any()
    assert not dx[1, 1].any()
    assert dx[1, 0].any()
    wild = np.where(mask, targets, -9)
    assert tagger_loss(params, x, wild, state, mask)[0] == tagger_loss(params, x, targets, state, mask)[0]
    nothing = tagger_loss(params, x, targets, state, np.zeros((4, 2), bool))
    assert nothing[0] == 0
    assert not any(a.any() for _, a in named_arrays(nothing[1]))


def test_accuracy_by_hand():
    params, x, _, state, _ = make(2, 2, 2, 3, 3)
    params.output.W[:] = 0
    params.output.b[:] = [0, 1, 0]  # always says 1
    targets = np.array([[1, 1], [1, 0]])
    assert tagger_accuracy(params, x, targets, state) == 3 / 4
    assert tagger_accuracy(params, x, targets, state, np.array([[True, False], [False, True]])) == 1 / 2
    with pytest.raises(ValueError, match="targets has shape"):
        tagger_accuracy(params, x, targets[0], state)
    with pytest.raises(ValueError, match="no step counts"):
        tagger_accuracy(params, x, targets, state, np.zeros((2, 2), bool))


def test_float32_stays_float32_and_nothing_is_changed():
    params, x, targets, state, mask = make(5, 2, 3, 4, 3, True, np.float32)
    kept = [a.copy() for a in (x, *state, *(a for _, a in named_arrays(params)))]
    _, grads, last = tagger_loss(params, x, targets, state, mask)
    _, start_grads = learned_start_loss(LearnedStartParams(params, state[0][0]), x, targets, mask)
    assert {a.dtype for _, a in named_arrays((grads, last, start_grads))} == {np.dtype(np.float32)}
    for before, after in zip(kept, (x, *state, *(a for _, a in named_arrays(params))), strict=True):
        np.testing.assert_array_equal(before, after)


def test_bad_input():
    params, x, targets, state, _ = make(2, 3, 2, 4, 3)
    with pytest.raises(ValueError, match="h_0 has shape"):
        tagger_loss(params, x, targets, (state[0][:2],))
    with pytest.raises(ValueError, match="expected targets and a mask"):
        tagger_loss(params, x, targets[:1], state)
    with pytest.raises(ValueError, match="expected integers from 0 to 2"):
        tagger_loss(params, x, targets + 3, state)
    with pytest.raises(ValueError, match=r"h_0 has shape \(3,\), expected \(H=4\)"):
        learned_start_loss(LearnedStartParams(params, np.zeros(3)), x, targets)
    with pytest.raises(ValueError, match="x has shape"):
        learned_start_loss(LearnedStartParams(params, np.zeros(4)), x[0], targets)
