"""The nearest neighbours of words in a table, and of what kind they are."""

import numpy as np

from helpers.core.checks import check_integer, check_shape
from helpers.layers.embedding import cosine_similarities, nearest_neighbours


def neighbour_words(word, table, vocab, n=4):
    """List the n words whose rows have the highest cosine to that of a word, the nearest first, without itself.

    Parameters
    ----------
    word : str
    table : ndarray (V, D)
    vocab : Vocab
        The words of the rows.
    n : int

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When the word is not in the vocabulary, or the table has not one row for each of its words.
    """
    if not isinstance(word, str) or word not in vocab.ids:
        raise ValueError(f"word is {word!r}, expected one of the {len(vocab)} words of the vocabulary")
    check_shape("table", table, "V D", V=len(vocab))
    i = vocab.ids[word]
    return [str(vocab.tokens[j]) for j in nearest_neighbours(table[i], table, n, exclude=[i])[0]]


def neighbour_kinds(vectors, kinds, n=4):
    """Name the kinds of each word's n nearest neighbours, by cosine, among the other words.

    Parameters
    ----------
    vectors : ndarray (N, D)
        One for each word.
    kinds : sequence of str (N,)
        Of each word.
    n : int
        At most N − 1.

    Returns
    -------
    ndarray of str (N, n)
        The nearest first; ties in the order of the words.

    Raises
    ------
    ValueError
        When there are not as many kinds as vectors, or n is above N − 1.
    """
    n = check_integer("n", n)
    N, _ = check_shape("vectors", vectors, "N D")
    kinds = np.asarray(kinds)
    check_shape("kinds", kinds, "N", N=N)
    if n >= N:
        raise ValueError(f"n is {n}, expected at most {N - 1}, as there are {N} words")
    cosines = cosine_similarities(vectors, vectors)
    np.fill_diagonal(cosines, -np.inf)  # by place: a word's cosine with itself may be rounded below 1
    return kinds[np.argsort(-cosines, axis=1, kind="stable")[:, :n]]
