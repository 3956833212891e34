"""The smallest recurrent network, one tanh unit and no input: small enough that its loss can be drawn as a map."""

from typing import NamedTuple

import numpy as np

from helpers.core.optimisers import clip_by_norm
from helpers.core.params import global_norm


class UnitParams(NamedTuple):
    """The two numbers that the unit has. Arrays of any one shape stand for many units at once."""

    w: np.ndarray  # how strongly the unit feeds itself
    b: np.ndarray


def unit(h_0, params, steps):
    """h_t = tanh(w h_{t-1} + b) for t = 1 … steps.

    Parameters
    ----------
    h_0 : float
    params : UnitParams
        Of shape (...).
    steps : int

    Returns
    -------
    numpy.ndarray
        h_0 … h_steps, shape (steps + 1, ...).
    """
    w, b = params
    h = np.empty((steps + 1, *np.shape(w)))
    h[0] = h_0
    for t in range(1, steps + 1):
        h[t] = np.tanh(w * h[t - 1] + b)
    return h


def unit_loss(h_0, target, params, steps):
    """L = (h_steps - target)², and its gradient, back through all steps.

    Parameters
    ----------
    h_0, target : float
    params : UnitParams
        Of shape (...): one loss for each place of a map.
    steps : int

    Returns
    -------
    loss : numpy.ndarray
        Shape (...).
    grads : UnitParams
        Shapes (...).

    Raises
    ------
    ValueError
        If `steps` is not positive.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    w, _ = params
    h = unit(h_0, params, steps)
    dh = 2 * (h[-1] - target)
    dw, db = np.zeros_like(dh), np.zeros_like(dh)
    for t in range(steps, 0, -1):
        da = dh * (1 - h[t] ** 2)
        dw, db = dw + da * h[t - 1], db + da
        dh = da * w
    return (h[-1] - target) ** 2, UnitParams(dw, db)


def descend(start, loss_and_grads, rate, threshold, steps):
    """Walk down the loss: p ← p - rate × clip(∂L/∂p, threshold).

    Parameters
    ----------
    start : UnitParams
    loss_and_grads : callable
        Params → loss, grads.
    rate : float
    threshold : float or None
        The largest norm that a gradient may have; None does not clip.
    steps : int

    Returns
    -------
    path : UnitParams
        Every place on the way, shapes (steps + 1,).
    losses : numpy.ndarray
        Shape (steps + 1,).
    norms : numpy.ndarray
        The norm of the gradient at every place, before clipping, shape (steps + 1,).
    """
    params, path, losses, norms = start, [], [], []
    for _ in range(steps + 1):
        loss, grads = loss_and_grads(params)
        path.append(params)
        losses.append(loss)
        norms.append(global_norm(grads))
        if threshold is not None:
            grads, _ = clip_by_norm(grads, threshold)
        params = UnitParams(*(p - rate * g for p, g in zip(params, grads, strict=True)))
    return UnitParams(*np.array(path, dtype=float).T), np.array(losses), np.array(norms)
