"""A classifier that reads the mean of its words' embeddings; several models are trained side by side."""

from itertools import repeat
from typing import NamedTuple

import numpy as np

from helpers.core.checks import (
    check_dtype,
    check_finite,
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
from helpers.data.vocab import check_corpus, sentence_numbers


class BagClassifierParams(NamedTuple):
    """The weights of one model, or of M models with one more axis in front; the gradients have the same type."""

    E: np.ndarray  # (..., V, D), the embedding table
    W: np.ndarray  # (..., D, K)
    b: np.ndarray  # (..., K)


def mean_bags(corpus, V, dtype=np.float64):
    """x[s] = the bag of words of sentence s, divided by its number of words: (sentences, V).

    Each row sums to 1, so x E is the mean of the embeddings of the sentence's words.

    Raises
    ------
    ValueError
        When a token is no id below V, or a sentence is empty and has no mean.
    """
    check_integer("V", V)
    check_corpus(corpus, V)
    check_dtype(dtype)
    lengths = np.diff(corpus.starts)
    if not lengths.all():
        raise ValueError(f"sentence {lengths.argmin()} is empty, expected at least one token in each")
    cells = sentence_numbers(corpus) * V + corpus.tokens
    bags = np.bincount(cells, minlength=len(lengths) * V).reshape(-1, V)
    return (bags / lengths[:, None]).astype(dtype)


@refuse_overflow
def init_bag_classifier(rng, table, K, scale=0.1):
    """Start M models from their tables (M, V, D), or one from (V, D): W ~ N(0, scale²), b = 0, for K classes."""
    check_floats(table=table)
    check_integer("K", K)
    check_finite("table", table)
    check_number("scale", scale)
    *models, _, D = check_shape("table", table, "... V D")
    W = scale * rng.standard_normal((*models, D, K))
    return BagClassifierParams(table, W.astype(table.dtype), np.zeros((*models, K), table.dtype))


@refuse_overflow
def bag_logits(params, x):
    """logits = (x E) W + b.

    Parameters
    ----------
    params : BagClassifierParams
    x : ndarray (..., N, V)
        From `mean_bags`; without the axis of the models all models read the same sentences.

    Returns
    -------
    logits : ndarray (..., N, K)
    mean : ndarray (..., N, D)
        x E, the mean embedding of each sentence.
    """
    E, W, b = params
    check_floats(x=x, E=E, W=W, b=b)
    *_, V, D = check_shape("E", E, "... V D")
    *_, K = check_shape("W", W, "... D K", D=D)
    check_shape("b", b, "... K", K=K)
    check_shape("x", x, "... N V", V=V)
    mean = x @ E
    return mean @ W + b[..., None, :], mean


@refuse_overflow
def bag_classifier_loss(params, x, targets, frozen=False):
    """L = mean of −ln softmax((x E) W + b)[target], in nats; of M models the sum, so each has its own gradient.

    Parameters
    ----------
    params : BagClassifierParams
    x : ndarray (..., N, V)
    targets : ndarray of int (..., N)
    frozen : bool
        Give the table a gradient of zero, so that it stays as it is.

    Returns
    -------
    loss : float
    grads : BagClassifierParams

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or a target is not a class.
    """
    E, W, _ = params
    logits, mean = bag_logits(params, x)
    *_, N, K = logits.shape
    if x.shape[:-1] != logits.shape[:-1] or np.shape(targets) != logits.shape[:-1]:
        found = f"x {x.shape}, targets {np.shape(targets)}"
        raise ValueError(f"expected x and targets for {logits.shape[:-1]} sentences, got {found}")
    check_indices("targets", targets, K)
    log_p = log_softmax(logits)
    right = np.arange(K) == np.asarray(targets)[..., None]  # one-hot
    loss = 0 - float(log_p[right].sum(dtype=np.float64) / N)

    dlogits = (np.exp(log_p) - right.astype(x.dtype)) / N
    dmean = dlogits @ _transpose(W)
    dE = np.zeros_like(E) if frozen else _transpose(x) @ dmean
    return loss, BagClassifierParams(dE, _transpose(mean) @ dlogits, dlogits.sum(axis=-2))


def _transpose(a):
    return a.swapaxes(-1, -2)


def bag_accuracy(params, x, targets):
    """The share of sentences whose class is named right, one number for each model."""
    logits, _ = bag_logits(params, x)
    return (logits.argmax(axis=-1) == targets).mean(axis=-1)


def train_bag_classifier(params, x, targets, frozen=False, steps=150, rate=0.03):
    """Train with Adam, all sentences at every step.

    Adam treats every number by itself, so M models that are trained side by side end where each would end alone.

    Parameters
    ----------
    params : BagClassifierParams
        From `init_bag_classifier`; left as they are.
    x : ndarray (..., N, V)
    targets : ndarray of int (..., N)
    frozen : bool
        Train W and b only.
    steps : int
    rate : float

    Returns
    -------
    BagClassifierParams
    """

    def loss_and_grads(params, x, targets):
        return bag_classifier_loss(params, x, targets, frozen)

    trained, _ = train(loss_and_grads, params, repeat((x, targets)), adam(rate), steps)
    return trained
