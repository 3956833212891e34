import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.batches import pad, shuffled_batches, stream_batches, token_stream
from helpers.data.vocab import END, PAD, START, Corpus
from helpers.data.world.exact_probabilities import entropy, token_log_probabilities
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.topics import world_grammar

CORPUS = Corpus(np.array([4, 5, 6, 7, 8], dtype=np.int32), np.array([0, 3, 3, 5]))  # 4 5 6 | nothing | 7 8


def test_padding_by_hand():
    tokens, mask = pad(CORPUS, np.array([2, 0, 1]))
    assert tokens.tolist() == [[7, 4, 0], [8, 5, 0], [0, 6, 0]]
    assert mask.tolist() == [[True, True, False], [True, True, False], [False, True, False]]
    assert tokens.dtype == np.int32


def test_padding_with_both_ends_by_hand():
    tokens, mask = pad(CORPUS, np.array([2, 0, 1]), start=True, end=True)
    assert tokens.T.tolist() == [[START, 7, 8, END, PAD], [START, 4, 5, 6, END], [START, END, PAD, PAD, PAD]]
    assert mask.T.tolist() == [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]
    tokens, mask = pad(CORPUS, np.array([2, 0]), end=True)
    assert tokens.T.tolist() == [[7, 8, END, PAD], [4, 5, 6, END]]
    assert mask.T.tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]
    tokens, _ = pad(CORPUS, np.array([2, 0]), start=True)
    assert tokens.T.tolist() == [[START, 7, 8, PAD], [START, 4, 5, 6]]


def test_padding_takes_a_list_of_sentences_only():
    with pytest.raises(ValueError, match=r"sentences has shape \(1, 2\)"):
        pad(CORPUS, np.array([[0, 1]]))
    with pytest.raises(ValueError, match="sentences spans 0 to 3, expected integers from 0 to 2"):
        pad(CORPUS, np.array([0, 3]))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.integers(1, 3))
def test_every_epoch_has_every_number_once(size, batch, epochs):
    batches = list(shuffled_batches(size, batch, np.random.default_rng(0), epochs))
    assert all(len(numbers) <= batch for numbers in batches)
    everything = np.concatenate(batches).reshape(epochs, size)
    assert (np.sort(everything, axis=1) == np.arange(size)).all()


def test_epochs_differ(rng):
    first, second = shuffled_batches(100, 100, rng, epochs=2)
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, np.arange(100))
    with pytest.raises(ValueError, match="batch is 0"):
        next(shuffled_batches(3, 0, rng))


def test_stream_by_hand():
    assert token_stream(CORPUS).tolist() == [END, 4, 5, 6, END, END, 7, 8, END]


def test_stream_batches_by_hand():
    batches = list(stream_batches(np.arange(10), B=2, T=3))  # 9 predictions: 4 steps of 2 columns, 1 left out
    assert [x.tolist() for x, _ in batches] == [[[0, 4], [1, 5], [2, 6]], [[3, 7]]]
    assert [y.tolist() for _, y in batches] == [[[1, 5], [2, 6], [3, 7]], [[4, 8]]]


@settings(deadline=None)
@given(st.integers(2, 60), st.integers(1, 6), st.integers(1, 8))
def test_columns_go_on_where_they_ended(N, B, T):
    stream = np.arange(100, 100 + N)
    if N < B + 1:
        with pytest.raises(ValueError, match=f"stream has {N} tokens, expected at least {B + 1}"):
            list(stream_batches(stream, B, T))
        return
    inputs, targets = (np.concatenate(part) for part in zip(*stream_batches(stream, B, T), strict=True))
    assert (targets == inputs + 1).all()
    assert (np.diff(inputs, axis=0) == 1).all()
    assert np.array_equal(np.sort(inputs, axis=None), stream[: inputs.size])
    assert N - 1 - inputs.size < B


def test_the_floor_is_that_of_the_tokens_that_are_predicted(rng):
    """A model that knew the grammar would lose per_token on the stream's targets: nothing else is counted."""
    grammar = world_grammar()
    corpus = sample_corpus(grammar, 20_000, rng)
    tokens, ends = token_log_probabilities(grammar, corpus)
    loss = -(tokens.sum() + ends.sum()) / (len(token_stream(corpus)) - 1)
    assert loss == pytest.approx(entropy(grammar).per_token, rel=0.01)
