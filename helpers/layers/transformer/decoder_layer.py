"""One layer of a Transformer's decoder, forward and backward: it attends to itself, then to the encoder's output."""

from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.multi_head import (
    MultiHeadParams,
    init_multi_head,
    multi_head,
    multi_head_backward,
    self_attention,
    self_attention_backward,
)
from helpers.layers.transformer.feed_forward import (
    FeedForwardParams,
    feed_forward,
    feed_forward_backward,
    init_feed_forward,
)
from helpers.layers.transformer.norms import NormParams, init_norm
from helpers.layers.transformer.residual import residual, residual_backward


class DecoderLayerParams(NamedTuple):
    """The weights of the layer, 8 D² + 2 D H + 15 D + H numbers; its gradients have the same type."""

    attention: MultiHeadParams
    attention_norm: NormParams
    cross: MultiHeadParams
    cross_norm: NormParams
    feed_forward: FeedForwardParams
    feed_forward_norm: NormParams


def init_decoder_layer(rng, D, H, dtype=np.float64):
    """Draw first parameters: D features, H hidden units between the two linear maps."""
    return DecoderLayerParams(
        init_multi_head(rng, D, dtype=dtype),
        init_norm(D, dtype),
        init_multi_head(rng, D, dtype=dtype),
        init_norm(D, dtype),
        init_feed_forward(rng, D, H, dtype),
        init_norm(D, dtype),
    )


@refuse_overflow
def decoder_layer(x, memory, params, heads, mask, memory_mask=None, norm_first=False, activation="relu"):
    """h = x + attention(norm(x)), c = h + cross(norm(h), memory), y = c + feed_forward(norm(c)).

    This is pre-norm; post-norm has each norm after its sum, see `encoder_layer`. In the cross-attention the queries are
    the decoder's, the keys and values are the encoder's.

    Parameters
    ----------
    x : ndarray (..., T, D)
        **Batch first**, unlike the recurrent layers.
    memory : ndarray (..., S, D)
        The encoder's output. No norm of this layer touches it.
    params : DecoderLayerParams
    heads : int
        K, which divides D.
    mask : ndarray of bool, or None
        Who may attend to whom in x; broadcasts to (..., T, T). It is `causal_mask` or `causal_padding_mask`. It has no
        default, because with None every step sees those that follow it.
    memory_mask : ndarray of bool, optional
        Broadcasts to (..., T, S), such as `padding_mask` of the source.
    norm_first : bool
    activation : "relu" or "gelu"

    Returns
    -------
    y : ndarray (..., T, D)
    weights : tuple of two ndarrays, (..., K, T, T) and (..., K, T, S)
        Of the self-attention, and of the cross-attention.
    cache : tuple
        What `decoder_layer_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, a mask is not of bools, an array is empty, the heads do not divide
        D, or the activation is unknown.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", section 3.1, https://arxiv.org/abs/1706.03762
    """
    check_floats(x=x, memory=memory, W_q=params.attention.W_q)
    check_shape("x", x, "... T D", D=len(params.attention.W_q))
    attend = partial(self_attention, params=params.attention, heads=heads, mask=mask)
    cross = partial(multi_head, memory=memory, params=params.cross, heads=heads, mask=memory_mask)
    feed = partial(feed_forward, params=params.feed_forward, activation=activation)
    h, weights, attention_cache = residual(x, attend, params.attention_norm, norm_first)
    c, cross_weights, cross_cache = residual(h, cross, params.cross_norm, norm_first)
    y, feed_cache = residual(c, feed, params.feed_forward_norm, norm_first)
    return y, (weights, cross_weights), (attention_cache, cross_cache, feed_cache)


@refuse_overflow
def decoder_layer_backward(dy, cache, params):
    """Back through the three sublayers in turn; the cross-attention sends a gradient to the memory too.

    Parameters
    ----------
    dy : ndarray (..., T, D)
    cache : tuple
        From `decoder_layer`.
    params : DecoderLayerParams

    Returns
    -------
    dx : ndarray (..., T, D)
    dmemory : ndarray (..., S, D)
        The encoder gets the sum of those of all layers.
    grads : DecoderLayerParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    attention_cache, cross_cache, feed_cache = cache
    attention, attention_norm, cross, cross_norm, feed, feed_norm = params
    dc, dfeed, dfeed_norm = residual_backward(dy, feed_cache, feed_forward_backward, feed, feed_norm)
    dh, dmemory, dcross, dcross_norm = residual_backward(dc, cross_cache, multi_head_backward, cross, cross_norm)
    dx, dattention, dattention_norm = residual_backward(
        dh, attention_cache, self_attention_backward, attention, attention_norm
    )
    grads = DecoderLayerParams(dattention, dattention_norm, dcross, dcross_norm, dfeed, dfeed_norm)
    return dx, dmemory, grads
