"""The encoder: reads the source, and makes one context of all that it read."""

import numpy as np

from helpers.core.checks import as_array, check_choice, check_floats, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import linear, linear_backward
from helpers.layers.recurrent.padded import lengths_of
from helpers.layers.recurrent.stack import Bidirectional, recurrent, recurrent_backward, zero_recurrent_state
from helpers.models.seq2seq.params import CONTEXTS


def encode_source(source, mask, params):
    """h_s = GRU(e(x_s), h_{s-1}) for every token of the source; in both directions where params has two.

    Parameters
    ----------
    source : ndarray of int (S, B)
    mask : ndarray of bool (S, B)
        True where a token is; padding stands at the end.
    params : NamedTuple
        With a `source_embedding` and an `encoder`, such as Seq2SeqParams.

    Returns
    -------
    h : ndarray (S, B, H or 2H)
        Both directions side by side; 0 in the padding.
    last : ndarray (B, H or 2H)
        The state after the last real token; of the direction that reads backward, after the first.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, a token is unknown, or padding does not stand at the end.
    """
    S, B = check_shape("source", source, "S B")
    mask = as_array("mask", mask)
    check_shape("mask", mask, "S B", S=S, B=B)
    x, embedding_cache = embedding(source, params.source_embedding)
    start = zero_recurrent_state(B, params.encoder, "gru")
    h, (state,), cache = recurrent(x, start, params.encoder, "gru", mask)
    return h, _side_by_side(state), (embedding_cache, cache)


def encode_source_backward(dh, dlast, cache, params):
    """The gradient goes back through the source, from all states and from the last one.

    Parameters
    ----------
    dh : ndarray (S, B, H or 2H)
        What stands in the padding does not count.
    dlast : ndarray (B, H or 2H)
    cache : tuple
        From `encode_source`.
    params : NamedTuple

    Returns
    -------
    dsource_embedding : ndarray (V_s, E)
    dencoder : the type of params.encoder
    """
    embedding_cache, recurrent_cache = cache
    dx, _, dencoder = recurrent_backward(dh, (_split(dlast, params.encoder),), recurrent_cache, params.encoder)
    return embedding_backward(dx, embedding_cache, params.source_embedding), dencoder


@refuse_overflow
def make_context(h, last, mask, params, context="mapped last"):
    """c = h_S;  or c = tanh(h_S W + b);  or c = tanh(h̄ W + b), with h̄ the mean of all states.

    Parameters
    ----------
    h : ndarray (S, B, C)
        The states of the encoder, 0 in the padding.
    last : ndarray (B, C)
        The last of them.
    mask : ndarray of bool (S, B)
    params : Seq2SeqParams
    context : "last", "mapped last" or "mapped mean"

    Returns
    -------
    c : ndarray (B, C or H)
    cache : tuple

    Raises
    ------
    ValueError
        When the way is unknown or shapes do not fit.

    References
    ----------
    Sutskever, Vinyals, Le 2014, "Sequence to Sequence Learning with Neural Networks", https://arxiv.org/abs/1409.3215
    (the last state); Cho et al. 2014, https://arxiv.org/abs/1406.1078 (a map of it).
    """
    check_choice("context", context, CONTEXTS)
    check_floats(h=h, last=last)
    mask = as_array("mask", mask)
    S, B, C = check_shape("h", h, "S B C")
    check_shape("last", last, "B C", B=B, C=C)
    check_shape("mask", mask, "S B", S=S, B=B)
    if context == "last":
        return last, (context, mask, None, None)
    # As h is 0 in the padding, the sum over all steps is that over the real ones.
    summary = last if context == "mapped last" else h.sum(axis=0) / _lengths(mask, h.dtype)
    a, linear_cache = linear(summary, params.context)
    c = np.tanh(a)
    return c, (context, mask, c, linear_cache)


def make_context_backward(dc, cache, params):
    """da = dc ⊙ (1 − c²); what a state added to the context, it gets back: the last state all, or each its share 1/S.

    Parameters
    ----------
    dc : ndarray (B, C or H)
    cache : tuple
        From `make_context`.
    params : Seq2SeqParams

    Returns
    -------
    dh : ndarray (S, B, C)
        In the padding too, as h is summed over all steps; there `encode_source_backward` leaves it out.
    dlast : ndarray (B, C)
    dcontext : the type of params.context
    """
    context, mask, c, linear_cache = cache
    check_floats(dc=dc)
    check_shape("dc", dc, "B C", B=mask.shape[1])
    if context == "last":
        return np.zeros((len(mask), *dc.shape), dc.dtype), dc, ()
    dsummary, dcontext = linear_backward(dc * (1 - c * c), linear_cache, params.context)
    S = len(mask)
    if context == "mapped last":
        return np.zeros((S, *dsummary.shape), dc.dtype), dsummary, dcontext
    share = dsummary / _lengths(mask, dc.dtype)
    return np.broadcast_to(share, (S, *share.shape)), np.zeros_like(dsummary), dcontext


def _lengths(mask, dtype):
    """S of each source, as a column (B, 1)."""
    return lengths_of(mask).astype(dtype)[:, None]


def _side_by_side(state):
    return np.concatenate([h for (h,) in state], axis=-1) if isinstance(state, Bidirectional) else state[0]


def _split(last, encoder):
    """The last states again as `recurrent` has them."""
    if isinstance(encoder[0], Bidirectional):
        forward, backward = np.split(last, 2, axis=-1)
        return Bidirectional((forward,), (backward,))
    return (last,)
