from typing import Any, NamedTuple

import numpy as np
import pytest

from helpers.layers.cells import CELLS


class Drawn(NamedTuple):
    """What a recurrent layer is given, and what comes back to it."""

    x: np.ndarray  # (T, B, D)
    state: tuple  # of ndarrays (B, H)
    params: Any
    dh: np.ndarray  # (T, B, H)
    dstate: tuple  # of ndarrays (B, H)


@pytest.fixture(scope="session")
def draw_cell():
    """Give draw_cell(cell, size, dtype): random inputs, first state, parameters and gradients from outside."""
    return _draw_cell


def _draw_cell(cell, size, dtype=np.float64):
    T, B, D, H = size
    rng = np.random.default_rng(size)

    def like(*arrays):
        return [rng.standard_normal(array.shape).astype(dtype) for array in arrays]

    first = CELLS[cell].init(rng, D, H)
    params = type(first)(*like(*first))
    params = params._replace(W_hh=params.W_hh / np.sqrt(H).astype(dtype))
    zeros = CELLS[cell].zero_state(B, params)
    x, dh = like(np.empty((T, B, D)), np.empty((T, B, H)))
    return Drawn(x, tuple(like(*zeros)), params, dh, tuple(like(*zeros)))


@pytest.fixture(scope="session")
def outside_loss():
    """Give a loss whose gradients are dh for every h_t and dstate for the last state."""
    return _outside_loss


def _outside_loss(cell, x, state, params, dh, dstate, *variant):
    h, last, _ = CELLS[cell].forward(x, state, params, *variant)
    return float((h * dh).sum() + sum((s * d).sum() for s, d in zip(last, dstate, strict=True)))
