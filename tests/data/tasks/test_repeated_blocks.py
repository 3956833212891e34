"""The block is said again, what is asked for can be foreseen from it, and nothing else can."""

import numpy as np
import pytest

from helpers.data.tasks.repeated_blocks import repeated_blocks


@pytest.mark.parametrize(("times", "shortest", "longest"), [(2, 7, 12), (4, 3, 6), (2, 5, 5)])
def test_what_is_asked_for_stood_one_period_before(rng, times, shortest, longest):
    tokens, period, copied = repeated_blocks(rng, 200, 24, 32, shortest, longest, times)
    assert {*period} == {*range(shortest, longest + 1)}
    for row, L, asked in zip(tokens, period, copied, strict=True):
        blocks = row[24 - times * L :].reshape(times, L)
        assert (blocks == blocks[0]).all()
        assert len({*blocks[0]}) == L
        assert np.flatnonzero(asked).tolist() == [*range(24 - L + 1, 24)]
        assert (row[asked] == row[np.flatnonzero(asked) - L]).all()


def test_a_block_with_repeated_tokens(rng):
    tokens, period, _ = repeated_blocks(rng, 100, 24, 4, 8, 12, distinct=False)
    assert {*tokens.ravel()} == {*range(4)}
    for row, L in zip(tokens, period, strict=True):
        assert (row[-L:] == row[-2 * L : -L]).all()


def test_what_stands_before_the_blocks_is_random(rng):
    tokens = repeated_blocks(rng, 4000, 24, 8, 7, 7).tokens
    first = tokens[:, :10]
    counts = np.bincount(first.ravel(), minlength=8)
    p = 1 / 8
    assert (np.abs(counts - first.size * p) < 4 * np.sqrt(first.size * p * (1 - p))).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"longest": 13}, "blocks have 7 to 13 tokens, expected 2 of the longest in 24 tokens"),
        ({"shortest": 9, "longest": 8}, "blocks have 9 to 8"),
        ({"times": 1}, "times is 1"),
        ({"V": 11}, "longest is 12, expected at most 11"),
        ({"B": 0}, "B is 0"),
    ],
)
def test_it_refuses(rng, options, message):
    with pytest.raises(ValueError, match=message):
        repeated_blocks(rng, **{"B": 2, **options})
