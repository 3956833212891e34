"""Pairs of sentences: what each is about, that the labels are true, and how a pair is written."""

import numpy as np
import pytest

from helpers.data.next_sentence import about_what, next_sentence_pairs, pad_two
from helpers.data.vocab import END, PAD, START, Corpus, encode_sentences
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.relations import ROWS
from helpers.data.world.topics import world_grammar

GRAMMAR = world_grammar()
CORPUS = sample_corpus(GRAMMAR, 3000, np.random.default_rng(0))
ABOUT = about_what(GRAMMAR.vocab, CORPUS)


def test_what_a_sentence_is_about():
    """That of its first word that has a row: the queen's is the king's; degrees have none."""
    sentences = ["the king walks", "today the queen sees the dog", "the puppies bark", "a dog barks", "it is very big"]
    corpus = encode_sentences(GRAMMAR.vocab, [sentence.split() for sentence in sentences])
    king, queen, puppies, dog, nothing = about_what(GRAMMAR.vocab, corpus)
    assert king == queen
    assert len({king, dog, nothing}) == 3
    assert nothing == -1
    assert dog == [*dict.fromkeys(ROWS.values())].index(ROWS["dog"])
    assert puppies in (-1, dog)


def test_labels_are_true_and_half_of_them_are_next(rng):
    pairs = next_sentence_pairs(ABOUT, rng)
    assert ((ABOUT[pairs.first] == ABOUT[pairs.second]) == pairs.is_next).all()
    assert (pairs.first != pairs.second).all()
    assert (ABOUT[pairs.first] >= 0).all()
    assert (ABOUT[pairs.second] >= 0).all()
    N = len(pairs.first)
    assert len(set(pairs.first.tolist())) == N > 2500
    assert abs(pairs.is_next.sum() - N / 2) < 4 * np.sqrt(N / 4)


def test_seconds_are_even():
    """Two things with three and with two sentences: every true and every false second comes equally often."""
    about, rng, counts = np.array([7, 4, 7, -1, 4, 7, 9]), np.random.default_rng(0), np.zeros((7, 7))
    for _ in range(2000):
        pairs = next_sentence_pairs(about, rng)
        assert sorted(pairs.first.tolist()) == [0, 1, 2, 4, 5]  # of 9 there is only one
        np.add.at(counts, (pairs.first, pairs.second), 1)
    expected = np.zeros((7, 7))
    expected[np.ix_([0, 2, 5], [0, 2, 5])] = 1 / 4
    expected[np.ix_([1, 4], [1, 4])] = 1 / 2
    np.fill_diagonal(expected, 0)
    expected[np.ix_([0, 2, 5], [1, 4])] = 1 / 4
    expected[np.ix_([1, 4], [0, 2, 5])] = 1 / 6
    expected *= 2000
    assert (np.abs(counts - expected) <= 4.5 * np.sqrt(expected)).all()


def test_a_pair_by_hand():
    corpus = Corpus(np.array([5, 6, 7, 8, 9, 10], np.int32), np.array([0, 2, 3, 6]))
    tokens, mask, segments = pad_two(corpus, np.array([0, 1]), np.array([2, 0]))
    assert tokens.T.tolist() == [
        [START, 5, 6, END, 8, 9, 10, END],
        [START, 7, END, 5, 6, END, PAD, PAD],
    ]
    assert segments.T.tolist() == [[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 0, 0]]
    assert mask.T.tolist() == [[True] * 8, [True] * 6 + [False] * 2]


def test_it_refuses(rng):
    with pytest.raises(ValueError, match="1 things have two sentences"):
        next_sentence_pairs(np.array([1, 1, 2, -1, -1]), rng)
    with pytest.raises(ValueError, match="second has shape"):
        pad_two(CORPUS, np.array([0, 1]), np.array([1]))
    with pytest.raises(ValueError, match="sentences spans"):
        pad_two(CORPUS, np.array([0]), np.array([3000]))
