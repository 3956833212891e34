"""The decoder of Luong: after each step it asks, with the state it then has, and joins the answer with the state."""

import numpy as np

from helpers.layers.gru import gru, gru_backward
from helpers.layers.linear import linear, linear_backward
from helpers.layers.multiplicative import multiplicative_attention, multiplicative_attention_backward


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
    s, (s_last,), gru_cache = gru(x, (s_0,), params.decoder)
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
    dx, (ds_0,), ddecoder = gru_backward(ds, (np.zeros_like(ds[0]),), gru_cache, params.decoder)
    return dx, ds_0, dkeys + dvalues, (dattention, ddecoder, djoin)
