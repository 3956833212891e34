"""What a training loop does with a gradient: clip it, then make a step of SGD, momentum or Adam."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from helpers.core.checks import check_number, check_positive
from helpers.core.overflow import NotFiniteError
from helpers.core.params import check_numbers, global_norm, map_params, named_arrays, zeros_like


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
        When the threshold is not a finite number above 0, or a gradient holds no floats.
    NotFiniteError
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
        When the limit is not a finite number above 0, or a gradient holds no floats.
    NotFiniteError
        When a gradient is NaN or infinite.
    """
    check_positive("limit", limit)
    _finite_norm(grads)
    return map_params(lambda g: np.clip(g, -float(limit), float(limit)), grads)


def _finite_norm(grads):
    for name, g in named_arrays(grads):
        if getattr(g, "dtype", np.dtype(object)).kind != "f":  # integers would be cut off at the point
            kind = f"dtype {g.dtype}" if hasattr(g, "dtype") else f"type {type(g).__name__}"
            raise ValueError(f"{name or 'the gradient'} has {kind}, expected an array of floats")
    norm = global_norm(grads)
    if not math.isfinite(norm):
        raise NotFiniteError(f"the gradient norm is {norm}: nothing is left to clip")
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

    @_careful
    def step(params, grads, state):
        return map_params(lambda p, g: p - rate * _fitting(g, p), params, grads), state

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

    @_careful
    def step(params, grads, velocity):
        velocity = map_params(lambda v, g: beta * v + _fitting(g, v), velocity, grads)
        return map_params(lambda p, v: p - rate * _fitting(v, p), params, velocity), velocity

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

    @_careful
    def step(params, grads, state):
        count = state.count + 1
        mean = map_params(lambda m, g: beta1 * m + (1 - beta1) * _fitting(g, m), state.mean, grads)
        square = map_params(lambda v, g: beta2 * v + (1 - beta2) * (_fitting(g, v) * g), state.square, grads)
        unbias1, unbias2 = 1 / (1 - beta1**count), 1 / (1 - beta2**count)

        def move(p, m, v):
            return p - rate * (unbias1 * _fitting(m, p)) / (np.sqrt(unbias2 * v) + eps)

        return map_params(move, params, mean, square), AdamState(count, mean, square)

    return Optimiser(start, step)


def _careful(step):
    """Make a step refuse what would end as NaN or infinity, with little more work than the step itself."""

    @wraps(step)
    def checked(params, grads, state):
        try:
            with np.errstate(over="raise", invalid="raise"):
                new, state = step(params, grads, state)
            finite = all(np.isfinite(p).all() for _, p in named_arrays(new))
        except FloatingPointError as error:
            raise NotFiniteError(f"a step is not finite, from a gradient {_of_norm(grads)}: {error}") from None
        except TypeError:  # what cannot be multiplied
            check_numbers(params=params, grads=grads)
            raise
        if not finite:
            raise NotFiniteError(f"a parameter is NaN or infinite after a step, from a gradient {_of_norm(grads)}")
        return new, state

    return checked


def _of_norm(grads):
    return f"of norm {global_norm(grads):.3g}"


def _fitting(g, p):
    """Return the gradient g of p, or what is kept of it; NumPy would broadcast one of another shape."""
    if np.shape(g) != np.shape(p):
        raise ValueError(f"a gradient has shape {np.shape(g)}, expected {np.shape(p)} as its parameter")
    return g


def _check_share(name, value):
    check_number(name, value)
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}, expected a number from 0 to just below 1")
