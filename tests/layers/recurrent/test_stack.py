import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.core.params import map_params, named_arrays
from helpers.layers.recurrent.stack import (
    CELLS,
    Bidirectional,
    init_recurrent,
    recurrent,
    recurrent_backward,
    zero_recurrent_state,
)
from helpers.layers.recurrent.torch_weights import from_torch, to_torch

every_cell = pytest.mark.parametrize("cell", CELLS)
every_stack = pytest.mark.parametrize("layers", [1, 2])
both_ways = pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
LENGTHS = [None, [5, 5, 5], [1, 5, 3], [2, 4, 1], [1, 1, 1]]
every_length = pytest.mark.parametrize("lengths", LENGTHS, ids=str)
T, B, D, H = 5, 3, 2, 3


def make(cell, layers, bidirectional, size=(T, B, D, H), dtype=np.float64):
    """Random inputs, first state, parameters and gradients from outside."""
    T, B, D, H = size
    rng = np.random.default_rng((*size, layers, bidirectional))

    def draw(array):
        return rng.standard_normal(array.shape).astype(dtype)

    params = map_params(draw, init_recurrent(rng, D, H, cell, layers, bidirectional, dtype))
    state = map_params(draw, zero_recurrent_state(B, params, cell))
    width = 2 * H if bidirectional else H
    return (
        rng.standard_normal((T, B, D)).astype(dtype),
        state,
        params,
        rng.standard_normal((T, B, width)).astype(dtype),
        map_params(draw, state),
    )


def mask_of(lengths, T=T):
    return None if lengths is None else np.arange(T)[:, None] < np.array(lengths)


def flat(*structures):
    return [array for structure in structures for _, array in named_arrays(structure)]


def in_torchs_order(state, cell):
    """Our nested state as torch's h (layers · directions, B, H), and for the LSTM also c."""
    directions = [d for layer in state for d in (layer if isinstance(layer, Bidirectional) else [layer])]
    return tuple(np.stack(member) for member in zip(*directions, strict=True))


def torch_pass(x, state, params, dh, dstate, cell, mask):
    """Outputs and gradients from torch, with packed sequences where there is a mask."""
    module = to_torch(params, cell)
    x = torch.tensor(x, requires_grad=True)
    first = [torch.tensor(s, requires_grad=True) for s in in_torchs_order(state, cell)]
    inputs = x
    if mask is not None:
        inputs = pack_padded_sequence(x, torch.tensor(mask.sum(axis=0)), enforce_sorted=False)
    h, last = module(inputs, tuple(first) if cell == "lstm" else first[0])
    if mask is not None:
        h, _ = pad_packed_sequence(h, total_length=len(x))
    last = last if cell == "lstm" else (last,)
    outside = [torch.tensor(d) for d in (dh, *in_torchs_order(dstate, cell))]
    torch.autograd.backward([h, *last], outside)
    outputs = [h.detach().numpy(), *(s.detach().numpy() for s in last)]
    return outputs, [x.grad.numpy(), *(s.grad.numpy() for s in first), *flat(from_torch(module, gradients=True))]


@every_cell
@every_stack
@both_ways
@every_length
def test_it_equals_torch(cell, layers, bidirectional, lengths):
    x, state, params, dh, dstate = make(cell, layers, bidirectional)
    mask = mask_of(lengths)
    h, last, cache = recurrent(x, state, params, cell, mask)
    dx, dfirst, grads = recurrent_backward(dh, dstate, cache, params)
    outputs, gradients = torch_pass(x, state, params, dh, dstate, cell, mask)
    ours = [h, *in_torchs_order(last, cell), dx, *in_torchs_order(dfirst, cell), *flat(grads)]
    for a, b in zip(ours, outputs + gradients, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@every_cell
@both_ways
@pytest.mark.parametrize("lengths", [None, [2, 4, 1]], ids=str)
def test_backward_equals_central_differences(cell, bidirectional, lengths):
    x, state, params, dh, dstate = make(cell, 2, bidirectional)
    mask = mask_of(lengths)

    def loss(x=x, state=state, params=params):
        h, last, _ = recurrent(x, state, params, cell, mask)
        return float((h * dh).sum() + sum((a * b).sum() for a, b in zip(flat(last), flat(dstate), strict=True)))

    _, _, cache = recurrent(x, state, params, cell, mask)
    dx, dfirst, grads = recurrent_backward(dh, dstate, cache, params)
    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors |= check_gradients(lambda state: loss(state=state), state, dfirst)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x=x), x))
    assert max(errors.values()) < 1e-6, errors


