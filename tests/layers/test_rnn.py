import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.rnn import (
    RNNParams,
    init_rnn,
    rnn,
    rnn_backward,
    rnn_jacobian,
    rnn_state_gradients,
    rnn_step,
    zero_state,
)

SIZES = [(1, 1, 1, 1), (1, 3, 2, 4), (2, 1, 3, 1), (5, 2, 1, 3), (7, 3, 4, 5)]  # (T, B, D, H)
ACTIVATIONS = ["tanh", "relu", "identity"]
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def make(T, B, D, H, dtype=np.float64):
    """Random inputs, first state, parameters and gradients from outside."""
    rng = np.random.default_rng((T, B, D, H))

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    params = RNNParams(draw(D, H), draw(H, H) / np.sqrt(H).astype(dtype), draw(H))
    return draw(T, B, D), (draw(B, H),), params, draw(T, B, H), (draw(B, H),)


def outside_loss(x, state, params, dh, dstate, activation):
    """A loss whose gradients are dh for every h_t and dstate for the last state."""
    h, (h_last,), _ = rnn(x, state, params, activation)
    return float((h * dh).sum() + (h_last * dstate[0]).sum())


def torch_rnn(x, state, params, activation):
    """The same function from torch.nn.RNN, or unrolled by hand where torch has no such activation."""
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, *state, *params)]
    x, h_0, W_xh, W_hh, b_h = tensors
    if activation == "identity":
        h = [h_0]
        for x_t in x:
            h.append(x_t @ W_xh + h[-1] @ W_hh + b_h)
        return torch.stack(h[1:]), h[-1], tensors
    module = torch.nn.RNN(x.shape[2], h_0.shape[1], nonlinearity=activation, dtype=x.dtype)
    named = {"weight_ih_l0": W_xh.T, "weight_hh_l0": W_hh.T, "bias_ih_l0": b_h, "bias_hh_l0": torch.zeros_like(b_h)}
    h, h_last = torch.func.functional_call(module, named, (x, h_0[None]))
    return h, h_last[0], tensors


def test_two_steps_by_hand():
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


def test_one_tanh_step_by_hand():
    x, state = np.array([[[np.arctanh(0.6)]]]), (np.zeros((1, 1)),)
    params = RNNParams(np.ones((1, 1)), np.array([[2.0]]), np.zeros(1))
    h, _, cache = rnn(x, state, params)
    assert h.item() == pytest.approx(0.6)
    dx, (dh_0,), _ = rnn_backward(np.ones((1, 1, 1)), state, cache, params)
    assert dx.item() == pytest.approx(1 - 0.36)
    assert dh_0.item() == pytest.approx(2 * (1 - 0.36))


@every_size
@every_activation
def test_backward_equals_central_differences(size, activation):
    x, state, params, dh, dstate = make(*size)
    _, _, cache = rnn(x, state, params, activation)
    dx, (dh_0,), grads = rnn_backward(dh, dstate, cache, params)

    def loss(x=x, h_0=state[0], params=params):
        return outside_loss(x, (h_0,), params, dh, dstate, activation)

    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    errors["h_0"] = relative_error(dh_0, numerical_gradient(lambda h_0: loss(h_0=h_0), state[0]))
    assert max(errors.values()) < 1e-6, errors


@every_size
@every_activation
def test_it_equals_torch(size, activation):
    x, state, params, dh, dstate = make(*size)
    h, (h_last,), cache = rnn(x, state, params, activation)
    dx, (dh_0,), grads = rnn_backward(dh, dstate, cache, params)
    h_torch, h_last_torch, tensors = torch_rnn(x, state, params, activation)
    torch.autograd.backward([h_torch, h_last_torch], [torch.tensor(dh), torch.tensor(dstate[0])])
    ours = (h, h_last, dx, dh_0, *grads)
    theirs = (h_torch.detach(), h_last_torch.detach(), *(tensor.grad for tensor in tensors))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-10, atol=1e-12)


