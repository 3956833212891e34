"""Exact probabilities and entropies against hand-computed cases, all sentences, and samples."""

from itertools import product

import numpy as np
import pytest

from helpers.data.masking import MaskRule, mask_tokens, seen_likelihood
from helpers.data.vocab import END, SPECIALS, Corpus, encode, encode_sentences
from helpers.data.world.exact_probabilities import (
    blank_probabilities,
    count_sentences,
    entropy,
    hidden_probabilities,
    is_sentence,
    log_probabilities,
    log_probability,
    masked_probabilities,
    next_token_probabilities,
    token_log_probabilities,
)
from helpers.data.world.grammar import build_grammar, one_of, sample_corpus, weighted, zipf
from helpers.data.world.topics import TOPICS, world_grammar

# p(a x) = 3/4 · 1/2, p(a y) = 3/4 · 1/2, p(b x) = 1/4
SMALL = build_grammar(weighted([(3, ("a", one_of("x", "y"))), (1, "b x")]))
IDS = SMALL.vocab.ids


def test_log_probability_by_hand():
    assert log_probability(SMALL, "a x") == pytest.approx(np.log(3 / 8))
    assert log_probability(SMALL, ["b", "x"]) == pytest.approx(np.log(1 / 4))
    for wrong in ("a", "b y", "a x x", "x", "a wolf", "<end>", "a x <end>"):
        assert log_probability(SMALL, wrong) == -np.inf
        assert not is_sentence(SMALL, wrong)
    assert is_sentence(SMALL, "a y")


def test_a_word_that_never_begins_a_sentence():
    grammar = build_grammar("a a b")
    assert grammar.vocab.ids["b"] > grammar.vocab.ids["a"]
    assert log_probability(grammar, "b") == -np.inf


def test_many_sentences_at_once_and_empty_ones():
    a, b, x, y = (IDS[word] for word in "abxy")
    corpus = Corpus(np.array([a, x, b, y, a, b, x, x]), np.array([0, 2, 2, 4, 5, 8, 8]))
    expected = [np.log(3 / 8), -np.inf, -np.inf, -np.inf, -np.inf, -np.inf]
    np.testing.assert_allclose(log_probabilities(SMALL, corpus), expected)
    tokens, ends = token_log_probabilities(SMALL, corpus)
    np.testing.assert_allclose(np.exp(tokens), [3 / 4, 1 / 2, 1 / 4, 0, 3 / 4, 1 / 4, 1, 0])
    np.testing.assert_allclose(np.exp(ends), [1, 0, 0, 0, 0, 0])


def test_after_a_wrong_token_nothing_is_right():
    tokens, ends = token_log_probabilities(SMALL, encode_sentences(SMALL.vocab, [["b", "y", "x"]]))
    assert tokens.tolist() == [np.log(1 / 4), -np.inf, -np.inf]
    assert ends.tolist() == [-np.inf]


def test_next_token_by_hand():
    rows = next_token_probabilities(SMALL, "a x")
    wanted = np.zeros((3, len(SMALL.vocab)))
    wanted[0, [IDS["a"], IDS["b"]]] = 3 / 4, 1 / 4
    wanted[1, [IDS["x"], IDS["y"]]] = 1 / 2
    wanted[2, END] = 1
    np.testing.assert_allclose(rows, wanted)
    np.testing.assert_allclose(next_token_probabilities(SMALL, []), wanted[:1])


def test_next_token_after_an_impossible_beginning():
    with pytest.raises(ValueError, match=r"no sentence begins with these 2 tokens: token 1 cannot stand there"):
        next_token_probabilities(SMALL, "b y")


def test_blank_by_hand():
    wanted = np.zeros(len(SMALL.vocab))
    wanted[[IDS["a"], IDS["b"]]] = 3 / 5, 2 / 5  # 3/8 against 1/4
    np.testing.assert_allclose(blank_probabilities(SMALL, "a x", 0), wanted)
    np.testing.assert_allclose(blank_probabilities(SMALL, "? x", 0), wanted)


