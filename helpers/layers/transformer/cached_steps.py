"""Transformer layers one step at a time: the keys and values of the steps before are kept, not made again.

A step of a causal layer sees only what is before it, so what it has made for one step stays right for ever. To write
one more token costs a step of the layer, and attention to what is kept, in place of a pass over the whole text.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.layers.attention.multi_head import check_heads, join_heads, projections, split_heads
from helpers.layers.attention.scaled_dot_product import attention
from helpers.layers.attention.soft_look_up import checked_mask
from helpers.layers.linear import linear
from helpers.layers.transformer.feed_forward import feed_forward
from helpers.layers.transformer.residual import residual


class KeyValues(NamedTuple):
    """What can be attended to, split by head: S steps so far."""

    k: np.ndarray  # (..., K, S, d)
    v: np.ndarray  # (..., K, S, d)


class DecoderLayerState(NamedTuple):
    """What one decoder layer keeps: its own steps, one more each time, and those of the memory, always the same."""

    own: KeyValues
    memory: KeyValues


def key_values(memory, params, heads):
    """k = memory W_k + b_k and v = memory W_v + b_v, split by head.

    Parameters
    ----------
    memory : ndarray (..., S, D)
        Steps of an encoder, or new steps of one's own.
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
    _, key, value, _ = projections(params)
    check_shape("memory", memory, "... S D", D=len(params.W_k))
    return KeyValues(*(split_heads(linear(memory, layer)[0], heads) for layer in (key, value)))


def append(kept, new):
    """Add the keys and values of new steps after those that are kept."""
    return KeyValues(*(np.concatenate(pair, axis=-2) for pair in zip(kept, new, strict=True)))


def attend_step(x_t, kept, params, heads, mask=None):
    """`multi_head` for a single query x_t (..., D) over what is kept: out (..., D), and nothing to go back with."""
    query, _, _, output = projections(params)
    q = split_heads(linear(x_t[..., None, :], query)[0], heads)  # (..., K, 1, d)
    mask = checked_mask(mask, (*x_t.shape[:-1], 1, kept.k.shape[-2]))
    out, _, _ = attention(q, *kept, None if mask is None else mask[..., None, :, :])  # the same for every head
    return linear(join_heads(out), output)[0][..., 0, :], None


def self_attention_step(x_t, kept, params, heads):
    """Keep the key and value of x_t (..., D), then attend to all that is kept: out (..., D), kept, None."""
    kept = append(kept, key_values(x_t[..., None, :], params, heads))
    return attend_step(x_t, kept, params, heads)[0], kept, None


def first_encoder_layer_state(leading, params, heads):
    """Return the KeyValues of `leading` sequences, such as (B,), that have not begun."""
    W_q = params.attention.W_q
    check_heads(heads, len(W_q))
    nothing = np.zeros((*leading, heads, 0, len(W_q) // heads), W_q.dtype)
    return KeyValues(nothing, nothing)


def encoder_layer_step(x_t, kept, params, heads, norm_first=False, activation="relu"):
    """Step t of `encoder_layer` with a causal mask, which is a layer of GPT.

    Parameters
    ----------
    x_t : ndarray (..., D)
    kept : KeyValues
        From the step before, or `first_encoder_layer_state`. It is not changed.
    params : EncoderLayerParams
    heads, norm_first, activation
        See `encoder_layer`.

    Returns
    -------
    y_t : ndarray (..., D)
    kept : KeyValues
        With one step more.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    _check_step(x_t, kept, heads)
    attend = partial(self_attention_step, kept=kept, params=params.attention, heads=heads)
    feed = partial(feed_forward, params=params.feed_forward, activation=activation)
    h_t, kept, _ = residual(x_t, attend, params.attention_norm, norm_first)
    y_t, _ = residual(h_t, feed, params.feed_forward_norm, norm_first)
    return y_t, kept


def first_decoder_layer_state(memory, params, heads):
    """Return the DecoderLayerState before the first step: the memory's keys and values are made once and for all."""
    own = first_encoder_layer_state(np.shape(memory)[:-2], params, heads)
    return DecoderLayerState(own, key_values(memory, params.cross, heads))


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
    attend = partial(self_attention_step, kept=state.own, params=params.attention, heads=heads)
    ask = partial(attend_step, kept=state.memory, params=params.cross, heads=heads, mask=memory_mask)
    feed = partial(feed_forward, params=params.feed_forward, activation=activation)
    h_t, own, _ = residual(x_t, attend, params.attention_norm, norm_first)
    c_t, _ = residual(h_t, ask, params.cross_norm, norm_first)
    y_t, _ = residual(c_t, feed, params.feed_forward_norm, norm_first)
    return y_t, state._replace(own=own)


def _check_step(x_t, kept, heads):
    check_floats(x_t=x_t, **kept._asdict())
    *leading, K, _, d = check_shape("k", kept.k, "... K S d", K=heads)
    if x_t.shape != (*leading, K * d):
        raise ValueError(f"x_t has shape {x_t.shape}, expected {(*leading, K * d)}, as what is kept")
