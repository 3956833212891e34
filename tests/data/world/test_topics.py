"""The known language: what its sentences may and may not say, and how its words are spread."""

import numpy as np
import pytest

from helpers.data.vocab import END, SPECIALS
from helpers.data.world.exact_probabilities import is_sentence, log_probability
from helpers.data.world.grammar import expected_counts
from helpers.data.world.topics import TOPICS, world_grammar
from helpers.data.world.words import COUNTRIES, SCALES


def test_the_size():
    words = len(world_grammar().vocab) - len(SPECIALS)
    assert 550 <= words <= 600


def test_it_is_built_once():
    assert world_grammar() is world_grammar()
    with pytest.raises(ValueError, match="topic is 'weather', expected one of 'people'"):
        world_grammar("weather")


def test_topics_share_their_ids_and_add_up_to_the_whole():
    whole = world_grammar()
    share = np.array([weight for weight, _ in TOPICS.values()]) / sum(weight for weight, _ in TOPICS.values())
    parts = [world_grammar(topic) for topic in TOPICS]
    assert all(part.vocab is whole.vocab for part in parts)
    mixed = sum(p * expected_counts(part) for p, part in zip(share, parts, strict=True))
    np.testing.assert_allclose(mixed, expected_counts(whole), rtol=1e-9)
    for sentence in ("the cow moos", "of the dog , the frog and the pig , the frog is the smallest"):
        p = sum(p * np.exp(log_probability(part, sentence)) for p, part in zip(share, parts, strict=True))
        assert np.log(p) == pytest.approx(log_probability(whole, sentence), rel=1e-9)


def test_a_topic_keeps_to_itself():
    sentences = {
        "people": "the queen wears the crown",
        "animals": "the cow moos",
        "countries": "paris is the capital of france",
        "degrees": "the horse is bigger than the frog",
        "tools": "a hammer is a tool",
    }
    for topic in TOPICS:
        for other, sentence in sentences.items():
            assert is_sentence(world_grammar(topic), sentence) == (topic == other)


def test_words_are_unequally_frequent():
    vocab, expected = world_grammar().vocab, expected_counts(world_grammar())
    words = expected[END + 1 :]
    assert (np.diff(words) <= 1e-6 * expected.sum()).all()  # by rank; counts are rounded
    assert words[0] > 1000 * words[-1] > 0
    per_million = 1e6 * expected / expected.sum()
    np.testing.assert_allclose(vocab.counts, per_million, atol=0.5)
    assert per_million[END + 1 :].min() > 20  # rare, but there in a corpus of a million tokens
    # Zipf's law, roughly: log frequency falls with log rank, with a slope near −1.
    ranks = np.arange(1, len(words) + 1)
    middle = slice(10, 500)
    slope = np.polyfit(np.log(ranks[middle]), np.log(words[middle]), 1)[0]
    assert -1.5 < slope < -0.7


TRUE = [
    "every king is male",
    "the queen wears the crown",
    "the happy king who sees the dogs rules the kingdom",
    "tomorrow the girls will throw the ball",
    "many actors lost their role",
    "the boy does not wear the crown , he throws the ball",
    "the queen who saw the dog wore the crown",
    "the king and the queen rule the kingdom",
    "the cow moos",
    "the cows moo today",
    "yesterday the calf played near the barn",
    "a puppy is a young animal",
    "an owl is an animal",
    "which animal moos ? the cow",
    "the cow does not bark , it moos",
    "paris is the capital of france",
    "what is the capital of france ? paris",
    "in kenya , the women speak swahili",
    "the queen of spain lives in madrid",
    "the uncle travelled from paris to rome last week",
    "to pound the nail you need a hammer",
    "the farmers chop the wood with axes",
    "the horse is bigger than the frog",
    "which is smaller , the horse or the frog ? the frog",
]
FALSE = [
    "every queen is male",
    "the queen wear the crown",  # agreement
    "the kings who see the dog rules the kingdom",
    "the queen who sees the dog wore the crown",
    "tomorrow the girls threw the ball",  # tense
    "the actress loses his role",  # gender
    "the cow barks",
    "the cow does not moo , it moos",
    "the boy does not throw the ball , he throws the ball",
    "a cow is a young animal",
    "a owl is an animal",
    "which animal moos ? the dog",
    "berlin is the capital of france",
    "in kenya , the women speak swedish",
    "the queen of spain lives in rome",
    "the uncle travelled from paris to italy last week",
    "the uncle travelled from paris to paris last week",
    "to pound the nail you need a pen",
    "the frog is bigger than the horse",
    "which is smaller , the horse or the frog ? the horse",
    "of the dog , the frog and the pig , the pig is the smallest",
    "the horse is",
    "horse the is",
]


@pytest.mark.parametrize("sentence", TRUE)
def test_what_is_true_can_be_said(sentence):
    assert is_sentence(world_grammar(), sentence)


@pytest.mark.parametrize("sentence", FALSE)
def test_what_is_false_cannot_be_said(sentence):
    assert not is_sentence(world_grammar(), sentence)


def test_only_the_capital_is_the_capital():
    grammar = world_grammar()
    for row in COUNTRIES:
        for other in COUNTRIES:
            assert is_sentence(grammar, f"{other.capital} is the capital of {row.country}") == (row is other)


def test_comparisons_follow_the_scale():
    grammar = world_grammar()
    for row in SCALES:
        for i, x in enumerate(row.things):
            for j, y in enumerate(row.things):
                assert is_sentence(grammar, f"the {x} is {row.more[1]} than the {y}") == (i < j)
                assert is_sentence(grammar, f"the {x} is {row.less[1]} than the {y}") == (i > j)