def test_blank_refuses():
    with pytest.raises(ValueError, match="no word at position 1 makes this a sentence"):
        blank_probabilities(SMALL, "wolf x", 1)
    with pytest.raises(ValueError, match="position spans 2 to 2, expected integers from 0 to 1"):
        blank_probabilities(SMALL, "a x", 2)


def test_ids_of_another_vocabulary_are_refused():
    with pytest.raises(ValueError, match="tokens spans 99 to 99"):
        log_probabilities(SMALL, Corpus(np.array([99]), np.array([0, 1])))


def test_the_chain_rule_on_the_world():
    grammar = world_grammar()
    corpus = sample_corpus(grammar, 20, np.random.default_rng(0))
    tokens, ends = token_log_probabilities(grammar, corpus)
    for s, (first, last) in enumerate(zip(corpus.starts[:-1], corpus.starts[1:], strict=True)):
        ids = corpus.tokens[first:last]
        rows = next_token_probabilities(grammar, grammar.vocab.tokens[ids].tolist())
        np.testing.assert_allclose(rows.sum(axis=1), 1)
        np.testing.assert_allclose(np.log(rows[np.arange(len(ids)), ids]), tokens[first:last], rtol=1e-12)
        assert np.log(rows[-1, END]) == pytest.approx(ends[s])


def test_a_long_sentence_has_a_finite_log_probability():
    grammar = build_grammar(tuple(zipf(["a", "b", "c"]) for _ in range(600)))  # p is some 1e-360: 0 as a float64
    assert log_probability(grammar, ["c"] * 600) == pytest.approx(600 * np.log(2 / 11))


@pytest.mark.parametrize(
    ("sentence", "position", "right", "wrong"),
    [
        ("in france , the king who loves the dogs speaks french", 10, "french", "german"),
        ("the dog that loves the cats barks", 6, "barks", "bark"),
        ("the dogs that love the cat bark", 6, "bark", "barks"),
        ("yesterday the cow mooed", 3, "mooed", "moos"),
        ("the capital of japan is tokyo", 5, "tokyo", "paris"),
        ("the queen loses her crown", 3, "her", "his"),
        ("of the lemon , the honey and the plum , the honey is the sweetest", 11, "honey", "plum"),
    ],
)
def test_what_was_said_decides_what_is_said_later(sentence, position, right, wrong):
    grammar = world_grammar()
    words = sentence.split()
    p_next = next_token_probabilities(grammar, words[:position])[-1]
    p_blank = blank_probabilities(grammar, words, position)
    for p in (p_next, p_blank):
        assert p[grammar.vocab.ids[right]] > 0
        assert p[grammar.vocab.ids[wrong]] == 0


# Sentences of two and of three words, in which the words depend on each other.
DEPENDENT = build_grammar(
    weighted([(3, ("a", one_of("b", "c"))), (2, ("b", one_of("a", "b"))), (5, ("a", "b", one_of("c", "a")))])
)


def by_counting(grammar, likelihood):
    """The same by Bayes' rule over all words in all places."""
    T, V = likelihood.shape
    p = np.zeros((T, V))
    for words in product(range(len(SPECIALS), V), repeat=T):
        joint = np.exp(log_probability(grammar, grammar.vocab.tokens[list(words)])) * np.prod(
            likelihood[np.arange(T), words]
        )
        for t, word in enumerate(words):
            p[t, word] += joint
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("T", [2, 3])
def test_it_equals_bayes_rule_over_all_sentences(T, rng):
    likelihood = rng.random((T, len(DEPENDENT.vocab)))
    np.testing.assert_allclose(
        hidden_probabilities(DEPENDENT, likelihood), by_counting(DEPENDENT, likelihood), atol=1e-12
    )


