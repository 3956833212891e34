"""Exact answers for several blanks: against the one blank that was exact before, and against all sentences."""

from itertools import product

import numpy as np
import pytest

from helpers.data.masking import MaskRule, mask_tokens, seen_likelihood
from helpers.data.vocab import SPECIALS, encode
from helpers.data.world.exact_probabilities import (
    blank_probabilities,
    hidden_probabilities,
    log_probability,
    masked_probabilities,
)
from helpers.data.world.grammar import build, one_of, sample_corpus, weighted
from helpers.data.world.topics import world_grammar

# Sentences of two and of three words, in which the words depend on each other.
SMALL = build(weighted([(3, ("a", one_of("b", "c"))), (2, ("b", one_of("a", "b"))), (5, ("a", "b", one_of("c", "a")))]))


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
    likelihood = rng.random((T, len(SMALL.vocab)))
    np.testing.assert_allclose(hidden_probabilities(SMALL, likelihood), by_counting(SMALL, likelihood), atol=1e-12)


def test_a_case_by_hand():
    """Of two words, both hidden: a b and a c have 3/5 together, b a and b b have 2/5."""
    a, b, c = encode(SMALL.vocab, ["a", "b", "c"])
    first, second = masked_probabilities(SMALL, "a b", [0, 1])
    np.testing.assert_allclose(first[[a, b, c]], [3 / 5, 2 / 5, 0])
    np.testing.assert_allclose(second[[a, b, c]], [1 / 5, 1 / 5 + 3 / 10, 3 / 10])


def test_one_blank_is_what_it_was():
    grammar, sentence = world_grammar(), "the actresses do not drive the car , they enter the stage"
    for t in range(11):
        ours = masked_probabilities(grammar, sentence, [t])[0]
        np.testing.assert_allclose(ours, blank_probabilities(grammar, sentence, t), atol=1e-12)


def test_what_is_seen_is_certain():
    p = masked_probabilities(SMALL, "a b c", [2])
    assert p.shape == (1, len(SMALL.vocab))
    likelihood = np.eye(len(SMALL.vocab))[encode(SMALL.vocab, ["a", "b", "c"])]
    np.testing.assert_allclose(hidden_probabilities(SMALL, likelihood), likelihood)


def test_answers_are_right_as_often_as_they_say(rng):
    """By the 80/10/10 rule: of the chosen words that are said to be b with probability p, the share p is b."""
    rule, V, (b,) = MaskRule(0.5, 0.6, 0.2), len(SMALL.vocab), encode(SMALL.vocab, ["b"])
    corpus, said, there = sample_corpus(SMALL, 1500, rng), [], []
    for words in np.split(corpus.tokens, corpus.starts[1:-1]):
        seen, _, chosen = mask_tokens(words, V, rng, rule)
        for t in np.flatnonzero(chosen):
            likelihood = seen_likelihood(seen, np.arange(len(seen)) == t, V, rule)
            said.append(hidden_probabilities(SMALL, likelihood)[t, b])
            there.append(words[t] == b)
    said, there = np.array(said), np.array(there)
    for low, high in ((0, 0.25), (0.25, 0.6), (0.6, 1.01)):
        some = (said >= low) & (said < high)
        assert some.sum() > 50
        assert abs((there - said)[some].sum()) < 4 * np.sqrt((said * (1 - said))[some].sum()) + 1e-9


def test_it_refuses_what_no_sentence_looks_like():
    with pytest.raises(ValueError, match="looks like this up to word 0"):
        masked_probabilities(SMALL, "c c a", [2])
    with pytest.raises(ValueError, match="looks like this up to word 3"):
        masked_probabilities(SMALL, "a b a a", [0, 1, 2, 3])
    with pytest.raises(ValueError, match="ends after 1 words"):
        masked_probabilities(SMALL, "a", [0])
    with pytest.raises(ValueError, match="likelihood has shape"):
        hidden_probabilities(SMALL, np.ones((2, 3)))
    with pytest.raises(ValueError, match="positions spans 3 to 3"):
        masked_probabilities(SMALL, "a b c", [3])
