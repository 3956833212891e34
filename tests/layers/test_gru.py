import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.gru import GRUParams, gru, gru_backward, gru_gates, gru_step, init_gru, zero_gru_state

SIZES = [(1, 1, 1, 1), (1, 3, 2, 4), (2, 1, 3, 1), (5, 2, 1, 3), (7, 3, 4, 5)]  # (T, B, D, H)
LARGE = (9, 64, 3, 80)  # made in three blocks of steps
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_size_and_a_large_one = pytest.mark.parametrize("size", [*SIZES, LARGE], ids=str)
both_resets = pytest.mark.parametrize("reset_before", [False, True], ids=["reset after", "reset before"])


def make(T, B, D, H, dtype=np.float64):
    """Random inputs, first state, parameters and gradients from outside."""
    rng = np.random.default_rng((T, B, D, H))

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    W_hh = draw(H, 3 * H) / np.sqrt(H).astype(dtype)
    params = GRUParams(draw(D, 3 * H), W_hh, draw(3 * H), draw(3 * H))
    return draw(T, B, D), (draw(B, H),), params, draw(T, B, H), (draw(B, H),)


def outside_loss(x, state, params, dh, dstate, reset_before=False):
    """A loss whose gradients are dh for every h_t and dstate for the last state."""
    h, (h_last,), _ = gru(x, state, params, reset_before)
    return float((h * dh).sum() + (h_last * dstate[0]).sum())


def torch_gru(x, state, params, reset_before):
    """The same function from torch.nn.GRU, or unrolled by hand for the variant that torch has not."""
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, *state, *params)]
    x, h_0, W_xh, W_hh, b_xh, b_hh = tensors
    if not reset_before:
        module = torch.nn.GRU(x.shape[2], h_0.shape[1], dtype=x.dtype)
        named = {"weight_ih_l0": W_xh.T, "weight_hh_l0": W_hh.T, "bias_ih_l0": b_xh, "bias_hh_l0": b_hh}
        h, h_last = torch.func.functional_call(module, named, (x, h_0[None]))
        return h, h_last[0], tensors
    h = [h_0]
    (W_hr, W_hz, W_hn), (b_hr, b_hz, b_hn) = W_hh.chunk(3, dim=1), b_hh.chunk(3)
    for a_x in x @ W_xh + b_xh:
        a_r, a_z, a_n = a_x.chunk(3, dim=1)
        r = torch.sigmoid(a_r + h[-1] @ W_hr + b_hr)
        z = torch.sigmoid(a_z + h[-1] @ W_hz + b_hz)
        n = torch.tanh(a_n + (r * h[-1]) @ W_hn + b_hn)
        h.append((1 - z) * n + z * h[-1])
    return torch.stack(h[1:]), h[-1], tensors


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def logit(p):
    return np.log(p / (1 - p))


def test_one_step_by_hand():
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


@every_size
@both_resets
def test_backward_equals_central_differences(size, reset_before):
    x, state, params, dh, dstate = make(*size)
    _, _, cache = gru(x, state, params, reset_before)
    dx, (dh_0,), grads = gru_backward(dh, dstate, cache, params)

    def loss(x=x, h_0=state[0], params=params):
        return outside_loss(x, (h_0,), params, dh, dstate, reset_before)

    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    errors["h_0"] = relative_error(dh_0, numerical_gradient(lambda h_0: loss(h_0=h_0), state[0]))
    assert max(errors.values()) < 1e-6, errors


@every_size_and_a_large_one
@both_resets
def test_it_equals_torch(size, reset_before):
    x, state, params, dh, dstate = make(*size)
    h, (h_last,), cache = gru(x, state, params, reset_before)
    dx, (dh_0,), grads = gru_backward(dh, dstate, cache, params)
    h_torch, h_last_torch, tensors = torch_gru(x, state, params, reset_before)
    torch.autograd.backward([h_torch, h_last_torch], [torch.tensor(dh), torch.tensor(dstate[0])])
    ours = (h, h_last, dx, dh_0, *grads)
    theirs = (h_torch.detach(), h_last_torch.detach(), *(tensor.grad for tensor in tensors))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-10, atol=1e-12)


