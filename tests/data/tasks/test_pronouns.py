import numpy as np
import pytest

from helpers.data.tasks.pronouns import PRONOUNS, pronoun_questions, sentences_in_a_row
from helpers.data.vocab import END, PAD, SPECIALS
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


def test_some_pronouns_are_enough():
    grammar = world_grammar("people")
    three = pronoun_questions(grammar, 2000, np.random.default_rng(2))
    two = pronoun_questions(grammar, 2000, np.random.default_rng(2), ("she", "he"))
    answers = three.targets[three.asked]
    assert 0 < two.ids.shape[1] == (answers < 2).sum() < three.ids.shape[1]
    assert two.targets.T[two.asked.T].tolist() == [1 - n for n in three.targets.T[three.asked.T].tolist() if n < 2]


def test_sentences_stand_in_a_row_with_their_questions_and_an_end_after_each():
    questions = pronoun_questions(world_grammar("people"), 2000, np.random.default_rng(3))
    rows = np.random.default_rng(4).integers(questions.ids.shape[1], size=(3, 5))
    text = sentences_in_a_row(questions, rows)
    assert text.words.tolist() == [*questions.words.tolist(), SPECIALS[END]]
    assert text.ids.shape == text.targets.shape == text.asked.shape
    for b, row in enumerate(rows.T):
        words, targets, asked = [], [], []
        for n in row:
            sentence = [str(word) for word in questions.words[questions.ids[:, n]] if word != SPECIALS[PAD]]
            words += [*sentence, SPECIALS[END]]
            targets += [*questions.targets[: len(sentence), n].tolist(), 0]
            asked += [*questions.asked[: len(sentence), n].tolist(), False]
        read = text.words[text.ids[:, b]].tolist()
        assert read[: len(words)] == words
        assert set(read[len(words) :]) <= {SPECIALS[PAD]}
        assert text.targets[: len(words), b].tolist() == targets
        assert text.asked[: len(words), b].tolist() == asked
        assert not text.asked[len(words) :, b].any()
    assert (text.ids[-1] != text.words.tolist().index(SPECIALS[PAD])).any()  # no longer than the longest text
