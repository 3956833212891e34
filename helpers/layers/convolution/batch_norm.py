"""Batch normalisation of pictures: each channel has the mean 0 and the variance 1 over the batch; forward, backward."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import (
    check_dtype,
    check_finite,
    check_floats,
    check_integer,
    check_positive,
    check_shape,
    is_number,
)
from helpers.core.overflow import refuse_overflow

_AXES = (0, 2, 3)  # all but the channels


class BatchNormParams(NamedTuple):
    """The weights of the layer; its gradients have the same type."""

    scale: np.ndarray  # γ (C,)
    shift: np.ndarray  # β (C,)


class RunningStatistics(NamedTuple):
    """What the layer has seen in training, for use after it. No gradient flows into them."""

    mean: np.ndarray  # (C,)
    variance: np.ndarray  # (C,)


def init_batch_norm(C, dtype=np.float64):
    """Start with scale = 1 and shift = 0, and with a running mean of 0 and variance of 1: (params, statistics)."""
    C = check_integer("C", C)
    check_dtype(dtype)
    ones, zeros = np.ones(C, dtype), np.zeros(C, dtype)
    return BatchNormParams(ones, zeros), RunningStatistics(zeros.copy(), ones.copy())


@refuse_overflow
def batch_norm(x, params, statistics, training, momentum=0.1, eps=1e-5):
    """y = γ n + β with n = (x − μ) / √(σ² + ε), channel by channel.

    In training μ and σ² are those of the batch, so that a picture's output depends on the others beside it; after
    training they are the running ones, and each picture stands alone.

    Parameters
    ----------
    x : ndarray (B, C, H, W)
    params : BatchNormParams
    statistics : RunningStatistics
    training : bool
    momentum : float
        From 0 to 1: running ← (1 − momentum) · running + momentum · that of the batch. As in torch, the running
        variance takes Σ (x − μ)² / (N − 1) of the N numbers of a channel, and n takes Σ (x − μ)² / N.
    eps : float
        ε, which keeps a channel of equal numbers from a division by 0.

    Returns
    -------
    y : ndarray (B, C, H, W)
    statistics : RunningStatistics
        The new ones; after training, the same.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, a setting is out of range, a running variance is below 0, or there is
        only one number of each channel to train on.

    References
    ----------
    Ioffe, Szegedy 2015, "Batch Normalization", https://arxiv.org/abs/1502.03167
    """
    N = _check_batch_norm(x, params, statistics, training, momentum, eps)
    if training:
        mean = x.mean(axis=_AXES)
        variance = np.square(x - _channels(mean)).mean(axis=_AXES)
        of_batch = RunningStatistics(mean, variance * (N / (N - 1)))
        statistics = RunningStatistics(*(_blend(*each, momentum) for each in zip(statistics, of_batch, strict=True)))
    else:
        mean, variance = statistics
    deviation = np.sqrt(variance + x.dtype.type(eps))
    n = (x - _channels(mean)) / _channels(deviation)
    y = _channels(params.scale) * n + _channels(params.shift)
    return y, statistics, (n, deviation, bool(training))


@refuse_overflow
def batch_norm_backward(dy, cache, params):
    """dx = (dn − mean(dn) − n ⊙ mean(dn ⊙ n)) / √(σ² + ε), with dn = γ dy;  dγ = Σ dy ⊙ n and dβ = Σ dy.

    After training μ and σ² do not depend on x, and dx = dn / √(σ² + ε).

    Parameters
    ----------
    dy : ndarray (B, C, H, W)
    cache : tuple
        From `batch_norm`.
    params : BatchNormParams

    Returns
    -------
    dx : ndarray (B, C, H, W)
    grads : BatchNormParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    n, deviation, training = cache
    check_floats(dy=dy, n=n, **params._asdict())
    B, C, H, W = n.shape
    check_shape("dy", dy, "B C H W", B=B, C=C, H=H, W=W)
    for name, array in params._asdict().items():
        check_shape(name, array, "C", C=C)
    dn = _channels(params.scale) * dy
    if training:
        dn = dn - dn.mean(axis=_AXES, keepdims=True) - n * (dn * n).mean(axis=_AXES, keepdims=True)
    return dn / _channels(deviation), BatchNormParams((dy * n).sum(axis=_AXES), dy.sum(axis=_AXES))


def _channels(values):
    """(C,) as (C, 1, 1): the same for all places of a picture."""
    return values[:, None, None]


def _blend(running, of_batch, momentum):
    return (running + running.dtype.type(momentum) * (of_batch - running)).astype(running.dtype)


def _check_batch_norm(x, params, statistics, training, momentum, eps):
    """How many numbers each channel has."""
    running = {f"running {name}": array for name, array in statistics._asdict().items()}
    check_floats(x=x, **params._asdict(), **running)
    B, C, H, W = check_shape("x", x, "B C H W")
    for name, array in (params._asdict() | running).items():
        check_shape(name, array, "C", C=C)
        check_finite(name, array)
    if not isinstance(training, bool | np.bool_):
        raise ValueError(f"training is {training!r}, expected True or False")
    if not is_number(momentum) or not 0 <= momentum <= 1:
        raise ValueError(f"momentum is {momentum}, expected a number from 0 to 1")
    check_positive("eps", eps)
    if not x.size or (training and B * H * W < 2):
        raise ValueError(f"x has shape {x.shape}, expected several numbers of each channel")
    if (statistics.variance < 0).any():
        raise ValueError(f"the running variance goes down to {statistics.variance.min()}, expected none below 0")
    return B * H * W
