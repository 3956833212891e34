"""In which order the rows of a data set are read: one order for all processes, of which each reads its share."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_integer, check_shape


class DataOrder(NamedTuple):
    """Where reading stands: all that is needed to go on in the same order."""

    numbers: np.ndarray  # (N,) of int, the rows in the order of this epoch
    read: int  # how many of them have been read
    rng_state: dict  # of the generator that shuffles them for the next epoch


def first_order(N, seed):
    """Shuffle the numbers 0 to N − 1, none of which has been read."""
    rng = np.random.default_rng(check_integer("seed", seed, least=0))
    return DataOrder(rng.permutation(check_integer("N", N)), 0, rng.bit_generator.state)


def next_batch(order, batch):
    """Read on: -> numbers (batch,), and the order after it.

    Where fewer than `batch` numbers are left, they are skipped, and a new epoch begins in a new order.

    Raises
    ------
    ValueError
        When there are fewer than `batch` numbers at all.
    """
    numbers, read, rng_state = order
    if check_integer("batch", batch) > len(numbers):
        raise ValueError(f"batch is {batch}, expected at most {len(numbers)}, the rows that there are")
    if read + batch > len(numbers):
        rng = np.random.default_rng()
        rng.bit_generator.state = rng_state
        numbers, read, rng_state = rng.permutation(len(numbers)), 0, rng.bit_generator.state
    return numbers[read : read + batch], DataOrder(numbers, read + batch, rng_state)


def share_of_batch(numbers, rank, processes):
    """The rows of a batch that one process reads: every P-th of them, from its own number on.

    Parameters
    ----------
    numbers : ndarray (B,)
    rank : int
        The number of the process, from 0.
    processes : int
        P.

    Raises
    ------
    ValueError
        When P does not divide B, so that shares would differ in size; or there is no such process.
    """
    numbers = as_array("numbers", numbers)
    (B,) = check_shape("numbers", numbers, "B")
    if not B or B % check_integer("processes", processes):
        raise ValueError(f"the batch has {B} rows, expected a multiple of the {processes} processes")
    if check_integer("rank", rank, least=0) >= processes:
        raise ValueError(f"rank is {rank}, expected 0 to {processes - 1}")
    return numbers[rank::processes]
