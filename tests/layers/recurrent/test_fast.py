"""The fast forms compute what the readable ones do, to rounding; test_cells.py holds both to torch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers.layers.recurrent.fast as fast
from helpers.core.params import map_params, named_arrays
from helpers.layers.recurrent.fast import gates_first, halves, split_gates
from helpers.layers.recurrent.padded import last_states_backward
from helpers.layers.recurrent.stack import CELLS, init_recurrent, recurrent, recurrent_backward, zero_recurrent_state

VARIANTS = [("rnn", activation) for activation in ("tanh", "relu", "identity")]
VARIANTS += [("lstm", fixed) for fixed in ((), ("i",), ("f",), ("o",), ("f", "o"), ("i", "f", "o"))]
VARIANTS += [("gru", reset_before) for reset_before in (False, True)]
SMALL = st.tuples(*[st.integers(1, 6)] * 4)  # T, B, D, H
SEVERAL_BLOCKS = (9, 64, 3, 80)


def assert_equal(ours, theirs, atol):
    for a, b in zip(ours, theirs, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=atol, atol=atol * max(1, np.abs(b).max()))


def both_passes(functions, drawn, variant, dc):
    x, state, params, dh, dstate = drawn
    h, last, cache = functions.forward(x, state, params, variant)
    extra = () if dc is None else (dc,)
    dx, dfirst, grads = functions.backward(dh, dstate, cache, params, *extra)
    return [h, *last, dx, *dfirst, *grads]


def compare(readable, cell, variant, drawn, dc, dtype):
    found, wanted = (both_passes(cells[cell], drawn, variant, dc) for cells in (CELLS, readable))
    assert_equal(found, wanted, 1e-12 if dtype == np.float64 else 1e-3)


@settings(max_examples=150, deadline=None)
@given(SMALL, st.sampled_from(VARIANTS), st.booleans(), st.data())
def test_any_size_and_variant(readable_cells, draw_cell, size, of, with_dc, data):
    cell, variant = of
    dtype = data.draw(st.sampled_from([np.float64, np.float32]))
    drawn = draw_cell(cell, size, dtype)
    dc = None
    if cell == "lstm" and with_dc:  # from the last real steps of sequences of different lengths
        T, B, _, _ = size
        lengths = data.draw(st.lists(st.integers(1, T), min_size=B, max_size=B))
        dc = last_states_backward(drawn.dstate[1], np.arange(T)[:, None] < lengths)
    compare(readable_cells, cell, variant, drawn, dc, dtype)


@pytest.mark.parametrize(("cell", "variant"), VARIANTS, ids=str)
def test_sizes_that_are_cut_into_several_blocks(readable_cells, draw_cell, cell, variant):
    drawn = draw_cell(cell, SEVERAL_BLOCKS)
    dc = drawn.dh[::-1] if cell == "lstm" else None
    compare(readable_cells, cell, variant, drawn, dc, np.float64)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("lengths", [None, [5, 2, 1], [3, 5, 4]], ids=str)
def test_stacks_over_padded_batches(readable_cells, monkeypatch, rng, cell, bidirectional, lengths):
    T, B, D, H = 5, 3, 2, 4
    mask = None if lengths is None else np.arange(T)[:, None] < lengths

    def draw(array):
        return rng.standard_normal(array.shape)

    params = map_params(draw, init_recurrent(rng, D, H, cell, layers=2, bidirectional=bidirectional))
    state, dstate = (map_params(draw, zero_recurrent_state(B, params, cell)) for _ in range(2))
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H * (1 + bidirectional)))

    def everything():
        h, last, cache = recurrent(x, state, params, cell, mask)
        results = (h, last, *recurrent_backward(dh, dstate, cache, params))
        return [array for result in results for _, array in named_arrays(result)]

    found = everything()
    monkeypatch.setitem(CELLS, cell, readable_cells[cell])
    assert_equal(found, everything(), 1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_models_train_with_the_fast_forms(cell):
    assert CELLS[cell].forward is getattr(fast, f"fast_{cell}")
    assert CELLS[cell].backward is getattr(fast, f"fast_{cell}_backward")


def test_one_formula_makes_every_gate(rng):
    W_hh = np.zeros((2, 8), np.float32)
    half = halves("ifgo", W_hh, fixed=("f",))
    assert half.dtype == np.float32
    np.testing.assert_array_equal(half, [0.5, 0.5, 0, 0, 1, 1, 0.5, 0.5])
    np.testing.assert_array_equal(halves("rzn", np.zeros((1, 3))), [0.5, 0.5, 1])
    a = rng.standard_normal(8)
    made = half * np.tanh(half * a) + (1 - half)
    np.testing.assert_allclose(made[[0, 1, 6, 7]], 1 / (1 + np.exp(-a[[0, 1, 6, 7]])), rtol=1e-13)
    np.testing.assert_array_equal(made[2:4], 1)
    np.testing.assert_array_equal(made[4:6], np.tanh(a[4:6]))


def test_gates_are_split_by_columns():
    rows = np.arange(12).reshape(2, 6)  # B = 2, three gates of H = 2
    r, z, n = split_gates(rows, 2)
    np.testing.assert_array_equal(z, [[2, 3], [8, 9]])
    assert all(np.shares_memory(rows, gate) for gate in (r, z, n))
    np.testing.assert_array_equal(gates_first(rows, 2), [r, z, n])
    np.testing.assert_array_equal(gates_first(rows[0], 2), [[[0, 1]], [[2, 3]], [[4, 5]]])
