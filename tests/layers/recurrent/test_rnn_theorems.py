"""What chapter 04 says about gradients through time, stated as theorems and measured."""

import numpy as np
import pytest

from helpers.core.initial_values import (
    identity,
    largest_singular_value,
    non_normal,
    orthogonal,
    scaled_normal,
    with_spectral_radius,
)
from helpers.layers.recurrent.rnn import init_rnn, rnn, rnn_jacobian, rnn_state_gradients, zero_state


def last_state_gradients(params, T, activation, dh_last, x=None):
    """∂L/∂h_t for every step, for a loss that sees the last state alone."""
    B = len(dh_last)
    x = np.zeros((T, B, len(params.W_xh))) if x is None else x
    h, _, cache = rnn(x, zero_state(B, params), params, activation)
    return rnn_state_gradients(np.zeros_like(h), (dh_last,), cache, params)


@pytest.mark.parametrize("radius", [0.5, 0.9, 1.0, 1.1])
@pytest.mark.parametrize("T", [1, 2, 50])
def test_a_linear_rnns_gradients_are_matrix_powers(radius, T):
    rng = np.random.default_rng(0)
    H = 8
    params = init_rnn(rng, 3, with_spectral_radius(scaled_normal(rng, (H, H)), radius))
    total = last_state_gradients(params, T, "identity", np.eye(H))  # one sequence for each direction
    for t in range(T):
        power = np.linalg.matrix_power(params.W_hh.T, T - 1 - t)
        np.testing.assert_allclose(total[t], power, rtol=1e-9, atol=1e-12)
        norms = np.linalg.norm(total[t], 2), np.linalg.norm(np.linalg.matrix_power(params.W_hh, T - 1 - t), 2)
        assert norms[0] == pytest.approx(norms[1], rel=1e-9)


def test_an_orthogonal_linear_rnn_keeps_every_norm():
    rng = np.random.default_rng(1)
    params = init_rnn(rng, 3, orthogonal(rng, 16))
    norms = np.linalg.norm(last_state_gradients(params, 200, "identity", rng.standard_normal((5, 16))), axis=-1)
    np.testing.assert_allclose(norms, np.broadcast_to(norms[-1], norms.shape), rtol=1e-10)


def test_in_the_long_run_the_spectral_radius_sets_the_rate():
    rng = np.random.default_rng(2)
    symmetric = scaled_normal(rng, (6, 6))
    params = init_rnn(rng, 3, with_spectral_radius(symmetric + symmetric.T, 0.8))
    norms = np.linalg.norm(last_state_gradients(params, 300, "identity", rng.standard_normal((1, 6))), axis=(1, 2))
    assert (norms[0] / norms[100]) ** (1 / 100) == pytest.approx(0.8, rel=1e-3)


def test_a_non_normal_matrix_grows_first_and_vanishes_later():
    params = init_rnn(np.random.default_rng(0), 1, non_normal(2, radius=0.9, strength=2.0))
    norms = np.linalg.norm(last_state_gradients(params, 200, "identity", np.eye(2)), axis=(1, 2))[::-1]
    assert norms[0] == pytest.approx(np.sqrt(2))
    assert norms.max() > 5 * norms[0]
    assert norms[-1] < 1e-3 * norms[0]


def test_the_bound_holds_for_a_thousand_random_cases():
    rng = np.random.default_rng(3)
    tightest = 0
    for _ in range(1000):
        H, T = rng.integers(1, 7), rng.integers(2, 12)
        activation = rng.choice(["tanh", "relu", "identity"])
        params = init_rnn(rng, 2, scaled_normal(rng, (H, H), scale=rng.uniform(0.1, 3)))
        h, _, _ = rnn(rng.standard_normal((T, 1, 2)), zero_state(1, params), params, activation)
        jacobians = rnn_jacobian(h[:, 0], params, activation)
        slope = {"tanh": np.max(1 - h[1:] ** 2), "relu": np.max(h[1:] > 0), "identity": 1.0}[activation]
        product = np.eye(H)
        for jacobian in jacobians[:0:-1]:  # ∂h_T/∂h_1
            product = product @ jacobian
        norm = np.linalg.norm(product, 2)
        bound = (largest_singular_value(params.W_hh) * slope) ** (T - 1)
        assert norm <= bound * (1 + 1e-9)
        if bound:
            tightest = max(tightest, norm / bound)
    assert tightest == pytest.approx(1)  # and it is reached, so no smaller bound would do


def test_tanh_never_outgrows_the_linear_bound_but_saturates():
    rng = np.random.default_rng(4)
    params = init_rnn(rng, 3, orthogonal(rng, 16, gain=1.5))
    x = 3 * rng.standard_normal((50, 4, 3))
    norms = np.linalg.norm(last_state_gradients(params, 50, "tanh", rng.standard_normal((4, 16)), x), axis=-1)
    assert (norms <= norms[-1] * 1.5 ** np.arange(49, -1, -1)[:, None] * (1 + 1e-12)).all()
    assert norms[0].max() < 1e-3 * norms[-1].min()  # the slopes are far below 1


def test_relu_can_explode():
    params = init_rnn(np.random.default_rng(5), 1, identity(4, gain=1.5))
    x = np.ones((60, 2, 1))
    params = params._replace(W_xh=np.abs(params.W_xh))  # every unit stays open
    total = last_state_gradients(params, 60, "relu", np.ones((2, 4)), x)
    np.testing.assert_allclose(total[0], 1.5**59, rtol=1e-10)
    assert total[0].min() > 1e10


def test_identity_with_relu_keeps_a_gradient_for_ever():
    params = init_rnn(np.random.default_rng(6), 1, identity(4))
    params = params._replace(W_xh=np.abs(params.W_xh))
    total = last_state_gradients(params, 500, "relu", np.ones((1, 4)), np.ones((500, 1, 1)))
    np.testing.assert_array_equal(total, np.ones_like(total))
