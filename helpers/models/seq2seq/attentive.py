"""Encoder, attention and decoder as one: the loss of a batch under teacher forcing, and its gradient."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.core.initial_values import scaled_normal
from helpers.layers.attention.additive import AdditiveParams, init_additive
from helpers.layers.attention.multiplicative import MultiplicativeParams, init_multiplicative
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.gru import GRUParams, init_gru
from helpers.layers.recurrent.stack import init_recurrent
from helpers.models.seq2seq.attention_decoders import (
    additive_decode,
    additive_decode_backward,
    multiplicative_decode,
    multiplicative_decode_backward,
)
from helpers.models.seq2seq.encoder import encode_source, encode_source_backward, make_context, make_context_backward
from helpers.models.seq2seq.params import ATTENTIONS


class AttentiveParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    source_embedding: np.ndarray  # (V_s, E)
    encoder: tuple  # of one layer: GRUParams, or two of them in a Bidirectional
    context: LinearParams  # W (C, H), b (H,): makes the first state of the decoder from the last of the encoder
    target_embedding: np.ndarray  # (V_t, E)
    attention: AdditiveParams | MultiplicativeParams
    decoder: GRUParams
    join: LinearParams | tuple  # W (H + C, H), b (H,); an empty tuple where attention is additive
    output: LinearParams  # W (H, V_t)


def init_attentive(rng, V_s, V_t, E, H, attention="additive", bidirectional=True, dtype=np.float64):
    """Draw first parameters.

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


def attentive(batch, params):
    """Encode, then decode with a look back at every step.

    Parameters
    ----------
    batch : PairBatch
        Its targets are not looked at.
    params : AttentiveParams

    Returns
    -------
    logits : ndarray (T, B, V_t)
    weights : ndarray (B, T, S)
        How much of each source token is read for each target token; 0 in the padding of the source.
    cache : tuple

    Raises
    ------
    ValueError
        When a token is unknown, shapes do not fit, or padding does not stand at the end.
    """
    h, last, encoder_cache = encode_source(batch.source, batch.source_mask, params)
    s_0, context_cache = make_context(h, last, batch.source_mask, params, "mapped last")
    x, embedding_cache = embedding(batch.inputs, params.target_embedding)
    values, mask = h.swapaxes(0, 1), batch.source_mask.T  # batch first, as attention has them
    if isinstance(params.attention, AdditiveParams):
        s, weights, decoder_cache = additive_decode(x, s_0, values, mask, params)
    else:
        s, _, weights, decoder_cache = multiplicative_decode(x, s_0, values, mask, params)
    logits, output_cache = linear(s, params.output)
    return logits, weights, (encoder_cache, context_cache, embedding_cache, decoder_cache, output_cache)


def attentive_backward(dlogits, cache, params):
    """The same way back; each state of the encoder gets a gradient straight from every step that looked at it.

    Parameters
    ----------
    dlogits : ndarray (T, B, V_t)
    cache : tuple
        From `attentive`.
    params : AttentiveParams

    Returns
    -------
    AttentiveParams
        The gradients.
    """
    encoder_cache, context_cache, embedding_cache, decoder_cache, output_cache = cache
    ds, doutput = linear_backward(dlogits, output_cache, params.output)
    if isinstance(params.attention, AdditiveParams):
        dx, ds_0, dvalues, (dattention, ddecoder) = additive_decode_backward(ds, decoder_cache, params)
        djoin = ()
    else:
        dx, ds_0, dvalues, (dattention, ddecoder, djoin) = multiplicative_decode_backward(ds, decoder_cache, params)
    dh, dlast, dcontext = make_context_backward(ds_0, context_cache, params)
    dsource_embedding, dencoder = encode_source_backward(dh + dvalues.swapaxes(0, 1), dlast, encoder_cache, params)
    dtarget_embedding = embedding_backward(dx, embedding_cache, params.target_embedding)
    return AttentiveParams(
        dsource_embedding, dencoder, dcontext, dtarget_embedding, dattention, ddecoder, djoin, doutput
    )


def attentive_loss(params, batch):
    """L = mean of −log P(y_t | y_1 … y_{t-1}, source) over the tokens of all targets, `<end>` included.

    Parameters
    ----------
    params : AttentiveParams
    batch : PairBatch

    Returns
    -------
    loss : float
        Nats for each target token; padding does not count.
    grads : AttentiveParams

    Raises
    ------
    ValueError
        When a token is unknown, shapes do not fit, or padding does not stand at the end.
    """
    logits, _, cache = attentive(batch, params)
    loss, loss_cache = cross_entropy(logits, batch.targets, batch.target_mask)
    return loss, attentive_backward(cross_entropy_backward(loss_cache), cache, params)
