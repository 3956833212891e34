"""Grouped-query attention, forward and backward: several heads of queries share one head of keys and values."""

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.layers.attention.input_checks import check_dout
from helpers.layers.attention.scaled_dot_product import attention, attention_backward


def grouped_attention(q, k, v, mask=None):
    """Let head h of the K heads of queries attend to head h // (K / G) of the G heads of keys and values.

    G = K is multi-head attention, and G = 1 multi-query attention. What a decoder keeps of each token is G / K of it.

    Parameters
    ----------
    q : ndarray (..., K, T, d)
    k : ndarray (..., G, S, d)
        G divides K.
    v : ndarray (..., G, S, d_v)
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., K, T, S).

    Returns
    -------
    out : ndarray (..., K, T, d_v)
    weights : ndarray (..., K, T, S)
    cache : tuple
        What `grouped_attention_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, G does not divide K, dtypes are mixed, or the mask is not of bools.

    References
    ----------
    Ainslie et al. 2023, "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints",
    https://arxiv.org/abs/2305.13245
    """
    check_floats(q=q, k=k, v=v)
    *_, K, _, _ = check_shape("q", q, "... K T d")
    *_, G, _, _ = check_shape("k", k, "... G S d")
    check_shape("v", v, "... G S d_v", G=G)
    if not G or K % G:
        raise ValueError(f"k has {G} heads, expected a number that divides the {K} heads of q")
    shared_k, shared_v = (np.repeat(array, K // G, axis=-3) for array in (k, v))
    out, weights, cache = attention(q, shared_k, shared_v, mask)
    return out, weights, (cache, G)


def grouped_attention_backward(dout, cache):
    """dq as in `attention_backward`; dk and dv of a head are the sums over all heads of queries that share it.

    Parameters
    ----------
    dout : ndarray (..., K, T, d_v)
    cache : tuple
        From `grouped_attention`.

    Returns
    -------
    dq : ndarray (..., K, T, d)
    dk : ndarray (..., G, S, d)
    dv : ndarray (..., G, S, d_v)

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    attention_cache, G = cache
    q, _, v, _, _ = attention_cache
    check_dout(dout, (*q.shape[:-1], v.shape[-1]), v.dtype)
    dq, dk, dv = attention_backward(dout, attention_cache)
    return dq, _sum_groups(dk, G), _sum_groups(dv, G)


def _sum_groups(grad, G):
    """(..., K, S, d) → (..., G, S, d)."""
    *leading, K, S, d = grad.shape
    return grad.reshape(*leading, G, K // G, S, d).sum(axis=-3)
