"""The fast form against the readable one: the same text, the same windows, the same negatives, the same gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import PAD, Corpus
from helpers.data.windows import context_windows
from helpers.models.word2vec.fast import outputs
from helpers.models.word2vec.fast.blocks import CHUNK, GROUP, Block, ask, by_chunk, by_place, window_reach
from helpers.models.word2vec.fast.outputs import SHARED, make_block_output, sort_tree
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.inputs import INPUTS, Word2VecParams, word2vec_loss
from helpers.models.word2vec.outputs import OUTPUTS, make_output

K = 3


def make_text(V, places, seed):
    """Sentences of 0 to 12 words, frequent and rare ones, whose places fill whole groups."""
    rng = np.random.default_rng(seed)
    tokens = 1 + np.minimum(rng.zipf(1.4, places) - 1, V - 2)
    lengths = rng.integers(0, 13, places)
    starts = np.minimum(np.concatenate([[0], np.cumsum(lengths)]), places)
    return Corpus(tokens, starts)


def make_case(context, output, V, places, window, seed):
    """Both forms of one case: (loss, dE, dW) each."""
    rng = np.random.default_rng(seed)
    corpus = make_text(V, places, seed)
    counts = np.bincount(corpus.tokens, minlength=V)
    readable, fast = make_output(output, counts, k=K), make_block_output(output, context, counts, k=K, dtype=np.float64)
    params = Word2VecParams(rng.standard_normal((V, 4)), rng.standard_normal((readable.rows, 4)))
    negatives = fast.draw(rng, places)

    centres, contexts = context_windows(corpus, window, np.random.default_rng(seed))
    examples = INPUTS[context](centres, contexts)
    if negatives is not None:
        neighbours = (contexts != PAD).sum(axis=1)
        each = neighbours if context == "skip-gram" else (neighbours > 0).astype(int)
        negatives_of_examples = negatives[np.repeat(np.arange(places), each) // GROUP]
    else:
        negatives_of_examples = None
    loss, grads = word2vec_loss(params, examples, readable, negatives_of_examples)

    left, right = window_reach(corpus.starts, window, np.random.default_rng(seed))
    tokens = np.pad(corpus.tokens, window, constant_values=1)
    block = Block(tokens, left, right)
    fast_loss, dE, dW = fast.gradients(params, block, negatives, want_loss=True)
    tables = [np.zeros_like(p) for p in params]
    for table, (ids, rows, questions) in zip(tables, (dE, dW), strict=True):
        np.add.at(table, ids, rows)
        assert len(questions) == len(ids)
    return (loss, *grads), (fast_loss, *tables)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("context", INPUTS)
@pytest.mark.parametrize(
    ("V", "places", "window"),
    [(9, GROUP, 5), (60, 4 * GROUP, 2), (300, 3 * GROUP, 1), (40, 2 * GROUP, 40), (3, GROUP, 3)],
)
def test_the_fast_form_equals_the_readable_one(context, output, V, places, window):
    readable, fast = make_case(context, output, V, places, window, seed=V)
    assert fast[0] == pytest.approx(readable[0], rel=1e-10)
    for found, wanted in zip(fast[1:], readable[1:], strict=True):
        assert np.abs(wanted).max() > 0.01
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("context", INPUTS)
def test_many_bundles_equal_the_readable_form(context, monkeypatch):
    monkeypatch.setattr(outputs, "SMALL", 0)
    for seed in range(10):
        readable, fast = make_case(context, "hierarchical", 150, 3 * GROUP, 4, seed)
        for found, wanted in zip(fast, readable, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("context", INPUTS)
def test_places_that_see_nothing_ask_nothing(context, output):
    alone = np.zeros(GROUP, int)
    block = Block(np.ones(GROUP + 4, int), alone, alone)
    fast = make_block_output(output, context, [0, 5, 3])
    rng = np.random.default_rng(0)
    params = Word2VecParams(*(rng.standard_normal((n, 2), dtype=np.float32) for n in (3, fast.rows)))
    loss, dE, dW = fast.gradients(params, block, fast.draw(rng, GROUP), want_loss=True)
    assert loss == 0
    for gradients in (dE, dW):
        assert not gradients.rows.any()
        assert not gradients.questions.any()
        assert gradients.rows.dtype == np.float32


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_loss_is_left_out_unless_it_is_wanted(output):
    fast = make_block_output(output, "skip-gram", [0, 5, 3])
    params = Word2VecParams(np.ones((3, 2), np.float32), np.ones((fast.rows, 2), np.float32))
    one = np.minimum(np.arange(GROUP), 1)
    block = Block(np.ones(GROUP + 4, int), one, 0 * one)
    negatives = fast.draw(np.random.default_rng(0), GROUP)
    with_loss = fast.gradients(params, block, negatives, want_loss=True)
    without = fast.gradients(params, block, negatives)
    assert with_loss[0] > 0
    assert without[0] == 0
    np.testing.assert_array_equal(with_loss[1].rows, without[1].rows)


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


@given(st.integers(1, 4), st.integers(0, 50))
def test_by_place_is_the_transpose_of_by_chunk(M, overlap):
    rng = np.random.default_rng((M, overlap))
    width = CHUNK + overlap
    rows = rng.standard_normal(((M - 1) * CHUNK + width, 2))
    chunks = rng.standard_normal((M, width, 2))
    assert (by_chunk(rows, width) * chunks).sum() == pytest.approx((rows * by_place(chunks)).sum())
    np.testing.assert_array_equal(by_chunk(rows, width)[-1], rows[(M - 1) * CHUNK :])


@pytest.mark.parametrize("context", INPUTS)
def test_questions_are_counted_where_they_meet_a_row(context):
    """Two places that see each other: two examples of 1 + k questions, each of which meets a row of either table."""
    fast = make_block_output("negative", context, [0, 5, 3], k=3)
    left, right = np.zeros(GROUP, int), np.zeros(GROUP, int)
    left[1] = right[0] = 1
    params = Word2VecParams(np.ones((3, 2), np.float32), np.ones((3, 2), np.float32))
    block = Block(np.ones(GROUP + 2, int), left, right)
    _, dE, dW = fast.gradients(params, block, np.ones((1, SHARED), int))
    assert dE.questions.sum() == pytest.approx(2 * 4)
    assert dW.questions.sum() == pytest.approx(2 * 4)


def test_words_of_one_node_stand_side_by_side():
    counts = np.random.default_rng(0).integers(0, 100, 70)
    paths = huffman_paths(counts)
    place = sort_tree(paths).place.astype(int)
    assert sorted(place) == list(range(70))
    for node in range(69):
        below = np.sort(place[(paths.mask & (paths.nodes == node)).any(axis=1)])
        assert (np.diff(below) == 1).all()


@given(st.integers(2, 80), st.integers(0, 2**32))
@settings(deadline=None)
def test_a_bundle_has_one_column_for_each_node(V, seed):
    rng = np.random.default_rng(seed)
    paths = huffman_paths(rng.integers(1, 1000, V))
    tree = sort_tree(paths)
    words = np.argsort(tree.place)[np.sort(rng.integers(V, size=3 * outputs.BUNDLE))]
    nodes, need, asked, yes = outputs._columns(tree, words, np.float64)
    for b, bundle in enumerate(words.reshape(3, -1)):
        columns = nodes[b, : need[b]].tolist()
        assert sorted(columns) == sorted(set(paths.nodes[bundle][paths.mask[bundle]].tolist()))
        assert not asked[b, :, need[b] :].any()
        for i, word in enumerate(bundle):
            for j, column in enumerate(columns):
                step = paths.mask[word] & (paths.nodes[word] == column)
                assert asked[b, i, j] == step.any()
                assert yes[b, i, j] == (step & paths.bits[word]).any()


def test_huge_scores_do_not_overflow():
    h = np.array([[[1e18, 0.0]], [[-1e18, 0.0]]], np.float32)
    C = np.ones((2, 1, 2), np.float32) * np.float32(1e18)
    yes = np.array([[[0.0]], [[1.0]]], np.float32)  # wrong both times
    loss, dh, dC = ask(h, C, np.float32(1), yes, want_loss=True)
    assert loss == pytest.approx(2e36, rel=1e-6)
    np.testing.assert_allclose(dh, np.sign(h[:, :, :1]) * C, rtol=1e-6)
    assert np.isfinite(dC).all()
