import numpy as np
import pytest

from helpers.data.vocab import END, decode_sentences
from helpers.data.world import grammar
from helpers.data.world.exact_probabilities import log_probabilities
from helpers.data.world.grammar import build, expected_counts, one_of, sample_corpus, weighted
from helpers.data.world.topics import world_grammar


def test_the_same_seed_gives_the_same_corpus():
    one, same, other = (sample_corpus(world_grammar(), 500, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.tokens, same.tokens)
    np.testing.assert_array_equal(one.starts, same.starts)
    assert not np.array_equal(one.tokens[:500], other.tokens[:500])
    assert one.tokens.dtype == np.int32
    assert len(one.starts) == 501
    assert (one.starts[0], one.starts[-1]) == (0, len(one.tokens))


def test_sentences_are_as_frequent_as_they_are_probable(rng):
    grammar = build(weighted([(3, ("a", one_of("x", "y"))), (1, "b x y"), (4, "b x")]))
    n = 100_000
    sentences, counts = np.unique(decode_sentences(grammar.vocab, sample_corpus(grammar, n, rng)), return_counts=True)
    assert sentences.tolist() == ["a x", "a y", "b x", "b x y"]
    p = np.array([3 / 16, 3 / 16, 1 / 2, 1 / 8])
    assert (np.abs(counts - n * p) < 4 * np.sqrt(n * p * (1 - p))).all()


def test_all_that_is_sampled_can_be_said(rng):
    grammar = world_grammar()
    corpus = sample_corpus(grammar, 20_000, rng)
    assert np.isfinite(log_probabilities(grammar, corpus)).all()
    assert corpus.tokens.min() > END  # no special token among them


def test_words_are_as_frequent_as_expected(rng):
    grammar, n = world_grammar(), 100_000
    corpus = sample_corpus(grammar, n, rng)
    counts, expected = np.bincount(corpus.tokens, minlength=len(grammar.vocab)), n * expected_counts(grammar)
    expected[END] = 0  # it is not stored
    assert counts.shape == expected.shape
    # Most words come at most once in a sentence; "the" and others more often, so the variance is bounded from above.
    spread = np.sqrt(4 * expected + 1)
    assert (np.abs(counts - expected) < 5 * spread).all()
    often = expected > 1000
    np.testing.assert_allclose(counts[often], expected[often], rtol=0.2)


def test_blocks_do_not_show(monkeypatch):
    monkeypatch.setattr(grammar, "_BLOCK", 7)
    world = world_grammar()
    corpus = sample_corpus(world, 20, np.random.default_rng(0))
    assert len(corpus.starts) == 21
    assert np.isfinite(log_probabilities(world, corpus)).all()


def test_a_draw_never_leaves_its_node():
    class Edges:
        """The least and the greatest number that a generator can draw."""

        def __init__(self, value):
            self.value = value

        def random(self, size):
            return np.full(size, self.value)

    grammar = world_grammar()
    for value in (0.0, np.nextafter(1.0, 0)):
        assert np.isfinite(log_probabilities(grammar, sample_corpus(grammar, 3, Edges(value)))).all()


def test_the_greatest_draw_of_every_node_falls_on_its_last_arc():
    grammar = world_grammar()
    nodes = np.arange(len(grammar.first) - 1)
    arcs = np.searchsorted(grammar._arc_ends(grammar), np.nextafter(nodes + 1.0, 0), side="right")
    np.testing.assert_array_equal(arcs, grammar.first[1:] - 1)


@pytest.mark.parametrize("sentences", [0, -1, 2.5, True])
def test_bad_numbers_are_refused(sentences, rng):
    with pytest.raises(ValueError, match="sentences is"):
        sample_corpus(world_grammar(), sentences, rng)
