"""Texts of the small world in which some words lean to men or to women, by as much as one says."""

import numpy as np

from helpers.core.checks import check_indices, check_integer, check_number, check_shape
from helpers.data.vocab import Corpus, check_corpus, sentence_numbers


def redraw_pronouns(corpus, words, share, pronouns, rng):
    """Draw the pronouns anew in each sentence that has one of some words: the first with this share, else the second.

    Every word but the two pronouns occurs as often as before, and where it did.

    Parameters
    ----------
    corpus : Corpus
    words : sequence of int (n,)
        Such as the ids of some workers.
    share : float
        Of the first pronoun, from 0 to 1.
    pronouns : tuple of int
        The two ids, such as those of "his" and "her".
    rng : numpy.random.Generator

    Returns
    -------
    Corpus

    Raises
    ------
    ValueError
        When the corpus is none, the words or pronouns are no ids, or the share is none.
    """
    check_corpus(corpus)
    words, pronouns = np.asarray(words), np.asarray(pronouns)
    check_shape("words", words, "n")
    check_shape("pronouns", pronouns, "two", two=2)
    if len(words):
        check_indices("words", words, np.iinfo(np.int64).max)
    check_indices("pronouns", pronouns, np.iinfo(np.int64).max)
    check_number("share", share)
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}, expected a number from 0 to 1")
    number = sentence_numbers(corpus)
    has_word = np.bincount(number[np.isin(corpus.tokens, words)], minlength=len(corpus.starts) - 1) > 0
    there = np.flatnonzero(np.isin(corpus.tokens, pronouns) & has_word[number])
    tokens = corpus.tokens.copy()
    tokens[there] = np.where(rng.random(len(there)) < share, *pronouns)
    return Corpus(tokens, corpus.starts)


def count_together(corpus, words, others, V):
    """In how many sentences each of the words meets each of the others, (n, m).

    Parameters
    ----------
    corpus : Corpus
    words, others : sequence of int (n,), (m,)
    V : int
        Size of the vocabulary.

    Raises
    ------
    ValueError
        When the corpus is none, or a word is no id below V.
    """
    check_corpus(corpus)
    V = check_integer("V", V)
    number, sentences = sentence_numbers(corpus), len(corpus.starts) - 1
    has = []
    for name, ids in (("words", words), ("others", others)):
        ids = np.asarray(ids)
        check_shape(name, ids, "n")
        if len(ids):
            check_indices(name, ids, V)
        has.append(np.array([np.bincount(number[corpus.tokens == i], minlength=sentences) > 0 for i in ids]))
    return has[0].astype(np.int64) @ has[1].T.astype(np.int64)
