"""Holding facts out of a corpus: what a model was never told, it can be tested on."""

import numpy as np

from helpers.core.checks import check_shape
from helpers.text.truths import RELATIONS, analogies
from helpers.text.vocab import Corpus, sentence_numbers


def without_sentences(corpus, pairs):
    """Leave out every sentence that has both words of one of the pairs.

    What such a sentence says about the two words together, a model of the rest must infer from how each is used alone.

    Parameters
    ----------
    corpus : Corpus
    pairs : array of int (n, 2)
        Ids of words.

    Returns
    -------
    Corpus
        The other sentences, in order.

    Raises
    ------
    ValueError
        When the pairs are no pairs, or no sentence is left.
    """
    pairs = np.asarray(pairs)
    check_shape("pairs", pairs, "n words", words=2)
    number, sentences = sentence_numbers(corpus), len(corpus.starts) - 1
    kept = np.ones(sentences, bool)
    for first, second in pairs:
        kept &= ~(_has(corpus, number, first) & _has(corpus, number, second))
    if not kept.any():
        raise ValueError(f"all {sentences} sentences have both words of a pair, expected some that have not")
    return Corpus(corpus.tokens[kept[number]], np.cumsum(np.concatenate([[0], np.diff(corpus.starts)[kept]])))


def _has(corpus, number, word):
    """Say for each sentence whether it has the word."""
    return np.bincount(number[corpus.tokens == word], minlength=len(corpus.starts) - 1) > 0


def every_third(relations):
    """The pairs that are held out of some relations, {(a, b), …}: the second of each three, so that rare ones are too.

    Parameters
    ----------
    relations : list of str
        Keys of `helpers.text.truths.RELATIONS`.
    """
    return {pair for relation in relations for pair in RELATIONS[relation][1::3]}


def questions(relation, pairs, held_out):
    """The analogies of a relation whose first pair is told, and whose second pair is held out, or told as well.

    Parameters
    ----------
    relation : str
        A key of `helpers.text.truths.RELATIONS`.
    pairs : set of (str, str)
        Those that are held out.
    held_out : bool
        Which of the two is asked for.

    Returns
    -------
    list of tuple of str
        Quadruples (a, b, c, d).
    """
    return [q for q in analogies(relation) if q[:2] not in pairs and (q[2:] in pairs) == held_out]
