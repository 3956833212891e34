"""The feed-forward network of a Transformer, forward and backward: each step by itself, through a hidden layer."""

import math
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_floats, check_integer, check_shape
from helpers.core.numerics import ACTIVATIONS
from helpers.core.overflow import refuse_overflow
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward


class FeedForwardParams(NamedTuple):
    """The weights of the layer; its gradients have the same type."""

    hidden: LinearParams  # W (D, H), b (H,)
    output: LinearParams  # W (H, D), b (D,)


def init_feed_forward(rng, D, H, dtype=np.float64):
    """W ~ N(0, 1 / fan_in), b = 0, with H hidden units; the Transformer of 2017 has H = 4 D."""
    D, H = check_integer("D", D), check_integer("H", H)
    return FeedForwardParams(init_linear(rng, D, H, dtype), init_linear(rng, H, D, dtype))


@refuse_overflow
def gelu(a):
    """h = a Φ(a), where Φ(a) = ½ erfc(−a / √2) is the cumulative distribution function of the standard normal.

    This is the exact form, torch's default. GPT-2 has an approximation of it with tanh, which is off by up to 5e-4.

    References
    ----------
    Hendrycks, Gimpel 2016, "Gaussian Error Linear Units (GELUs)", https://arxiv.org/abs/1606.08415
    """
    return a * _normal_cdf(a)


@refuse_overflow
def gelu_slope(a):
    """Φ(a) + a φ(a), with φ = Φ' the normal density."""
    density = np.exp(-np.square(a) / 2) / math.sqrt(2 * math.pi)
    return _normal_cdf(a) + a * density


# act(a) and act'(a). The slope is computed from a and not from h = act(a): GELU is not monotone, so two a can have one
# h. For ReLU, h > 0 and a > 0 are the same.
FEED_FORWARD_ACTIVATIONS = {"relu": ACTIVATIONS["relu"], "gelu": (gelu, gelu_slope)}


def feed_forward(x, params, activation="relu"):
    """y = act(x W_1 + b_1) W_2 + b_2 over the last axis.

    Parameters
    ----------
    x : ndarray (..., D)
    params : FeedForwardParams
    activation : "relu" or "gelu"

    Returns
    -------
    y : ndarray (..., D)
    cache : tuple
        What `feed_forward_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the activation is unknown.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", section 3.3, https://arxiv.org/abs/1706.03762
    """
    _check_inputs(x, params, activation)
    act, _ = FEED_FORWARD_ACTIVATIONS[activation]
    a, hidden_cache = linear(x, params.hidden)
    h = act(a)
    y, output_cache = linear(h, params.output)
    return y, (hidden_cache, a, output_cache, activation)


def feed_forward_backward(dy, cache, params):
    """dh = dy W_2ᵀ and da = dh ⊙ act'(a), between the backward passes of the two linear layers.

    Parameters
    ----------
    dy : ndarray (..., D)
    cache : tuple
        From `feed_forward`.
    params : FeedForwardParams

    Returns
    -------
    dx : ndarray (..., D)
    grads : FeedForwardParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    hidden_cache, a, output_cache, activation = cache
    _, slope = FEED_FORWARD_ACTIVATIONS[activation]
    dh, doutput = linear_backward(dy, output_cache, params.output)
    da = dh * slope(a)
    dx, dhidden = linear_backward(da, hidden_cache, params.hidden)
    return dx, FeedForwardParams(dhidden, doutput)


_erfc = np.vectorize(math.erfc, otypes=[np.float64])  # NumPy has none: Python's own, one number at a time


def _normal_cdf(a):
    return (_erfc(a / -math.sqrt(2)) / 2).astype(a.dtype)


def _check_inputs(x, params, activation):
    check_choice("activation", activation, FEED_FORWARD_ACTIVATIONS)
    (W_1, b_1), (W_2, b_2) = params
    check_floats(x=x, W_1=W_1, b_1=b_1, W_2=W_2, b_2=b_2)
    D, H = check_shape("W_1", W_1, "D H")
    for name, array, pattern in (("b_1", b_1, "H"), ("W_2", W_2, "H D"), ("b_2", b_2, "D"), ("x", x, "... D")):
        check_shape(name, array, pattern, D=D, H=H)
