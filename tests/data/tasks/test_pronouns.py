import numpy as np
import pytest

from helpers.data.tasks.pronouns import PRONOUNS, pronoun_questions
from helpers.data.vocab import PAD, SPECIALS
from helpers.data.world.exact_probabilities import is_sentence
from helpers.data.world.topics import world_grammar


def test_each_sentence_is_asked_once_and_the_answer_follows():
    grammar = world_grammar("people")
    words, ids, targets, asked = pronoun_questions(grammar, 3000, np.random.default_rng(0))
    assert ids.shape == targets.shape == asked.shape
    np.testing.assert_array_equal(asked.sum(axis=0), 1)
    assert not targets[~asked].any()
    for n in range(ids.shape[1]):
        sentence = [str(word) for word in words[ids[:, n]] if word != SPECIALS[PAD]]
        assert is_sentence(grammar, sentence)
        t = asked[:, n].argmax()
        assert sentence[t] == ","
        assert sentence[t + 1] == PRONOUNS[targets[t, n]]
    assert set(targets[asked]) == {0, 1, 2}


def test_only_words_that_occur_are_numbered():
    words, ids, _, _ = pronoun_questions(world_grammar("people"), 2000, np.random.default_rng(1))
    assert len(words) == len(set(words))
    assert set(np.unique(ids)) == set(range(len(words)))


def test_the_generator_decides():
    one, two, other = (pronoun_questions(world_grammar("people"), 500, np.random.default_rng(s)).ids for s in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert one.shape != other.shape or (one != other).any()


def test_a_topic_without_such_sentences_is_an_error():
    with pytest.raises(ValueError, match="none of 50 sentences has a comma and a pronoun"):
        pronoun_questions(world_grammar("tools"), 50, np.random.default_rng(0))
