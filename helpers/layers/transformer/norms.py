"""Normalisation over the features of each step, forward and backward: LayerNorm, and RMSNorm without the mean."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_positive, check_shape
from helpers.layers.recurrent.steps import flat


class NormParams(NamedTuple):
    """The weights of LayerNorm; its gradients have the same type."""

    scale: np.ndarray  # (D,)
    shift: np.ndarray  # (D,)


def init_norm(D, dtype=np.float64):
    """Start with scale = 1 and shift = 0, so that at first each step has the mean 0 and the variance 1."""
    check_integer("D", D)
    return NormParams(np.ones(D, dtype), np.zeros(D, dtype))


def layer_norm(x, params, eps=1e-5):
    """y = n ⊙ scale + shift, with n = (x − mean) / √(variance + ε) over the last axis.

    Every step of every sequence is normalised on its own: no other step and no other sequence has a say.

    Parameters
    ----------
    x : ndarray (..., D)
    params : NormParams
    eps : float
        ε, which keeps a step of equal numbers from a division by 0: its n is 0.

    Returns
    -------
    y : ndarray (..., D)
    cache : tuple
        What `layer_norm_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or ε is not above 0.

    References
    ----------
    Ba, Kiros, Hinton 2016, "Layer Normalization", https://arxiv.org/abs/1607.06450
    """
    _check_inputs(x, params._asdict(), eps)
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + float(eps))  # (..., 1)
    n = centred / deviation
    return n * params.scale + params.shift, (n, deviation)


def layer_norm_backward(dy, cache, params):
    """dx = (dn − mean(dn) − n ⊙ mean(dn ⊙ n)) / √(variance + ε), with dn = dy ⊙ scale.

    To add one number to all of x changes nothing, nor does it (but for ε) to stretch x about its mean. So from dn
    what points along (1, …, 1) is taken away, and what points along n.

    Parameters
    ----------
    dy : ndarray (..., D)
    cache : tuple
        From `layer_norm`.
    params : NormParams

    Returns
    -------
    dx : ndarray (..., D)
    grads : NormParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    n, deviation = cache
    _check_gradient(dy, n)
    dn = dy * params.scale
    dx = (dn - dn.mean(axis=-1, keepdims=True) - n * (dn * n).mean(axis=-1, keepdims=True)) / deviation
    return dx, NormParams(scale=flat(dy * n).sum(axis=0), shift=flat(dy).sum(axis=0))


def rms_norm(x, scale, eps=1e-5):
    """y = n ⊙ scale, with n = x / √(mean(x²) + ε) over the last axis.

    Parameters
    ----------
    x : ndarray (..., D)
    scale : ndarray (D,)
    eps : float

    Returns
    -------
    y : ndarray (..., D)
    cache : tuple
        What `rms_norm_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or ε is not above 0.

    References
    ----------
    Zhang, Sennrich 2019, "Root Mean Square Layer Normalization", https://arxiv.org/abs/1910.07467
    """
    _check_inputs(x, {"scale": scale}, eps)
    size = np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + float(eps))  # (..., 1)
    n = x / size
    return n * scale, (n, size)


def rms_norm_backward(dy, cache, scale):
    """dx = (dn − n ⊙ mean(dn ⊙ n)) / √(mean(x²) + ε), with dn = dy ⊙ scale; returns dx and dscale.

    It takes what `layer_norm_backward` takes, and raises what it raises.
    """
    n, size = cache
    _check_gradient(dy, n)
    dn = dy * scale
    dx = (dn - n * (dn * n).mean(axis=-1, keepdims=True)) / size
    return dx, flat(dy * n).sum(axis=0)


def _check_inputs(x, params, eps):
    check_floats(x=x, **params)
    (D,) = check_shape("scale", params["scale"], "D")
    for name, array in params.items():
        check_shape(name, array, "D", D=D)
    check_integer("D", D)
    check_shape("x", x, "... D", D=D)
    check_positive("eps", eps)


def _check_gradient(dy, n):
    check_floats(dy=dy, y=n)
    if dy.shape != n.shape:
        raise ValueError(f"dy has shape {dy.shape}, expected {n.shape}")
