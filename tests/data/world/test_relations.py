from itertools import chain

import numpy as np
import pytest

from helpers.data.vocab import Corpus
from helpers.data.world.grammar import expected_counts
from helpers.data.world.relations import (
    CATEGORIES,
    FACTS,
    RELATIONS,
    ROWS,
    analogies,
    analogy_questions,
    every_third,
    similarity,
    similarity_pairs,
    without_sentences,
)
from helpers.data.world.topics import world_grammar
from helpers.data.world.words import ANIMALS, COUNTRIES, PEOPLE, TOOLS


def test_every_word_occurs_in_the_corpus():
    grammar = world_grammar()
    expected = expected_counts(grammar)
    pairs = chain.from_iterable(RELATIONS.values())
    words = {*chain.from_iterable(pairs), *chain.from_iterable(CATEGORIES.values()), *FACTS}
    for word in words:
        assert word in grammar.vocab, word
        assert expected[grammar.vocab.ids[word]] > 0
    assert len(words) > 400


def test_analogies_by_hand():
    assert ("man", "woman", "king", "queen") in analogies("man - woman")
    assert ("france", "paris", "japan", "tokyo") in analogies("country - capital")
    assert ("cow", "moos", "dog", "barks") in analogies("animal - sound")
    assert ("sees", "saw", "flies", "flew") in analogies("sings - sang")
    assert ("big", "bigger", "small", "smaller") in analogies("positive - comparative")
    assert len(analogies("country - capital")) == 16 * 15
    with pytest.raises(ValueError, match="relation is 'cat - dog', expected one of"):
        analogies("cat - dog")


def test_all_analogies_are_well_posed():
    everything = analogies()
    assert len(everything) == sum(len(pairs) * (len(pairs) - 1) for pairs in RELATIONS.values()) > 5000
    assert len(RELATIONS) == 21
    for name, pairs in RELATIONS.items():
        left, right = zip(*pairs, strict=True)
        assert len(set(left)) == len(left), name  # one answer to every question
        assert len(set(right)) == len(right), name
        assert not set(left) & set(right), name


def test_a_word_is_in_one_category():
    words = list(chain.from_iterable(CATEGORIES.values()))
    assert len(set(words)) == len(words)
    assert "paris" in CATEGORIES["capital"]


def test_similarity_by_hand():
    # king and queen: person, castle, crown, throne, wear, rule, kingdom, one; male and female differ
    assert similarity("king", "queen") == similarity("queen", "king") == pytest.approx(8 / 10)
    assert similarity("dog", "dog") == 1
    assert similarity("dog", "puppy") == pytest.approx(5 / 7)
    assert similarity("big", "smaller") == pytest.approx(2 / 6)
    assert similarity("dog", "cat") == pytest.approx(3 / 9)
    assert similarity("paris", "eat") == 0
    with pytest.raises(ValueError, match="no facts about 'unicorn'"):
        similarity("dog", "unicorn")


def test_similarity_agrees_with_what_is_plausible():
    for near, far in [(("king", "queen"), ("king", "waiter")), (("dog", "puppy"), ("dog", "kitten"))]:
        assert similarity(*near) > similarity(*far)
    assert similarity("paris", "berlin") > similarity("paris", "hammer")


def test_pairs_are_of_all_grades(rng):
    pairs = similarity_pairs(rng, 200)
    assert len(pairs) == len({(one, other) for one, other, _ in pairs}) == 200
    score = np.array([s for _, _, s in pairs])
    assert np.array_equal(score, [similarity(one, other) for one, other, _ in pairs])
    grades = [(score == 0), (score > 0) & (score <= 1 / 3), (score > 1 / 3) & (score < 2 / 3), (score >= 2 / 3)]
    assert [grade.sum() for grade in grades] == [50, 50, 50, 50]
    assert (score < 1).all()
    again = similarity_pairs(np.random.default_rng(0), 200)
    assert again == pairs


def test_no_two_words_have_the_same_facts():
    assert len(set(FACTS.values())) == len(FACTS)


def test_too_few_pairs_are_refused(rng):
    with pytest.raises(ValueError, match="pairs is 3, expected an integer of at least 4"):
        similarity_pairs(rng, 3)


def test_a_row_holds_what_belongs_together():
    assert {word for word, row in ROWS.items() if row == "france"} == {"france", "paris", "french", "cheese"}
    assert {word for word, row in ROWS.items() if row == "dog"} == {"dog", "puppy", "bark", "kennel", "bones"}
    assert {word for word, row in ROWS.items() if row == "knife"} == {"knife", "cook", "slice", "bread"}
    assert {word for word, row in ROWS.items() if row == "king"} == {"king", "queen", "castle", "crown", "throne"}


def test_no_word_is_in_two_rows():
    assert len(ROWS) == 5 * (len(PEOPLE) + len(ANIMALS)) + 4 * (len(COUNTRIES) + len(TOOLS))


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
