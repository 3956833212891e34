"""Contamination: which test texts share long runs of tokens with the training text, so that a model may know them."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_integer, check_shape, is_number
from helpers.data.vocab import Corpus, check_corpus


class FoundCopies(NamedTuple):
    """How well copies were found, where it is known which texts are copies."""

    recall: float  # share of the copies that were found
    false_alarms: float  # share of the others that were taken for copies


def shared_ngram_shares(texts, training, n=13):
    """Of each text, the share of its n-grams that stand in a text of the training corpus too.

    An n-gram is n tokens side by side in one text. A text of fewer than n tokens has none, and the share 0: nothing can
    be said of it.

    Parameters
    ----------
    texts, training : Corpus
        In the same ids.
    n : int
        Short runs are shared by chance, the more so the simpler the language; long ones miss a copy with changes.

    Returns
    -------
    ndarray (texts,)

    Raises
    ------
    ValueError
        When one of them is no Corpus, or n is below 1.

    References
    ----------
    Brown et al. 2020, "Language Models are Few-Shot Learners", appendix C, https://arxiv.org/abs/2005.14165: a test
    text that shares a run of 13 words, or fewer where test texts are short, counts as contaminated.
    """
    check_corpus(texts)
    check_corpus(training)
    n = check_integer("n", n)
    ours, number = _ngrams(texts, n)
    theirs, _ = _ngrams(training, n)
    known = _rows_among(ours, theirs)
    sentences = len(texts.starts) - 1
    counts = np.bincount(number, minlength=sentences)
    return np.bincount(number, known, minlength=sentences) / np.maximum(1, counts)


def found_copies(shares, is_copy, least=0.0):
    """Compare the texts whose share is above `least` with the truth: -> FoundCopies.

    Parameters
    ----------
    shares : ndarray (texts,)
        From `shared_ngram_shares`.
    is_copy : ndarray of bool (texts,)
        At least one text is a copy, and one is not.
    least : float

    Raises
    ------
    ValueError
        When the lengths differ, or all or none of the texts are copies.
    """
    shares, is_copy = as_array("shares", shares), as_array("is_copy", is_copy)
    (texts,) = check_shape("shares", shares, "texts")
    check_shape("is_copy", is_copy, "texts", texts=texts)
    if is_copy.dtype != bool or not is_copy.any() or is_copy.all():
        raise ValueError(f"is_copy has dtype {is_copy.dtype}, expected bools, at least one True and one False")
    if shares.dtype.kind not in "biuf" or not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("shares has other values than numbers from 0 to 1")
    if not is_number(least) or not 0 <= least <= 1:
        raise ValueError(f"least is {least}, expected a number from 0 to 1")
    found = shares > least
    return FoundCopies(float(found[is_copy].mean()), float(found[~is_copy].mean()))


def texts_of(corpus):
    """Split a corpus into its texts: a list of arrays."""
    check_corpus(corpus)
    return np.split(corpus.tokens, corpus.starts[1:-1])


def append_texts(first, second):
    """Make one corpus of two, the texts of `second` last: -> Corpus."""
    check_corpus(first)
    check_corpus(second)
    starts = np.concatenate([first.starts, first.starts[-1] + second.starts[1:]])
    return Corpus(np.concatenate([first.tokens, second.tokens]), starts)


def change_tokens(texts, every, rng):
    """Change every `every`-th token of each text into one drawn from all texts, as who rewrites a text a little does.

    Parameters
    ----------
    texts : Corpus
        Left as it is.
    every : int
        1 changes all tokens.
    rng : numpy.random.Generator

    Returns
    -------
    Corpus
        A token may be drawn that stood there before.
    """
    check_corpus(texts)
    place = np.arange(len(texts.tokens)) - np.repeat(texts.starts[:-1], np.diff(texts.starts))
    changed = place % check_integer("every", every) == every - 1
    tokens = texts.tokens.copy()
    tokens[changed] = rng.choice(texts.tokens, size=changed.sum()) if changed.any() else tokens[changed]
    return texts._replace(tokens=tokens)


def _ngrams(corpus, n):
    """All n-grams (N, n) that stand within one text, and the number of the text of each."""
    text = np.repeat(np.arange(len(corpus.starts) - 1), np.diff(corpus.starts))
    if len(corpus.tokens) < n:
        return np.empty((0, n), np.int64), np.empty(0, int)
    rows = np.lib.stride_tricks.sliding_window_view(np.asarray(corpus.tokens, np.int64), n)
    inside = text[: len(rows)] == text[n - 1 :]
    return rows[inside], text[: len(rows)][inside]


def _rows_among(rows, others):
    """Say of each row (N, n) whether it is among the others (M, n): compared as bytes, exactly."""
    if not len(rows) or not len(others):
        return np.zeros(len(rows), bool)
    as_bytes = [np.ascontiguousarray(each).view(f"V{each.itemsize * each.shape[1]}").ravel() for each in (rows, others)]
    _, numbers = np.unique(np.concatenate(as_bytes), return_inverse=True)
    return np.isin(numbers[: len(rows)], numbers[len(rows) :])
