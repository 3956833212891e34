"""Attention with several heads, forward and backward: each head looks up in a small space of its own."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.layers.attention.scaled_dot_product import attention, attention_backward
from helpers.layers.attention.soft_look_up import check_dout, check_part, checked_mask
from helpers.layers.linear import LinearParams, linear, linear_backward


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
    check_integer("D", D)
    check_integer("D_m", D_m)
    weights = [scaled_normal(rng, (fan_in, D), dtype=dtype) for fan_in in (D, D_m, D_m, D)]
    return MultiHeadParams(*weights, *(np.zeros(D, dtype) for _ in range(4)))


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
    q, k, v, output = projections(params)
    projected, caches = zip(linear(queries, q), linear(memory, k), linear(memory, v), strict=True)
    out, weights, attention_cache = attention(*(split_heads(x, heads) for x in projected), mask)
    joined = join_heads(out)
    out, output_cache = linear(joined, output)
    return out, weights, (*caches, attention_cache, output_cache, heads)


def multi_head_backward(dout, cache, params):
    """Back through the same steps in turn: W_o, the heads, and the three projections.

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
    *caches, attention_cache, output_cache, heads = cache
    (joined,) = output_cache
    check_dout(dout, joined.shape, joined.dtype)
    q, k, v, output = projections(params)
    djoined, doutput = linear_backward(dout, output_cache, output)
    dprojected = [join_heads(grad) for grad in attention_backward(split_heads(djoined, heads), attention_cache)]
    (dqueries, dq), (dkeys, dk), (dvalues, dv) = map(linear_backward, dprojected, caches, (q, k, v))
    weights, biases = zip(dq, dk, dv, doutput, strict=True)
    return dqueries, dkeys + dvalues, MultiHeadParams(*weights, *biases)


def check_heads(heads, D):
    """Refuse a number of heads that does not divide D.

    Raises
    ------
    ValueError
    """
    check_integer("heads", heads)
    if D % heads:
        raise ValueError(f"heads is {heads}, expected a number that divides D = {D}")


def projections(params):
    """The four linear layers, in the order q, k, v, o."""
    return tuple(map(LinearParams, params[:4], params[4:]))


def split_heads(x, heads):
    """(..., T, D) → (..., K, T, D / K): every head gets the next D / K columns."""
    return x.reshape(*x.shape[:-1], heads, -1).swapaxes(-2, -3)


def join_heads(x):
    """(..., K, T, D / K) → (..., T, D): `split_heads` undone."""
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], -1)


def _check_inputs(queries, memory, params, heads, mask):
    check_floats(queries=queries, memory=memory, **params._asdict())
    D, _ = check_shape("W_q", params.W_q, "D D", D=len(params.W_q))
    D_m, _ = check_shape("W_k", params.W_k, "D_m D", D=D)
    check_shape("W_v", params.W_v, "D_m D", D_m=D_m, D=D)
    check_shape("W_o", params.W_o, "D D", D=D)
    for name in params._fields[4:]:
        check_shape(name, getattr(params, name), "D", D=D)
    check_heads(heads, D)
    *leading, T, _ = check_shape("queries", queries, "... T D", D=D)
    check_part("queries", queries, leading, "T D")
    S = check_part("memory", memory, leading, "S D_m", D_m=D_m)[-2]
    mask = checked_mask(mask, (*leading, T, S))
    return None if mask is None else mask[..., None, :, :]  # the same for every head
