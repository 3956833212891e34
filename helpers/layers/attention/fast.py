"""Scaled dot-product attention at speed: the same function as `attention`, in blocks that fit into the cache.

What makes it fast: the scores are made in blocks that stay in the processor's cache until the values are summed, and
turned into weights in place. Where the lengths of queries and keys say that exp cannot overflow, no largest score is
looked for. On the way back the weighted mean of a row of dweights, Σ dweights ⊙ weights, is taken as dout · out.
"""

import math

import numpy as np

from helpers.core.blocks import blocks
from helpers.core.numerics import softmax
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.input_checks import check_dot_product_inputs, check_dout
from helpers.layers.attention.soft_look_up import transposed

SCORES_AT_ONCE = 131072  # how many scores are made at once: half a megabyte in float32


@refuse_overflow
def fast_attention(q, k, v, mask=None, scale=None):
    """out = softmax(q kᵀ / √d) v: it takes, returns and raises what `attention` does, but for what is in the cache."""
    q, k, v, mask, scale, leading = _flat_inputs(q, k, v, mask, scale)
    (N, T, _), S = q.shape, k.shape[1]
    out, weights = np.empty((N, T, v.shape[-1]), q.dtype), np.empty((N, T, S), q.dtype)
    to_weights = _plain_softmax if _no_score_is_large(q, k, scale) else _softmax_row_by_row
    for n in blocks(N, T * S, SCORES_AT_ONCE):
        keys = np.multiply(transposed(k[n]), scale, order="C")  # in one piece, for a product up to twice as fast
        scores = np.matmul(q[n], keys, out=weights[n])
        to_weights(scores, None if mask is None else mask[n])
        np.matmul(weights[n], v[n], out=out[n])
    cache = (q, k, v, weights, out, scale, leading)
    return out.reshape(*leading, *out.shape[1:]), weights.reshape(*leading, T, S), cache


@refuse_overflow
def fast_attention_backward(dout, cache):
    """dq, dk and dv: it takes, returns and raises what `attention_backward` does, with a cache of `fast_attention`."""
    q, k, v, weights, out, scale, leading = cache
    check_dout(dout, (*leading, *out.shape[1:]), out.dtype)
    dout = dout.reshape(out.shape)
    dq, dk, dv = np.empty_like(q), np.empty_like(k), np.empty_like(v)
    for n in blocks(len(q), weights[0].size, SCORES_AT_ONCE):
        dscores = _score_gradient(dout[n], v[n], weights[n], out[n])
        np.matmul(dscores, k[n] * scale, out=dq[n])
        np.matmul(transposed(dscores), q[n] * scale, out=dk[n])
        np.matmul(transposed(weights[n]), dout[n], out=dv[n])
    return tuple(grad.reshape(*leading, *grad.shape[1:]) for grad in (dq, dk, dv))


def _score_gradient(dout, v, weights, out):
    """dscores = weights ⊙ (dout vᵀ − Σ dout ⊙ out), in one array."""
    dscores = dout @ transposed(v)
    dscores -= (dout * out).sum(axis=-1, keepdims=True)
    dscores *= weights
    return dscores


def _flat_inputs(q, k, v, mask, scale):
    """Check, and make one axis N of all leading ones."""
    mask = check_dot_product_inputs(q, k, v, mask, scale)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else float(scale)
    flat = [None if array is None else array.reshape(-1, *array.shape[-2:]) for array in (q, k, v, mask)]
    return *flat, scale, q.shape[:-2]


def _no_score_is_large(q, k, scale):
    """|q · k| ≤ ‖q‖ ‖k‖ (Cauchy, Schwarz), known before a score is made; 1 % is left for what rounding adds."""
    with np.errstate(over="ignore", invalid="ignore"):  # what is infinite or NaN is not below the limit either
        longest_q, longest_k = (np.sqrt(_row_sums(np.square(vectors)).max()) for vectors in (q, k))
        return longest_q * longest_k * scale * 1.01 < _limit(q.dtype)


def _limit(dtype):
    """From which score on exp, or a sum of what it makes, may leave the dtype."""
    return np.log(np.finfo(dtype).max) / 2


def _softmax_row_by_row(scores, mask):
    """In place: take the largest score out first where one is large, and `_plain_softmax` for all other rows.

    The two differ in the last bit. Which of them a row gets depends on its own scores alone, and only on those of keys
    that it may see. So other queries and hidden keys do not change a row, not even in the last bit.
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
    total = _row_sums(weights)
    weights *= 1 / np.where(total == 0, 1, total)  # T divisions in place of T · S


def _row_sums(rows):
    """Σ over the last axis, which stays with length 1: BLAS makes it four times as fast as sum."""
    return rows @ np.ones((rows.shape[-1], 1), rows.dtype)
