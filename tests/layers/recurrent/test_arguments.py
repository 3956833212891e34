"""Every recurrent layer refuses what does not fit, by name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.layers.recurrent.stack import CELLS

STATES = {"rnn": ["h_0"], "lstm": ["h_0", "c_0"], "gru": ["h_0"]}  # as the messages call them
DSTATES = {"rnn": ["dstate"], "lstm": ["dstate h", "dstate c"], "gru": ["dstate"]}
WIDTHS = {"rnn": 5, "lstm": 20, "gru": 15}


def shapes_of(cell):
    """The name and the right shape of everything that the two passes take, for T, B, D, H = 3, 2, 4, 5."""
    width, biases = WIDTHS[cell], ["b_xh", "b_hh"] if cell == "gru" else ["b_h"]
    return {
        "x": (3, 2, 4),
        **dict.fromkeys(STATES[cell], (2, 5)),
        "W_xh": (4, width),
        "W_hh": (5, width),
        **dict.fromkeys(biases, (width,)),
        "dh": (3, 2, 5),
        **dict.fromkeys(DSTATES[cell], (2, 5)),
    }


def zeros(cell):
    return {name: np.zeros(shape) for name, shape in shapes_of(cell).items()}


def run_all(cells, cell, arrays):
    state, dstate = (tuple(arrays[name] for name in names) for names in (STATES[cell], DSTATES[cell]))
    kind = type(cells[cell].init(np.random.default_rng(0), 1, 1))
    params = kind(*(arrays[name] for name in kind._fields))
    _, _, cache = cells[cell].forward(arrays["x"], state, params)
    cells[cell].backward(arrays["dh"], dstate, cache, params)


CASES = [(cell, name) for cell in CELLS for name in shapes_of(cell)]
every_case = pytest.mark.parametrize(("cell", "name"), CASES)
every_cell = pytest.mark.parametrize("cell", CELLS)


@every_cell
def test_what_fits_is_taken(cells, cell):
    run_all(cells, cell, zeros(cell))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(CELLS)), st.data())
def test_one_wrong_shape_is_an_error(cells, one_wrong_shape, cell, data):
    # Another number of steps is not wrong.
    with pytest.raises(ValueError, match="has shape"):
        run_all(cells, cell, one_wrong_shape(data, shapes_of(cell), free=[("x", 0)]))


@every_case
def test_mixed_dtypes_are_an_error(cells, cell, name):
    right = zeros(cell)
    with pytest.raises(ValueError, match="expected one dtype"):
        run_all(cells, cell, right | {name: right[name].astype(np.float32)})
    with pytest.raises(ValueError, match=f"{name} has dtype int64"):
        run_all(cells, cell, right | {name: right[name].astype(np.int64)})


@every_cell
def test_no_steps_are_an_error(cells, cell):
    with pytest.raises(ValueError, match=r"x has shape \(0, 2, 4\), expected at least one step"):
        run_all(cells, cell, zeros(cell) | {"x": np.zeros((0, 2, 4))})


@every_cell
def test_sizes_that_are_no_sizes_are_errors(cell):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="D is 0"):
        CELLS[cell].init(rng, 0, 4)
    for H in (-1, 1.5):
        with pytest.raises(ValueError, match=f" is {H}"):
            CELLS[cell].init(rng, 2, H)
