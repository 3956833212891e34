from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import END, PAD, START, UNK, Corpus, build_vocab, encode, encode_sentences
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import greedy
from helpers.models.ngram import (
    add_k,
    count_ngrams,
    jelinek_mercer,
    next_probabilities,
    ngram_log_probs,
    ngram_step,
    sample_ngrams,
    witten_bell,
)

SMOOTHINGS = [add_k(1), add_k(0.01), jelinek_mercer(0.7), witten_bell()]
VOCAB = build_vocab(["a", "a", "b"])  # four specials, a = 4, b = 5
A, B = 4, 5
V = len(VOCAB)


def corpus_of(*sentences):
    return encode_sentences(VOCAB, [list(sentence) for sentence in sentences])


def test_counts_by_hand():
    model = count_ngrams(corpus_of("ab", "aab"), 2, V)
    assert model.followers[0] == {(): Counter({A: 3, B: 2, END: 2})}
    assert model.followers[1] == {
        (START,): Counter({A: 2}),
        (A,): Counter({B: 2, A: 1}),
        (B,): Counter({END: 2}),
    }
    assert model.totals == ({(): 7}, {(START,): 2, (A,): 3, (B,): 2})
    assert count_ngrams(corpus_of("ab"), 3, V).followers[2] == {
        (START, START): Counter({A: 1}),
        (START, A): Counter({B: 1}),
        (A, B): Counter({END: 1}),
    }


def test_probabilities_by_hand():
    # After a came b twice and a once; the tokens that can come next are <unk>, <end>, a and b.
    model = count_ngrams(corpus_of("ab", "aab"), 2, V, add_k(0.5))
    P = next_probabilities(model, [A])
    np.testing.assert_allclose(P[[UNK, END, A, B]], np.array([0.5, 0.5, 1.5, 2.5]) / 5)
    singles = {UNK: 0, END: 2, A: 3, B: 2}  # of 7
    after_a = {UNK: 0, END: 0, A: 1, B: 2}  # of 3
    P = next_probabilities(model._replace(smoothing=jelinek_mercer(0.8)), [A])
    for w in singles:
        assert P[w] == pytest.approx(0.8 * after_a[w] / 3 + 0.2 * (0.8 * singles[w] / 7 + 0.2 / 4))
    P = next_probabilities(model._replace(smoothing=witten_bell()), [A])
    for w in singles:  # three kinds in all, two kinds after a
        assert P[w] == pytest.approx((after_a[w] + 2 * (singles[w] + 3 / 4) / (7 + 3)) / (3 + 2))
    assert P[PAD] == P[START] == 0


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("n", [1, 2, 3, 5])
@settings(deadline=None, max_examples=20)
@given(st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=5), st.text("abx", max_size=6))
def test_probabilities_sum_to_one_after_every_context(smoothing, n, sentences, context):
    model = count_ngrams(corpus_of(*sentences), n, V, smoothing)
    P = next_probabilities(model, encode(VOCAB, list(context)) if context else [])
    assert P.sum() == pytest.approx(1, abs=1e-12)
    assert (P[[UNK, END, A, B]] > 0).all()
    assert P[PAD] == P[START] == 0


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("n", [1, 2, 4])
def test_log_probs_are_those_of_the_next_tokens(smoothing, n):
    model = count_ngrams(corpus_of("ab", "aab", "b"), n, V, smoothing)
    text = corpus_of("ba", "x", "aabab")
    wanted = []
    for sentence in np.split(text.tokens, text.starts[1:-1]):
        for t, token in enumerate([*sentence, END]):
            wanted.append(np.log(next_probabilities(model, sentence[:t])[token]))
    np.testing.assert_allclose(ngram_log_probs(model, text), wanted, rtol=1e-12)


