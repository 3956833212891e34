"""Encoder and decoder as one: the loss of a batch under teacher forcing, and its gradient all the way to the source."""

from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.models.seq2seq.decoder import decode, decode_backward
from helpers.models.seq2seq.encoder import encode, encode_backward, make_context, make_context_backward
from helpers.models.seq2seq.params import Seq2SeqParams


def seq2seq(batch, params, context="mapped last", use="first state"):
    """P(y_t | y_1 … y_{t-1}, source) at every step, as logits: encode, make the context, decode.

    Parameters
    ----------
    batch : PairBatch
        Its targets are not looked at.
    params : Seq2SeqParams
    context : "last", "mapped last" or "mapped mean"
    use : "first state" or "every step"

    Returns
    -------
    logits : ndarray (T, B, V_t)
    cache : tuple

    Raises
    ------
    ValueError
        When an option or a token is unknown, shapes do not fit, or padding does not stand at the end.
    """
    h, last, encoder_cache = encode(batch.source, batch.source_mask, params)
    c, context_cache = make_context(h, last, batch.source_mask, params, context)
    logits, decoder_cache = decode(batch.inputs, c, params, use)
    return logits, (encoder_cache, context_cache, decoder_cache)


def seq2seq_backward(dlogits, cache, params):
    """Through the decoder to the context, through the context to the encoder: the same way back.

    Parameters
    ----------
    dlogits : ndarray (T, B, V_t)
    cache : tuple
        From `seq2seq`.
    params : Seq2SeqParams

    Returns
    -------
    Seq2SeqParams
        The gradients.
    """
    encoder_cache, context_cache, decoder_cache = cache
    dc, dtarget_embedding, ddecoder, doutput = decode_backward(dlogits, decoder_cache, params)
    dh, dlast, dcontext = make_context_backward(dc, context_cache, params)
    dsource_embedding, dencoder = encode_backward(dh, dlast, encoder_cache, params)
    return Seq2SeqParams(dsource_embedding, dencoder, dcontext, dtarget_embedding, ddecoder, doutput)


def seq2seq_loss(params, batch, context="mapped last", use="first state"):
    """L = mean of −log P(y_t | y_1 … y_{t-1}, source) over the tokens of all targets, `<end>` included.

    Parameters
    ----------
    params : Seq2SeqParams
    batch : PairBatch
    context : "last", "mapped last" or "mapped mean"
    use : "first state" or "every step"

    Returns
    -------
    loss : float
        Nats for each target token; padding does not count.
    grads : Seq2SeqParams

    Raises
    ------
    ValueError
        When an option or a token is unknown, shapes do not fit, or padding does not stand at the end.
    """
    logits, cache = seq2seq(batch, params, context, use)
    loss, loss_cache = cross_entropy(logits, batch.targets, batch.target_mask)
    return loss, seq2seq_backward(cross_entropy_backward(loss_cache), cache, params)
