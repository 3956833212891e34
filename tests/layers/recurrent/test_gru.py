import numpy as np
import pytest

from helpers.layers.recurrent.gru import GRUParams, gru_gates, init_gru, zero_gru_state

both_resets = pytest.mark.parametrize("reset_before", [False, True], ids=["reset after", "reset before"])


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def logit(p):
    return np.log(p / (1 - p))


def test_one_step_by_hand(cells):
    gru, gru_backward = cells["gru"].forward, cells["gru"].backward
    # r = 1/4 and z = 3/4 by their biases; n sees 1 · x and r of (2 · h_0 + 4), or 2 · (r ⊙ h_0) + 4.
    x, state = np.array([[[0.5]]]), (np.array([[-1.0]]),)
    params = GRUParams(
        np.array([[0.0, 0.0, 1.0]]),
        np.array([[0.0, 0.0, 2.0]]),
        np.array([logit(0.25), 0.0, -1.0]),
        np.array([0.0, logit(0.75), 4.0]),
    )
    n = np.tanh(0.5 - 1 + 0.25 * (2 * -1 + 4))  # tanh(0)
    h, _, cache = gru(x, state, params)
    assert h.item() == pytest.approx(0.25 * n + 0.75 * -1)  # −0.75
    n_before = np.tanh(0.5 - 1 + 2 * (0.25 * -1) + 4)  # tanh(3)
    assert gru(x, state, params, reset_before=True)[0].item() == pytest.approx(0.25 * n_before - 0.75)

    # ∂L/∂h = 1 + 3. n is 0, so ∂L/∂a_n = 4 · (1 − z) = 1; r meets 2 · h_0 + 4 = 2 there.
    dx, (dh_0,), grads = gru_backward(np.ones((1, 1, 1)), (np.array([[3.0]]),), cache, params)
    da = np.array([1 * 2 * 0.25 * 0.75, 4 * (-1 - n) * 0.75 * 0.25, 1])
    assert grads.b_xh == pytest.approx(da)
    assert grads.b_hh == pytest.approx(da * [1, 1, 0.25])
    assert grads.W_xh[0] == pytest.approx(da * 0.5)
    assert grads.W_hh[0] == pytest.approx(da * [1, 1, 0.25] * -1)
    assert dx.item() == pytest.approx(1)
    assert dh_0.item() == pytest.approx(4 * 0.75 + 0.25 * 2)


@both_resets
def test_the_order_of_the_gates_is_r_z_n(reset_before):
    H = 2
    zeros = GRUParams(np.zeros((1, 6)), np.zeros((H, 6)), np.repeat([-1.0, 2.0, 0.5], H), np.zeros(6))
    r, z, n, h = gru_gates(np.ones((1, 3, 1)), zero_gru_state(3, zeros), zeros, reset_before)
    for gate, value in zip((r, z, n), [sigmoid(-1), sigmoid(2), np.tanh(0.5)], strict=True):
        np.testing.assert_allclose(gate, np.full((1, 3, H), value), rtol=1e-14)
    np.testing.assert_allclose(h, np.full((1, 3, H), (1 - sigmoid(2)) * np.tanh(0.5)), rtol=1e-14)


@both_resets
def test_the_gates_obey_the_equations(reset_before, draw_cell):
    x, (h_0,), params, _, _ = draw_cell("gru", (6, 2, 3, 4))
    r, z, n, h = gru_gates(x, (h_0,), params, reset_before)
    before = np.concatenate([h_0[None], h[:-1]])
    x_r, x_z, x_n = np.split(x @ params.W_xh + params.b_xh, 3, axis=-1)
    h_r, h_z, h_n = np.split(before @ params.W_hh + params.b_hh, 3, axis=-1)
    np.testing.assert_allclose(r, sigmoid(x_r + h_r), rtol=1e-12)
    np.testing.assert_allclose(z, sigmoid(x_z + h_z), rtol=1e-12)
    seen = (r * before) @ params.W_hh[:, 8:] + params.b_hh[8:] if reset_before else r * h_n
    np.testing.assert_allclose(n, np.tanh(x_n + seen), rtol=1e-10)
    np.testing.assert_allclose(h, (1 - z) * n + z * before, rtol=1e-11)


@both_resets
def test_the_state_is_kept_when_z_is_1(cells, reset_before, draw_cell):
    gru, gru_backward = cells["gru"].forward, cells["gru"].backward
    x, state, params, dh, _ = draw_cell("gru", (200, 2, 3, 4))
    params.b_xh[4:8] = 800  # σ is 1
    h, _, cache = gru(x, state, params, reset_before)
    np.testing.assert_allclose(h, np.broadcast_to(state[0], h.shape), rtol=1e-12)
    dh_last = np.ones_like(state[0])
    _, (dh_0,), _ = gru_backward(np.zeros_like(dh), (dh_last,), cache, params)
    np.testing.assert_array_equal(dh_0, dh_last)  # and the gradient too, over 200 steps


@both_resets
def test_the_state_is_forgotten_when_r_and_z_are_0(cells, reset_before, draw_cell):
    gru = cells["gru"].forward
    x, state, params, _, _ = draw_cell("gru", (5, 2, 3, 4))
    params.b_xh[:8] = -800  # σ is 0
    h, _, _ = gru(x, state, params, reset_before)
    b_n = params.b_hh[8:] if reset_before else 0  # a reset after the product silences its bias too
    np.testing.assert_allclose(h, np.tanh(x @ params.W_xh[:, 8:] + params.b_xh[8:] + b_n), rtol=1e-12)


def test_both_resets_agree_only_where_r_does_not_matter(cells, draw_cell):
    gru = cells["gru"].forward
    x, state, params, _, _ = draw_cell("gru", (5, 2, 3, 4))
    after, before = (gru(x, state, params, flag)[0] for flag in (False, True))
    assert np.abs(after - before).max() > 0.1
    params.b_xh[:4] = 800  # r is 1
    after, before = (gru(x, state, params, flag)[0] for flag in (False, True))
    np.testing.assert_allclose(after, before, rtol=1e-11)


def test_first_parameters():
    params = init_gru(np.random.default_rng(0), 100, 4, np.float32)
    assert [p.shape for p in params] == [(100, 12), (4, 12), (12,), (12,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_xh.std() == pytest.approx(0.1, rel=0.1)
    assert not np.any(params.b_xh)
    assert not np.any(params.b_hh)
    for block in np.split(params.W_hh, 3, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(4), atol=1e-6)


@both_resets
def test_the_gates_keep_the_dtype(reset_before, draw_cell):
    x, state, params, _, _ = draw_cell("gru", (5, 2, 3, 4), np.float32)
    assert {gate.dtype for gate in gru_gates(x, state, params, reset_before)} == {np.dtype(np.float32)}