def test_without_a_context_seen_the_shorter_one_decides_or_all_are_equal():
    model = count_ngrams(corpus_of("ab"), 2, V)
    for smoothing in (jelinek_mercer(0.6), witten_bell()):
        model = model._replace(smoothing=smoothing)
        singles = next_probabilities(model._replace(n=1), [])
        np.testing.assert_allclose(next_probabilities(model, [UNK]), singles)
    P = next_probabilities(model._replace(smoothing=add_k(3)), [UNK])
    np.testing.assert_allclose(P[[UNK, END, A, B]], 0.25)


def test_the_searches_take_it():
    model = count_ngrams(corpus_of("ab", "ab", "aab"), 3, V)
    step, state = ngram_step(model)
    ((best, *_),) = exhaustive_search(step, state, START, END, 4, 1)
    ((found,),) = greedy(step, state, START, END, 6)
    assert tuple(best.tokens) == tuple(found.tokens) == (A, B, END)
    assert found.log_prob == pytest.approx(ngram_log_probs(model, corpus_of("ab")).sum())
    step, state = ngram_step(count_ngrams(corpus_of("ab"), 1, V), B=2)
    log_probs, _ = step(np.array([START, START]), state)
    assert log_probs.shape == (2, V)


@pytest.mark.parametrize("T", [0.5, 1.0, 2.0])
def test_samples_come_as_often_as_their_probability_says(T):
    model = count_ngrams(corpus_of("ab", "b", "aab"), 2, V, add_k(0.3))
    size = 20_000
    samples = sample_ngrams(model, np.random.default_rng(0), size, T, 2)
    first = Counter(sentence[0] if sentence else END for sentence in samples)
    P = next_probabilities(model, []) ** (1 / T)
    P /= P.sum()
    for token in range(V):
        assert abs(first[token] - size * P[token]) <= 4 * np.sqrt(size * P[token] * (1 - P[token]))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_whole_samples_come_as_often_as_their_probability_says(n):
    model = count_ngrams(corpus_of("ab", "b", "aab", "ba"), n, V, jelinek_mercer(0.9))
    size, texts = 20_000, ("a", "b", "ab", "ba", "aa", "bb", "aab", "aba")
    samples = Counter(map(tuple, sample_ngrams(model, np.random.default_rng(0), size)))
    for text in texts:
        p = np.exp(ngram_log_probs(model, corpus_of(text)).sum())
        assert abs(samples[tuple(encode(VOCAB, list(text)))] - size * p) <= 4 * np.sqrt(size * p)


def test_samples_are_the_same_at_every_run_and_cold_ones_are_greedy():
    model = count_ngrams(corpus_of("ab", "ab", "aab"), 3, V)
    once, again, other = (sample_ngrams(model, np.random.default_rng(seed), 20) for seed in (1, 1, 2))
    assert once == again != other
    assert sample_ngrams(model, np.random.default_rng(0), 3, T=0.001) == [[A, B]] * 3
    assert max(map(len, sample_ngrams(model, np.random.default_rng(0), 200, T=50.0, longest=7))) == 7


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: count_ngrams(corpus_of("ab"), 0, V), "n is 0"),
        (lambda: count_ngrams(corpus_of("ab"), 2, 5), "tokens spans 4 to 5, expected integers from 0 to 4"),
        (
            lambda: count_ngrams(Corpus(np.array([A, END]), np.array([0, 2])), 2, V),
            "corpus has 1 tokens <pad>, <start>",
        ),
        (lambda: add_k(0), "k is 0"),
        (lambda: jelinek_mercer(1.0), "weight is 1.0"),
        (lambda: next_probabilities(count_ngrams(corpus_of("ab"), 2, V), [V]), "context spans 6 to 6"),
        (lambda: sample_ngrams(count_ngrams(corpus_of("ab"), 2, V), np.random.default_rng(0), 1, T=0), "T is 0"),
        (lambda: sample_ngrams(count_ngrams(corpus_of("ab"), 2, V), np.random.default_rng(0), 0), "size is 0"),
        (lambda: ngram_step(count_ngrams(corpus_of("ab"), 2, V), 0), "B is 0"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
