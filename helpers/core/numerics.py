"""Softmax and its logarithm, and activation functions with their slopes; none of them overflows."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, check_choice, check_integer
from helpers.core.overflow import NotFiniteError, refuse_overflow


def logsumexp(x, axis=-1, keepdims=False):
    """log Σ exp(x), in nats.

    The largest x is taken out first: log Σ exp(x) = m + log Σ exp(x − m), where no exponent is above zero.

    Parameters
    ----------
    x : ndarray
        −inf stands for a probability of zero.
    axis : int
    keepdims : bool
        Keep `axis`, with size 1.

    Returns
    -------
    ndarray
        −inf where every x is −inf.

    Raises
    ------
    ValueError
        When x holds NaN or +inf, or there is none along the axis.
    """
    x, dtype = _scores(x)
    peak = _peak(x, axis)
    with np.errstate(divide="ignore", over="ignore"):  # log 0 = −inf is what is meant, and exp(−inf) = 0
        total = peak + np.log(np.exp(x - peak).sum(axis=axis, keepdims=True))
    return (total if keepdims else total.squeeze(axis)).astype(dtype, copy=False)


def softmax(x, axis=-1, mask=None):
    """exp(x) / Σ exp(x).

    Parameters
    ----------
    x : ndarray
        −inf stands for a probability of zero.
    axis : int
        The axis that sums to 1.
    mask : ndarray of bool, optional
        True = counts (may be attended to); it broadcasts to the shape of x. What stands in x where the mask is False
        has no influence, NaN included.

    Returns
    -------
    ndarray
        The shape and dtype of x. A row with nothing to attend to is all zeros, never NaN.

    Raises
    ------
    ValueError
        When an x that counts is NaN or +inf, or there is none along the axis.
    """
    x, dtype = _scores(x)
    if mask is not None:
        x = np.where(mask, x, x.dtype.type(-np.inf))
    with np.errstate(over="ignore"):  # a difference that overflows is −inf, and exp of it 0, as it should be
        weights = np.exp(x - _peak(x, axis))
    total = weights.sum(axis=axis, keepdims=True)
    return (weights / np.where(total == 0, 1, total).astype(x.dtype)).astype(dtype, copy=False)


def log_softmax(x, axis=-1):
    """x − log Σ exp(x), in nats.

    Unlike log(softmax(x)) this is still right where a probability is too small for the dtype.

    Returns
    -------
    ndarray
        The shape and dtype of x; −inf where x is −inf.

    Raises
    ------
    ValueError
        When x holds NaN or +inf, there is none along the axis, or two of them are so far apart that a logarithm is no
        number of the dtype.
    """
    x, dtype = _scores(x)
    total = logsumexp(x, axis, keepdims=True)
    try:
        with np.errstate(over="raise"):
            return (x - _minus_inf_as_zero(total)).astype(dtype, copy=False)
    except FloatingPointError:
        far = f"the scores span {x.min(where=np.isfinite(x), initial=0):.3g} to {x.max():.3g}"
        raise NotFiniteError(f"{far}: a logarithm of a probability overflows {dtype}") from None


@refuse_overflow
def sigmoid(x):
    """σ(x) = 1 / (1 + exp(−x)).

    For x below zero this is computed as exp(x) / (1 + exp(x)), so that exp only ever sees −|x| and cannot overflow.

    Returns
    -------
    ndarray
        The shape and dtype of x.

    Raises
    ------
    ValueError
        When x holds NaN, or no real numbers.
    """
    x = as_floats("x", x)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


class Activation(NamedTuple):
    """h = act(a), and the slope act'(a) written in terms of h, so that a need not be kept."""

    act: Callable  # act(a, out=None) -> h
    slope: Callable  # slope(h) -> a new array


def _relu(a, out=None):
    return np.maximum(a, 0, out=out)


def _tanh_slope(h):
    slope = np.square(h)
    return np.subtract(1, slope, out=slope)  # 1 − h², in one array: a second one costs more than the arithmetic


def _relu_slope(h):
    return (h > 0).astype(h.dtype)


ACTIVATIONS = {
    "tanh": Activation(np.tanh, _tanh_slope),
    "relu": Activation(_relu, _relu_slope),
    "identity": Activation(np.positive, np.ones_like),
}


def activation_named(name):
    """Look up an activation function and its slope in `ACTIVATIONS`.

    Raises
    ------
    ValueError
        When the name is unknown.
    """
    check_choice("activation", name, ACTIVATIONS)
    return ACTIVATIONS[name]


def _scores(x):
    """Return x as floats that are wide enough to sum, and the dtype of the result: float16 is summed in float32."""
    x = as_floats("x", x)
    return (x.astype(np.float32) if x.dtype == np.float16 else x), x.dtype


def _peak(x, axis):
    """The largest x along the axis, or 0 where all are −inf, since −inf − (−inf) would be NaN."""
    if not isinstance(axis, tuple):
        axis = check_integer("axis", axis, least=-x.ndim)
        if axis >= max(x.ndim, 1):
            raise ValueError(f"axis is {axis}, expected one of the {x.ndim} axes of x, of shape {x.shape}")
    if not x.ndim or np.size(x, axis) == 0:
        raise ValueError(f"x has shape {x.shape}, expected at least one number along axis {axis}")
    peak = x.max(axis=axis, keepdims=True)
    if not (peak < np.inf).all():  # NaN is not below either
        wrong = x.size - np.count_nonzero(x < np.inf)
        raise NotFiniteError(f"x has {wrong} of {x.size} values that are NaN or +inf, expected finite ones or −inf")
    return _minus_inf_as_zero(peak)


def _minus_inf_as_zero(peak):
    return np.where(np.isfinite(peak), peak, peak.dtype.type(0))
