"""Scaled dot-product attention, forward and backward: every query takes a little of every value."""

import math

from helpers.core.numerics import softmax
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.input_checks import check_dot_product_inputs, check_dout
from helpers.layers.attention.soft_look_up import transposed


@refuse_overflow
def attention(q, k, v, mask=None, scale=None):
    """out = softmax(q kᵀ / √d) v, scaled dot-product attention.

    `helpers.layers.attention.fast` has the same function in a faster form.

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
    mask = check_dot_product_inputs(q, k, v, mask, scale)
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else float(scale)
    scores = scale * q @ transposed(k)  # (..., T, S)
    weights = softmax(scores, mask=mask)
    out = weights @ v
    return out, weights, (q, k, v, weights, scale)


@refuse_overflow
def attention_backward(dout, cache):
    """dv and dscores as in `look_up_backward`;  dq = scale · dscores k;  dk = scale · dscoresᵀ q.

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
    q, k, v, weights, scale = cache
    check_dout(dout, (*q.shape[:-1], v.shape[-1]), v.dtype)
    dv = transposed(weights) @ dout
    dweights = dout @ transposed(v)
    dscores = weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))
    dq = scale * dscores @ k
    dk = scale * transposed(dscores) @ q
    return dq, dk, dv
