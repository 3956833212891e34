"""An RNN of one tanh unit without input: its two parameters and its loss can be drawn as a map."""

from itertools import repeat
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, check_integer, check_number
from helpers.core.optimisers import sgd
from helpers.core.overflow import refuse_overflow
from helpers.core.training import train


class OneUnitParams(NamedTuple):
    """The two numbers that the unit has. Arrays of any one shape stand for many units at once."""

    w: np.ndarray  # how strongly the unit feeds itself
    b: np.ndarray


def one_unit_states(h_0, params, steps):
    """h_t = tanh(w h_{t-1} + b) for t = 1 … steps.

    Parameters
    ----------
    h_0 : float
    params : OneUnitParams
        Of shape (...).
    steps : int

    Returns
    -------
    ndarray
        h_0 … h_steps, shape (steps + 1, ...).
    """
    w, b = params
    h = np.empty((steps + 1, *np.shape(w)))
    h[0] = h_0
    for t in range(1, steps + 1):
        h[t] = np.tanh(w * h[t - 1] + b)
    return h


@refuse_overflow
def one_unit_loss(h_0, target, params, steps):
    """L = (h_steps - target)², and its gradient, back through all steps.

    Parameters
    ----------
    h_0, target : float
    params : OneUnitParams
        Of shape (...): one loss for each place of a map.
    steps : int

    Returns
    -------
    loss : ndarray
        Shape (...).
    grads : OneUnitParams
        Shapes (...).

    Raises
    ------
    ValueError
        If `steps` is not positive, or a number is not finite.
    """
    check_integer("steps", steps)
    check_number("h_0", h_0)
    check_number("target", target)
    params = OneUnitParams(*(as_floats(name, array) for name, array in params._asdict().items()))
    w, b = params
    if w.shape != b.shape:
        raise ValueError(f"w has shape {w.shape} and b {b.shape}, expected one shape")
    h = one_unit_states(h_0, params, steps)  # h[0] is h_0, so here h[t] is h_t
    dh = 2 * (h[-1] - target)
    dw, db = np.zeros_like(dh), np.zeros_like(dh)
    for t in range(steps, 0, -1):
        da = dh * (1 - h[t] ** 2)
        dw, db = dw + da * h[t - 1], db + da
        dh = da * w
    return (h[-1] - target) ** 2, OneUnitParams(dw, db)


def descent_path(start, loss_and_grads, rate, threshold, steps):
    """p ← p − rate · clip(∂L/∂p, threshold), again and again, and every p on the way.

    Parameters
    ----------
    start : OneUnitParams
    loss_and_grads : callable
        loss_and_grads(params) -> loss, grads.
    rate : float
    threshold : float or None
        The largest norm that a gradient may have; None does not clip.
    steps : int

    Returns
    -------
    path : OneUnitParams
        The parameters before each step and after the last, shapes (steps + 1,).
    losses : ndarray (steps + 1,)
        The loss there.
    norms : ndarray (steps + 1,)
        The norm of the gradient there, before clipping.
    """
    steps = check_integer("steps", steps)
    path = []

    def record(params):
        path.append(params)
        return loss_and_grads(params)

    # One step more than asked for: it records the end of the path.
    _, history = train(record, start, repeat(()), sgd(rate), steps + 1, clip=threshold)
    return OneUnitParams(*np.array(path, dtype=float).T), history.loss, history.gradient_norm
