"""Grammars whose weights are far apart, nearly equal, or no weights."""

import numpy as np
import pytest

from helpers.data.world.exact_probabilities import entropy, hidden_probabilities, log_probability
from helpers.data.world.grammar import Choice, build_grammar, maybe, sample_corpus, weighted


def alternatives(small, larger):
    """After "x" both continuations are rare, but one is twice as probable; after "y" it is the other."""
    return weighted(
        [
            (1, ("x", weighted([(small, "a"), (larger, "b"), (1, "c")]))),
            (1, ("y", weighted([(larger, "a"), (small, "b"), (1, "c")]))),
        ]
    )


@pytest.mark.parametrize("small", [1e-3, 1e-12, 1e-13, 1e-30, 1e-200])
def test_rare_alternatives_keep_their_probabilities(small):
    grammar = build_grammar(alternatives(small, 2 * small))
    total = np.log(1 + 3 * small)
    for sentence, p in (("x a", small), ("x b", 2 * small), ("y a", 2 * small), ("y b", small), ("x c", 1)):
        assert log_probability(grammar, sentence) == pytest.approx(np.log(p / 2) - total, abs=1e-9)


@pytest.mark.parametrize("small", [1e-13, 1e-100])
def test_rare_histories_keep_their_probabilities(small):
    """Two derivations begin with "x": what comes after it is a mixture with a rare part."""
    grammar = build_grammar(
        weighted(
            [
                (1, ("p", weighted([(small, ("x", "a")), (1, ("x", "b"))]))),
                (1, ("q", weighted([(2 * small, ("x", "a")), (1, ("x", "b"))]))),
            ]
        )
    )
    assert log_probability(grammar, "p x a") == pytest.approx(np.log(small / 2), abs=1e-9)
    assert log_probability(grammar, "q x a") == pytest.approx(np.log(small), abs=1e-9)


def test_what_only_rounding_tells_apart_is_still_one_node():
    thirds = weighted([(1, "a"), (1, "b"), (1, "c")])
    rounded = weighted([(0.1 + 0.2, "a"), (0.3, "b"), (0.3, "c")])
    apart = build_grammar(weighted([(1, ("x", thirds)), (1, ("y", rounded))]))
    same = build_grammar(weighted([(1, ("x", thirds)), (1, ("y", thirds))]))
    assert len(apart.first) == len(same.first)


@pytest.mark.parametrize("wrong", [np.nan, -1, 0, np.inf, None, "1", True])
def test_a_raw_choice_checks_its_weights(wrong):
    with pytest.raises(ValueError, match=r"weight is .*, expected a finite number above 0"):
        Choice(("a", "b"), (1, wrong))
    with pytest.raises(ValueError, match="weight is"):
        weighted([(wrong, "a"), (1, "b")])


@pytest.mark.parametrize(
    ("options", "weights", "message"),
    [
        (("a",), (1, 2), "a choice has 1 options and 2 weights"),
        ((), (), "a choice has 0 options and 0 weights"),
        (("a", "b"), (1e308, 1e308), "weights span"),
        (("a", "b"), (1e-200, 1e200), "weights span 1e-200 to 1e"),
    ],
)
def test_other_wrong_choices_are_named(options, weights, message):
    with pytest.raises(ValueError, match=message):
        Choice(options, weights)


def test_weights_of_numpys_integers_do_not_overflow():
    grammar = build_grammar(Choice(("a", "b"), (np.uint8(200), np.uint8(100))))
    assert log_probability(grammar, "b") == pytest.approx(np.log(1 / 3))
    assert Choice(("a",), [2]) == (("a",), (2,))


def test_a_sentence_that_no_float_holds_is_refused():
    rare = weighted([(1e-200, "a"), (1, "b")])
    assert np.isfinite(log_probability(build_grammar((rare, rare)), "a a"))  # one after the other: a sum of logarithms
    with pytest.raises(ValueError, match="the word a follows with a probability below the smallest float"):
        build_grammar(weighted([(1e-200, weighted([(1e-200, "a"), (1, "b")])), (1, "c")]))
    assert np.isfinite(entropy(build_grammar(rare)).per_sentence)


@pytest.mark.parametrize("wrong", [0, 1, -0.5, np.nan, None, "0.5"])
def test_maybe_needs_a_probability(wrong):
    with pytest.raises(ValueError, match=r"probability is .*, expected a number between 0 and 1"):
        maybe(wrong, "a")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0])
def test_a_likelihood_is_finite_and_not_below_zero(wrong):
    grammar = build_grammar(weighted([(1, "a"), (2, "b")]))
    likelihood = np.ones((1, len(grammar.vocab)))
    likelihood[0, -1] = wrong
    with pytest.raises(ValueError, match="likelihood has 1"):
        hidden_probabilities(grammar, likelihood)


def test_corpora_of_numpys_sizes_are_the_same():
    grammar = build_grammar(weighted([(1, "a"), (2, "b")]))
    one, other = (sample_corpus(grammar, n(200), np.random.default_rng(0)) for n in (int, np.uint8))
    np.testing.assert_array_equal(one.tokens, other.tokens)
