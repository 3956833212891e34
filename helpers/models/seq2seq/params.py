"""The options of an encoder with a decoder, and the weights of both kinds: with one context, and with attention."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.core.initial_values import scaled_normal
from helpers.layers.attention.additive import AdditiveParams, init_additive
from helpers.layers.attention.multiplicative import MultiplicativeParams, init_multiplicative
from helpers.layers.linear import LinearParams, init_linear
from helpers.layers.recurrent.gru import GRUParams, init_gru
from helpers.layers.recurrent.stack import init_recurrent

# How the context c is made of the encoder's states h_1 … h_S: h_S, tanh(h_S W + b) or tanh(h̄ W + b).
CONTEXTS = ("last", "mapped last", "mapped mean")
# How the decoder gets it: as its first state, or beside the token it reads at every step.
USES = ("first state", "every step")
# How it looks back at the encoder's states, if it does.
ATTENTIONS = (None, "additive", "multiplicative")


def check_options(context, use, attention=None, bidirectional=False):
    """Refuse ways that are unknown, or that do not go together.

    Raises
    ------
    ValueError
    """
    check_choice("context", context, CONTEXTS)
    check_choice("use", use, USES)
    check_choice("attention", attention, ATTENTIONS)
    if attention and (context, use) != ("mapped last", "first state"):
        raise ValueError(
            f"context is {context!r} and use {use!r}, but with attention the decoder begins with a map of the last "
            "state: expected 'mapped last' and 'first state'"
        )
    if bidirectional and use == "first state" and context == "last":
        raise ValueError(
            "context is 'last', but the last states of both directions are twice as wide as the decoder's first state: "
            "expected a context with a map"
        )


class Seq2SeqParams(NamedTuple):
    """The weights of the model with one context; its gradients have the same type."""

    source_embedding: np.ndarray  # (V_s, E)
    encoder: tuple  # of one layer: GRUParams, or two of them in a Bidirectional
    context: LinearParams | tuple  # W (C, H), b (H,); an empty tuple for the context "last", which has no map
    target_embedding: np.ndarray  # (V_t, E)
    decoder: GRUParams
    output: LinearParams  # W (H, V_t)


def init_seq2seq(rng, V_s, V_t, E, H, context="mapped last", use="first state", bidirectional=False, dtype=np.float64):
    """Draw first parameters of the model with one context.

    Parameters
    ----------
    rng : numpy.random.Generator
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    E, H : int
        Dimensions of an embedding; units of the decoder, and of each direction of the encoder.
    context : "last", "mapped last" or "mapped mean"
    use : "first state" or "every step"
    bidirectional : bool
        Let the encoder read the source from both ends.
    dtype : dtype

    Returns
    -------
    Seq2SeqParams

    Raises
    ------
    ValueError
        When an option is unknown, a size is below 1, or a context of 2H numbers would have to be a first state of H.
    """
    check_options(context, use, bidirectional=bidirectional)
    for name, size in (("V_s", V_s), ("V_t", V_t), ("E", E)):
        check_integer(name, size)
    encoder = init_recurrent(rng, E, H, "gru", bidirectional=bidirectional, dtype=dtype)
    width = 2 * H if bidirectional else H  # of the encoder's states
    C = width if context == "last" else H
    return Seq2SeqParams(
        source_embedding=scaled_normal(rng, (V_s, E), np.sqrt(V_s), dtype),  # N(0, 1), as torch draws them
        encoder=encoder,
        context=() if context == "last" else init_linear(rng, width, H, dtype),
        target_embedding=scaled_normal(rng, (V_t, E), np.sqrt(V_t), dtype),
        decoder=init_gru(rng, E + C if use == "every step" else E, H, dtype),
        output=init_linear(rng, H, V_t, dtype),
    )


class AttentiveParams(NamedTuple):
    """The weights of the model with attention; its gradients have the same type."""

    source_embedding: np.ndarray  # (V_s, E)
    encoder: tuple  # of one layer: GRUParams, or two of them in a Bidirectional
    context: LinearParams  # W (C, H), b (H,): makes the first state of the decoder from the last of the encoder
    target_embedding: np.ndarray  # (V_t, E)
    attention: AdditiveParams | MultiplicativeParams
    decoder: GRUParams
    join: LinearParams | tuple  # W (H + C, H), b (H,); an empty tuple where attention is additive
    output: LinearParams  # W (H, V_t)


def init_attentive(rng, V_s, V_t, E, H, attention="additive", bidirectional=True, dtype=np.float64):
    """Draw first parameters of the model with attention.

    Parameters
    ----------
    rng : numpy.random.Generator
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    E, H : int
        Dimensions of an embedding; units of the decoder, of each direction of the encoder, and of additive scores.
    attention : "additive" or "multiplicative"
    bidirectional : bool
        Let the encoder read the source from both ends, so that a state knows what stands on either side of its token.
    dtype : dtype

    Returns
    -------
    AttentiveParams

    Raises
    ------
    ValueError
        When the attention is unknown, or a size is below 1.
    """
    check_choice("attention", attention, ATTENTIONS[1:])
    for name, size in (("V_s", V_s), ("V_t", V_t), ("E", E)):
        check_integer(name, size)
    additive, C = attention == "additive", 2 * H if bidirectional else H
    return AttentiveParams(
        source_embedding=scaled_normal(rng, (V_s, E), np.sqrt(V_s), dtype),  # N(0, 1), as torch draws them
        encoder=init_recurrent(rng, E, H, "gru", bidirectional=bidirectional, dtype=dtype),
        context=init_linear(rng, C, H, dtype),
        target_embedding=scaled_normal(rng, (V_t, E), np.sqrt(V_t), dtype),
        attention=init_additive(rng, H, C, H, dtype) if additive else init_multiplicative(rng, H, C, dtype),
        decoder=init_gru(rng, E + C if additive else E, H, dtype),
        join=() if additive else init_linear(rng, H + C, H, dtype),
        output=init_linear(rng, H, V_t, dtype),
    )
