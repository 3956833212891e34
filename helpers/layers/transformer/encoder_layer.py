"""One layer of a Transformer's encoder, forward and backward. With a causal mask it is a layer of GPT."""

from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.multi_head import (
    MultiHeadParams,
    init_multi_head,
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


class EncoderLayerParams(NamedTuple):
    """The weights of the layer, 4 D² + 2 D H + 9 D + H numbers; its gradients have the same type."""

    attention: MultiHeadParams
    attention_norm: NormParams
    feed_forward: FeedForwardParams
    feed_forward_norm: NormParams


def init_encoder_layer(rng, D, H, dtype=np.float64):
    """Draw first parameters: D features, H hidden units between the two linear maps."""
    return EncoderLayerParams(
        init_multi_head(rng, D, dtype=dtype),
        init_norm(D, dtype),
        init_feed_forward(rng, D, H, dtype),
        init_norm(D, dtype),
    )


@refuse_overflow
def encoder_layer(x, params, heads, mask=None, norm_first=False, activation="relu"):
    """h = x + attention(norm(x)), y = h + feed_forward(norm(h)): pre-norm; or post-norm.

    Post-norm is the form of the paper of 2017: h = norm(x + attention(x)) and y = norm(h + feed_forward(h)).

    Parameters
    ----------
    x : ndarray (..., T, D)
        **Batch first**, unlike the recurrent layers.
    params : EncoderLayerParams
    heads : int
        K, which divides D.
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, T); `helpers.layers.attention` builds some. A step that may attend
        to nothing gets zeros from the heads.
    norm_first : bool
        True for pre-norm. The name is torch's, and so is the default, post-norm.
    activation : "relu" or "gelu"

    Returns
    -------
    y : ndarray (..., T, D)
    weights : ndarray (..., K, T, T)
    cache : tuple
        What `encoder_layer_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, an array is empty, the heads do not divide
        D, or the activation is unknown.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", section 3.1, https://arxiv.org/abs/1706.03762
    """
    check_floats(x=x, W_q=params.attention.W_q)
    check_shape("x", x, "... T D", D=len(params.attention.W_q))
    attend = partial(self_attention, params=params.attention, heads=heads, mask=mask)
    feed = partial(feed_forward, params=params.feed_forward, activation=activation)
    h, weights, attention_cache = residual(x, attend, params.attention_norm, norm_first)
    y, feed_cache = residual(h, feed, params.feed_forward_norm, norm_first)
    return y, weights, (attention_cache, feed_cache)


@refuse_overflow
def encoder_layer_backward(dy, cache, params):
    """Back through the feed-forward network, then through the attention, each with its residual connection.

    Parameters
    ----------
    dy : ndarray (..., T, D)
    cache : tuple
        From `encoder_layer`.
    params : EncoderLayerParams

    Returns
    -------
    dx : ndarray (..., T, D)
    grads : EncoderLayerParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    attention_cache, feed_cache = cache
    attention, attention_norm, feed, feed_norm = params
    dh, dfeed, dfeed_norm = residual_backward(dy, feed_cache, feed_forward_backward, feed, feed_norm)
    dx, dattention, dattention_norm = residual_backward(
        dh, attention_cache, self_attention_backward, attention, attention_norm
    )
    return dx, EncoderLayerParams(dattention, dattention_norm, dfeed, dfeed_norm)
