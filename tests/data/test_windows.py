import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import Corpus
from helpers.data.windows import context_windows, keep_probabilities, subsample

CORPUS = Corpus(np.array([4, 5, 6, 7, 8], dtype=np.int32), np.array([0, 3, 3, 5]))
SENTENCES = st.lists(st.lists(st.integers(4, 9), max_size=6), min_size=1, max_size=6)


def as_corpus(sentences):
    flat = np.array([token for sentence in sentences for token in sentence], dtype=np.int32)
    return Corpus(flat, np.cumsum([0] + [len(sentence) for sentence in sentences]))


def test_windows_by_hand():
    centres, contexts = context_windows(CORPUS, 2)
    assert centres.tolist() == [4, 5, 6, 7, 8]
    assert contexts.tolist() == [[0, 0, 5, 6], [0, 4, 6, 0], [4, 5, 0, 0], [0, 0, 8, 0], [0, 7, 0, 0]]
    assert contexts.dtype == np.int32


@settings(deadline=None)
@given(SENTENCES, st.integers(1, 8))
def test_windows_against_two_loops(sentences, window):
    expected = []
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            row = [sentence[j] if 0 <= j < len(sentence) else 0 for j in range(i - window, i + window + 1) if j != i]
            expected.append((centre, row))
    centres, contexts = context_windows(as_corpus(sentences), window)
    assert centres.tolist() == [centre for centre, _ in expected]
    assert contexts.tolist() == [row for _, row in expected]


def test_drawn_windows_are_even(rng):
    corpus = Corpus(np.full(60_000, 4, dtype=np.int32), np.array([0, 60_000]))
    _, contexts = context_windows(corpus, 3, rng)
    inner = contexts[3:-3] != 0
    assert np.array_equal(inner, inner[:, ::-1])  # as far to the left as to the right
    widths = inner.sum(axis=1) // 2
    counts = np.bincount(widths, minlength=4)
    assert counts[0] == 0
    n = counts.sum()
    assert (np.abs(counts[1:] - n / 3) < 4 * np.sqrt(n * 2 / 9)).all()


def test_keep_probabilities_by_hand():
    counts = np.array([0, 8000, 1990, 10])  # shares 0, 0.8, 0.199, 0.001
    expected = [1, np.sqrt(1e-2 / 0.8), np.sqrt(1e-2 / 0.199), 1]
    np.testing.assert_allclose(keep_probabilities(counts, 1e-2), expected)
    np.testing.assert_array_equal(keep_probabilities(counts), keep_probabilities(counts, 1e-3))


@pytest.mark.parametrize(
    ("counts", "threshold", "message"),
    [
        ([0, 0], 1e-3, "counts has 2 numbers, the smallest 0"),
        ([5, -1], 1e-3, "counts has 2 numbers, the smallest -1; expected none below 0 and one above"),
        ([1, np.nan], 1e-3, "counts has 1 of 2 values that are NaN"),
        ([1, np.inf], 1e-3, "counts has 1 of 2 values that are NaN or infinite"),
        ([[1, 2]], 1e-3, r"counts has shape \(1, 2\)"),
        ([], 1e-3, "counts has 0 numbers"),
        ([1], 0, "threshold is 0"),
    ],
)
def test_keep_probabilities_refuses(counts, threshold, message):
    with pytest.raises(ValueError, match=message):
        keep_probabilities(counts, threshold)


def test_subsampling_keeps_each_word_as_often_as_it_should(rng):
    n = 100_000
    corpus = Corpus(np.tile(np.array([4, 5], dtype=np.int32), n // 2), np.arange(0, n + 1, 10))
    keep = np.array([0, 0, 0, 0, 0.2, 0.9])
    smaller = subsample(corpus, keep, rng)
    counts = np.bincount(smaller.tokens, minlength=6)
    for token in (4, 5):
        p = keep[token]
        assert abs(counts[token] - n / 2 * p) < 4 * np.sqrt(n / 2 * p * (1 - p))
    assert len(smaller.starts) == len(corpus.starts)
    assert smaller.starts[-1] == len(smaller.tokens)


@settings(deadline=None)
@given(SENTENCES)
def test_subsampling_keeps_sentences_apart(sentences):
    corpus = as_corpus(sentences)
    keep = np.array([0, 0, 0, 0, 1, 0, 1, 0, 1, 0])  # even ones stay
    smaller = subsample(corpus, keep, np.random.default_rng(0))
    kept = [part.tolist() for part in np.split(smaller.tokens, smaller.starts[1:-1])]
    assert kept == [[token for token in sentence if token % 2 == 0] for sentence in sentences]


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        (np.ones(8), "tokens spans 4 to 8, expected integers from 0 to 7"),
        (np.ones((9, 1)), "keep has shape"),
        (np.full(9, np.nan), "keep has 9 of 9 values that are NaN"),
    ],
)
def test_subsampling_wants_a_probability_for_every_token(keep, message):
    with pytest.raises(ValueError, match=message):
        subsample(CORPUS, keep, np.random.default_rng(0))


def test_a_window_of_nothing_is_refused():
    with pytest.raises(ValueError, match="window is 0"):
        context_windows(CORPUS, 0)


def test_a_window_may_be_wider_than_the_text():
    narrow, wide = (context_windows(CORPUS, window)[1] for window in (4, 100_000))
    np.testing.assert_array_equal(wide[:, 100_000 - 4 : 100_000 + 4], narrow)
    assert np.count_nonzero(wide) == np.count_nonzero(narrow)


@pytest.mark.parametrize(
    ("corpus", "message"),
    [
        ([[4, 5], [6]], "corpus is of type list, expected a Corpus: see encode_sentences"),
        (Corpus(np.array([[4, 5]]), np.array([0, 2])), "tokens has shape"),
        (Corpus(CORPUS.tokens, np.array([0, 3])), r"starts is \[0 3\], expected integers that rise from 0 to 5"),
        (Corpus(CORPUS.tokens, np.array([0, 4, 3, 5])), r"starts is \[0 4 3 5\]"),
        (Corpus(CORPUS.tokens, np.array([])), r"starts is \[\]"),
        (Corpus(CORPUS.tokens, np.array([0.0, 5.0])), "starts is"),
    ],
)
def test_what_is_no_corpus_is_refused(corpus, message):
    with pytest.raises(ValueError, match=message):
        context_windows(corpus, 2)
    with pytest.raises(ValueError, match=message):
        subsample(corpus, np.ones(9), np.random.default_rng(0))
