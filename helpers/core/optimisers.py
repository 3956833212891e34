"""What a training loop does with a gradient: clip it, then make a step of SGD, momentum or Adam."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from helpers.core.checks import check_positive
from helpers.core.params import global_norm, map_params, zeros_like


def clip_by_norm(grads, threshold):
    """g ← g · threshold / ‖g‖ where ‖g‖ is above the threshold: shorter, in the same direction.

    Parameters
    ----------
    grads : nested NamedTuple of arrays, or an array
    threshold : float
        The largest norm that a gradient keeps. The norm is taken over all arrays together.

    Returns
    -------
    clipped : the type of grads
    norm : float
        The norm before clipping.

    Raises
    ------
    ValueError
        When the threshold is not a finite number above 0.
    FloatingPointError
        When a gradient is NaN or infinite: no direction is left to keep.

    References
    ----------
    Pascanu, Mikolov, Bengio 2013, "On the difficulty of training recurrent neural networks", Algorithm 1,
    https://arxiv.org/abs/1211.5063
    """
    check_positive("threshold", threshold)
    norm = _finite_norm(grads)
    if norm <= threshold:
        return grads, norm
    # In float64, as the factor for a huge float32 gradient may be too small for float32.
    factor = threshold / norm
    return map_params(lambda g: np.multiply(g, factor, dtype=np.float64).astype(g.dtype), grads), norm


def clip_by_value(grads, limit):
    """g ← min(max(g, −limit), limit), number by number: the direction may change.

    Parameters
    ----------
    grads : nested NamedTuple of arrays, or an array
    limit : float
        The largest size that each number may have.

    Returns
    -------
    clipped : the type of grads

    Raises
    ------
    ValueError
        When the limit is not a finite number above 0.
    FloatingPointError
        When a gradient is NaN or infinite.
    """
    check_positive("limit", limit)
    _finite_norm(grads)
    return map_params(lambda g: np.clip(g, -float(limit), float(limit)), grads)


def _finite_norm(grads):
    norm = global_norm(grads)
    if not math.isfinite(norm):
        raise FloatingPointError(f"the gradient norm is {norm}: nothing is left to clip")
    return norm


class Optimiser(NamedTuple):
    """Two pure functions: neither changes its arguments."""

    start: Callable  # start(params) -> state
    step: Callable  # step(params, grads, state) -> params, state


class AdamState(NamedTuple):
    """What Adam keeps from step to step."""

    count: int  # steps made
    mean: Any  # running mean of g, the type of params
    square: Any  # running mean of g²


def sgd(rate):
    """θ ← θ − rate · g.

    Parameters
    ----------
    rate : float

    Returns
    -------
    Optimiser
    """
    check_positive("rate", rate)
    rate = float(rate)

    def start(params):
        return ()

    def step(params, grads, state):
        return map_params(lambda p, g: p - rate * g, params, grads), state

    return Optimiser(start, step)


def momentum(rate, beta=0.9):
    """v ← beta · v + g;  θ ← θ − rate · v.

    Parameters
    ----------
    rate : float
    beta : float
        The share of the velocity that is kept, in [0, 1). The step along a steady gradient is rate / (1 − beta).

    Returns
    -------
    Optimiser
    """
    check_positive("rate", rate)
    _check_share("beta", beta)
    rate, beta = float(rate), float(beta)

    def step(params, grads, velocity):
        velocity = map_params(lambda v, g: beta * v + g, velocity, grads)
        return map_params(lambda p, v: p - rate * v, params, velocity), velocity

    return Optimiser(zeros_like, step)


def adam(rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """θ ← θ − rate · m̂ / (√v̂ + eps), with running means m of g and v of g².

    m̂ = m / (1 − beta1^k) and v̂ = v / (1 − beta2^k) undo the bias that comes from starting at zero.

    Parameters
    ----------
    rate : float
        Also the size of a step in each number, while the gradient is steady.
    beta1, beta2 : float
        The shares of the running means that are kept, in [0, 1).
    eps : float

    Returns
    -------
    Optimiser

    References
    ----------
    Kingma, Ba 2015, "Adam: A Method for Stochastic Optimization", Algorithm 1, https://arxiv.org/abs/1412.6980
    """
    check_positive("rate", rate)
    check_positive("eps", eps)
    _check_share("beta1", beta1)
    _check_share("beta2", beta2)
    rate, beta1, beta2, eps = float(rate), float(beta1), float(beta2), float(eps)

    def start(params):
        return AdamState(0, zeros_like(params), zeros_like(params))

    def step(params, grads, state):
        count = state.count + 1
        mean = map_params(lambda m, g: beta1 * m + (1 - beta1) * g, state.mean, grads)
        square = map_params(lambda v, g: beta2 * v + (1 - beta2) * (g * g), state.square, grads)
        unbias1, unbias2 = 1 / (1 - beta1**count), 1 / (1 - beta2**count)

        def move(p, m, v):
            return p - rate * (unbias1 * m) / (np.sqrt(unbias2 * v) + eps)

        return map_params(move, params, mean, square), AdamState(count, mean, square)

    return Optimiser(start, step)


def _check_share(name, value):
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}, expected a number from 0 to just below 1")
