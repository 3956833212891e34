"""Expressions, the graph against a derivation of all sentences that shares no code with it, and samples."""

from collections import Counter
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import END, SPECIALS, decode_sentences, make_vocab
from helpers.data.world import grammar as grammar_module
from helpers.data.world.exact_probabilities import (
    count_sentences,
    entropy,
    log_probabilities,
    log_probability,
    next_token_probabilities,
)
from helpers.data.world.grammar import (
    Choice,
    build_grammar,
    expected_counts,
    maybe,
    node_visits,
    one_of,
    sample_corpus,
    weighted,
    zipf,
)
from helpers.data.world.topics import world_grammar


def test_weights():
    assert one_of("a", "b") == Choice(("a", "b"), (1, 1))
    assert zipf(["a", "b", "c"]) == Choice(("a", "b", "c"), (1, 1 / 2, 1 / 3))
    assert weighted([(3, "a"), (1, ("b", "c"))]) == Choice(("a", ("b", "c")), (3, 1))
    assert maybe(0.25, "a") == Choice(("a", ""), (0.25, 0.75))


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_bad_weights_are_refused(weight):
    with pytest.raises(ValueError, match="weight is"):
        weighted([(weight, "a")])


def test_a_choice_of_nothing_is_refused():
    for empty in (lambda: one_of(), lambda: zipf([]), lambda: weighted([])):
        with pytest.raises(ValueError, match="at least one option"):
            empty()


@pytest.mark.parametrize("probability", [0, 1, 1.5, float("nan")])
def test_maybe_needs_a_probability(probability):
    with pytest.raises(ValueError, match="probability is"):
        maybe(probability, "a")


def derive(part):
    """All {sentence: probability} of an expression, summed over derivations, by brute force."""
    sentences = Counter()
    if isinstance(part, str):
        sentences[tuple(part.split())] = 1.0
    elif isinstance(part, Choice):
        for option, weight in zip(part.options, part.weights, strict=True):
            for sentence, p in derive(option).items():
                sentences[sentence] += p * weight / sum(part.weights)
    else:
        for pieces in product(*(derive(inner).items() for inner in part)):
            words = tuple(word for piece, _ in pieces for word in piece)
            sentences[words] += np.prod([p for _, p in pieces])
    return sentences


def walks(grammar):
    """All {sentence: probability} of a graph."""

    def from_node(node):
        for arc in range(grammar.first[node], grammar.first[node + 1]):
            p, word = grammar.probabilities[arc], str(grammar.vocab.tokens[grammar.words[arc]])
            if word == SPECIALS[END]:
                yield (), p
            else:
                yield from (((word, *rest), p * q) for rest, q in from_node(grammar.following[arc]))

    return list(from_node(grammar.start))


# "a b" has three derivations here, and the choice after "a" depends on which of them was begun.
AMBIGUOUS = weighted([(2, "a b"), (1, ("a", one_of("b", "c"))), (1, (maybe(0.5, "a"), one_of("b", "c d")))])
PARTS = st.recursive(
    st.sampled_from(["a", "b", "a b", ""]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(tuple)
        | st.lists(st.tuples(st.integers(1, 5), inner), min_size=1, max_size=3).map(weighted)
    ),
    max_leaves=8,
)


def test_an_ambiguous_expression_by_hand():
    grammar = build_grammar(AMBIGUOUS)
    p = {" ".join(sentence): p for sentence, p in walks(grammar)}
    assert p == pytest.approx(
        {"a b": 1 / 2 + 1 / 8 + 1 / 16, "a c": 1 / 8, "a c d": 1 / 16, "b": 1 / 16, "c d": 1 / 16}
    )
    assert np.exp(log_probability(grammar, "a b")) == pytest.approx(11 / 16)


@settings(deadline=None)
@given(PARTS)
def test_the_graph_says_what_the_expression_says(part):
    part = ("start", part)  # so that no sentence is empty
    wanted, grammar = derive(part), build_grammar(part)
    got = walks(grammar)
    assert len(got) == len(wanted) == count_sentences(grammar)  # one walk a sentence
    assert dict(got) == pytest.approx(wanted, rel=1e-12)
    assert sum(p for _, p in got) == pytest.approx(1, rel=1e-12)


@settings(deadline=None)
@given(PARTS)
def test_everything_exact_agrees_with_enumeration(part):
    part = ("start", part)
    sentences, grammar = derive(part), build_grammar(part)
    for sentence, p in sentences.items():
        assert log_probability(grammar, list(sentence)) == pytest.approx(np.log(p), abs=1e-12)
    H = -sum(p * np.log(p) for p in sentences.values())
    length = sum(p * (len(sentence) + 1) for sentence, p in sentences.items())
    floor = entropy(grammar)
    assert floor.per_sentence == pytest.approx(H, abs=1e-12)
    assert floor.expected_length == pytest.approx(length)
    assert floor.per_token == pytest.approx(H / length, abs=1e-12)
    for word in ("a", "b"):
        wanted = sum(p * sentence.count(word) for sentence, p in sentences.items())
        if word in grammar.vocab:
            assert expected_counts(grammar)[grammar.vocab.ids[word]] == pytest.approx(wanted)
    assert expected_counts(grammar)[END] == pytest.approx(1)