@every_size_and_a_large_one
@both_resets
def test_steps_one_by_one_equal_all_at_once(size, reset_before):
    x, state, params, _, _ = make(*size)
    h, (h_last,), _ = gru(x, state, params, reset_before)
    for x_t, h_t in zip(x, h, strict=True):
        state = gru_step(x_t, state, params, reset_before)
        np.testing.assert_allclose(state[0], h_t, rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(h_last, h[-1])


@both_resets
def test_the_gates_obey_the_equations(reset_before):
    x, (h_0,), params, _, _ = make(6, 2, 3, 4)
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
def test_the_state_is_kept_when_z_is_1(reset_before):
    x, state, params, dh, _ = make(200, 2, 3, 4)
    params.b_xh[4:8] = 800  # σ is 1
    h, _, cache = gru(x, state, params, reset_before)
    np.testing.assert_allclose(h, np.broadcast_to(state[0], h.shape), rtol=1e-12)
    dh_last = np.ones_like(state[0])
    _, (dh_0,), _ = gru_backward(np.zeros_like(dh), (dh_last,), cache, params)
    np.testing.assert_array_equal(dh_0, dh_last)  # and the gradient too, over 200 steps


@both_resets
def test_the_state_is_forgotten_when_r_and_z_are_0(reset_before):
    x, state, params, _, _ = make(5, 2, 3, 4)
    params.b_xh[:8] = -800  # σ is 0
    h, _, _ = gru(x, state, params, reset_before)
    b_n = params.b_hh[8:] if reset_before else 0  # a reset after the product silences its bias too
    np.testing.assert_allclose(h, np.tanh(x @ params.W_xh[:, 8:] + params.b_xh[8:] + b_n), rtol=1e-12)


def test_both_resets_agree_only_where_r_does_not_matter():
    x, state, params, _, _ = make(5, 2, 3, 4)
    after, before = (gru(x, state, params, flag)[0] for flag in (False, True))
    assert np.abs(after - before).max() > 0.1
    params.b_xh[:4] = 800  # r is 1
    after, before = (gru(x, state, params, flag)[0] for flag in (False, True))
    np.testing.assert_allclose(after, before, rtol=1e-11)


@both_resets
def test_two_halves_equal_the_whole(reset_before):
    x, state, params, dh, dstate = make(6, 2, 3, 4)
    h, last, cache = gru(x, state, params, reset_before)
    dx, dfirst, grads = gru_backward(dh, dstate, cache, params)
    h_a, middle, cache_a = gru(x[:2], state, params, reset_before)
    h_b, last_b, cache_b = gru(x[2:], middle, params, reset_before)
    dx_b, dmiddle, grads_b = gru_backward(dh[2:], dstate, cache_b, params)
    dx_a, dfirst_a, grads_a = gru_backward(dh[:2], dmiddle, cache_a, params)
    pairs = [(h, np.concatenate([h_a, h_b])), (last[0], last_b[0]), (dx, np.concatenate([dx_a, dx_b]))]
    pairs += [(dfirst[0], dfirst_a[0]), *((g, a + b) for g, a, b in zip(grads, grads_a, grads_b, strict=True))]
    for whole, halves in pairs:
        np.testing.assert_allclose(whole, halves, rtol=1e-10, atol=1e-13)


@both_resets
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept_and_nothing_is_changed_in_place(dtype, reset_before):
    x, state, params, dh, dstate = make(5, 2, 3, 4, dtype)
    arrays = [x, *state, *params, dh, *dstate]
    kept = [array.copy() for array in arrays]
    h, last, cache = gru(x, state, params, reset_before)
    stepped = gru_step(x[0], state, params, reset_before)
    dx, dfirst, grads = gru_backward(dh, dstate, cache, params)
    again = gru_backward(dh, dstate, cache, params)  # the cache is as good as new
    made = [h, *last, *stepped, dx, *dfirst, *grads, *gru_gates(x, state, params, reset_before)]
    assert {array.dtype for array in made} == {np.dtype(dtype)}
    for array, before in zip([*arrays, dx, *dfirst, *grads], [*kept, again[0], *again[1], *again[2]], strict=True):
        np.testing.assert_array_equal(array, before)
    assert not any(np.shares_memory(a, b) for a in last for b in cache if isinstance(b, np.ndarray))
    h_kept = h.copy()
    last[0][:] = 7  # the state belongs to the caller, not to h
    np.testing.assert_array_equal(h, h_kept)
    grads.b_xh[:] = 7  # and the gradients to nobody else
    assert not (grads.b_hh == 7).any()


def test_first_parameters():
    params = init_gru(np.random.default_rng(0), 100, 4, np.float32)
    assert [p.shape for p in params] == [(100, 12), (4, 12), (12,), (12,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_xh.std() == pytest.approx(0.1, rel=0.1)
    assert not np.any(params.b_xh)
    assert not np.any(params.b_hh)
    for block in np.split(params.W_hh, 3, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(4), atol=1e-6)
    (h_0,) = zero_gru_state(3, params)
    assert h_0.shape == (3, 4)
    assert h_0.dtype == np.float32
    assert not h_0.any()
    with pytest.raises(ValueError, match="D is 0"):
        init_gru(np.random.default_rng(0), 0, 4)
    with pytest.raises(ValueError, match="H is -1"):
        init_gru(np.random.default_rng(0), 2, -1)


sizes = st.integers(1, 4)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, sizes, sizes, st.booleans(), st.sampled_from([np.float32, np.float64]))
def test_shapes_are_right_for_any_size(T, B, D, H, reset_before, dtype):
    x, state, params, dh, dstate = make(T, B, D, H, dtype)
    h, last, cache = gru(x, state, params, reset_before)
    dx, dfirst, grads = gru_backward(dh, dstate, cache, params)
    assert h.shape == (T, B, H)
    assert last[0].shape == dfirst[0].shape == (B, H)
    assert dx.shape == x.shape
    assert [g.shape for g in grads] == [p.shape for p in params]


SHAPES = {"x": (3, 2, 4), "h_0": (2, 5), "W_xh": (4, 15), "W_hh": (5, 15), "b_xh": (15,), "b_hh": (15,)}
SHAPES |= {"dh": (3, 2, 5), "dstate": (2, 5)}


def run_all(x, h_0, W_xh, W_hh, b_xh, b_hh, dh, dstate):
    params = GRUParams(W_xh, W_hh, b_xh, b_hh)
    _, _, cache = gru(x, (h_0,), params)
    gru_backward(dh, (dstate,), cache, params)


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


def test_no_steps_are_an_error():
    arrays = {key: np.zeros(shape) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match=r"x has shape \(0, 2, 4\), expected at least one step"):
        run_all(**arrays | {"x": np.zeros((0, 2, 4))})
