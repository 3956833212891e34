"""Scaled dot-product attention, forward and backward: every query takes a little of every value."""

import numpy as np

from helpers.core.checks import check_positive, check_shape
from helpers.core.numerics import softmax
from helpers.layers.attention.soft_look_up import check_attention_inputs, check_dout, score_gradient, transposed
from helpers.layers.recurrent.steps import blocks

SCORES_AT_ONCE = (
    131072  # numbers of scores that are made at once: half a megabyte in float32, which fits into the cache
)


def attention(q, k, v, mask=None, scale=None):
    """out = softmax(q kᵀ / √d) v, scaled dot-product attention.

    Parameters
    ----------
    q : ndarray (..., T, d)
        The queries.
    k : ndarray (..., S, d)
        The keys. The leading axes, such as batch and heads, are the same for q, k and v.
    v : ndarray (..., S, d_v)
        The values.
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S); `helpers.layers.attention.masks` builds some.
    scale : float, optional
        What the dot products are multiplied by, 1 / √d unless it is given. The dot product of two random vectors has
        the standard deviation √d, and with ``scale=1.0`` the weights of long vectors are nearly one-hot.

    Returns
    -------
    out : ndarray (..., T, d_v)
    weights : ndarray (..., T, S)
        Each row sums to 1. A query that may attend to nothing has weights of 0, and zeros as out.
    cache : tuple
        What `attention_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, the scale is not above 0, or an array is
        empty.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", equation 1, https://arxiv.org/abs/1706.03762
    """
    q, k, v, mask, scale, leading = _flat_inputs(q, k, v, mask, scale)
    (N, T, _), S = q.shape, k.shape[1]
    out, weights = np.empty((N, T, v.shape[-1]), q.dtype), np.empty((N, T, S), q.dtype)
    to_weights = _plain_softmax if _no_score_is_large(q, k, scale) else _softmax_row_by_row
    for n in blocks(N, T * S, SCORES_AT_ONCE):
        scores = np.matmul(q[n] * scale, transposed(k[n]), out=weights[n])
        to_weights(scores, None if mask is None else mask[n])
        np.matmul(weights[n], v[n], out=out[n])
    cache = (q, k, v, weights, out, scale, leading)
    return out.reshape(*leading, *out.shape[1:]), weights.reshape(*leading, T, S), cache


def attention_backward(dout, cache):
    """dq = scale · dscores k;  dk = scale · dscoresᵀ q;  dv = weightsᵀ dout; dscores is that of `look_up_backward`.

    Parameters
    ----------
    dout : ndarray (..., T, d_v)
    cache : tuple
        From `attention`.

    Returns
    -------
    dq : ndarray (..., T, d)
    dk : ndarray (..., S, d)
    dv : ndarray (..., S, d_v)

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    q, k, v, weights, out, scale, leading = cache
    check_dout(dout, (*leading, *out.shape[1:]), out.dtype)
    dout = dout.reshape(out.shape)
    dq, dk, dv = np.empty_like(q), np.empty_like(k), np.empty_like(v)
    for n in blocks(len(q), weights[0].size, SCORES_AT_ONCE):
        dscores = score_gradient(dout[n], v[n], weights[n], out[n])
        np.matmul(dscores, k[n] * scale, out=dq[n])
        np.matmul(transposed(dscores), q[n] * scale, out=dk[n])
        np.matmul(transposed(weights[n]), dout[n], out=dv[n])
    return tuple(grad.reshape(*leading, *grad.shape[1:]) for grad in (dq, dk, dv))


def _flat_inputs(q, k, v, mask, scale):
    """Check, and make one axis N of all leading ones."""
    mask = check_attention_inputs(q, k, v, mask)
    check_shape("k", k, "... S d", d=q.shape[-1])
    scale = 1 / np.sqrt(q.shape[-1]) if scale is None else scale
    check_positive("scale", scale)
    flat = [None if array is None else array.reshape(-1, *array.shape[-2:]) for array in (q, k, v, mask)]
    return *flat, float(scale), q.shape[:-2]


def _no_score_is_large(q, k, scale):
    """|q · k| ≤ ‖q‖ ‖k‖ (Cauchy, Schwarz), known before a score is made; 1 % is left for what rounding adds."""
    with np.errstate(over="ignore", invalid="ignore"):  # what is infinite or NaN is not below the limit either
        longest_q, longest_k = (np.sqrt(np.einsum("nsd,nsd->ns", vectors, vectors).max()) for vectors in (q, k))
        return longest_q * longest_k * scale * 1.01 < _limit(q.dtype)


def _limit(dtype):
    """From which score on exp, or a sum of what it makes, may leave the dtype."""
    return np.log(np.finfo(dtype).max) / 2


def _softmax_row_by_row(scores, mask):
    """In place: take the largest score out first where one is large, and `_plain_softmax` for all other rows.

    The two differ in the last bit. As each row is judged by its own scores, and by those alone that it may see, what
    it becomes does not hang on other queries, nor on keys that are hidden from it, to the last bit.
    """
    seen = scores if mask is None else np.where(mask, scores, scores.dtype.type(0))
    large = ~(np.abs(seen).max(axis=-1) < _limit(scores.dtype))  # NaN is not below either
    rows = softmax(scores[large], mask=None if mask is None else mask[large])
    scores[:] = np.where(large[..., None], scores.dtype.type(0), seen)
    _plain_softmax(scores, mask)
    scores[large] = rows


def _plain_softmax(scores, mask):
    """exp(x) / Σ exp(x) as it is written, in place: the largest x need not be taken out first if none is large."""
    weights = np.exp(scores, out=scores)
    if mask is not None:
        weights *= mask
    total = weights @ np.ones((weights.shape[-1], 1), weights.dtype)  # a sum that BLAS makes, four times as fast
    weights *= 1 / np.where(total == 0, 1, total)  # T divisions in place of T · S
