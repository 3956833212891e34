import numpy as np
import pytest

from helpers.data.vocab import Corpus
from helpers.data.world.relations import RELATIONS, analogies, analogy_questions, every_third, without_sentences

CORPUS = Corpus(np.array([5, 6, 7, 5, 5, 8, 6, 9, 9]), np.array([0, 3, 4, 7, 9]))  # 5 6 7 | 5 | 5 8 6 | 9 9


def test_sentences_with_both_words_are_left_out_and_no_others():
    rest = without_sentences(CORPUS, [[6, 5]])
    np.testing.assert_array_equal(rest.tokens, [5, 9, 9])
    np.testing.assert_array_equal(rest.starts, [0, 1, 3])


def test_one_word_of_each_of_two_pairs_is_no_reason():
    rest = without_sentences(CORPUS, [[6, 9], [7, 8]])
    np.testing.assert_array_equal(rest.tokens, CORPUS.tokens)
    np.testing.assert_array_equal(rest.starts, CORPUS.starts)


def test_several_pairs_add_up():
    rest = without_sentences(CORPUS, [[5, 7], [8, 6]])
    np.testing.assert_array_equal(rest.tokens, [5, 9, 9])


def test_bad_pairs_are_named():
    with pytest.raises(ValueError, match=r"pairs has shape \(1, 3\)"):
        without_sentences(CORPUS, [[1, 2, 3]])
    with pytest.raises(ValueError, match="all 1 sentences have both words"):
        without_sentences(Corpus(np.array([5, 6]), np.array([0, 2])), [[5, 6]])


def test_questions_split_a_relation_by_what_is_held_out():
    relation = "animal - young"
    pairs = every_third([relation, "man - woman"])
    assert pairs == {*RELATIONS[relation][1::3], *RELATIONS["man - woman"][1::3]}
    told, untold = (analogy_questions(relation, pairs, held_out) for held_out in (False, True))
    assert all(q[:2] not in pairs and q[2:] not in pairs for q in told)
    assert all(q[:2] not in pairs and q[2:] in pairs for q in untold)
    n, held = len(RELATIONS[relation]), len(RELATIONS[relation][1::3])
    assert (len(told), len(untold)) == ((n - held) * (n - held - 1), (n - held) * held)
    assert {*told, *untold} < {*analogies(relation)}
