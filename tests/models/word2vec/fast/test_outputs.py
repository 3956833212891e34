"""The fast form against the readable one: the same text, the same windows, the same negatives, the same gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import PAD, Corpus
from helpers.data.windows import context_windows
from helpers.models.word2vec.fast import GROUP, Block, make_block_output, text_block, word2vec_block_loss
from helpers.models.word2vec.fast import outputs as fast_outputs
from helpers.models.word2vec.inputs import INPUTS
from helpers.models.word2vec.model import OUTPUTS, Word2VecParams, make_output, word2vec_loss

K = 3


def make_text(V, places, seed):
    """Sentences of 0 to 12 words, frequent and rare ones."""
    rng = np.random.default_rng(seed)
    tokens = 1 + np.minimum(rng.zipf(1.4, places) - 1, V - 2)
    lengths = rng.integers(0, 13, places)
    starts = np.minimum(np.concatenate([[0], np.cumsum(lengths), [places]]), places)
    return Corpus(tokens, starts)


def both_forms(context, output, V, places, window, seed, D=4, dynamic=True):
    """(loss, dE, dW) of the readable form, and of the fast one."""
    rng = np.random.default_rng(seed)
    corpus = make_text(V, places, seed)
    counts = np.bincount(corpus.tokens, minlength=V)
    readable, fast = make_output(output, counts, k=K), make_block_output(output, context, counts, k=K, dtype=np.float64)
    assert readable.rows == fast.rows
    params = Word2VecParams(rng.standard_normal((V, D)), rng.standard_normal((readable.rows, D)))

    def reach():
        return np.random.default_rng(seed) if dynamic else None

    block = text_block(corpus, window, reach())
    shared = fast.draw(rng, len(block.left))
    centres, contexts = context_windows(corpus, window, reach())
    negatives = None
    if shared is not None:
        neighbours = (contexts != PAD).sum(axis=1)
        each = neighbours if context == "skip-gram" else (neighbours > 0).astype(int)
        negatives = shared[np.repeat(np.arange(places), each) // GROUP]
    loss, grads = word2vec_loss(params, INPUTS[context](centres, contexts), readable, negatives)
    fast_loss, fast_grads = word2vec_block_loss(params, block, fast, shared)
    assert isinstance(fast_grads, Word2VecParams)
    return (loss, *grads), (fast_loss, *fast_grads)


def check_equal(readable, fast):
    for found, wanted in zip(fast, readable, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12 * max(1, np.abs(wanted).max(initial=0)))


@pytest.mark.parametrize("small_vocabulary", [1000, 0], ids=["counted", "bundles"])
@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("context", INPUTS)
def test_the_fast_form_equals_the_readable_one(context, output, small_vocabulary, monkeypatch):
    """Of the hierarchical softmax there are two fast forms, for small and for large vocabularies."""
    monkeypatch.setattr(fast_outputs, "_SMALL_VOCABULARY", small_vocabulary)

    @settings(deadline=None, max_examples=25)
    @given(
        V=st.integers(3, 150),
        places=st.integers(1, 4 * GROUP),
        window=st.integers(1, 40),
        seed=st.integers(0, 2**32),
        D=st.integers(1, 8),
        dynamic=st.booleans(),
    )
    def check(**case):
        check_equal(*both_forms(context, output, **case))

    check()
    readable, fast = both_forms(context, output, 300, 3 * GROUP, 2, seed=0)
    assert all(np.abs(wanted).max() > 0.01 for wanted in readable)
    check_equal(readable, fast)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("context", INPUTS)
def test_places_that_see_nothing_add_nothing(context, output):
    alone = np.zeros(GROUP, int)
    block = Block(np.ones(GROUP + 4, int), alone, alone)
    fast = make_block_output(output, context, [0, 5, 3])
    rng = np.random.default_rng(0)
    params = Word2VecParams(*(rng.standard_normal((n, 2), dtype=np.float32) for n in (3, fast.rows)))
    loss, dE, dW = fast.gradients(params, block, fast.draw(rng, GROUP), want_loss=True)
    assert loss == 0
    for gradients in (dE, dW):
        assert not gradients.rows.any()
        assert not gradients.terms.any()
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


@pytest.mark.parametrize("context", INPUTS)
def test_terms_of_the_loss_are_counted_at_the_rows_that_they_meet(context):
    """Two places that see each other: two examples of 1 + k terms, each of which meets a row of either table."""
    fast = make_block_output("negative", context, [0, 5, 3], k=3)
    left, right = np.zeros(GROUP, int), np.zeros(GROUP, int)
    left[1] = right[0] = 1
    params = Word2VecParams(np.ones((3, 2), np.float32), np.ones((3, 2), np.float32))
    block = Block(np.ones(GROUP + 2, int), left, right)
    _, dE, dW = fast.gradients(params, block, np.ones((1, fast_outputs._SHARED), int))
    assert dE.terms.sum() == pytest.approx(2 * 4)
    assert dW.terms.sum() == pytest.approx(2 * 4)
