"""Multiplicative attention, forward and backward: a matrix turns queries into vectors that keys are compared with."""

from typing import NamedTuple

import numpy as np

from helpers.core.blocks import flat
from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.scaled_dot_product import attention, attention_backward


class MultiplicativeParams(NamedTuple):
    """The weights of the scores; their gradients have the same type."""

    W: np.ndarray  # (D_q, D_k)


def init_multiplicative(rng, D_q, D_k, dtype=np.float64):
    """W ~ N(0, 1 / (D_q D_k)): the score of two random vectors has about the variance 1."""
    D_q, D_k = check_integer("D_q", D_q), check_integer("D_k", D_k)
    return MultiplicativeParams(scaled_normal(rng, (D_q, D_k), scale=D_k**-0.5, dtype=dtype))


@refuse_overflow
def multiplicative_attention(q, k, v, params, mask=None):
    """out = softmax(q W kᵀ) v, the score that Luong et al. call "general".

    Their score "dot" is this with W = I, and so ``attention(q, k, v, mask, scale=1.0)``.

    Parameters
    ----------
    q : ndarray (..., T, D_q)
        Queries and keys may differ in size.
    k : ndarray (..., S, D_k)
    v : ndarray (..., S, d_v)
    params : MultiplicativeParams
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S).

    Returns
    -------
    out : ndarray (..., T, d_v)
    weights : ndarray (..., T, S)
        Each row sums to 1, or to 0 where a query may attend to nothing.
    cache : tuple
        What `multiplicative_attention_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, or an array is empty.

    References
    ----------
    Luong, Pham, Manning 2015, "Effective Approaches to Attention-based Neural Machine Translation", section 3.1,
    https://arxiv.org/abs/1508.04025
    """
    check_floats(q=q, W=params.W)
    D_q, D_k = check_shape("W", params.W, "D_q D_k")
    check_shape("q", q, "... T D_q", D_q=D_q)
    check_shape("k", k, "... S D_k", D_k=D_k)
    out, weights, attention_cache = attention(q @ params.W, k, v, mask, scale=1.0)
    return out, weights, (q, attention_cache)


@refuse_overflow
def multiplicative_attention_backward(dout, cache, params):
    """dq = ∂L/∂(q W) Wᵀ and dW = qᵀ ∂L/∂(q W); the rest is `attention_backward`.

    Parameters
    ----------
    dout : ndarray (..., T, d_v)
    cache : tuple
        From `multiplicative_attention`.
    params : MultiplicativeParams

    Returns
    -------
    dq : ndarray (..., T, D_q)
    dk : ndarray (..., S, D_k)
    dv : ndarray (..., S, d_v)
    grads : MultiplicativeParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    q, attention_cache = cache
    dqueries, dk, dv = attention_backward(dout, attention_cache)  # dqueries is ∂L/∂(q W)
    dq = dqueries @ params.W.T
    grads = MultiplicativeParams(W=flat(q).T @ flat(dqueries))
    return dq, dk, dv, grads
