"""The decoders that look back at the source at every step, and with the encoder the whole model: loss and gradient."""

import numpy as np

from helpers.core.checks import as_array, check_floats, check_shape
from helpers.core.params import add, zeros_like
from helpers.layers.attention.additive import (
    AdditiveParams,
    additive_keys,
    additive_keys_backward,
    additive_scores,
    additive_scores_backward,
)
from helpers.layers.attention.multiplicative import multiplicative_attention, multiplicative_attention_backward
from helpers.layers.attention.soft_look_up import look_up, look_up_backward
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.fast import fast_gru, fast_gru_backward
from helpers.models.seq2seq.encoder import encode_source, encode_source_backward, make_context, make_context_backward
from helpers.models.seq2seq.params import AttentiveParams


def additive_step(x_t, s, keys, values, mask, params):
    """c_t = look-up with the query s_{t-1};  s_t = GRU([x_t, c_t], s_{t-1}).

    Parameters
    ----------
    x_t : ndarray (B, E)
        The embedding of the token before.
    s : ndarray (B, H)
        s_{t-1}
    keys : ndarray (B, S, A)
        From `additive_keys`, the same at every step.
    values : ndarray (B, S, C)
        The states of the encoder.
    mask : ndarray of bool (B, S)
        True = may attend.
    params : AttentiveParams

    Returns
    -------
    s : ndarray (B, H)
        s_t
    weights : ndarray (B, S)
    cache : tuple
    """
    check_floats(x_t=x_t, s=s, keys=keys, values=values)
    B, _ = check_shape("s", s, "B H")
    check_shape("x_t", x_t, "B E", B=B)
    _, S, _ = check_shape("keys", keys, "B S A", B=B)
    mask = as_array("mask", mask)
    check_shape("mask", mask, "B S", B=B, S=S)
    scores, scores_cache = additive_scores(s[:, None], keys, params.attention)  # (B, 1, S): one query each
    c, weights, look_up_cache = look_up(scores, values, mask[:, None])
    read = np.concatenate([x_t, c[:, 0]], axis=-1)
    _, (s,), gru_cache = fast_gru(read[None], (s,), params.decoder)
    return s, weights[:, 0], (scores_cache, look_up_cache, gru_cache)


def additive_step_backward(ds, cache, params):
    """ds_{t-1} has two parts: what the GRU carries, and what the query brings back from the look-up.

    Parameters
    ----------
    ds : ndarray (B, H)
        ∂L/∂s_t, along all paths.
    cache : tuple
        From `additive_step`.
    params : AttentiveParams

    Returns
    -------
    dx_t : ndarray (B, E)
    ds : ndarray (B, H)
        ∂L/∂s_{t-1}, without what the loss takes from it directly.
    dkeys : ndarray (B, S, A)
    dvalues : ndarray (B, S, C)
    grads : tuple
        Of the attention and of the decoder: what this step adds.
    """
    scores_cache, look_up_cache, gru_cache = cache
    check_floats(ds=ds)
    check_shape("ds", ds, "B H")
    dread, (ds_before,), ddecoder = fast_gru_backward(ds[None], (np.zeros_like(ds),), gru_cache, params.decoder)
    E = params.target_embedding.shape[1]
    dx_t, dc = dread[0, :, :E], dread[0, :, E:]
    dscores, dvalues = look_up_backward(dc[:, None], look_up_cache)
    dquery, dkeys, dattention = additive_scores_backward(dscores, scores_cache, params.attention)
    return dx_t, ds_before + dquery[:, 0], dkeys, dvalues, (dattention, ddecoder)


def additive_decode(x, s_0, values, mask, params):
    """All steps, one after the other: a state asks, and what it is told goes into the next.

    Parameters
    ----------
    x : ndarray (T, B, E)
    s_0 : ndarray (B, H)
    values : ndarray (B, S, C)
    mask : ndarray of bool (B, S)
    params : AttentiveParams

    Returns
    -------
    s : ndarray (T, B, H)
    weights : ndarray (B, T, S)
    cache : tuple
    """
    keys = additive_keys(values, params.attention)  # once: no key depends on the step
    states, weights, caches, s = [], [], [], s_0
    for x_t in x:
        s, weights_t, cache = additive_step(x_t, s, keys, values, mask, params)
        states.append(s)
        weights.append(weights_t)
        caches.append(cache)
    return np.stack(states), np.stack(weights, axis=1), (keys, values, caches)


