import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.recurrent.rnn import (
    RNNParams,
    init_rnn,
    rnn,
    rnn_backward,
    rnn_jacobian,
    rnn_state_gradients,
    rnn_step,
    rnn_step_gradients,
)

ACTIVATIONS = ["tanh", "relu", "identity"]
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def test_two_steps_by_hand(cells):
    rnn, rnn_backward = cells["rnn"].forward, cells["rnn"].backward
    x, state = np.array([[[1.0]], [[2.0]]]), (np.array([[3.0]]),)
    params = RNNParams(np.array([[2.0]]), np.array([[0.5]]), np.array([-1.0]))
    h, (h_last,), cache = rnn(x, state, params, "identity")
    np.testing.assert_array_equal(h.ravel(), [2 - 1 + 1.5, 4 - 1 + 1.25])  # 2.5, 4.25
    assert h_last == 4.25

    # ∂L/∂h_2 = 10 + 100, ∂L/∂h_1 = 1 + 110 · 0.5 = 56
    dh, dstate = np.array([[[1.0]], [[10.0]]]), (np.array([[100.0]]),)
    np.testing.assert_array_equal(rnn_state_gradients(dh, dstate, cache, params).ravel(), [56, 110])
    dx, (dh_0,), grads = rnn_backward(dh, dstate, cache, params)
    np.testing.assert_array_equal(dx.ravel(), [112, 220])
    assert dh_0 == 28
    assert grads == RNNParams(56 * 1 + 110 * 2, 56 * 3 + 110 * 2.5, 166)


def test_one_tanh_step_by_hand(cells):
    rnn, rnn_backward = cells["rnn"].forward, cells["rnn"].backward
    x, state = np.array([[[np.arctanh(0.6)]]]), (np.zeros((1, 1)),)
    params = RNNParams(np.ones((1, 1)), np.array([[2.0]]), np.zeros(1))
    h, _, cache = rnn(x, state, params)
    assert h.item() == pytest.approx(0.6)
    dx, (dh_0,), _ = rnn_backward(np.ones((1, 1, 1)), state, cache, params)
    assert dx.item() == pytest.approx(1 - 0.36)
    assert dh_0.item() == pytest.approx(2 * (1 - 0.36))


@every_activation
def test_state_gradients_equal_central_differences(activation, draw_cell, outside_loss):
    T, B, D, H = 4, 2, 3, 3
    x, state, params, dh, dstate = draw_cell("rnn", (T, B, D, H))
    h, _, cache = rnn(x, state, params, activation)
    total = rnn_state_gradients(dh, dstate, cache, params)
    for t in range(T - 1):

        def loss_after(h_t, t=t):
            """What the loss takes from h_t: directly, and through the steps that follow."""
            return float((h_t * dh[t]).sum()) + outside_loss(
                rnn, x[t + 1 :], (h_t,), params, dh[t + 1 :], dstate, activation
            )

        assert relative_error(total[t], numerical_gradient(loss_after, h[t])) < 1e-6
    np.testing.assert_array_equal(total[-1], dh[-1] + dstate[0])


@every_activation
def test_the_terms_of_the_steps_add_up_to_the_gradient(activation, draw_cell):
    T, B, D, H = 4, 2, 3, 3
    x, state, params, dh, dstate = draw_cell("rnn", (T, B, D, H))
    h, _, cache = rnn(x, state, params, activation)
    terms = rnn_step_gradients(dh, dstate, cache, params)
    _, _, grads = rnn_backward(dh, dstate, cache, params)
    np.testing.assert_allclose(terms.sum(axis=0), grads.W_hh)
    slope = {"tanh": 1 - h[2] ** 2, "relu": h[2] > 0, "identity": 1}[activation]
    da = rnn_state_gradients(dh, dstate, cache, params)[2] * slope
    np.testing.assert_allclose(terms[2], h[1].T @ da)


@every_activation
def test_the_jacobian_equals_central_differences(activation, draw_cell):
    x, (h_0,), params, _, _ = draw_cell("rnn", (1, 1, 2, 4))
    (h_1,) = rnn_step(x[0], (h_0,), params, activation)
    jacobian = rnn_jacobian(h_1[0], params, activation)
    for i in range(4):
        row = numerical_gradient(lambda h, i=i: float(rnn_step(x[0], (h,), params, activation)[0][0, i]), h_0)
        assert relative_error(jacobian[i : i + 1], row) < 1e-6


@every_activation
def test_a_gradient_is_carried_back_by_the_jacobians(activation, draw_cell):
    T, B, D, H = 5, 3, 2, 4
    x, state, params, dh, _ = draw_cell("rnn", (T, B, D, H))
    h, _, cache = rnn(x, state, params, activation)
    total = rnn_state_gradients(np.zeros_like(dh), (dh[-1],), cache, params)
    jacobians = rnn_jacobian(h, params, activation)  # (T, B, H, H)
    assert jacobians.shape == (T, B, H, H)
    for t in range(T - 1):
        np.testing.assert_allclose(total[t, :, None] @ np.eye(H), total[t + 1, :, None] @ jacobians[t + 1], rtol=1e-10)


def test_first_parameters():
    rng = np.random.default_rng(0)
    W_hh = np.eye(4, dtype=np.float32)
    params = init_rnn(rng, 100, W_hh)
    assert params.W_hh is W_hh
    assert [p.shape for p in params] == [(100, 4), (4, 4), (4,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_xh.std() == pytest.approx(0.1, rel=0.15)
    assert not params.b_h.any()
    with pytest.raises(ValueError, match="W_hh has shape"):
        init_rnn(rng, 2, np.zeros((2, 3)))


@every_activation
def test_state_gradients_and_jacobians_keep_the_dtype_and_change_nothing(activation, draw_cell):
    x, state, params, dh, dstate = draw_cell("rnn", (3, 2, 2, 3), np.float32)
    h, _, cache = rnn(x, state, params, activation)
    arrays = [x, *state, *params, dh, *dstate, h]
    kept = [array.copy() for array in arrays]
    made = [rnn_state_gradients(dh, dstate, cache, params), rnn_jacobian(h, params, activation)]
    assert {array.dtype for array in made} == {np.dtype(np.float32)}
    for array, before in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(array, before)


def test_unknown_activations_and_states_of_another_size_are_errors(cells, draw_cell):
    x, state, params, _, _ = draw_cell("rnn", (3, 2, 4, 5))
    with pytest.raises(ValueError, match="activation is 'sin', expected one of 'tanh', 'relu', 'identity'"):
        cells["rnn"].forward(x, state, params, "sin")
    with pytest.raises(ValueError, match="activation is 'sin'"):
        rnn_step(x[0], state, params, "sin")
    with pytest.raises(ValueError, match="activation is 'sin'"):
        rnn_jacobian(np.zeros(5), params, "sin")
    with pytest.raises(ValueError, match="h_t has shape"):
        rnn_jacobian(np.zeros(4), params)
