"""What holds for every recurrent layer and both its forms; what is one layer's own stands in the file of its name."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.recurrent.stack import CELLS, cell_named

SIZES = [(1, 1, 1, 1), (1, 3, 2, 4), (2, 1, 3, 1), (5, 2, 1, 3), (7, 3, 4, 5)]  # (T, B, D, H)
LARGE = (9, 64, 3, 80)  # made in three blocks of steps by the gated layers
VARIANTS = [("rnn", "tanh"), ("rnn", "relu"), ("rnn", "identity")]
VARIANTS += [("lstm", fixed) for fixed in ((), ("f",), ("i",), ("o",), ("i", "f", "o"))]
VARIANTS += [("gru", False), ("gru", True)]  # the reset gate after the product, or before it
IN_TORCH = [variant for variant in VARIANTS if variant[0] != "lstm" or not variant[1]]

every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_size_and_a_large_one = pytest.mark.parametrize("size", [*SIZES, LARGE], ids=str)
every_variant = pytest.mark.parametrize(("cell", "variant"), VARIANTS, ids=str)
every_cell = pytest.mark.parametrize("cell", CELLS)


def flatten(backward):
    """All arrays that a backward pass returns."""
    dx, dstate, grads = backward
    return [dx, *dstate, *grads]


def arrays_in(cache):
    """All arrays of a cache, however deep they stand."""
    if isinstance(cache, (tuple, list)):
        return [array for part in cache for array in arrays_in(part)]
    return [cache] if isinstance(cache, np.ndarray) else []


def assert_all_close(ours, theirs, rtol, atol):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)


@every_size
@every_variant
def test_backward_equals_central_differences(cells, cell, variant, size, draw_cell, outside_loss):
    x, state, params, dh, dstate = draw_cell(cell, size)
    _, _, cache = cells[cell].forward(x, state, params, variant)
    dx, dfirst, grads = cells[cell].backward(dh, dstate, cache, params)

    def loss(x=x, state=state, params=params):
        return outside_loss(cells[cell].forward, x, state, params, dh, dstate, variant)

    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    for k, (found, array) in enumerate(zip(dfirst, state, strict=True)):
        wanted = numerical_gradient(lambda array, k=k: loss(state=(*state[:k], array, *state[k + 1 :])), array)
        errors[f"state {k}"] = relative_error(found, wanted)
    assert max(errors.values()) < 1e-6, errors


def in_torch(cell, variant, x, state, params):
    """h and the last state from torch.nn, or unrolled by hand for the variants that torch has not."""
    if (cell, variant) == ("rnn", "identity"):
        return unroll(lambda x_t, h: x_t @ params.W_xh + h @ params.W_hh + params.b_h, x, *state)
    if (cell, variant) == ("gru", True):
        return unroll(lambda x_t, h: reset_before(x_t, h, params), x, *state)
    b_xh, b_hh = params[2:] if cell == "gru" else (params.b_h, torch.zeros_like(params.b_h))
    named = {"weight_ih_l0": params.W_xh.T, "weight_hh_l0": params.W_hh.T, "bias_ih_l0": b_xh, "bias_hh_l0": b_hh}
    options = {"nonlinearity": variant} if cell == "rnn" else {}
    module = getattr(torch.nn, cell.upper())(x.shape[2], state[0].shape[1], dtype=x.dtype, **options)
    first = tuple(array[None] for array in state)
    h, last = torch.func.functional_call(module, named, (x, first if cell == "lstm" else first[0]))
    return h, *(array[0] for array in (last if cell == "lstm" else (last,)))


def unroll(step, x, h):
    steps = [h := step(x_t, h) for x_t in x]
    return torch.stack(steps), h


def reset_before(x_t, h, params):
    a_r, a_z, a_n = (x_t @ params.W_xh + params.b_xh).chunk(3, dim=1)
    (W_hr, W_hz, W_hn), (b_hr, b_hz, b_hn) = params.W_hh.chunk(3, dim=1), params.b_hh.chunk(3)
    r = torch.sigmoid(a_r + h @ W_hr + b_hr)
    z = torch.sigmoid(a_z + h @ W_hz + b_hz)
    return (1 - z) * torch.tanh(a_n + (r * h) @ W_hn + b_hn) + z * h


@every_size_and_a_large_one
@pytest.mark.parametrize(("cell", "variant"), IN_TORCH, ids=str)
def test_it_equals_torch(cells, cell, variant, size, draw_cell):
    x, state, params, dh, dstate = draw_cell(cell, size)
    h, last, cache = cells[cell].forward(x, state, params, variant)
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, *state, *params)]
    outputs = in_torch(cell, variant, leaves[0], leaves[1 : 1 + len(state)], type(params)(*leaves[1 + len(state) :]))
    torch.autograd.backward(outputs, [torch.tensor(d) for d in (dh, *dstate)])
    ours = [h, *last, *flatten(cells[cell].backward(dh, dstate, cache, params))]
    assert_all_close(ours, [*(o.detach() for o in outputs), *(leaf.grad for leaf in leaves)], 1e-10, 1e-12)


@every_size_and_a_large_one
@every_variant
def test_steps_one_by_one_equal_all_at_once(cells, cell, variant, size, draw_cell):
    x, state, params, _, _ = draw_cell(cell, size)
    h, last, cache = cells[cell].forward(x, state, params, variant)
    states = cells[cell].states(cache)
    np.testing.assert_array_equal(h, states[0])
    for x_t, *states_t in zip(x, *states, strict=True):
        state = cells[cell].step(x_t, state, params, variant)
        assert_all_close(state, states_t, 1e-11, 1e-13)
    np.testing.assert_array_equal(last, [steps[-1] for steps in states])


@every_variant
def test_two_halves_equal_the_whole(cells, cell, variant, draw_cell):
    x, state, params, dh, dstate = draw_cell(cell, (6, 2, 3, 4))
    forward, backward = cells[cell].forward, cells[cell].backward
    h, last, cache = forward(x, state, params, variant)
    dx, dfirst, grads = backward(dh, dstate, cache, params)
    h_a, middle, cache_a = forward(x[:2], state, params, variant)
    h_b, last_b, cache_b = forward(x[2:], middle, params, variant)
    dx_b, dmiddle, grads_b = backward(dh[2:], dstate, cache_b, params)
    dx_a, dfirst_a, grads_a = backward(dh[:2], dmiddle, cache_a, params)
    sums = [a + b for a, b in zip(grads_a, grads_b, strict=True)]
    halves = [np.concatenate([h_a, h_b]), *last_b, np.concatenate([dx_a, dx_b]), *dfirst_a, *sums]
    assert_all_close([h, *last, dx, *dfirst, *grads], halves, 1e-10, 1e-13)


@every_size
@every_variant
def test_float32_stays_float32_and_is_near_float64(cells, cell, variant, size, draw_cell):
    exact = draw_cell(cell, size)
    x, state, params, dh, dstate = draw_cell(cell, size, np.float32)
    h, last, cache = cells[cell].forward(x, state, params, variant)
    results = [h, *last, *flatten(cells[cell].backward(dh, dstate, cache, params))]
    results += cells[cell].step(x[0], state, params, variant)
    assert {result.dtype for result in results} == {np.dtype(np.float32)}
    np.testing.assert_allclose(h, cells[cell].forward(*exact[:3], variant)[0], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_variant
def test_nothing_it_is_given_is_changed(cells, cell, variant, dtype, draw_cell):
    x, state, params, dh, dstate = draw_cell(cell, (5, 2, 3, 4), dtype)
    arrays = [x, *state, *params, dh, *dstate]
    kept = [array.copy() for array in arrays]
    h, last, cache = cells[cell].forward(x, state, params, variant)
    h_kept = h.copy()
    first = flatten(cells[cell].backward(dh, dstate, cache, params))
    assert not any(np.shares_memory(a, b) for a in last for b in arrays_in(cache))
    assert not any(np.shares_memory(a, b) for k, a in enumerate(first) for b in first[:k])
    for array in last:
        array[:] = 7  # the state belongs to the caller
    second = flatten(cells[cell].backward(dh, dstate, cache, params))  # the cache is as good as new
    for array, before in zip([*arrays, h, *second], [*kept, h_kept, *first], strict=True):
        np.testing.assert_array_equal(array, before)
        assert array.dtype == dtype


sizes = st.integers(1, 4)


@settings(max_examples=100, deadline=None)
@given(sizes, sizes, sizes, sizes, st.sampled_from(VARIANTS), st.sampled_from([np.float32, np.float64]))
def test_shapes_are_right_for_any_size(cells, draw_cell, T, B, D, H, of, dtype):
    cell, variant = of
    x, state, params, dh, dstate = draw_cell(cell, (T, B, D, H), dtype)
    h, last, cache = cells[cell].forward(x, state, params, variant)
    dx, dfirst, grads = cells[cell].backward(dh, dstate, cache, params)
    assert h.shape == (T, B, H)
    assert {array.shape for array in (*last, *dfirst)} == {(B, H)}
    assert len(last) == len(dfirst) == len(state)
    assert dx.shape == x.shape
    assert [g.shape for g in grads] == [p.shape for p in params]
    assert type(grads) is type(params)


@every_cell
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_first_state_is_zero(cell, dtype, draw_cell):
    given = draw_cell(cell, (1, 3, 2, 4), dtype)
    zeros = CELLS[cell].zero_state(3, given.params)
    assert [array.shape for array in zeros] == [(3, 4)] * len(given.state)
    assert {array.dtype for array in zeros} == {np.dtype(dtype)}
    assert not np.any(zeros)


def test_an_unknown_cell_is_an_error():
    with pytest.raises(ValueError, match="cell is 'elman', expected one of 'rnn', 'lstm', 'gru'"):
        cell_named("elman")
