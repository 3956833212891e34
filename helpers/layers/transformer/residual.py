"""The residual connection around a sublayer, forward and backward, with the norm before it or after it."""

from helpers.core.overflow import refuse_overflow
from helpers.layers.transformer.norms import layer_norm, layer_norm_backward


@refuse_overflow
def residual(x, sublayer, norm, norm_first):
    """y = x + sublayer(norm(x)), pre-norm, or y = norm(x + sublayer(x)), post-norm.

    With pre-norm, x goes on untouched from the first layer to the last, and so does its gradient on the way back. With
    post-norm, the form of the paper of 2017, every sum is normalised. Both have one norm for each sublayer.

    Parameters
    ----------
    x : ndarray (..., D)
    sublayer : callable
        sublayer(x) -> out (..., D), whatever else it returns, cache.
    norm : NormParams
    norm_first : bool
        True for pre-norm.

    Returns
    -------
    y : ndarray (..., D)
    *others
        What else the sublayer returns, such as the weights of attention.
    cache : tuple
        What `residual_backward` needs.

    References
    ----------
    He et al. 2015, "Deep Residual Learning for Image Recognition", https://arxiv.org/abs/1512.03385
    Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture", https://arxiv.org/abs/2002.04745
    """
    if norm_first:
        normed, norm_cache = layer_norm(x, norm)
        out, *others, sublayer_cache = sublayer(normed)
        y = x + out
    else:
        out, *others, sublayer_cache = sublayer(x)
        y, norm_cache = layer_norm(x + out, norm)
    return y, *others, (norm_first, norm_cache, sublayer_cache)


@refuse_overflow
def residual_backward(dy, cache, sublayer_backward, params, norm):
    """dx is a sum: what comes back along the residual connection, and what comes back through the sublayer.

    Parameters
    ----------
    dy : ndarray (..., D)
    cache : tuple
        From `residual`.
    sublayer_backward : callable
        sublayer_backward(dout, cache, params) -> dx, whatever else it returns, grads.
    params : NamedTuple
        Those of the sublayer.
    norm : NormParams

    Returns
    -------
    dx : ndarray (..., D)
    *others
        What else `sublayer_backward` returns, such as the gradient of the memory.
    grads : the type of params
    dnorm : NormParams
    """
    norm_first, norm_cache, sublayer_cache = cache
    if norm_first:
        dnormed, *others, grads = sublayer_backward(dy, sublayer_cache, params)
        dthrough, dnorm = layer_norm_backward(dnormed, norm_cache, norm)
        dx = dy + dthrough
    else:
        dsum, dnorm = layer_norm_backward(dy, norm_cache, norm)
        dthrough, *others, grads = sublayer_backward(dsum, sublayer_cache, params)
        dx = dsum + dthrough
    return dx, *others, grads, dnorm
