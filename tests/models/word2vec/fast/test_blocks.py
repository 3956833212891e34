import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import PAD, Corpus
from helpers.data.windows import context_windows
from helpers.models.word2vec.fast.blocks import (
    CHUNK,
    GROUP,
    by_chunk,
    by_place,
    cross_entropy_row_by_row,
    cross_entropy_with_all,
    cut_block,
    text_block,
    window_reach,
)
from helpers.models.word2vec.outputs import binary_cross_entropy, binary_cross_entropy_backward


def make_text(V, places, seed):
    """Sentences of 0 to 12 words, frequent and rare ones."""
    rng = np.random.default_rng(seed)
    tokens = 1 + np.minimum(rng.zipf(1.4, places) - 1, V - 2)
    lengths = rng.integers(0, 13, places)
    starts = np.minimum(np.concatenate([[0], np.cumsum(lengths), [places]]), places)
    return Corpus(tokens, starts)


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(0, 2**32), st.booleans())
def test_reach_is_that_of_the_readable_windows(window, seed, dynamic):
    corpus = make_text(30, 50, seed)

    def rng():
        return np.random.default_rng(seed) if dynamic else None

    left, right = window_reach(corpus.starts, window, rng())
    _, contexts = context_windows(corpus, window, rng())
    np.testing.assert_array_equal(left, (contexts[:, :window] != PAD).sum(axis=1))
    np.testing.assert_array_equal(right, (contexts[:, window:] != PAD).sum(axis=1))


def test_a_text_is_filled_up_with_places_that_see_nothing():
    corpus = Corpus(np.arange(4, 4 + GROUP + 3), np.array([0, 5, GROUP + 3]))
    block = text_block(corpus, 2, fill=9)
    assert block.window == 2
    np.testing.assert_array_equal(block.tokens, [9, 9, *corpus.tokens, *[9] * (GROUP - 3 + 2)])
    np.testing.assert_array_equal(block.centres[: GROUP + 3], corpus.tokens)
    np.testing.assert_array_equal(block.seen[:6], [2, 3, 4, 3, 2, 2])
    assert len(block.seen) == 2 * GROUP
    assert not block.seen[GROUP + 3 :].any()
    np.testing.assert_array_equal(text_block(corpus, 2).tokens[:2], [PAD, PAD])


def test_cut_blocks_lie_side_by_side():
    block = text_block(make_text(30, 5 * GROUP - 7, seed=1), 3)
    parts = list(cut_block(block, 2 * GROUP))
    assert [len(part.left) for part in parts] == [2 * GROUP, 2 * GROUP, GROUP]
    for name in ("centres", "left", "right"):
        np.testing.assert_array_equal(np.concatenate([getattr(part, name) for part in parts]), getattr(block, name))
    np.testing.assert_array_equal(parts[1].tokens, block.tokens[2 * GROUP : 4 * GROUP + 6])


@given(st.integers(1, 4), st.integers(0, 50))
def test_by_place_is_the_transpose_of_by_chunk(M, overlap):
    rng = np.random.default_rng((M, overlap))
    width = CHUNK + overlap
    rows = rng.standard_normal(((M - 1) * CHUNK + width, 2))
    chunks = rng.standard_normal((M, width, 2))
    assert (by_chunk(rows, width) * chunks).sum() == pytest.approx((rows * by_place(chunks)).sum())
    np.testing.assert_array_equal(by_chunk(rows, width)[-1], rows[(M - 1) * CHUNK :])


def test_rows_that_meet_several_times_count_several_times(rng):
    h, C, shift = rng.standard_normal((3, 4)), rng.standard_normal((2, 4)), rng.standard_normal((3, 2))
    total = np.array([[2.0, 0], [1, 3], [0, 5]])
    positive = np.array([[1.0, 0], [1, 1], [0, 5]])
    rows = np.tile([0, 1, 0, 1], (3, 1))
    labels = np.tile([True, True, False, False], (3, 1))
    weights = np.concatenate([positive, total - positive], axis=1)
    wanted, cache = binary_cross_entropy(h, C, rows, labels, weights, np.tile(shift, 2))
    loss, dh, dC = cross_entropy_with_all(h, C, total, positive, shift, want_loss=True)
    assert loss == pytest.approx(wanted, rel=1e-12)
    for found, right in zip((dh, dC), binary_cross_entropy_backward(cache, C), strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-12)
    one_by_one = [
        cross_entropy_with_all(h[i : i + 1], C[i : i + 1], total[i, i], positive[i, i], shift[i, i], True)
        for i in (0, 1)
    ]
    diagonal = np.diag(total), np.diag(positive), np.diag(shift)
    found, dh, dc = cross_entropy_row_by_row(h[:2], C, *diagonal, want_loss=True)
    assert found == pytest.approx(sum(part[0] for part in one_by_one), rel=1e-12)
    np.testing.assert_allclose(dh, np.concatenate([part[1] for part in one_by_one]), rtol=1e-12)
    np.testing.assert_allclose(dc, np.concatenate([part[2] for part in one_by_one]), rtol=1e-12)


def test_huge_scores_do_not_overflow():
    h = np.array([[[1e18, 0.0]], [[-1e18, 0.0]]], np.float32)
    C = np.ones((2, 1, 2), np.float32) * np.float32(1e18)
    positive = np.array([[[0.0]], [[1.0]]], np.float32)  # wrong both times
    loss, dh, dC = cross_entropy_with_all(h, C, np.float32(1), positive, want_loss=True)
    assert loss == pytest.approx(2e36, rel=1e-6)
    np.testing.assert_allclose(dh, np.sign(h[:, :, :1]) * C, rtol=1e-6)
    assert np.isfinite(dC).all()
