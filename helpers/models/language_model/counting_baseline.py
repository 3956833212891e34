"""What a trained language model must be better than: an n-gram model whose order and weight the text itself chose."""

from typing import NamedTuple

import numpy as np

from helpers.data.vocab import Corpus
from helpers.models.ngram import count_ngrams, jelinek_mercer, ngram_log_probs

_MOST_COUNTED, _MOST_TUNED = 500_000, 20_000  # tokens, so that counting takes seconds
_WEIGHTS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)


class CountingBaseline(NamedTuple):
    """An n-gram model with Jelinek–Mercer smoothing, and how well it foresees a text that it has not counted."""

    n: int
    weight: float  # λ
    nats: float  # a token of the text that was held out


def counting_baseline(train, held_out, V, largest_n=6):
    """Choose n and λ on the last tenth of the training text, count all of it, and measure the text held out.

    Parameters
    ----------
    train, held_out : ndarray of int (N,)
        Of a longer training text the last 500,000 tokens are counted.
    V : int
    largest_n : int

    Returns
    -------
    CountingBaseline

    Raises
    ------
    ValueError
        When a part has no token, or a token has no id below V.
    """
    train = train[-_MOST_COUNTED:]
    cut = len(train) - max(1, min(len(train) // 10, _MOST_TUNED))
    counted, tuning = count_ngrams(_one_text(train[:cut]), largest_n, V), _one_text(train[cut:])
    losses = {
        (n, weight): _nats(_of_order(counted, n)._replace(smoothing=jelinek_mercer(weight)), tuning)
        for n in range(1, largest_n + 1)
        for weight in _WEIGHTS
    }
    n, weight = min(losses, key=losses.get)
    model = count_ngrams(_one_text(train), n, V, jelinek_mercer(weight))
    return CountingBaseline(n, weight, _nats(model, _one_text(held_out)))


def _one_text(tokens):
    return Corpus(tokens, np.array([0, len(tokens)]))


def _of_order(counted, n):
    """The counts of shorter n-grams are among those of longer ones."""
    return counted._replace(n=n, followers=counted.followers[:n], totals=counted.totals[:n])


def _nats(model, text):
    return -ngram_log_probs(model, text)[:-1].mean()  # without `<end>`, which a part of a text does not have