@every_cell
@every_stack
@both_ways
@pytest.mark.parametrize("rubbish", [1e3, np.nan, np.inf])
def test_what_stands_in_the_padding_changes_nothing(cell, layers, bidirectional, rubbish):
    x, state, params, dh, dstate = make(cell, layers, bidirectional)
    mask = mask_of([2, 5, 1])

    def everything(x, dh):
        h, last, cache = recurrent(x, state, params, cell, mask)
        return flat(h, last, *recurrent_backward(dh, dstate, cache, params))

    filled, dfilled = (np.where(mask[..., None], array, rubbish) for array in (x, dh))
    for clean, dirty in zip(everything(x, dh), everything(filled, dfilled), strict=True):
        np.testing.assert_array_equal(clean, dirty)  # to the last bit


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(list(CELLS)), st.integers(1, 3), st.booleans())
def test_a_padded_batch_equals_its_sequences_one_by_one(data, cell, layers, bidirectional):
    T, B, D, H = (data.draw(st.integers(1, 4)) for _ in range(4))
    mask = mask_of(data.draw(st.lists(st.integers(1, T), min_size=B, max_size=B)), T)
    x, state, params, dh, dstate = make(cell, layers, bidirectional, (T, B, D, H))
    h, last, cache = recurrent(x, state, params, cell, mask)
    dx, dfirst, grads = recurrent_backward(dh, dstate, cache, params)
    assert not h[~mask].any()
    assert not dx[~mask].any()
    total = map_params(np.zeros_like, params)
    for b, length in enumerate(mask.sum(axis=0)):
        one = slice(b, b + 1)

        def pick(array, one=one):
            return array[one]

        h_b, last_b, cache_b = recurrent(x[:length, one], map_params(pick, state), params, cell)
        dx_b, dfirst_b, grads_b = recurrent_backward(dh[:length, one], map_params(pick, dstate), cache_b, params)
        batch = [h[:length, one], dx[:length, one], *flat(map_params(pick, last), map_params(pick, dfirst))]
        for a, alone in zip(batch, [h_b, dx_b, *flat(last_b, dfirst_b)], strict=True):
            np.testing.assert_allclose(a, alone, rtol=1e-9, atol=1e-12)
        total = map_params(np.add, total, grads_b)
    for a, alone in zip(flat(grads), flat(total), strict=True):
        np.testing.assert_allclose(a, alone, rtol=1e-9, atol=1e-12)


@every_cell
@both_ways
@pytest.mark.parametrize("lengths", [None, [2, 4, 1]], ids=str)
def test_the_dtype_is_kept_and_nothing_is_changed_in_place(cell, bidirectional, lengths):
    x, state, params, dh, dstate = make(cell, 2, bidirectional, dtype=np.float32)
    arrays = flat(x, state, params, dh, dstate)
    kept = [array.copy() for array in arrays]
    h, last, cache = recurrent(x, state, params, cell, mask_of(lengths))
    dx, dfirst, grads = recurrent_backward(dh, dstate, cache, params)
    again = recurrent_backward(dh, dstate, cache, params)
    assert {array.dtype for array in flat(h, last, dx, dfirst, grads)} == {np.dtype(np.float32)}
    for a, b in zip([*arrays, *flat(dx, dfirst, grads)], [*kept, *flat(*again)], strict=True):
        np.testing.assert_array_equal(a, b)


@every_cell
def test_the_number_of_weights(cell, rng):
    params = CELLS[cell].init(rng, 3, 5, np.float32)
    assert CELLS[cell].count(3, 5) == sum(p.size for p in params)
    assert CELLS[cell].count(3, 5) == {"rnn": 45, "lstm": 180, "gru": 150}[cell]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}


def test_misfits_are_errors(rng):
    x, state, params, dh, dstate = make("gru", 2, True)
    _, _, cache = recurrent(x, state, params, "gru")
    with pytest.raises(ValueError, match="cell is 'cnn', expected one of 'rnn', 'lstm', 'gru'"):
        recurrent(x, state, params, "cnn")
    with pytest.raises(ValueError, match="layers is 0"):
        init_recurrent(rng, 2, 3, "gru", 0)
    with pytest.raises(ValueError, match="state has 1 layers, expected 2"):
        recurrent(x, state[:1], params, "gru")
    with pytest.raises(ValueError, match="dstate has 1 and params 2 layers, expected 2"):
        recurrent_backward(dh, dstate[:1], cache, params)
    with pytest.raises(ValueError, match="dh has shape"):
        recurrent_backward(dh[..., :-1], dstate, cache, params)
    with pytest.raises(ValueError, match="mask has shape"):
        recurrent(x, state, params, "gru", mask_of([1, 2, 3])[:-1])
    with pytest.raises(ValueError, match="mask has padding before a token"):
        recurrent(x, state, params, "gru", mask_of([1, 2, 3])[::-1])
    with pytest.raises(ValueError, match="expected one dtype"):
        recurrent(x.astype(np.float32), state, params, "gru")
