"""How often words stand near one another in a corpus, and how many sentences have all of some words."""

import numpy as np

from helpers.core.checks import check_dtype, check_indices, check_integer, check_shape
from helpers.data.vocab import check_corpus, sentence_numbers


def cooccurrence_counts(corpus, V, window, dtype=np.float64):
    """n[v, w] = how often w stands at most `window` words from v, to either side and within its sentence.

    Parameters
    ----------
    corpus : Corpus
    V : int
        Size of the vocabulary.
    window : int
        The greatest distance.
    dtype : dtype

    Returns
    -------
    ndarray (V, V)
        Symmetric: each pair of places is counted once from either side.

    Raises
    ------
    ValueError
        When a token is no id below V, or V or the window is below 1.
    """
    V, window = check_integer("V", V), check_integer("window", window)
    check_dtype(dtype)
    check_corpus(corpus, V)
    tokens, sentence = np.asarray(corpus.tokens, dtype=np.int64), sentence_numbers(corpus)
    after = np.zeros(V * V, dtype=np.int64)
    for distance in range(1, min(window, len(tokens) - 1) + 1):
        together = sentence[:-distance] == sentence[distance:]
        if not together.any():  # no sentence is that long
            break
        after += np.bincount((tokens[:-distance] * V + tokens[distance:])[together], minlength=V * V)
    after = after.reshape(V, V)
    return (after + after.T).astype(dtype)


def count_sentences_with(corpus, words):
    """How many sentences have all of these words, each at least once.

    Parameters
    ----------
    corpus : Corpus
    words : sequence of int (n,)
        Ids, at least one.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        When the corpus is none, or the words are no ids.
    """
    check_corpus(corpus)
    (n,) = check_shape("words", words, "n")
    if not n:
        raise ValueError("words is empty, expected at least one id")
    check_indices("words", words, np.iinfo(np.int64).max)
    number, tokens = sentence_numbers(corpus), np.asarray(corpus.tokens)
    having = [set(number[tokens == word].tolist()) for word in np.asarray(words)]
    return len(set.intersection(*having))
