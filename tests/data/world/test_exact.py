import numpy as np
import pytest

from helpers.data.vocab import END, Corpus, encode_sentences
from helpers.data.world.exact_probabilities import (
    blank_probabilities,
    is_sentence,
    log_probabilities,
    log_probability,
    next_token_probabilities,
    token_log_probabilities,
)
from helpers.data.world.grammar import build, one_of, sample_corpus, weighted, zipf
from helpers.data.world.topics import world_grammar

# p(a x) = 3/4 · 1/2, p(a y) = 3/4 · 1/2, p(b x) = 1/4
SMALL = build(weighted([(3, ("a", one_of("x", "y"))), (1, "b x")]))
IDS = SMALL.vocab.ids


def test_log_probability_by_hand():
    assert log_probability(SMALL, "a x") == pytest.approx(np.log(3 / 8))
    assert log_probability(SMALL, ["b", "x"]) == pytest.approx(np.log(1 / 4))
    for wrong in ("a", "b y", "a x x", "x", "a wolf", "<end>", "a x <end>"):
        assert log_probability(SMALL, wrong) == -np.inf
        assert not is_sentence(SMALL, wrong)
    assert is_sentence(SMALL, "a y")


def test_a_word_that_never_begins_a_sentence():
    grammar = build("a a b")
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
    grammar = build(tuple(zipf(["a", "b", "c"]) for _ in range(600)))  # p is some 1e-360: 0 as a float64
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
