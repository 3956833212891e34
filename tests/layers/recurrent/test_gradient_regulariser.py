"""The penalty on a message that changes its size: its value by hand, and its gradient by central differences."""

import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.initial_values import orthogonal
from helpers.layers.recurrent.gradient_regulariser import rnn_gradient_regulariser
from helpers.layers.recurrent.rnn import RNNParams, init_rnn, rnn, rnn_state_gradients


def traced(rng, W_hh, activation, T=6, B=3):
    params = init_rnn(rng, 2, W_hh)
    h, _, cache = rnn(rng.standard_normal((T, B, 2)), (rng.standard_normal((B, len(W_hh))),), params, activation)
    nothing = (np.zeros((B, len(W_hh))),)
    return rnn_state_gradients(rng.standard_normal(h.shape), nothing, cache, params), cache, params


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_its_gradient_agrees_with_central_differences(activation):
    rng = np.random.default_rng(0)
    dh, cache, params = traced(rng, rng.standard_normal((4, 4)), activation)
    _, dW_hh = rnn_gradient_regulariser(dh, cache, params)
    numerical = numerical_gradient(
        lambda W: rnn_gradient_regulariser(dh, cache, params._replace(W_hh=W))[0], params.W_hh
    )
    assert relative_error(dW_hh, numerical) < 1e-6


def test_an_orthogonal_linear_network_pays_nothing():
    rng = np.random.default_rng(1)
    dh, cache, params = traced(rng, orthogonal(rng, 4), "identity")
    omega, dW_hh = rnn_gradient_regulariser(dh, cache, params)
    assert omega < 1e-20
    assert np.abs(dW_hh).max() < 1e-12


def test_one_unit_by_hand():
    params = RNNParams(np.zeros((1, 1)), np.array([[0.5]]), np.zeros(1))
    _, _, cache = rnn(np.zeros((3, 1, 1)), (np.ones((1, 1)),), params, "identity")
    omega, dW_hh = rnn_gradient_regulariser(np.ones((3, 1, 1)), cache, params)
    assert omega == pytest.approx(3 * 0.25)  # (0.5 - 1)² at each of three steps
    assert dW_hh.item() == pytest.approx(3 * 2 * -0.5)


def test_a_message_of_zero_adds_nothing():
    rng = np.random.default_rng(2)
    dh, cache, params = traced(rng, orthogonal(rng, 4), "tanh")
    omega, dW_hh = rnn_gradient_regulariser(0 * dh, cache, params)
    assert omega == 0
    assert not dW_hh.any()


def test_what_does_not_fit_is_refused():
    rng = np.random.default_rng(3)
    dh, cache, params = traced(rng, orthogonal(rng, 4), "tanh")
    with pytest.raises(ValueError, match="dh"):
        rnn_gradient_regulariser(dh[1:], cache, params)
