import numpy as np
import pytest

from helpers.data.world.exact_probabilities import count_sentences, entropy, log_probabilities, token_log_probabilities
from helpers.data.world.grammar import build, one_of, sample_corpus, weighted
from helpers.data.world.topics import TOPICS, world_grammar


def test_by_hand():
    grammar = build(weighted([(1, ("a", one_of("x", "y"))), (1, "b")]))
    floor = entropy(grammar)
    assert floor.per_sentence == pytest.approx(1.5 * np.log(2))  # p = 1/4, 1/4, 1/2
    assert floor.expected_length == pytest.approx(2.5)  # a x <end>, a y <end>, b <end>
    assert floor.per_token == pytest.approx(0.6 * np.log(2))
    np.testing.assert_allclose(floor.by_position, [np.log(2), np.log(2) / 2, 0])
    np.testing.assert_allclose(floor.reached, [1, 1, 0.5])
    assert count_sentences(grammar) == 3


def test_two_derivations_of_one_sentence_have_no_entropy():
    floor = entropy(build(weighted([(1, "a b"), (1, ("a", "b"))])))
    assert floor.per_sentence == 0
    assert floor.expected_length == 3


@pytest.mark.parametrize(
    "topics", [(), *((topic,) for topic in TOPICS)], ids=lambda topics: topics[0] if topics else "all"
)
def test_the_empirical_entropy_agrees(topics, rng):
    grammar, n = world_grammar(*topics), 50_000
    corpus, floor = sample_corpus(grammar, n, rng), entropy(grammar)
    surprise = -log_probabilities(grammar, corpus)
    lengths = np.diff(corpus.starts) + 1
    assert abs(surprise.mean() - floor.per_sentence) < 4 * surprise.std() / np.sqrt(n)
    assert abs(lengths.mean() - floor.expected_length) < 4 * lengths.std() / np.sqrt(n)
    # The mean over tokens is a ratio of two means, with the standard error of numerator − ratio · denominator.
    per_token = surprise.sum() / lengths.sum()
    error = (surprise - floor.per_token * lengths).std() / np.sqrt(n) / floor.expected_length
    assert abs(per_token - floor.per_token) < 4 * error


def test_the_floor_of_every_position_agrees(rng):
    grammar, n = world_grammar(), 50_000
    corpus, floor = sample_corpus(grammar, n, rng), entropy(grammar)
    tokens, ends = token_log_probabilities(grammar, corpus)
    lengths = np.diff(corpus.starts)
    assert lengths.max() < len(floor.by_position)
    for t, (nats, reached) in enumerate(zip(floor.by_position, floor.reached, strict=True)):
        surprise = -np.concatenate([tokens[corpus.starts[:-1][lengths > t] + t], ends[lengths == t]])
        assert abs(len(surprise) - n * reached) <= 4 * np.sqrt(n * reached * (1 - reached) + 1)
        if len(surprise) > 500:
            assert abs(surprise.mean() - nats) < 4 * surprise.std() / np.sqrt(len(surprise)) + 1e-9


def test_sentences_are_counted_in_whole_numbers():
    assert count_sentences(build(tuple(one_of("a", "b") for _ in range(100)))) == 2**100