def test_a_case_by_hand():
    """Of two words, both hidden: a b and a c have 3/5 together, b a and b b have 2/5."""
    a, b, c = encode(DEPENDENT.vocab, ["a", "b", "c"])
    first, second = masked_probabilities(DEPENDENT, "a b", [0, 1])
    np.testing.assert_allclose(first[[a, b, c]], [3 / 5, 2 / 5, 0])
    np.testing.assert_allclose(second[[a, b, c]], [1 / 5, 1 / 5 + 3 / 10, 3 / 10])


def test_one_blank_is_what_it_was():
    grammar, sentence = world_grammar(), "the actresses do not drive the car , they enter the stage"
    for t in range(11):
        ours = masked_probabilities(grammar, sentence, [t])[0]
        np.testing.assert_allclose(ours, blank_probabilities(grammar, sentence, t), atol=1e-12)


def test_what_is_seen_is_certain():
    p = masked_probabilities(DEPENDENT, "a b c", [2])
    assert p.shape == (1, len(DEPENDENT.vocab))
    likelihood = np.eye(len(DEPENDENT.vocab))[encode(DEPENDENT.vocab, ["a", "b", "c"])]
    np.testing.assert_allclose(hidden_probabilities(DEPENDENT, likelihood), likelihood)


def test_answers_are_right_as_often_as_they_say(rng):
    """By the 80/10/10 rule: of the chosen words that are said to be b with probability p, the share p is b."""
    rule, V, (b,) = MaskRule(0.5, 0.6, 0.2), len(DEPENDENT.vocab), encode(DEPENDENT.vocab, ["b"])
    corpus, said, there = sample_corpus(DEPENDENT, 1500, rng), [], []
    for words in np.split(corpus.tokens, corpus.starts[1:-1]):
        seen, _, chosen = mask_tokens(words, V, rng, rule)
        for t in np.flatnonzero(chosen):
            likelihood = seen_likelihood(seen, np.arange(len(seen)) == t, V, rule)
            said.append(hidden_probabilities(DEPENDENT, likelihood)[t, b])
            there.append(words[t] == b)
    said, there = np.array(said), np.array(there)
    for low, high in ((0, 0.25), (0.25, 0.6), (0.6, 1.01)):
        some = (said >= low) & (said < high)
        assert some.sum() > 50
        assert abs((there - said)[some].sum()) < 4 * np.sqrt((said * (1 - said))[some].sum()) + 1e-9


def test_it_refuses_what_no_sentence_looks_like():
    with pytest.raises(ValueError, match="looks like this up to word 0"):
        masked_probabilities(DEPENDENT, "c c a", [2])
    with pytest.raises(ValueError, match="looks like this up to word 3"):
        masked_probabilities(DEPENDENT, "a b a a", [0, 1, 2, 3])
    with pytest.raises(ValueError, match="ends after 1 words"):
        masked_probabilities(DEPENDENT, "a", [0])
    with pytest.raises(ValueError, match="likelihood has shape"):
        hidden_probabilities(DEPENDENT, np.ones((2, 3)))
    with pytest.raises(ValueError, match="positions spans 3 to 3"):
        masked_probabilities(DEPENDENT, "a b c", [3])


def test_entropy_by_hand():
    grammar = build_grammar(weighted([(1, ("a", one_of("x", "y"))), (1, "b")]))
    floor = entropy(grammar)
    assert floor.per_sentence == pytest.approx(1.5 * np.log(2))  # p = 1/4, 1/4, 1/2
    assert floor.expected_length == pytest.approx(2.5)  # a x <end>, a y <end>, b <end>
    assert floor.per_token == pytest.approx(0.6 * np.log(2))
    np.testing.assert_allclose(floor.by_position, [np.log(2), np.log(2) / 2, 0])
    np.testing.assert_allclose(floor.reached, [1, 1, 0.5])
    assert count_sentences(grammar) == 3


def test_two_derivations_of_one_sentence_have_no_entropy():
    floor = entropy(build_grammar(weighted([(1, "a b"), (1, ("a", "b"))])))
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
    assert count_sentences(build_grammar(tuple(one_of("a", "b") for _ in range(100)))) == 2**100
