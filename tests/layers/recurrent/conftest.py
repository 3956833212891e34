from typing import Any, NamedTuple

import numpy as np
import pytest

from helpers.layers.recurrent.gru import gru, gru_backward
from helpers.layers.recurrent.lstm import lstm, lstm_backward
from helpers.layers.recurrent.rnn import rnn, rnn_backward
from helpers.layers.recurrent.stack import CELLS


def _readable(cell, forward, backward, states):
    def backward_steps(dsteps, cache, params):
        last = tuple(np.zeros_like(d[0]) for d in dsteps)
        return backward(dsteps[0], last, cache, params, *dsteps[1:])

    return CELLS[cell]._replace(forward=forward, backward=backward, states=states, backward_steps=backward_steps)


def _lstm_states(cache):
    _, h, steps = cache
    return h, np.stack([step.c for step in steps])


FORMS = {
    "readable": {
        "rnn": _readable("rnn", rnn, rnn_backward, lambda cache: (cache[2],)),
        "lstm": _readable("lstm", lstm, lstm_backward, _lstm_states),
        "gru": _readable("gru", gru, gru_backward, lambda cache: (cache[1],)),
    },
    "fast": CELLS,
}


@pytest.fixture(scope="session", params=FORMS)
def cells(request):
    """Give the functions of every cell, once with the readable passes, and once with the fast ones."""
    return FORMS[request.param]


@pytest.fixture(scope="session")
def readable_cells():
    """Give the functions of every cell with the readable passes."""
    return FORMS["readable"]


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
    """Give a loss of a layer's forward pass whose gradients are dh for every h_t and dstate for the last state."""
    return _outside_loss


def _outside_loss(forward, x, state, params, dh, dstate, *variant):
    h, last, _ = forward(x, state, params, *variant)
    return float((h * dh).sum() + sum((s * d).sum() for s, d in zip(last, dstate, strict=True)))
