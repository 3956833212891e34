import numpy as np
import pytest

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.recurrent.lstm import (
    LSTMParams,
    init_lstm,
    lstm,
    lstm_cell_gradients,
    lstm_gates,
    lstm_gradient_paths,
    zero_lstm_state,
)

FIXED = [(), ("f",), ("i",), ("o",), ("i", "f", "o")]
every_fixed = pytest.mark.parametrize("fixed", FIXED, ids=lambda gates: "".join(gates) or "none")


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def logit(p):
    return np.log(p / (1 - p))


def test_one_step_by_hand(cells):
    forward, backward = cells["lstm"].forward, cells["lstm"].backward
    # Without input and recurrence the biases alone decide: i = 1/4, f = 1/2, g = 3/5, o = 3/4.
    params = LSTMParams(np.zeros((1, 4)), np.zeros((1, 4)), np.array([logit(0.25), 0, np.arctanh(0.6), logit(0.75)]))
    c_1 = 0.5 * 2 + 0.25 * 0.6  # 1.15
    shown = np.tanh(c_1)
    x, state = np.ones((1, 1, 1)), (np.array([[9.0]]), np.array([[2.0]]))
    h, last, cache = forward(x, state, params)
    assert [h.item(), last[0].item(), last[1].item()] == pytest.approx([0.75 * shown, 0.75 * shown, c_1])

    # ∂L/∂h = 1 + 10 and ∂L/∂c from outside 100
    dc = 100 + 11 * 0.75 * (1 - shown**2)
    outside = np.ones((1, 1, 1)), (np.array([[10.0]]), np.array([[100.0]]))
    assert lstm_cell_gradients(*outside, lstm(x, state, params)[2], params).item() == pytest.approx(dc)
    da = [dc * 0.6 * 0.25 * 0.75, dc * 2 * 0.5 * 0.5, dc * 0.25 * (1 - 0.36), 11 * shown * 0.75 * 0.25]
    dx, (dh_0, dc_0), grads = backward(*outside, cache, params)
    assert grads.b_h == pytest.approx(da)
    assert grads.W_xh[0] == pytest.approx(da)  # x is 1
    assert grads.W_hh[0] == pytest.approx(9 * np.array(da))  # h_0 is 9
    assert [dx.item(), dh_0.item(), dc_0.item()] == pytest.approx([0, 0, dc * 0.5])


def test_the_order_of_the_gates_is_i_f_g_o(draw_cell):
    H = 2
    b_h = np.repeat([-1.0, 2.0, 0.5, 1.0], H)
    gates = lstm_gates(
        np.ones((3, 1, 1)),
        zero_lstm_state(1, draw_cell("lstm", (1, 1, 1, H))[2]),
        LSTMParams(np.zeros((1, 4 * H)), np.zeros((H, 4 * H)), b_h),
    )
    for gate, value in zip(gates[:4], [sigmoid(-1), sigmoid(2), np.tanh(0.5), sigmoid(1)], strict=True):
        np.testing.assert_allclose(gate, np.full((3, 1, H), value), rtol=1e-14)


