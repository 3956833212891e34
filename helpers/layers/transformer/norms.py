"""Layer normalisation over the features of each step, and RMSNorm, which leaves out the mean; forward and backward."""

from typing import NamedTuple

import numpy as np

from helpers.core.blocks import flat
from helpers.core.checks import check_dtype, check_floats, check_integer, check_positive, check_shape
from helpers.core.overflow import power_of_two, refuse_overflow


class NormParams(NamedTuple):
    """The weights of LayerNorm; its gradients have the same type."""

    scale: np.ndarray  # γ (D,)
    shift: np.ndarray  # β (D,)


def init_norm(D, dtype=np.float64):
    """Start with scale = 1 and shift = 0, so that at first each step has the mean 0 and the variance 1."""
    D = check_integer("D", D)
    check_dtype(dtype)
    return NormParams(np.ones(D, dtype), np.zeros(D, dtype))


@refuse_overflow
def layer_norm(x, params, eps=1e-5):
    """y = γ ⊙ n + β, with n = (x − mean) / √(variance + ε) over the last axis.

    Every step of every sequence is normalised on its own; other steps and sequences have no influence on it. The
    parameters γ and β are called scale and shift.

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
    n, deviation = _in_range(_standardise, x, float(eps))
    y = params.scale * n + params.shift
    return y, (n, deviation)


@refuse_overflow
def layer_norm_backward(dy, cache, params):
    """dx = (dn − mean(dn) − n ⊙ mean(dn ⊙ n)) / √(variance + ε), with dn = γ ⊙ dy;  dγ = Σ dy ⊙ n and dβ = Σ dy.

    If one number is added to all of x, n stays the same. If x is stretched about its mean, n stays the same too, but
    for ε. So the part of dn along (1, …, 1) is taken away, and the part along n.

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
    dn = params.scale * dy
    along_ones = dn.mean(axis=-1, keepdims=True)
    along_n = n * (dn * n).mean(axis=-1, keepdims=True)
    dx = (dn - along_ones - along_n) / deviation
    dscale = flat(dy * n).sum(axis=0)
    dshift = flat(dy).sum(axis=0)
    return dx, NormParams(dscale, dshift)


@refuse_overflow
def rms_norm(x, scale, eps=1e-5):
    """y = γ ⊙ n, with n = x / √(mean(x²) + ε) over the last axis; γ is called scale.

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
    n, rms = _in_range(_divide_by_rms, x, float(eps))
    y = scale * n
    return y, (n, rms)


@refuse_overflow
def rms_norm_backward(dy, cache, scale):
    """dx = (dn − n ⊙ mean(dn ⊙ n)) / √(mean(x²) + ε), with dn = γ ⊙ dy;  dγ = Σ dy ⊙ n.

    It takes what `layer_norm_backward` takes, raises what it raises, and returns dx and dscale.
    """
    n, rms = cache
    _check_gradient(dy, n)
    dn = scale * dy
    along_n = n * (dn * n).mean(axis=-1, keepdims=True)
    dx = (dn - along_n) / rms
    dscale = flat(dy * n).sum(axis=0)
    return dx, dscale


def _standardise(x, eps):
    """n = (x − mean) / √(variance + ε), and what was divided by, (..., 1)."""
    mean = x.mean(axis=-1, keepdims=True)
    variance = np.square(x - mean).mean(axis=-1, keepdims=True)
    deviation = np.sqrt(variance + eps)
    return (x - mean) / deviation, deviation


def _divide_by_rms(x, eps):
    """n = x / √(mean(x²) + ε), and what was divided by, (..., 1)."""
    rms = np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + eps)
    return x / rms, rms


def _in_range(normalise, x, eps):
    """normalise(x, eps); rows whose squares leave the dtype are once more computed, each in a unit of its own size."""
    with np.errstate(over="ignore"):
        n, size = normalise(x, eps)
    large = ~np.isfinite(size[..., 0])
    if large.any():
        unit = power_of_two(x[large])
        n[large], size_in_units = normalise(x[large] / unit, eps / unit / unit)
        size[large] = size_in_units * unit
    return n, size


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
