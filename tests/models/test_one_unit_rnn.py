import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, relative_error
from helpers.layers.recurrent.rnn import RNNParams, rnn, rnn_backward
from helpers.models.one_unit_rnn import OneUnitParams, descent_path, one_unit_loss, one_unit_states


def test_two_steps_by_hand():
    # h_1 = tanh(2 · 0.5 + 0) = tanh(1), h_2 = tanh(2 tanh(1)); dL/dh_2 = 2 (h_2 - 1)
    params = OneUnitParams(np.array(2.0), np.array(0.0))
    h_1, h_2 = np.tanh(1), np.tanh(2 * np.tanh(1))
    assert np.allclose(one_unit_states(0.5, params, 2), [0.5, h_1, h_2])
    loss, grads = one_unit_loss(0.5, 1.0, params, 2)
    da_2 = 2 * (h_2 - 1) * (1 - h_2**2)
    da_1 = da_2 * 2 * (1 - h_1**2)
    assert np.isclose(loss, (h_2 - 1) ** 2)
    assert np.isclose(grads.w, da_2 * h_1 + da_1 * 0.5)
    assert np.isclose(grads.b, da_2 + da_1)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_gradient_against_differences_and_the_layer(rng, steps):
    w, b, h_0, target = rng.standard_normal(4)
    params = OneUnitParams(np.array(w), np.array(b))
    loss, grads = one_unit_loss(h_0, target, params, steps)
    assert max(check_gradients(lambda p: one_unit_loss(h_0, target, p, steps)[0], params, grads).values()) < 1e-6

    layer = RNNParams(np.zeros((1, 1)), np.array([[w]]), np.array([b]))
    h, _, cache = rnn(np.zeros((steps, 1, 1)), (np.array([[h_0]]),), layer)
    assert np.isclose(loss, (h[-1, 0, 0] - target) ** 2)
    _, _, theirs = rnn_backward(np.zeros_like(h), (2 * (h[-1] - target),), cache, layer)
    assert relative_error(np.array([grads.w, grads.b]), np.array([theirs.W_hh.item(), theirs.b_h.item()])) < 1e-10


def test_gradient_against_torch(rng):
    w, b = (torch.tensor(rng.standard_normal(5), requires_grad=True) for _ in range(2))
    h = torch.full((5,), 0.3, dtype=torch.float64)
    for _ in range(6):
        h = torch.tanh(w * h + b)
    ((h - 0.7) ** 2).sum().backward()
    _, grads = one_unit_loss(0.3, 0.7, OneUnitParams(w.detach().numpy(), b.detach().numpy()), 6)
    assert relative_error(grads.w, w.grad.numpy()) < 1e-10
    assert relative_error(grads.b, b.grad.numpy()) < 1e-10


def test_a_map_is_many_single_units(rng):
    w, b = rng.standard_normal((2, 3, 4))
    loss, grads = one_unit_loss(0.3, 0.7, OneUnitParams(w, b), 5)
    for place in np.ndindex(w.shape):
        one_loss, one_grads = one_unit_loss(0.3, 0.7, OneUnitParams(w[place], b[place]), 5)
        assert np.allclose((loss[place], grads.w[place], grads.b[place]), (one_loss, *one_grads))


def test_descent_steps_and_clips():
    def bowl(p):
        return p.w**2 + p.b**2, OneUnitParams(2 * p.w, 2 * p.b)

    start = OneUnitParams(np.array(3.0), np.array(4.0))
    path, losses, norms = descent_path(start, bowl, 0.25, None, 2)
    assert np.allclose(path.w, [3, 1.5, 0.75])
    assert np.allclose(path.b, [4, 2, 1])
    assert np.allclose(losses, [25, 6.25, 1.5625])
    assert np.allclose(norms, [10, 5, 2.5])

    path, _, norms = descent_path(start, bowl, 0.5, 1.0, 3)
    lengths = np.hypot(np.diff(path.w), np.diff(path.b))
    assert np.allclose(lengths, 0.5)  # rate × threshold
    assert np.isclose(norms[0], 10)  # as it was before clipping


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="steps is 0, expected an integer of at least 1"):
        one_unit_loss(0.5, 0.7, OneUnitParams(np.array(1.0), np.array(0.0)), 0)
