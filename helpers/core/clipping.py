"""Clipping: what is done about a gradient that explodes."""

import math

import numpy as np

from helpers.core.checks import check_positive
from helpers.core.params import global_norm, map_params


def clip_by_norm(grads, threshold):
    """g ← g · threshold / ‖g‖ where ‖g‖ is above the threshold: shorter, in the same direction.

    Parameters
    ----------
    grads : nested NamedTuple of arrays, or an array
    threshold : float
        The largest norm that is let through. The norm is taken over all arrays together.

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
    norm = global_norm(grads)
    if not math.isfinite(norm):
        raise FloatingPointError(f"the gradient norm is {norm}: nothing is left to clip")
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
    norm = global_norm(grads)
    if not math.isfinite(norm):
        raise FloatingPointError(f"the gradient norm is {norm}: nothing is left to clip")
    return map_params(lambda g: np.clip(g, -float(limit), float(limit)), grads)
