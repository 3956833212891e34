from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.batches import length_buckets, pad, shuffled_batches, token_stream
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


def test_the_floor_is_that_of_the_tokens_that_are_predicted(rng):
    """A model that knew the grammar would lose per_token on the stream's targets: nothing else is counted."""
    grammar = world_grammar()
    corpus = sample_corpus(grammar, 20_000, rng)
    tokens, ends = token_log_probabilities(grammar, corpus)
    loss = -(tokens.sum() + ends.sum()) / (len(token_stream(corpus)) - 1)
    assert loss == pytest.approx(entropy(grammar).per_token, rel=0.01)


def test_a_batch_is_of_about_one_length_and_a_pool_holds_each_once(rng):
    lengths = rng.integers(3, 13, size=200)
    batches = list(islice(length_buckets(lengths, 10, rng), 40))
    for pool in (batches[:20], batches[20:]):
        assert sorted(np.concatenate(pool)) == list(range(200))
    spread = [np.ptp(lengths[batch]) for batch in batches]
    assert max(spread) <= 1
    means = [lengths[batch].mean() for batch in batches[:20]]
    assert means != sorted(means)  # the short ones do not always come first
    assert not np.array_equal(batches[0], batches[20])


def test_a_pool_of_one_batch_is_a_random_batch(rng):
    batches = list(islice(length_buckets(np.arange(50), 10, rng, pool=1), 30))
    assert all(len(set(batch)) == 10 for batch in batches)
    assert min(np.ptp(batch) for batch in batches) > 9  # sorted ones of a large pool would span 9


def test_few_sequences_make_a_small_pool(rng):
    batches = list(islice(length_buckets(np.array([3, 1, 2, 2, 9]), 2, rng), 6))
    assert {batch.shape for batch in batches} == {(2,)}
    assert all(len(set(np.concatenate(batches[i : i + 2]))) == 4 for i in (0, 2, 4))


def test_the_same_seed_gives_the_same_batches():
    draws = [list(islice(length_buckets(np.arange(30), 4, np.random.default_rng(7)), 9)) for _ in range(2)]
    np.testing.assert_array_equal(*draws)


@pytest.mark.parametrize(
    ("lengths", "batch", "pool", "message"),
    [
        ([1, 2], 3, 1, "lengths has 2 sequences, expected at least one batch of 3"),
        ([1, 2], 0, 1, "batch is 0"),
        ([1, 2], 1, 0, "pool is 0"),
        ([[1, 2]], 1, 1, "lengths has shape"),
    ],
)
def test_bad_lengths_are_named(rng, lengths, batch, pool, message):
    with pytest.raises(ValueError, match=message):
        next(length_buckets(np.array(lengths), batch, rng, pool))
