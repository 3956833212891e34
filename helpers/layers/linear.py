"""The linear layer, forward and backward: the output layer of every model."""

from typing import NamedTuple

import numpy as np

from helpers.core.blocks import flat
from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.overflow import refuse_overflow


class LinearParams(NamedTuple):
    """The weights of the layer; its gradients have the same type."""

    W: np.ndarray  # (D, V)
    b: np.ndarray  # (V,)


def init_linear(rng, D, V, dtype=np.float64):
    """W ~ N(0, 1 / D), b = 0."""
    D, V = check_integer("D", D), check_integer("V", V)
    return LinearParams(scaled_normal(rng, (D, V), dtype=dtype), np.zeros(V, dtype))


@refuse_overflow
def linear(x, params):
    """y = x W + b over the last axis.

    Parameters
    ----------
    x : ndarray (..., D)
    params : LinearParams

    Returns
    -------
    y : ndarray (..., V)
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    W, b = params
    check_floats(x=x, W=W, b=b)
    D, V = check_shape("W", W, "D V")
    check_shape("b", b, "V", V=V)
    check_shape("x", x, "... D", D=D)
    y = x @ W + b
    return y, (x,)


@refuse_overflow
def linear_backward(dy, cache, params):
    """dx = dy Wᵀ;  dW = xᵀ dy and db = Σ dy, summed over all leading axes.

    Parameters
    ----------
    dy : ndarray (..., V)
    cache : tuple
        From `linear`.
    params : LinearParams

    Returns
    -------
    dx : ndarray (..., D)
    grads : LinearParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    (x,) = cache
    check_floats(dy=dy, x=x, W=params.W)
    shape = (*x.shape[:-1], len(params.b))
    if dy.shape != shape:
        raise ValueError(f"dy has shape {dy.shape}, expected {shape}")
    dx = dy @ params.W.T
    dW = flat(x).T @ flat(dy)
    db = flat(dy).sum(axis=0)
    return dx, LinearParams(dW, db)
