"""How the gates of a layer lie in memory, and one formula that makes them all."""

import numpy as np

from helpers.core.checks import check_choice


def halves(names, W_hh, fixed=()):
    """½ for each column of a gate, 1 for the candidate (g or n), 0 for a gate that is fixed at 1.

    With these s, every gate is s tanh(s a) + 1 − s, so that one call makes them all: σ(a) = ½ tanh(½ a) + ½, tanh is
    itself, and with s = 0 the gate is 1 and its slope 0.
    """
    for gate in fixed:
        check_choice("fixed gate", gate, [name for name in names if name not in "gn"])
    values = [0.0 if name in fixed else 1.0 if name in "gn" else 0.5 for name in names]
    return np.repeat(np.array(values, W_hh.dtype), len(W_hh))


def split_gates(steps, H):
    """(..., B, n · H) as (..., n, B, H), a view: unpacks into one array for each gate."""
    return steps.reshape(*steps.shape[:-1], -1, H).swapaxes(-2, -3)


def gates_first(weights, H):
    """(D, n · H) as (n, D, H), or (n · H,) as (n, 1, H): a copy with each gate in one piece."""
    return np.ascontiguousarray(split_gates(np.atleast_2d(weights), H))
