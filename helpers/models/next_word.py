"""An embedding table that learns by predicting the next word from the one before."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import (
    as_floats,
    check_dtype,
    check_floats,
    check_indices,
    check_integer,
    check_number,
    check_shape,
)
from helpers.core.numerics import log_softmax
from helpers.core.optimisers import adam
from helpers.core.overflow import refuse_overflow
from helpers.core.training import train
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import LinearParams, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward


class NextWordParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    E: np.ndarray  # (V, D), the table
    output: LinearParams  # W (D, V), b (V,)


@refuse_overflow
def init_next_word(rng, V, D, scale=0.1, dtype=np.float64):
    """E, W ~ N(0, scale²), b = 0: small numbers, so that training begins near p = 1 / V."""
    check_integer("V", V)
    check_integer("D", D)
    check_number("scale", scale)
    check_dtype(dtype)
    E, W = (scale * rng.standard_normal((V, D)), scale * rng.standard_normal((D, V)))
    return NextWordParams(E.astype(dtype), LinearParams(W.astype(dtype), np.zeros(V, dtype)))


def next_word_loss(params, words, targets):
    """L = mean of −ln p(target | word), with p = softmax(E[word] W + b).

    Parameters
    ----------
    params : NextWordParams
    words : ndarray of int (N,)
    targets : ndarray of int (N,)
        The word that comes after each.

    Returns
    -------
    loss : float
        Nats.
    grads : NextWordParams

    Raises
    ------
    ValueError
        When an id has no row in the table, or shapes do not fit.
    """
    x, table_cache = embedding(words, params.E)
    logits, output_cache = linear(x, params.output)
    loss, loss_cache = cross_entropy(logits, targets)

    dlogits = cross_entropy_backward(loss_cache)
    dx, doutput = linear_backward(dlogits, output_cache, params.output)
    return loss, NextWordParams(embedding_backward(dx, table_cache, params.E), doutput)


def count_pairs(stream, V, dtype=np.float64):
    """counts[v, w] = how often word w comes right after word v in a stream of ids (N,): (V, V)."""
    check_integer("V", V)
    check_shape("stream", stream, "N")
    check_indices("stream", stream, V)
    check_dtype(dtype)
    if len(stream) < 2:
        raise ValueError(f"stream has {len(stream)} tokens, expected at least 2")
    numbers = np.asarray(stream, dtype=np.int64)
    return np.bincount(numbers[:-1] * V + numbers[1:], minlength=V * V).reshape(V, V).astype(dtype)


@refuse_overflow
def counted_loss(params, counts):
    """The same loss over all pairs of a text at once: L = −Σ counts · ln softmax(E W + b) / Σ counts.

    All pairs with the same first word share one row of logits, so V rows stand for the whole text.

    Parameters
    ----------
    params : NextWordParams
    counts : ndarray (V, V)
        From `count_pairs`, in the dtype of the parameters.

    Returns
    -------
    loss : float
    grads : NextWordParams

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or nothing was counted.
    """
    check_floats(counts=counts, E=params.E)
    V, _ = check_shape("E", params.E, "V D")
    _check_counts(counts, V)
    logits, cache = linear(params.E, params.output)  # (V, V): the look-up of every word once
    log_p = log_softmax(logits)
    N = counts.sum(dtype=np.float64)
    loss = 0 - float((counts * log_p).sum(dtype=np.float64) / N)

    first = counts.sum(axis=1, keepdims=True)  # how often each word is the first of a pair
    dlogits = (first * np.exp(log_p) - counts) / counts.dtype.type(N)
    dE, doutput = linear_backward(dlogits, cache, params.output)
    return loss, NextWordParams(dE, doutput)


def bigram_floor(counts):
    """H(next | word) of the counted pairs, in nats: no model that sees one word has a lower loss on them.

    It is reached where p(next | word) is the share of the pairs that begin with that word.
    """
    counts = as_floats("counts", counts)
    V, _ = check_shape("counts", counts, "V W")
    _check_counts(counts, V)
    first = np.broadcast_to(counts.sum(axis=1, keepdims=True, dtype=np.float64), counts.shape)
    seen = counts > 0
    total = counts.sum(dtype=np.float64)
    return 0 - float((counts[seen] * np.log(counts[seen] / first[seen])).sum() / total)


def train_next_word(rng, counts, D, steps=150, rate=0.05, progress=None):
    """Train a new table on the counted pairs with Adam, all pairs at every step.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the first parameters.
    counts : ndarray (V, V)
        From `count_pairs`; float32 trains faster.
    D : int
        Numbers for each word.
    steps : int
    rate : float
    progress : str, optional
        See `helpers.core.training.train`.

    Returns
    -------
    params : NextWordParams
    history : History
    tables : list of ndarray (V, D)
        The table before each step and after the last: steps + 1 of them.
    """
    check_floats(counts=counts)
    check_shape("counts", counts, "V V")
    steps = check_integer("steps", steps)
    tables = []

    def loss_and_grads(params):
        tables.append(params.E)  # no step writes into it
        return counted_loss(params, counts)

    start = init_next_word(rng, len(counts), D, dtype=counts.dtype)
    params, history = train(loss_and_grads, start, (() for _ in range(steps)), adam(rate), steps, progress=progress)
    return params, history, [*tables, params.E]


def _check_counts(counts, V):
    counts = as_floats("counts", counts)
    check_shape("counts", counts, "V W", V=V, W=V)
    with np.errstate(over="ignore"):
        fits = np.isfinite(counts).all() and counts.min(initial=0) >= 0 and 0 < counts.sum() < np.inf
    if not fits:
        raise ValueError("counts has a number below 0, no number above 0, or a sum that is not finite")
