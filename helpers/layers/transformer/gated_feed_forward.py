"""SwiGLU, the feed-forward network of most models since 2020, forward and backward: one hidden layer gates another."""

from typing import NamedTuple

import numpy as np

from helpers.core.blocks import flat
from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.numerics import sigmoid
from helpers.core.overflow import refuse_overflow


class SwiGLUParams(NamedTuple):
    """The weights of the layer, 3 D H numbers; its gradients have the same type. There are no biases."""

    W_gate: np.ndarray  # (D, H)
    W_up: np.ndarray  # (D, H)
    W_down: np.ndarray  # (H, D)


def init_swiglu(rng, D, H, dtype=np.float64):
    """W ~ N(0, 1 / fan_in). With H = 2/3 of that of `init_feed_forward` it has as many weights."""
    D, H = check_integer("D", D), check_integer("H", H)
    return SwiGLUParams(*(scaled_normal(rng, shape, dtype=dtype) for shape in ((D, H), (D, H), (H, D))))


@refuse_overflow
def swiglu(x, params):
    """y = (SiLU(x W_gate) ⊙ x W_up) W_down, where SiLU(a) = a σ(a), over the last axis.

    Parameters
    ----------
    x : ndarray (..., D)
    params : SwiGLUParams

    Returns
    -------
    y : ndarray (..., D)
    cache : tuple
        What `swiglu_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.

    References
    ----------
    Shazeer 2020, "GLU Variants Improve Transformer", https://arxiv.org/abs/2002.05202
    """
    check_floats(x=x, **params._asdict())
    D, H = check_shape("W_gate", params.W_gate, "D H")
    check_shape("W_up", params.W_up, "D H", D=D, H=H)
    check_shape("W_down", params.W_down, "H D", D=D, H=H)
    check_shape("x", x, "... D", D=D)
    a, up = x @ params.W_gate, x @ params.W_up  # (..., H)
    gate = a * sigmoid(a)
    h = gate * up
    return h @ params.W_down, (x, a, up, gate, h)


@refuse_overflow
def swiglu_backward(dy, cache, params):
    """dup = dh ⊙ gate and da = dh ⊙ up ⊙ SiLU'(a), with dh = dy W_downᵀ and SiLU'(a) = σ(a) (1 + a (1 − σ(a))).

    Parameters
    ----------
    dy : ndarray (..., D)
    cache : tuple
        From `swiglu`.
    params : SwiGLUParams

    Returns
    -------
    dx : ndarray (..., D)
    grads : SwiGLUParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    x, a, up, gate, h = cache
    check_floats(dy=dy, x=x)
    if dy.shape != x.shape:
        raise ValueError(f"dy has shape {dy.shape}, expected {x.shape}")
    dh = dy @ params.W_down.T
    dup = dh * gate
    da = dh * up * sigmoid(a) * (1 + a * (1 - sigmoid(a)))
    dx = da @ params.W_gate.T + dup @ params.W_up.T
    grads = SwiGLUParams(flat(x).T @ flat(da), flat(x).T @ flat(dup), flat(h).T @ flat(dy))
    return dx, grads
