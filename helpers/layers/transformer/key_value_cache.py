"""A decoder layer one step at a time with a key-value cache: keys and values of earlier steps are kept, not made again.

A step of a causal layer sees only what is before it, so its key and its value stay right when more steps follow. One
more token then costs one step of the layer and attention to what is kept, in place of a pass over the whole text.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.input_checks import checked_mask
from helpers.layers.attention.multi_head import check_heads, join_heads, split_heads
from helpers.layers.attention.scaled_dot_product import attention
from helpers.layers.transformer.feed_forward import feed_forward
from helpers.layers.transformer.residual import residual


class KeyValues(NamedTuple):
    """The keys and values of S steps, split by head."""

    k: np.ndarray  # (..., K, S, d)
    v: np.ndarray  # (..., K, S, d)


class DecoderLayerState(NamedTuple):
    """The key-value cache of one decoder layer: its own steps, one more each time, and those of the memory."""

    own: KeyValues
    memory: KeyValues


@refuse_overflow
def key_values(memory, params, heads):
    """k = memory W_k + b_k and v = memory W_v + b_v, split by head.

    Parameters
    ----------
    memory : ndarray (..., S, D)
        Steps of an encoder, or new steps of the decoder itself.
    params : MultiHeadParams
    heads : int

    Returns
    -------
    KeyValues

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the heads do not divide D.
    """
    check_heads(heads, len(params.W_q))
    check_floats(memory=memory, **params._asdict())
    check_shape("memory", memory, "... S D", D=len(params.W_k))
    k = split_heads(memory @ params.W_k + params.b_k, heads)
    v = split_heads(memory @ params.W_v + params.b_v, heads)
    return KeyValues(k, v)


def _append(kept, new):
    """Add the keys and values of new steps after those that are kept."""
    return KeyValues(*(np.concatenate(pair, axis=-2) for pair in zip(kept, new, strict=True)))


@refuse_overflow
def attend_step(x_t, kept, params, heads, mask=None):
    """`multi_head` for a single query x_t (..., D) over what is kept: out (..., D), and None in place of a cache."""
    mask = checked_mask(mask, (*x_t.shape[:-1], 1, kept.k.shape[-2]))
    mask = None if mask is None else mask[..., None, :, :]  # the same for every head
    q = split_heads(x_t[..., None, :] @ params.W_q + params.b_q, heads)  # (..., K, 1, d)
    each, _, _ = attention(q, kept.k, kept.v, mask)
    out = join_heads(each) @ params.W_o + params.b_o  # (..., 1, D)
    return out[..., 0, :], None


def self_attention_step(x_t, kept, params, heads):
    """Keep the key and value of x_t (..., D), then attend to all that is kept: out (..., D), kept, None."""
    kept = _append(kept, key_values(x_t[..., None, :], params, heads))
    out, _ = attend_step(x_t, kept, params, heads)
    return out, kept, None


def first_decoder_layer_state(memory, params, heads):
    """Return the DecoderLayerState before the first step: the keys and values of the memory are made only once."""
    memory_kept = key_values(memory, params.cross, heads)
    nothing = memory_kept.k[..., :0, :]
    return DecoderLayerState(KeyValues(nothing, nothing), memory_kept)


@refuse_overflow
def decoder_layer_step(x_t, state, params, heads, memory_mask=None, norm_first=False, activation="relu"):
    """Step t of `decoder_layer` with a causal mask.

    Parameters
    ----------
    x_t : ndarray (..., D)
    state : DecoderLayerState
        From the step before, or `first_decoder_layer_state`. It is not changed.
    params : DecoderLayerParams
    heads : int
    memory_mask : ndarray of bool, optional
        Broadcasts to (..., 1, S), such as `padding_mask` of the source.
    norm_first, activation
        See `decoder_layer`.

    Returns
    -------
    y_t : ndarray (..., D)
    state : DecoderLayerState
        With one step more of its own.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the mask is not of bools.
    """
    _check_step(x_t, state.own, heads)
    check_shape("memory.k", state.memory.k, "... K S d", K=heads)
    attend = partial(self_attention_step, kept=state.own, params=params.attention, heads=heads)
    cross = partial(attend_step, kept=state.memory, params=params.cross, heads=heads, mask=memory_mask)
    feed = partial(feed_forward, params=params.feed_forward, activation=activation)
    h_t, own, _ = residual(x_t, attend, params.attention_norm, norm_first)
    c_t, _ = residual(h_t, cross, params.cross_norm, norm_first)
    y_t, _ = residual(c_t, feed, params.feed_forward_norm, norm_first)
    return y_t, state._replace(own=own)


def _check_step(x_t, kept, heads):
    check_floats(x_t=x_t, **kept._asdict())
    *leading, K, _, d = check_shape("k", kept.k, "... K S d", K=heads)
    if x_t.shape != (*leading, K * d):
        raise ValueError(f"x_t has shape {x_t.shape}, expected {(*leading, K * d)}, as what is kept")
