"""The order of the data: all rows once an epoch, shares that make up the batch, and going on from anywhere."""

import numpy as np
import pytest

from helpers.models.data_parallel.data_order import first_order, next_batch, share_of_batch


def read_on(order, batch, times):
    read = []
    for _ in range(times):
        numbers, order = next_batch(order, batch)
        read.append(numbers)
    return np.array(read), order


def test_every_row_comes_once_in_an_epoch():
    read, _ = read_on(first_order(12, 0), 4, 9)
    for epoch in read.reshape(3, 12):
        assert sorted(epoch) == [*range(12)]
    assert len({tuple(epoch) for epoch in read.reshape(3, 12)}) == 3


def test_rows_that_fill_no_batch_are_skipped():
    read, _ = read_on(first_order(5, 0), 2, 4)
    assert [len({*epoch}) for epoch in read.reshape(2, 4)] == [4, 4]


def test_a_batch_may_be_the_whole_epoch():
    (first, second), order = read_on(first_order(4, 0), 4, 2)
    assert sorted(first) == sorted(second) == [*range(4)]
    assert order.read == 4


def test_reading_goes_on_where_it_stood():
    whole, _ = read_on(first_order(10, 3), 3, 12)
    first, order = read_on(first_order(10, 3), 3, 5)
    kept = order.numbers.copy()
    again, _ = read_on(order, 3, 7)
    np.testing.assert_array_equal(np.concatenate([first, again]), whole)
    np.testing.assert_array_equal(order.numbers, kept)
    assert (whole != read_on(first_order(10, 4), 3, 12)[0]).any()


def test_the_shares_are_the_batch():
    numbers = np.array([5, 1, 4, 8, 0, 2])
    shares = [share_of_batch(numbers, rank, 3).tolist() for rank in range(3)]
    assert shares == [[5, 8], [1, 0], [4, 2]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: share_of_batch(np.arange(6), 0, 4), "the batch has 6 rows, expected a multiple of the 4 processes"),
        (lambda: share_of_batch(np.arange(6), 3, 3), "rank is 3, expected 0 to 2"),
        (lambda: share_of_batch(np.arange(0), 0, 1), "the batch has 0 rows"),
        (lambda: next_batch(first_order(3, 0), 4), "batch is 4, expected at most 3"),
        (lambda: first_order(0, 0), "N is 0"),
    ],
)
def test_it_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
