"""The decoder with one context, and with the encoder the whole model: loss under teacher forcing, and gradient."""

import numpy as np

from helpers.core.checks import check_choice, check_shape
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.fast import fast_gru, fast_gru_backward
from helpers.layers.recurrent.gru import zero_gru_state
from helpers.models.seq2seq.encoder import encode_source, encode_source_backward, make_context, make_context_backward
from helpers.models.seq2seq.params import USES, Seq2SeqParams


def decode_target(inputs, c, params, use="first state"):
    """s_t = GRU(e(y_{t-1}), s_{t-1}) with s_0 = c;  or s_t = GRU([e(y_{t-1}), c], s_{t-1}) with s_0 = 0.

    Parameters
    ----------
    inputs : ndarray of int (T, B)
        The target with `<start>` before it: with teacher forcing the decoder reads what is right, not what it said.
    c : ndarray (B, C)
        The context.
    params : Seq2SeqParams
    use : "first state" or "every step"

    Returns
    -------
    logits : ndarray (T, B, V_t)
        s_t W + b, whose softmax is P(y_t | y_1 … y_{t-1}, source).
    cache : tuple

    Raises
    ------
    ValueError
        When the use is unknown, a token is unknown, or shapes do not fit.

    References
    ----------
    Sutskever, Vinyals, Le 2014, https://arxiv.org/abs/1409.3215 (as the first state); Cho et al. 2014,
    https://arxiv.org/abs/1406.1078 (at every step, and there as the first state too).
    """
    check_choice("use", use, USES)
    T, B = check_shape("inputs", inputs, "T B")
    check_shape("c", c, "B C", B=B)
    x, embedding_cache = embedding(inputs, params.target_embedding)
    if use == "first state":
        state = (c,)
    else:
        x = np.concatenate([x, np.broadcast_to(c, (T, *c.shape))], axis=-1)
        state = zero_gru_state(B, params.decoder)
    s, _, gru_cache = fast_gru(x, state, params.decoder)
    logits, output_cache = linear(s, params.output)
    return logits, (use, embedding_cache, gru_cache, output_cache)


def decode_target_backward(dlogits, cache, params):
    """dc = ∂L/∂s_0, what comes out at the far end of time;  or dc = Σ_t of what each step's input asks for.

    Parameters
    ----------
    dlogits : ndarray (T, B, V_t)
    cache : tuple
        From `decode_target`.
    params : Seq2SeqParams

    Returns
    -------
    dc : ndarray (B, C)
    dtarget_embedding : ndarray (V_t, E)
    ddecoder : GRUParams
    doutput : LinearParams
    """
    use, embedding_cache, gru_cache, output_cache = cache
    ds, doutput = linear_backward(dlogits, output_cache, params.output)
    nothing = (np.zeros_like(ds[0]),)  # no one reads the state after the last step
    dx, (ds_0,), ddecoder = fast_gru_backward(ds, nothing, gru_cache, params.decoder)
    E = params.target_embedding.shape[1]
    dc = ds_0 if use == "first state" else dx[..., E:].sum(axis=0)
    return dc, embedding_backward(dx[..., :E], embedding_cache, params.target_embedding), ddecoder, doutput


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
    h, last, encoder_cache = encode_source(batch.source, batch.source_mask, params)
    c, context_cache = make_context(h, last, batch.source_mask, params, context)
    logits, decoder_cache = decode_target(batch.inputs, c, params, use)
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
    dc, dtarget_embedding, ddecoder, doutput = decode_target_backward(dlogits, decoder_cache, params)
    dh, dlast, dcontext = make_context_backward(dc, context_cache, params)
    dsource_embedding, dencoder = encode_source_backward(dh, dlast, encoder_cache, params)
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
