"""Softmax and its logarithm, and activation functions with their slopes; none of them overflows."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice


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
    """
    x = _floats(x)
    peak = _finite(x.max(axis=axis, keepdims=True))
    with np.errstate(divide="ignore"):  # log 0 = −inf is what is meant
        total = peak + np.log(np.exp(x - peak).sum(axis=axis, keepdims=True))
    return total if keepdims else total.squeeze(axis)


def softmax(x, axis=-1, mask=None):
    """exp(x) / Σ exp(x).

    Parameters
    ----------
    x : ndarray
    axis : int
        The axis that sums to 1.
    mask : ndarray of bool, optional
        True = counts (may be attended to); it broadcasts to the shape of x. What stands in x where the mask is False
        has no influence, NaN included.

    Returns
    -------
    ndarray
        The shape and dtype of x. A row with nothing to attend to is all zeros, never NaN.
    """
    x = _floats(x)
    if mask is not None:
        x = np.where(mask, x, x.dtype.type(-np.inf))
    weights = np.exp(x - _finite(x.max(axis=axis, keepdims=True)))
    total = weights.sum(axis=axis, keepdims=True)
    return weights / np.where(total == 0, 1, total).astype(x.dtype)


def log_softmax(x, axis=-1):
    """x − log Σ exp(x), in nats.

    Unlike log(softmax(x)) this is still right where a probability is too small for the dtype.

    Returns
    -------
    ndarray
        The shape and dtype of x.
    """
    x = _floats(x)
    return x - _finite(logsumexp(x, axis, keepdims=True))


def sigmoid(x):
    """σ(x) = 1 / (1 + exp(−x)).

    For x below zero this is computed as exp(x) / (1 + exp(x)), so that exp only ever sees −|x| and cannot overflow.

    Returns
    -------
    ndarray
        The shape and dtype of x.
    """
    x = _floats(x)
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


def _floats(x):
    x = np.asarray(x)
    return x if np.issubdtype(x.dtype, np.floating) else x.astype(np.float64)


def _finite(peak):
    # −inf − (−inf) would be NaN: a row of nothing but −inf is shifted by zero instead.
    return np.where(np.isfinite(peak), peak, peak.dtype.type(0))
