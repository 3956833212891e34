import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.lstm import (
    LSTMParams,
    init_lstm,
    lstm,
    lstm_backward,
    lstm_cell_gradients,
    lstm_gates,
    lstm_step,
    zero_lstm_state,
)

SIZES = [(1, 1, 1, 1), (1, 3, 2, 4), (2, 1, 3, 1), (5, 2, 1, 3), (7, 3, 4, 5)]  # (T, B, D, H)
FIXED = [(), ("f",), ("i",), ("o",), ("i", "f", "o")]
LARGE = (9, 64, 3, 80)  # made in three blocks of steps
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_size_and_a_large_one = pytest.mark.parametrize("size", [*SIZES, LARGE], ids=str)
every_fixed = pytest.mark.parametrize("fixed", FIXED, ids=lambda gates: "".join(gates) or "none")


def make(T, B, D, H, dtype=np.float64):
    """Random inputs, first state, parameters and gradients from outside."""
    rng = np.random.default_rng((T, B, D, H))

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    params = LSTMParams(draw(D, 4 * H), draw(H, 4 * H) / np.sqrt(H).astype(dtype), draw(4 * H))
    return draw(T, B, D), (draw(B, H), draw(B, H)), params, draw(T, B, H), (draw(B, H), draw(B, H))


def outside_loss(x, state, params, dh, dstate, fixed=()):
    """A loss whose gradients are dh for every h_t and dstate for the last state."""
    h, last, _ = lstm(x, state, params, fixed)
    return float((h * dh).sum() + sum((s * d).sum() for s, d in zip(last, dstate, strict=True)))


def torch_lstm(x, state, params):
    """The same function from torch.nn.LSTM."""
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, *state, *params)]
    x, h_0, c_0, W_xh, W_hh, b_h = tensors
    module = torch.nn.LSTM(x.shape[2], h_0.shape[1], dtype=x.dtype)
    named = {"weight_ih_l0": W_xh.T, "weight_hh_l0": W_hh.T, "bias_ih_l0": b_h, "bias_hh_l0": torch.zeros_like(b_h)}
    h, (h_last, c_last) = torch.func.functional_call(module, named, (x, (h_0[None], c_0[None])))
    return (h, h_last[0], c_last[0]), tensors


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def logit(p):
    return np.log(p / (1 - p))


def test_one_step_by_hand():
    # Without input and recurrence the biases alone decide: i = 1/4, f = 1/2, g = 3/5, o = 3/4.
    params = LSTMParams(np.zeros((1, 4)), np.zeros((1, 4)), np.array([logit(0.25), 0, np.arctanh(0.6), logit(0.75)]))
    c_1 = 0.5 * 2 + 0.25 * 0.6  # 1.15
    shown = np.tanh(c_1)
    h, last, cache = lstm(np.ones((1, 1, 1)), (np.array([[9.0]]), np.array([[2.0]])), params)
    assert [h.item(), last[0].item(), last[1].item()] == pytest.approx([0.75 * shown, 0.75 * shown, c_1])

    # ∂L/∂h = 1 + 10 and ∂L/∂c from outside 100
    dc = 100 + 11 * 0.75 * (1 - shown**2)
    outside = np.ones((1, 1, 1)), (np.array([[10.0]]), np.array([[100.0]]))
    assert lstm_cell_gradients(*outside, cache, params).item() == pytest.approx(dc)
    da = [dc * 0.6 * 0.25 * 0.75, dc * 2 * 0.5 * 0.5, dc * 0.25 * (1 - 0.36), 11 * shown * 0.75 * 0.25]
    dx, (dh_0, dc_0), grads = lstm_backward(*outside, cache, params)
    assert grads.b_h == pytest.approx(da)
    assert grads.W_xh[0] == pytest.approx(da)  # x is 1
    assert grads.W_hh[0] == pytest.approx(9 * np.array(da))  # h_0 is 9
    assert [dx.item(), dh_0.item(), dc_0.item()] == pytest.approx([0, 0, dc * 0.5])


