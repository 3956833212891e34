"""Additive attention, forward and backward: a small network asks how well a key fits a query."""

from typing import NamedTuple

import numpy as np

from helpers.core.blocks import flat
from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.overflow import refuse_overflow
from helpers.core.params import zeros_like
from helpers.layers.attention.input_checks import check_attention_inputs, check_part
from helpers.layers.attention.soft_look_up import look_up, look_up_backward


class AdditiveParams(NamedTuple):
    """The weights of the scores; their gradients have the same type."""

    W_q: np.ndarray  # (D_q, A)
    W_k: np.ndarray  # (D_k, A)
    v: np.ndarray  # (A,)


def init_additive(rng, D_q, D_k, A, dtype=np.float64):
    """W_q ~ N(0, 1 / D_q), W_k ~ N(0, 1 / D_k), v ~ N(0, 1 / A)."""
    D_q, D_k, A = (check_integer(name, size) for name, size in (("D_q", D_q), ("D_k", D_k), ("A", A)))
    return AdditiveParams(*(scaled_normal(rng, shape, dtype=dtype) for shape in ((D_q, A), (D_k, A), (A,))))


@refuse_overflow
def additive_keys(k, params):
    """keys = k W_k (..., S, A): the term that is the same for every query, so a decoder computes it only once."""
    _check_params(params)
    check_floats(k=k, W_k=params.W_k)
    check_shape("k", k, "... S D_k", D_k=len(params.W_k))
    return k @ params.W_k


@refuse_overflow
def additive_keys_backward(dkeys, k, params):
    """∂L/∂k = dkeys W_kᵀ and ∂L/∂W_k = kᵀ dkeys, where dkeys (..., S, A) is summed over all steps of the decoder.

    The gradients of W_q and v are zeros here.
    """
    check_floats(dkeys=dkeys, k=k, W_k=params.W_k)
    D_k, A = params.W_k.shape
    check_shape("k", k, "... S D_k", D_k=D_k)
    check_part("dkeys", dkeys, k.shape[:-2], "S A", S=k.shape[-2], A=A)
    dk = dkeys @ params.W_k.T
    grads = zeros_like(params)._replace(W_k=flat(k).T @ flat(dkeys))
    return dk, grads


@refuse_overflow
def additive_scores(q, keys, params):
    """score_ts = tanh(q_t W_q + keys_s) · v, with keys = k W_k from `additive_keys`.

    Parameters
    ----------
    q : ndarray (..., T, D_q)
        One step of a decoder has T = 1.
    keys : ndarray (..., S, A)
    params : AdditiveParams

    Returns
    -------
    scores : ndarray (..., T, S)
    cache : tuple
        What `additive_scores_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or an array is empty.

    References
    ----------
    Bahdanau, Cho, Bengio 2014, "Neural Machine Translation by Jointly Learning to Align and Translate", section A.1.2,
    https://arxiv.org/abs/1409.0473
    """
    D_q, A = _check_params(params)
    check_floats(q=q, keys=keys, W_q=params.W_q)
    *leading, _, _ = check_shape("q", q, "... T D_q", D_q=D_q)
    check_part("q", q, leading, "T D_q")
    check_part("keys", keys, leading, "S A", A=A)
    queries = q @ params.W_q
    hidden = np.tanh(queries[..., :, None, :] + keys[..., None, :, :])  # (..., T, S, A)
    scores = hidden @ params.v
    return scores, (q, hidden)


@refuse_overflow
def additive_scores_backward(dscores, cache, params):
    """da = dscores vᵀ ⊙ (1 − tanh²); summed over the keys for the queries, and over the queries for the keys.

    Parameters
    ----------
    dscores : ndarray (..., T, S)
    cache : tuple
        From `additive_scores`.
    params : AdditiveParams

    Returns
    -------
    dq : ndarray (..., T, D_q)
    dkeys : ndarray (..., S, A)
        For `additive_keys_backward`.
    grads : AdditiveParams
        That of W_k is zeros here.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    q, hidden = cache
    check_floats(dscores=dscores, q=q, v=params.v)
    if dscores.shape != hidden.shape[:-1]:
        raise ValueError(f"dscores has shape {dscores.shape}, expected {hidden.shape[:-1]}")
    da = dscores[..., None] * params.v * (1 - hidden**2)  # (..., T, S, A)
    dqueries = da.sum(axis=-2)  # over the keys
    dkeys = da.sum(axis=-3)  # over the queries
    dq = dqueries @ params.W_q.T
    dW_q = flat(q).T @ flat(dqueries)
    dv = flat(hidden).T @ dscores.ravel()
    return dq, dkeys, zeros_like(params)._replace(W_q=dW_q, v=dv)


def additive_attention(q, k, v, params, mask=None):
    """out = softmax(scores) v, score_ts = tanh(q_t W_q + k_s W_k) · v: keys, scores and look-up together.

    Parameters
    ----------
    q : ndarray (..., T, D_q)
    k : ndarray (..., S, D_k)
    v : ndarray (..., S, d_v)
        The values; in a decoder they are often the keys once more.
    params : AdditiveParams
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S).

    Returns
    -------
    out : ndarray (..., T, d_v)
    weights : ndarray (..., T, S)
        Each row sums to 1, or to 0 where a query may attend to nothing.
    cache : tuple
        What `additive_attention_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, or an array is empty.
    """
    check_attention_inputs(q, k, v, mask)
    keys = additive_keys(k, params)
    scores, scores_cache = additive_scores(q, keys, params)
    out, weights, look_up_cache = look_up(scores, v, mask)
    return out, weights, (k, scores_cache, look_up_cache)


def additive_attention_backward(dout, cache, params):
    """dq, dk, dv and grads: back through the look-up, the scores and the keys; arguments as for the others here."""
    k, scores_cache, look_up_cache = cache
    dscores, dv = look_up_backward(dout, look_up_cache)
    dq, dkeys, grads = additive_scores_backward(dscores, scores_cache, params)
    dk, grads_k = additive_keys_backward(dkeys, k, params)
    return dq, dk, dv, grads._replace(W_k=grads_k.W_k)


def _check_params(params):
    check_floats(**params._asdict())
    D_q, A = check_shape("W_q", params.W_q, "D_q A")
    check_shape("W_k", params.W_k, "D_k A", A=A)
    check_shape("v of params", params.v, "A", A=A)
    return D_q, A