def test_nodes_that_differ_in_probabilities_only_are_kept_apart():
    often, seldom = weighted([(3, "x"), (1, "y")]), weighted([(1, "x"), (3, "y")])
    p = {" ".join(sentence): p for sentence, p in walks(build_grammar(one_of(("a", often), ("b", seldom))))}
    assert p == pytest.approx({"a x": 3 / 8, "a y": 1 / 8, "b x": 1 / 8, "b y": 3 / 8})
    mixed = weighted([(3, ("a", "c d")), (1, ("a", "c e")), (1, ("b", "c d")), (3, ("b", "c e"))])
    p = {" ".join(sentence): p for sentence, p in walks(build_grammar(mixed))}
    assert p == pytest.approx({"a c d": 3 / 8, "a c e": 1 / 8, "b c d": 1 / 8, "b c e": 3 / 8})


def test_nodes_that_hardly_differ_are_kept_apart():
    mixed = weighted([(500, ("a", "c d")), (500, ("a", "c e")), (501, ("b", "c d")), (499, ("b", "c e"))])
    p = {" ".join(sentence): p for sentence, p in walks(build_grammar(mixed))}
    assert p == pytest.approx({"a c d": 0.25, "a c e": 0.25, "b c d": 0.2505, "b c e": 0.2495}, rel=1e-12)


def test_rare_beginnings_are_not_rounded_away():
    grammar = build_grammar(weighted([(1, ("a", one_of("x", "y"))), (1e-14, ("b", weighted([(3, "x"), (1, "y")])))]))
    assert np.exp(log_probability(grammar, "b x")) == pytest.approx(0.75e-14, rel=1e-9)


def test_equal_futures_share_a_node():
    assert len(build_grammar(weighted([(1, "a x"), (3, "b x")])).first) - 1 == 3
    grammar = build_grammar((one_of("the dog", "the cat", "a dog"), "sleeps"))
    # the start, after "the", after "a", before "sleeps", before the end
    assert len(grammar.first) - 1 == 5


@pytest.mark.parametrize("grammar", [build_grammar(AMBIGUOUS), world_grammar()], ids=["small", "world"])
def test_no_word_leaves_a_node_twice(grammar):
    degree = np.diff(grammar.first)
    node = np.repeat(np.arange(len(degree)), degree)
    assert (degree > 0).all()
    same_node = node[1:] == node[:-1]
    assert (grammar.words[1:][same_node] > grammar.words[:-1][same_node]).all()
    np.testing.assert_allclose(np.bincount(node, grammar.probabilities), 1, rtol=1e-14)
    assert (grammar.probabilities > 0).all()
    assert ((grammar.following == -1) == (grammar.words == END)).all()
    assert (grammar.following < node).all()  # no circle, so every walk ends


def test_visits_of_the_world_are_probabilities():
    visits = list(node_visits(world_grammar()))
    reached = [here.sum() for here in visits]
    assert reached[0] == 1
    assert all(later <= sooner + 1e-12 for sooner, later in pairwise(reached))


def test_ids_go_from_frequent_to_rare():
    vocab = build_grammar((weighted([(1, "b"), (3, "c")]), "a a")).vocab
    assert vocab.tokens.tolist() == [*SPECIALS, "a", "c", "b"]
    assert vocab.counts.tolist() == [0, 0, 0, 250_000, 500_000, 187_500, 62_500]


def test_a_larger_vocabulary_can_be_given():
    vocab = make_vocab({"x": 9, "a": 1, "b": 2})
    grammar = build_grammar(one_of("a", "b"), vocab)
    assert grammar.vocab is vocab
    assert next_token_probabilities(grammar, "")[0].tolist() == [0, 0, 0, 0, 0, 0.5, 0.5]
    with pytest.raises(ValueError, match="the vocabulary lacks c, d"):
        build_grammar(one_of("a", "c", "d"), vocab)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "a sentence of no words"),
        (maybe(0.5, "a"), "a sentence of no words"),
        (("a", 3), "a part is 3, expected a str"),
        (["a", "b"], r"a part is \['a', 'b'\]"),
        ("a <end> b", "the word <end> is a special token"),
    ],
)
def test_build_refuses(expression, message):
    with pytest.raises(ValueError, match=message):
        build_grammar(expression)


def test_the_same_seed_gives_the_same_corpus():
    one, same, other = (sample_corpus(world_grammar(), 500, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.tokens, same.tokens)
    np.testing.assert_array_equal(one.starts, same.starts)
    assert not np.array_equal(one.tokens[:500], other.tokens[:500])
    assert one.tokens.dtype == np.int32
    assert len(one.starts) == 501
    assert (one.starts[0], one.starts[-1]) == (0, len(one.tokens))


def test_sentences_are_as_frequent_as_they_are_probable(rng):
    grammar = build_grammar(weighted([(3, ("a", one_of("x", "y"))), (1, "b x y"), (4, "b x")]))
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


def test_blocks_of_sentences_do_not_show(monkeypatch):
    monkeypatch.setattr(grammar_module, "_SENTENCES_AT_ONCE", 7)
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
    arcs = np.searchsorted(grammar_module._arc_ends(grammar), np.nextafter(nodes + 1.0, 0), side="right")
    np.testing.assert_array_equal(arcs, grammar.first[1:] - 1)


@pytest.mark.parametrize("sentences", [0, -1, 2.5, True])
def test_bad_numbers_are_refused(sentences, rng):
    with pytest.raises(ValueError, match="sentences is"):
        sample_corpus(world_grammar(), sentences, rng)