def test_the_order_of_the_gates_is_i_f_g_o():
    H = 2
    b_h = np.repeat([-1.0, 2.0, 0.5, 1.0], H)
    gates = lstm_gates(
        np.ones((3, 1, 1)),
        zero_lstm_state(1, make(1, 1, 1, H)[2]),
        LSTMParams(np.zeros((1, 4 * H)), np.zeros((H, 4 * H)), b_h),
    )
    for gate, value in zip(gates[:4], [sigmoid(-1), sigmoid(2), np.tanh(0.5), sigmoid(1)], strict=True):
        np.testing.assert_allclose(gate, np.full((3, 1, H), value), rtol=1e-14)


@every_size
@every_fixed
def test_backward_equals_central_differences(size, fixed):
    x, state, params, dh, dstate = make(*size)
    _, _, cache = lstm(x, state, params, fixed)
    dx, (dh_0, dc_0), grads = lstm_backward(dh, dstate, cache, params)

    def loss(x=x, h_0=state[0], c_0=state[1], params=params):
        return outside_loss(x, (h_0, c_0), params, dh, dstate, fixed)

    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    errors["h_0"] = relative_error(dh_0, numerical_gradient(lambda h_0: loss(h_0=h_0), state[0]))
    errors["c_0"] = relative_error(dc_0, numerical_gradient(lambda c_0: loss(c_0=c_0), state[1]))
    assert max(errors.values()) < 1e-6, errors


@every_size_and_a_large_one
def test_it_equals_torch(size):
    x, state, params, dh, dstate = make(*size)
    h, last, cache = lstm(x, state, params)
    dx, dfirst, grads = lstm_backward(dh, dstate, cache, params)
    outputs, tensors = torch_lstm(x, state, params)
    torch.autograd.backward(outputs, [torch.tensor(d) for d in (dh, *dstate)])
    ours = (h, *last, dx, *dfirst, *grads)
    theirs = (*(output.detach() for output in outputs), *(tensor.grad for tensor in tensors))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-10, atol=1e-12)