@every_size
@every_activation
def test_steps_one_by_one_equal_all_at_once(size, activation):
    x, state, params, _, _ = make(*size)
    h, (h_last,), _ = rnn(x, state, params, activation)
    for x_t, h_t in zip(x, h, strict=True):
        state = rnn_step(x_t, state, params, activation)
        np.testing.assert_allclose(state[0], h_t, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(h_last, h[-1])


@every_activation
def test_two_halves_equal_the_whole(activation):
    x, state, params, dh, dstate = make(6, 2, 3, 4)
    h, last, cache = rnn(x, state, params, activation)
    dx, dfirst, grads = rnn_backward(dh, dstate, cache, params)

    h_a, middle, cache_a = rnn(x[:2], state, params, activation)
    h_b, last_b, cache_b = rnn(x[2:], middle, params, activation)
    dx_b, dmiddle, grads_b = rnn_backward(dh[2:], dstate, cache_b, params)
    dx_a, dfirst_a, grads_a = rnn_backward(dh[:2], dmiddle, cache_a, params)
    pairs = [(h, np.concatenate([h_a, h_b])), (last[0], last_b[0]), (dx, np.concatenate([dx_a, dx_b]))]
    pairs += [(dfirst[0], dfirst_a[0]), *((g, a + b) for g, a, b in zip(grads, grads_a, grads_b, strict=True))]
    for whole, halves in pairs:
        np.testing.assert_allclose(whole, halves, rtol=1e-10, atol=1e-13)


@every_activation
def test_state_gradients_equal_central_differences(activation):
    T, B, D, H = 4, 2, 3, 3
    x, state, params, dh, dstate = make(T, B, D, H)
    h, _, cache = rnn(x, state, params, activation)
    total = rnn_state_gradients(dh, dstate, cache, params)
    for t in range(T - 1):

        def loss_after(h_t, t=t):
            """What the loss takes from h_t: directly, and through the steps that follow."""
            return float((h_t * dh[t]).sum()) + outside_loss(
                x[t + 1 :], (h_t,), params, dh[t + 1 :], dstate, activation
            )

        assert relative_error(total[t], numerical_gradient(loss_after, h[t])) < 1e-6
    np.testing.assert_array_equal(total[-1], dh[-1] + dstate[0])


@every_activation
def test_the_jacobian_equals_central_differences(activation):
    x, (h_0,), params, _, _ = make(1, 1, 2, 4)
    (h_1,) = rnn_step(x[0], (h_0,), params, activation)
    jacobian = rnn_jacobian(h_1[0], params, activation)
    for i in range(4):
        row = numerical_gradient(lambda h, i=i: float(rnn_step(x[0], (h,), params, activation)[0][0, i]), h_0)
        assert relative_error(jacobian[i : i + 1], row) < 1e-6


@every_activation
def test_a_gradient_is_carried_back_by_the_jacobians(activation):
    T, B, D, H = 5, 3, 2, 4
    x, state, params, dh, _ = make(T, B, D, H)
    h, _, cache = rnn(x, state, params, activation)
    total = rnn_state_gradients(np.zeros_like(dh), (dh[-1],), cache, params)
    jacobians = rnn_jacobian(h, params, activation)  # (T, B, H, H)
    assert jacobians.shape == (T, B, H, H)
    for t in range(T - 1):
        np.testing.assert_allclose(total[t, :, None] @ np.eye(H), total[t + 1, :, None] @ jacobians[t + 1], rtol=1e-10)


@every_size
@every_activation
def test_float32_stays_float32_and_is_near_float64(size, activation):
    exact = make(*size)
    x, state, params, dh, dstate = make(*size, dtype=np.float32)
    h, (h_last,), cache = rnn(x, state, params, activation)
    results = (h, h_last, *_flatten(rnn_backward(dh, dstate, cache, params)))
    results += (rnn_state_gradients(dh, dstate, cache, params), rnn_jacobian(h, params, activation))
    assert {r.dtype for r in (*results, *rnn_step(x[0], state, params, activation))} == {np.dtype(np.float32)}
    np.testing.assert_allclose(h, rnn(*exact[:3], activation)[0], rtol=1e-3, atol=1e-4)


def _flatten(backward):
    dx, dstate, grads = backward
    return (dx, *dstate, *grads)


@every_activation
def test_nothing_it_is_given_is_changed(activation):
    given_arrays = make(3, 2, 2, 3)
    x, state, params, dh, dstate = given_arrays
    arrays = [x, *state, *params, dh, *dstate]
    kept = [array.copy() for array in arrays]
    h, last, cache = rnn(x, state, params, activation)
    h_kept = h.copy()
    first = _flatten(rnn_backward(dh, dstate, cache, params))
    second = _flatten(rnn_backward(dh, dstate, cache, params))  # the cache is as good as new
    rnn_state_gradients(dh, dstate, cache, params)
    last[0][:] = 7  # the state belongs to the caller, not to h
    for array, before in zip([*arrays, h, *first], [*kept, h_kept, *second], strict=True):
        np.testing.assert_array_equal(array, before)


def test_first_parameters():
    rng = np.random.default_rng(0)
    W_hh = np.eye(4, dtype=np.float32)
    params = init_rnn(rng, 100, W_hh)
    assert params.W_hh is W_hh
    assert [p.shape for p in params] == [(100, 4), (4, 4), (4,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_xh.std() == pytest.approx(0.1, rel=0.15)
    assert not params.b_h.any()
    (h_0,) = zero_state(3, params)
    assert h_0.shape == (3, 4)
    assert h_0.dtype == np.float32
    assert not h_0.any()
    with pytest.raises(ValueError, match="W_hh has shape"):
        init_rnn(rng, 2, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="D is 0"):
        init_rnn(rng, 0, W_hh)


sizes = st.integers(1, 4)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, sizes, sizes, st.sampled_from(ACTIVATIONS), st.sampled_from([np.float32, np.float64]))
def test_shapes_are_right_for_any_size(T, B, D, H, activation, dtype):
    x, state, params, dh, dstate = make(T, B, D, H, dtype)
    h, last, cache = rnn(x, state, params, activation)
    dx, dfirst, grads = rnn_backward(dh, dstate, cache, params)
    assert h.shape == (T, B, H)
    assert last[0].shape == dfirst[0].shape == (B, H)
    assert dx.shape == x.shape
    assert [g.shape for g in grads] == [p.shape for p in params]


SHAPES = {"x": (3, 2, 4), "h_0": (2, 5), "W_xh": (4, 5), "W_hh": (5, 5), "b_h": (5,), "dh": (3, 2, 5), "dstate": (2, 5)}


@settings(max_examples=60, deadline=None)
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


def run_all(x, h_0, W_xh, W_hh, b_h, dh, dstate, activation="tanh"):
    params = RNNParams(W_xh, W_hh, b_h)
    _, _, cache = rnn(x, (h_0,), params, activation)
    rnn_backward(dh, (dstate,), cache, params)


@pytest.mark.parametrize("name", SHAPES)
def test_mixed_dtypes_are_an_error(name):
    arrays = {key: np.zeros(shape, np.float32 if key == name else np.float64) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match="expected one dtype"):
        run_all(**arrays)
    with pytest.raises(ValueError, match=f"{name} has dtype int64"):
        run_all(**arrays | {name: np.zeros(SHAPES[name], int)})


def test_no_steps_and_unknown_activations_are_errors():
    arrays = {key: np.zeros(shape) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match=r"x has shape \(0, 2, 4\), expected at least one step"):
        run_all(**arrays | {"x": np.zeros((0, 2, 4))})
    with pytest.raises(ValueError, match="activation is 'sin', expected one of 'tanh', 'relu', 'identity'"):
        run_all(**arrays, activation="sin")
    with pytest.raises(ValueError, match="activation is 'sin'"):
        rnn_jacobian(np.zeros(5), RNNParams(*(arrays[k] for k in ("W_xh", "W_hh", "b_h"))), "sin")
    with pytest.raises(ValueError, match="h_t has shape"):
        rnn_jacobian(np.zeros(4), RNNParams(*(arrays[k] for k in ("W_xh", "W_hh", "b_h"))))