def additive_decode_backward(ds, cache, params):
    """From the last step to the first; keys and values were read at every step, so their gradients are sums.

    Parameters
    ----------
    ds : ndarray (T, B, H)
        What the loss takes from each state directly.
    cache : tuple
        From `additive_decode`.
    params : AttentiveParams

    Returns
    -------
    dx : ndarray (T, B, E)
    ds_0 : ndarray (B, H)
    dvalues : ndarray (B, S, C)
    grads : tuple
        Of the attention and of the decoder.
    """
    keys, values, caches = cache
    dkeys, dvalues, grads = np.zeros_like(keys), np.zeros_like(values), zeros_like((params.attention, params.decoder))
    dx, ds_t = [], np.zeros_like(ds[0])
    for ds_direct, step_cache in zip(ds[::-1], caches[::-1], strict=True):
        dx_t, ds_t, dkeys_t, dvalues_t, grads_t = additive_step_backward(ds_direct + ds_t, step_cache, params)
        dx.append(dx_t)
        dkeys += dkeys_t
        dvalues += dvalues_t
        grads = add(grads, grads_t)
    dvalues_as_keys, dattention = additive_keys_backward(dkeys, values, params.attention)
    return np.stack(dx[::-1]), ds_t, dvalues + dvalues_as_keys, (add(grads[0], dattention), grads[1])


def multiplicative_decode(x, s_0, values, mask, params):
    """s_t = GRU(x_t, s_{t-1});  c_t = look-up with the query s_t;  s̃_t = tanh([s_t, c_t] W + b).

    No state waits for an answer, so the whole recurrence comes first, and then all looks at once.

    Parameters
    ----------
    x : ndarray (T, B, E)
        The embeddings of the tokens before.
    s_0 : ndarray (B, H)
    values : ndarray (B, S, C)
        The states of the encoder, which are the keys too.
    mask : ndarray of bool (B, S)
        True = may attend.
    params : AttentiveParams

    Returns
    -------
    joined : ndarray (T, B, H)
        s̃
    s : ndarray (B, H)
        The last state.
    weights : ndarray (B, T, S)
    cache : tuple
    """
    s, (s_last,), gru_cache = fast_gru(x, (s_0,), params.decoder)
    queries = s.swapaxes(0, 1)  # (B, T, H)
    c, weights, attention_cache = multiplicative_attention(queries, values, values, params.attention, mask[:, None])
    a, join_cache = linear(np.concatenate([s, c.swapaxes(0, 1)], axis=-1), params.join)
    joined = np.tanh(a)
    return joined, s_last, weights, (gru_cache, attention_cache, join_cache, joined)


def multiplicative_decode_backward(djoined, cache, params):
    """da = ds̃ ⊙ (1 − s̃²); a state gets back what the join takes of it, what its query brings, and what time brings.

    Parameters
    ----------
    djoined : ndarray (T, B, H)
    cache : tuple
        From `multiplicative_decode`.
    params : AttentiveParams

    Returns
    -------
    dx : ndarray (T, B, E)
    ds_0 : ndarray (B, H)
    dvalues : ndarray (B, S, C)
    grads : tuple
        Of the attention, of the decoder and of the join.
    """
    gru_cache, attention_cache, join_cache, joined = cache
    dboth, djoin = linear_backward(djoined * (1 - joined**2), join_cache, params.join)
    H = len(params.decoder.W_hh)
    ds, dc = dboth[..., :H], dboth[..., H:].swapaxes(0, 1)
    dqueries, dkeys, dvalues, dattention = multiplicative_attention_backward(dc, attention_cache, params.attention)
    ds = ds + dqueries.swapaxes(0, 1)
    dx, (ds_0,), ddecoder = fast_gru_backward(ds, (np.zeros_like(ds[0]),), gru_cache, params.decoder)
    return dx, ds_0, dkeys + dvalues, (dattention, ddecoder, djoin)


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
