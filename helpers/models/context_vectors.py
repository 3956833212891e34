"""A vector for one occurrence of a word, made of the words around it."""

import numpy as np

from helpers.core.checks import check_floats, check_indices, check_integer, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.data.vocab import check_corpus, sentence_numbers


@refuse_overflow
def context_means(corpus, E, window, places):
    """c[p] = mean of the rows of E of the words at most `window` words from place p, within its sentence.

    Parameters
    ----------
    corpus : Corpus
    E : ndarray (V, D)
    window : int
        The greatest distance, to either side.
    places : ndarray of int (P,)
        Which tokens of the corpus; the word at the place itself does not count.

    Returns
    -------
    ndarray (P, D)
        Zeros for a word that stands alone in its sentence.

    Raises
    ------
    ValueError
        When a token has no row, or a place is none of the corpus.

    References
    ----------
    Schütze 1998, "Automatic word sense discrimination".
    """
    check_floats(E=E)
    V, D = check_shape("E", E, "V D")
    window = check_integer("window", window)
    check_corpus(corpus, V)
    tokens, sentence = np.asarray(corpus.tokens), sentence_numbers(corpus)
    check_indices("places", places, len(tokens))
    places = np.asarray(places, dtype=np.int64)  # a place before the first is below 0
    check_shape("places", places, "P")
    total, count = np.zeros((len(places), D), E.dtype), np.zeros((len(places), 1), E.dtype)
    reach = min(window, len(tokens) - 1)
    for distance in (*range(-reach, 0), *range(1, reach + 1)):
        other = places + distance
        there = (other >= 0) & (other < len(tokens))
        there[there] = sentence[other[there]] == sentence[places[there]]
        total[there] += E[tokens[other[there]]]
        count[there] += 1
    return total / np.maximum(count, 1)
