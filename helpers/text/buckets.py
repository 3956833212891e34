"""Batches of sequences that are about equally long, so that little of a batch is padding."""

import numpy as np

from helpers.core.checks import check_integer, check_shape


def length_buckets(lengths, batch, rng, pool=20):
    """Yield batches without end: draw `pool` batches at once, sort them by length, cut, and shuffle the cuts.

    Parameters
    ----------
    lengths : ndarray of int (N,)
        Of each sequence.
    batch : int
    rng : numpy.random.Generator
    pool : int
        How many batches are sorted together. With 1 the batches are random; the larger it is, the less padding, and
        the more alike are the sequences of a batch.

    Yields
    ------
    ndarray of int (batch,)
        Numbers of sequences. Within one pool no sequence comes twice.

    Raises
    ------
    ValueError
        When a number is not positive, or there are fewer than `batch` sequences.
    """
    (N,) = check_shape("lengths", lengths, "N")
    check_integer("batch", batch)
    check_integer("pool", pool)
    if batch > N:
        raise ValueError(f"lengths has {N} sequences, expected at least one batch of {batch}")
    cuts = min(pool, N // batch)
    while True:
        drawn = rng.permutation(N)[: cuts * batch]  # its order is random, and stays so among equal lengths
        drawn = drawn[np.argsort(np.asarray(lengths)[drawn], kind="stable")]
        yield from rng.permutation(drawn.reshape(cuts, batch))
