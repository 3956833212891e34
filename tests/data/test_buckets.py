from itertools import islice

import numpy as np
import pytest

from helpers.data.batches import length_buckets


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
def test_bad_input(rng, lengths, batch, pool, message):
    with pytest.raises(ValueError, match=message):
        next(length_buckets(np.array(lengths), batch, rng, pool))
