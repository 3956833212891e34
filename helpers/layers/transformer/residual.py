"""What the layers of a Transformer share: a part with a way around it, a norm before or after, and self-attention."""

from helpers.layers.attention.multi_head import multi_head, multi_head_backward
from helpers.layers.transformer.norms import layer_norm, layer_norm_backward


def residual(x, part, norm, norm_first):
    """y = x + part(norm(x)) if the norm comes first, else y = norm(x + part(x)).

    In the first form x goes on untouched, and so does its gradient, from the last layer to the first. In the second,
    that of the paper of 2017, all that goes on is normalised. Both have one norm for each part.

    Parameters
    ----------
    x : ndarray (..., D)
    part : callable
        part(x) -> out (..., D), whatever else it tells, cache.
    norm : NormParams
    norm_first : bool

    Returns
    -------
    y : ndarray (..., D)
    *others
        What else `part` tells, such as the weights of attention.
    cache : tuple
        What `residual_backward` needs.

    References
    ----------
    He et al. 2015, "Deep Residual Learning for Image Recognition", https://arxiv.org/abs/1512.03385 (the way around).
    Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture", https://arxiv.org/abs/2002.04745
    """
    if norm_first:
        normed, norm_cache = layer_norm(x, norm)
        out, *others, part_cache = part(normed)
        y = x + out
    else:
        out, *others, part_cache = part(x)
        y, norm_cache = layer_norm(x + out, norm)
    return y, *others, (norm_first, norm_cache, part_cache)


def residual_backward(dy, cache, part_backward, params, norm):
    """dx is the sum of what comes through the part and of what comes around it.

    Parameters
    ----------
    dy : ndarray (..., D)
    cache : tuple
        From `residual`.
    part_backward : callable
        part_backward(dout, cache, params) -> dx, whatever else it finds, grads.
    params : NamedTuple
        Those of the part.
    norm : NormParams

    Returns
    -------
    dx : ndarray (..., D)
    *others
        What else `part_backward` finds, such as the gradient of the memory.
    grads : the type of params
    dnorm : NormParams
    """
    norm_first, norm_cache, part_cache = cache
    if norm_first:
        dnormed, *others, grads = part_backward(dy, part_cache, params)
        dpart, dnorm = layer_norm_backward(dnormed, norm_cache, norm)
        return dy + dpart, *others, grads, dnorm
    dsum, dnorm = layer_norm_backward(dy, norm_cache, norm)
    dpart, *others, grads = part_backward(dsum, part_cache, params)
    return dsum + dpart, *others, grads, dnorm


def self_attention(x, params, heads, mask=None):
    """`multi_head` of x over itself: out (..., T, D), weights (..., K, T, T) and a cache."""
    return multi_head(x, x, params, heads, mask)


def self_attention_backward(dout, cache, params):
    """dx = dqueries + dmemory, as x was both: dx (..., T, D) and grads."""
    dqueries, dmemory, grads = multi_head_backward(dout, cache, params)
    return dqueries + dmemory, grads
