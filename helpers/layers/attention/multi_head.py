"""Multi-head attention, forward and backward, and self-attention: each head attends in a small space of its own."""

from typing import NamedTuple

import numpy as np

from helpers.core.blocks import flat
from helpers.core.checks import check_finite, check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.fast import fast_attention, fast_attention_backward
from helpers.layers.attention.input_checks import check_dout, check_part, checked_mask


class MultiHeadParams(NamedTuple):
    """The weights of the layer; its gradients have the same type."""

    W_q: np.ndarray  # (D, D): the columns of head k are k · D / K up to (k + 1) · D / K, here and for keys and values
    W_k: np.ndarray  # (D_m, D)
    W_v: np.ndarray  # (D_m, D)
    W_o: np.ndarray  # (D, D)
    b_q: np.ndarray  # (D,)
    b_k: np.ndarray  # (D,)
    b_v: np.ndarray  # (D,)
    b_o: np.ndarray  # (D,)


def init_multi_head(rng, D, D_m=None, dtype=np.float64):
    """W ~ N(0, 1 / fan_in), b = 0, for queries of size D and a memory of size D_m (D unless it is given)."""
    D_m = D if D_m is None else D_m
    D, D_m = check_integer("D", D), check_integer("D_m", D_m)
    weights = [scaled_normal(rng, (fan_in, D), dtype=dtype) for fan_in in (D, D_m, D_m, D)]
    return MultiHeadParams(*weights, *(np.zeros(D, dtype) for _ in range(4)))


@refuse_overflow
def multi_head(queries, memory, params, heads, mask=None):
    """out = [head_1, …, head_K] W_o + b_o, where each head is attention over its own columns of q, k and v.

    q = queries W_q + b_q, k = memory W_k + b_k and v = memory W_v + b_v. Unlike the recurrent layers, **the batch
    comes first**: all that is before the last two axes is free. Time-first arrays are turned by ``x.swapaxes(0, 1)``.

    Parameters
    ----------
    queries : ndarray (..., T, D)
        Who asks, such as the steps of a decoder.
    memory : ndarray (..., S, D_m)
        Who is asked, such as the steps of an encoder. In self-attention it is the same array as `queries`.
    params : MultiHeadParams
    heads : int
        K, which divides D.
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S), and all heads have the same.

    Returns
    -------
    out : ndarray (..., T, D)
    weights : ndarray (..., K, T, S)
        Those of every head. A query that may attend to nothing has weights of 0, and b_o as out.
    cache : tuple
        What `multi_head_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, an array is empty, or the heads do not
        divide D.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", section 3.2.2, https://arxiv.org/abs/1706.03762
    """
    mask = _check_inputs(queries, memory, params, heads, mask)
    q = split_heads(queries @ params.W_q + params.b_q, heads)  # (..., K, T, D / K)
    k = split_heads(memory @ params.W_k + params.b_k, heads)  # (..., K, S, D / K)
    v = split_heads(memory @ params.W_v + params.b_v, heads)
    each, weights, attention_cache = fast_attention(q, k, v, mask)  # `attention` of every head, but faster
    joined = join_heads(each)  # (..., T, D)
    out = joined @ params.W_o + params.b_o
    return out, weights, (queries, memory, attention_cache, joined, heads)


@refuse_overflow
def multi_head_backward(dout, cache, params):
    """Back through W_o, the heads, and q, k and v, with dx = dy Wᵀ, dW = xᵀ dy and db = Σ dy for each matrix.

    Parameters
    ----------
    dout : ndarray (..., T, D)
    cache : tuple
        From `multi_head`.
    params : MultiHeadParams

    Returns
    -------
    dqueries : ndarray (..., T, D)
    dmemory : ndarray (..., S, D_m)
        The sum of what comes back through keys and values. **In self-attention the caller adds the two gradients**,
        ``dx = dqueries + dmemory``, as the layer was given one array twice.
    grads : MultiHeadParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    queries, memory, attention_cache, joined, heads = cache
    check_dout(dout, joined.shape, joined.dtype)
    djoined = dout @ params.W_o.T
    deach = split_heads(djoined, heads)
    dq, dk, dv = (join_heads(grad) for grad in fast_attention_backward(deach, attention_cache))
    dqueries = dq @ params.W_q.T
    dmemory = dk @ params.W_k.T + dv @ params.W_v.T
    grads = MultiHeadParams(
        W_q=flat(queries).T @ flat(dq),
        W_k=flat(memory).T @ flat(dk),
        W_v=flat(memory).T @ flat(dv),
        W_o=flat(joined).T @ flat(dout),
        b_q=flat(dq).sum(axis=0),
        b_k=flat(dk).sum(axis=0),
        b_v=flat(dv).sum(axis=0),
        b_o=flat(dout).sum(axis=0),
    )
    return dqueries, dmemory, grads


def self_attention(x, params, heads, mask=None):
    """`multi_head` where x asks and x is asked: out (..., T, D), weights (..., K, T, T) and a cache."""
    return multi_head(x, x, params, heads, mask)


@refuse_overflow
def self_attention_backward(dout, cache, params):
    """dx = dqueries + dmemory, as x was both: dx (..., T, D) and grads."""
    dqueries, dmemory, grads = multi_head_backward(dout, cache, params)
    return dqueries + dmemory, grads


def check_heads(heads, D):
    """Refuse a number of heads that does not divide D; return it as an int.

    Raises
    ------
    ValueError
    """
    heads = check_integer("heads", heads)
    if D % heads:
        raise ValueError(f"heads is {heads}, expected a number that divides D = {D}")
    return heads


def split_heads(x, heads):
    """(..., T, D) → (..., K, T, D / K): every head gets the next D / K columns."""
    return x.reshape(*x.shape[:-1], heads, -1).swapaxes(-2, -3)


def join_heads(x):
    """(..., K, T, D / K) → (..., T, D): `split_heads` undone."""
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], -1)


def check_multi_head_params(params, heads):
    """Refuse weights that do not fit each other or are not finite, and heads that do not divide D; return the heads.

    Raises
    ------
    ValueError
    """
    check_floats(**params._asdict())
    _check_shapes(params)
    for name, array in params._asdict().items():
        check_finite(name, array)
    return check_heads(heads, len(params.W_q))


def _check_shapes(params):
    _, D = check_shape("W_q", params.W_q, "D D")
    check_shape("W_q", params.W_q, "D D", D=D)
    D_m, _ = check_shape("W_k", params.W_k, "D_m D", D=D)
    check_shape("W_v", params.W_v, "D_m D", D_m=D_m, D=D)
    check_shape("W_o", params.W_o, "D D", D=D)
    for name in params._fields[4:]:
        check_shape(name, getattr(params, name), "D", D=D)
    return D_m, D


def _check_inputs(queries, memory, params, heads, mask):
    check_floats(queries=queries, memory=memory, **params._asdict())
    D_m, D = _check_shapes(params)
    check_heads(heads, D)
    *leading, T, _ = check_shape("queries", queries, "... T D", D=D)
    check_part("queries", queries, leading, "T D")
    S = check_part("memory", memory, leading, "S D_m", D_m=D_m)[-2]
    mask = checked_mask(mask, (*leading, T, S))
    return None if mask is None else mask[..., None, :, :]  # the same for every head