@every_size_and_a_large_one
@every_fixed
def test_steps_one_by_one_equal_all_at_once(size, fixed):
    x, state, params, _, _ = make(*size)
    h, last, _ = lstm(x, state, params, fixed)
    gates = lstm_gates(x, state, params, fixed)
    for x_t, h_t, c_t in zip(x, h, gates.c, strict=True):
        state = lstm_step(x_t, state, params, fixed)
        np.testing.assert_allclose(state, (h_t, c_t), rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(last, (h[-1], gates.c[-1]))


@every_fixed
def test_the_gates_obey_the_equations(fixed):
    x, (h_0, c_0), params, _, _ = make(6, 2, 3, 4)
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
def test_a_fixed_gate_is_one_and_learns_nothing(fixed):
    x, state, params, dh, dstate = make(5, 2, 3, 4)
    _, _, cache = lstm(x, state, params, fixed)
    _, _, grads = lstm_backward(dh, dstate, cache, params)
    gates = lstm_gates(x, state, params, fixed)
    for k, gate in enumerate("ifgo"):
        assert (getattr(gates, gate) == 1).all() == (gate in fixed)
        for grad in grads:
            assert np.any(np.split(grad, 4, axis=-1)[k]) == (gate not in fixed)


def test_the_cell_keeps_what_it_holds_when_f_is_1_and_i_is_0():
    x, state, params, dh, _ = make(200, 2, 3, 4)
    params.b_h[:4] = -800  # σ is 0
    params.b_h[4:8] = 800  # σ is 1
    gates = lstm_gates(x, state, params)
    np.testing.assert_array_equal(gates.c, np.broadcast_to(state[1], gates.c.shape))
    _, _, cache = lstm(x, state, params)
    last = np.ones_like(state[1])
    kept = lstm_cell_gradients(np.zeros_like(dh), (np.zeros_like(last), last), cache, params)
    np.testing.assert_array_equal(kept, np.ones_like(kept))  # and the gradient too, over 200 steps


def test_without_recurrent_weights_the_cells_slope_is_f():
    x, state, params, dh, _ = make(9, 2, 3, 4)
    params = params._replace(W_hh=np.zeros_like(params.W_hh))
    _, _, cache = lstm(x, state, params)
    dc_last = np.ones_like(state[1])
    dc = lstm_cell_gradients(np.zeros_like(dh), (np.zeros_like(dc_last), dc_last), cache, params)
    f = lstm_gates(x, state, params).f
    np.testing.assert_allclose(dc[:-1] / dc[1:], f[1:], rtol=1e-12)


def test_cell_gradients_equal_central_differences():
    x, state, params, dh, dstate = make(4, 2, 3, 3)
    _, _, cache = lstm(x, state, params)
    gates = lstm_gates(x, state, params)
    dc = lstm_cell_gradients(dh, dstate, cache, params)
    for t in range(3):

        def loss_after(c_t, t=t):
            """What the loss takes from c_t: by what is shown of it at this step, and through the steps that follow."""
            h_t = gates.o[t] * np.tanh(c_t)
            return float((h_t * dh[t]).sum()) + outside_loss(x[t + 1 :], (h_t, c_t), params, dh[t + 1 :], dstate)

        assert relative_error(dc[t], numerical_gradient(loss_after, gates.c[t])) < 1e-6


@every_fixed
def test_two_halves_equal_the_whole(fixed):
    x, state, params, dh, dstate = make(6, 2, 3, 4)
    h, last, cache = lstm(x, state, params, fixed)
    dx, dfirst, grads = lstm_backward(dh, dstate, cache, params)
    h_a, middle, cache_a = lstm(x[:2], state, params, fixed)
    h_b, last_b, cache_b = lstm(x[2:], middle, params, fixed)
    dx_b, dmiddle, grads_b = lstm_backward(dh[2:], dstate, cache_b, params)
    dx_a, dfirst_a, grads_a = lstm_backward(dh[:2], dmiddle, cache_a, params)
    pairs = [(h, np.concatenate([h_a, h_b])), (dx, np.concatenate([dx_a, dx_b]))]
    pairs += [*zip(last, last_b, strict=True), *zip(dfirst, dfirst_a, strict=True)]
    pairs += [(g, a + b) for g, a, b in zip(grads, grads_a, grads_b, strict=True)]
    for whole, halves in pairs:
        np.testing.assert_allclose(whole, halves, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept_and_nothing_is_changed_in_place(dtype):
    x, state, params, dh, dstate = make(5, 2, 3, 4, dtype)
    arrays = [x, *state, *params, dh, *dstate]
    kept = [array.copy() for array in arrays]
    h, last, cache = lstm(x, state, params)
    stepped = lstm_step(x[0], state, params)
    dx, dfirst, grads = lstm_backward(dh, dstate, cache, params)
    again = lstm_backward(dh, dstate, cache, params)  # the cache is as good as new
    made = [h, *last, *stepped, dx, *dfirst, *grads, *lstm_gates(x, state, params)]
    assert {array.dtype for array in made} == {np.dtype(dtype)}
    for array, before in zip([*arrays, dx, *dfirst, *grads], [*kept, again[0], *again[1], *again[2]], strict=True):
        np.testing.assert_array_equal(array, before)
    assert not any(np.shares_memory(a, b) for a in last for b in cache if isinstance(b, np.ndarray))
    h_kept = h.copy()
    for array in last:
        array[:] = 7  # the state belongs to the caller, not to h or c
    np.testing.assert_array_equal(h, h_kept)
    np.testing.assert_array_equal(lstm_backward(dh, dstate, cache, params)[0], dx)


def test_first_parameters():
    params = init_lstm(np.random.default_rng(0), 100, 4, dtype=np.float32)
    assert [p.shape for p in params] == [(100, 16), (4, 16), (16,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_xh.std() == pytest.approx(0.1, rel=0.1)
    np.testing.assert_array_equal(params.b_h, np.repeat([0, 1, 0, 0], 4))
    for block in np.split(params.W_hh, 4, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(4), atol=1e-6)
    np.testing.assert_array_equal(init_lstm(np.random.default_rng(0), 2, 1, forget_bias=3).b_h, [0, 3, 0, 0])
    assert [s.shape for s in zero_lstm_state(3, params)] == [(3, 4), (3, 4)]
    assert {s.dtype for s in zero_lstm_state(3, params)} == {np.dtype(np.float32)}
    assert not np.any(zero_lstm_state(3, params))
    with pytest.raises(ValueError, match="D is 0"):
        init_lstm(np.random.default_rng(0), 0, 4)
    with pytest.raises(ValueError, match=r"H is 1\.5"):
        init_lstm(np.random.default_rng(0), 2, 1.5)


sizes = st.integers(1, 4)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, sizes, sizes, st.sampled_from(FIXED), st.sampled_from([np.float32, np.float64]))
def test_shapes_are_right_for_any_size(T, B, D, H, fixed, dtype):
    x, state, params, dh, dstate = make(T, B, D, H, dtype)
    h, last, cache = lstm(x, state, params, fixed)
    dx, dfirst, grads = lstm_backward(dh, dstate, cache, params)
    assert h.shape == (T, B, H)
    assert {array.shape for array in (*last, *dfirst)} == {(B, H)}
    assert dx.shape == x.shape
    assert [g.shape for g in grads] == [p.shape for p in params]


SHAPES = {"x": (3, 2, 4), "h_0": (2, 5), "c_0": (2, 5), "W_xh": (4, 20), "W_hh": (5, 20), "b_h": (20,)}
SHAPES |= {"dh": (3, 2, 5), "dh_last": (2, 5), "dc_last": (2, 5)}


def run_all(x, h_0, c_0, W_xh, W_hh, b_h, dh, dh_last, dc_last, fixed=()):
    params = LSTMParams(W_xh, W_hh, b_h)
    _, _, cache = lstm(x, (h_0, c_0), params, fixed)
    lstm_backward(dh, (dh_last, dc_last), cache, params)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(SHAPES)), st.data())
def test_one_wrong_shape_is_an_error(name, data):
    right = SHAPES[name]
    axis = data.draw(st.integers(0, len(right) - 1))
    change = data.draw(st.sampled_from(["longer", "shorter", "added", "dropped"]))
    if name == "x" and axis == 0 and change in ("longer", "shorter"):
        return  # another number of steps is not wrong
    wrong = list(right)
    if change == "added":
        wrong.insert(axis, 1)
    elif change == "dropped":
        del wrong[axis]
    else:
        wrong[axis] += 1 if change == "longer" else -1
    arrays = {key: np.zeros(wrong if key == name else shape) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match="has shape"):
        run_all(**arrays)


@pytest.mark.parametrize("name", SHAPES)
def test_mixed_dtypes_are_an_error(name):
    arrays = {key: np.zeros(shape, np.float32 if key == name else np.float64) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match="expected one dtype"):
        run_all(**arrays)


def test_no_steps_and_unknown_gates_are_errors():
    arrays = {key: np.zeros(shape) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match=r"x has shape \(0, 2, 4\), expected at least one step"):
        run_all(**arrays | {"x": np.zeros((0, 2, 4))})
    for gate in ("g", "if", "forget"):
        with pytest.raises(ValueError, match=f"fixed gate is '{gate}', expected one of 'i', 'f', 'o'"):
            run_all(**arrays, fixed=(gate,))