@every_fixed
def test_the_gates_obey_the_equations(fixed, draw_cell):
    x, (h_0, c_0), params, _, _ = draw_cell("lstm", (6, 2, 3, 4))
    i, f, g, o, c, h = lstm_gates(x, (h_0, c_0), params, fixed)
    assert i.shape == (6, 2, 4)
    h_before, c_before = np.concatenate([h_0[None], h[:-1]]), np.concatenate([c_0[None], c[:-1]])
    a = np.split(x @ params.W_xh + h_before @ params.W_hh + params.b_h, 4, axis=-1)
    wanted = {"i": sigmoid(a[0]), "f": sigmoid(a[1]), "g": np.tanh(a[2]), "o": sigmoid(a[3])}
    wanted |= {gate: np.ones_like(i) for gate in fixed}
    for gate, found in zip("ifgo", (i, f, g, o), strict=True):
        np.testing.assert_allclose(found, wanted[gate], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(c, f * c_before + i * g, rtol=1e-12)
    np.testing.assert_allclose(h, o * np.tanh(c), rtol=1e-12)


@every_fixed
def test_a_fixed_gate_is_one_and_learns_nothing(cells, fixed, draw_cell):
    x, state, params, dh, dstate = draw_cell("lstm", (5, 2, 3, 4))
    _, _, cache = cells["lstm"].forward(x, state, params, fixed)
    _, _, grads = cells["lstm"].backward(dh, dstate, cache, params)
    gates = lstm_gates(x, state, params, fixed)
    for k, gate in enumerate("ifgo"):
        assert (getattr(gates, gate) == 1).all() == (gate in fixed)
        for grad in grads:
            assert np.any(np.split(grad, 4, axis=-1)[k]) == (gate not in fixed)


def test_the_cell_keeps_what_it_holds_when_f_is_1_and_i_is_0(draw_cell):
    x, state, params, dh, _ = draw_cell("lstm", (200, 2, 3, 4))
    params.b_h[:4] = -800  # σ is 0
    params.b_h[4:8] = 800  # σ is 1
    gates = lstm_gates(x, state, params)
    np.testing.assert_array_equal(gates.c, np.broadcast_to(state[1], gates.c.shape))
    _, _, cache = lstm(x, state, params)
    last = np.ones_like(state[1])
    kept = lstm_cell_gradients(np.zeros_like(dh), (np.zeros_like(last), last), cache, params)
    np.testing.assert_array_equal(kept, np.ones_like(kept))  # and the gradient too, over 200 steps


def test_without_recurrent_weights_the_cells_slope_is_f(draw_cell):
    x, state, params, dh, _ = draw_cell("lstm", (9, 2, 3, 4))
    params = params._replace(W_hh=np.zeros_like(params.W_hh))
    _, _, cache = lstm(x, state, params)
    dc_last = np.ones_like(state[1])
    dc = lstm_cell_gradients(np.zeros_like(dh), (np.zeros_like(dc_last), dc_last), cache, params)
    f = lstm_gates(x, state, params).f
    np.testing.assert_allclose(dc[:-1] / dc[1:], f[1:], rtol=1e-12)


def test_cell_gradients_equal_central_differences(draw_cell, outside_loss):
    x, state, params, dh, dstate = draw_cell("lstm", (4, 2, 3, 3))
    _, _, cache = lstm(x, state, params)
    gates = lstm_gates(x, state, params)
    dc = lstm_cell_gradients(dh, dstate, cache, params)
    for t in range(3):

        def loss_after(c_t, t=t):
            """What the loss takes from c_t: by what is shown of it at this step, and through the steps that follow."""
            h_t = gates.o[t] * np.tanh(c_t)
            return float((h_t * dh[t]).sum()) + outside_loss(lstm, x[t + 1 :], (h_t, c_t), params, dh[t + 1 :], dstate)

        assert relative_error(dc[t], numerical_gradient(loss_after, gates.c[t])) < 1e-6


def test_first_parameters():
    params = init_lstm(np.random.default_rng(0), 100, 4, dtype=np.float32)
    assert [p.shape for p in params] == [(100, 16), (4, 16), (16,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_xh.std() == pytest.approx(0.1, rel=0.1)
    np.testing.assert_array_equal(params.b_h, np.repeat([0, 1, 0, 0], 4))
    for block in np.split(params.W_hh, 4, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(4), atol=1e-6)
    np.testing.assert_array_equal(init_lstm(np.random.default_rng(0), 2, 1, forget_bias=3).b_h, [0, 3, 0, 0])


def test_gates_and_cell_gradients_keep_the_dtype_and_change_nothing(draw_cell):
    x, state, params, dh, dstate = draw_cell("lstm", (5, 2, 3, 4), np.float32)
    _, _, cache = lstm(x, state, params)
    _, h, steps = cache
    arrays = [x, *state, *params, dh, *dstate, h, *(array for step in steps for array in step)]
    kept = [array.copy() for array in arrays]
    made = [*lstm_gates(x, state, params), lstm_cell_gradients(dh, dstate, cache, params)]
    assert {array.dtype for array in made} == {np.dtype(np.float32)}
    for array, before in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(array, before)


def test_unknown_gates_are_errors(cells, draw_cell):
    x, state, params, _, _ = draw_cell("lstm", (3, 2, 4, 5))
    for gate in ("g", "if", "forget"):
        with pytest.raises(ValueError, match=f"fixed gate is '{gate}', expected one of 'i', 'f', 'o'"):
            cells["lstm"].forward(x, state, params, (gate,))
        with pytest.raises(ValueError, match=f"fixed gate is '{gate}'"):
            cells["lstm"].step(x[0], state, params, (gate,))


@every_fixed
def test_what_the_loss_takes_from_each_cell_directly_is_added(cells, fixed, draw_cell):
    x, state, params, dh, dstate = draw_cell("lstm", (4, 2, 3, 3))
    _, _, cache = cells["lstm"].forward(x, state, params, fixed)
    dc = np.random.default_rng(1).standard_normal(dh.shape)

    def loss(x=x, state=state, params=params):
        h, last, cache = cells["lstm"].forward(x, state, params, fixed)
        h, c = cells["lstm"].states(cache)
        return float((h * dh).sum() + (c * dc).sum() + sum((s * d).sum() for s, d in zip(last, dstate, strict=True)))

    dx, (dh_0, dc_0), grads = cells["lstm"].backward(dh, dstate, cache, params, dc)
    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    errors["h_0"] = relative_error(dh_0, numerical_gradient(lambda h_0: loss(state=(h_0, state[1])), state[0]))
    errors["c_0"] = relative_error(dc_0, numerical_gradient(lambda c_0: loss(state=(state[0], c_0)), state[1]))
    assert max(errors.values()) < 1e-6, errors
    with pytest.raises(ValueError, match="dc has shape"):
        cells["lstm"].backward(dh, dstate, cache, params, dc[1:])


def test_the_gradient_paths_are_all_and_the_highway_alone(rng):
    params = init_lstm(rng, 3, 4)
    x, dc_T = rng.standard_normal((5, 2, 3)), rng.standard_normal((2, 4))
    along_all, highway = lstm_gradient_paths(x, dc_T, params)
    f = lstm_gates(x, zero_lstm_state(2, params), params).f
    np.testing.assert_allclose(highway, [dc_T * f[t + 1 :].prod(axis=0) for t in range(5)])
    apart = params._replace(W_hh=np.zeros_like(params.W_hh))  # gates that do not see h
    np.testing.assert_allclose(*lstm_gradient_paths(x, dc_T, apart), rtol=1e-12)

    def loss(c_0):
        _, (_, c_T), _ = lstm(x[1:], (h_1, c_0), params)
        return float((dc_T * c_T).sum())

    (h_1, c_1) = lstm(x[:1], zero_lstm_state(2, params), params)[1]
    direct = numerical_gradient(loss, c_1)  # h_1 held
    through_h = along_all[0] - direct
    assert np.abs(through_h).max() > 1e-3  # what c_1 does through h_1 is in it too
