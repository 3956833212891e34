"""The bracket task: at every step of a well-formed string, say how many brackets are open."""

import numpy as np

from helpers.core.checks import check_dtype, check_integer, check_share

# The one-hot numbers of a step: the bracket that opens, the one that closes, then the fillers.
OPEN, CLOSE, FILLER = 0, 1, 2


def brackets(rng, batch, length, most=8, fillers=2, filler_share=1 / 3, dtype=np.float32):
    """Draw well-formed strings of brackets with fillers between them, and the depth after every symbol.

    A string begins and ends with no bracket open, and never closes more than it has opened. At every step a filler, an
    opening and a closing bracket are drawn with fixed weights, of which those are left out that would break this.

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.
    most : int
        The greatest depth.
    fillers : int
        How many kinds of symbol there are that change nothing.
    filler_share : float
        The weight of all fillers together, above 0 and below 1; each bracket has half of the rest.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, D)
        One-hot, D = 2 + fillers: the opening bracket, the closing one, the fillers.
    depth : ndarray of int (T, B)
        How many brackets are open after the symbol, from 0 to most.

    Raises
    ------
    ValueError
        When a number is too small, the share is out of range, or the dtype is none of numbers.
    """
    for name, value in (("batch", batch), ("length", length), ("most", most)):
        check_integer(name, value)
    check_integer("fillers", fillers)
    check_share("filler_share", filler_share)
    check_dtype(dtype)
    weights = np.array([(1 - filler_share) / 2, (1 - filler_share) / 2, filler_share])[:, None]
    symbols = np.empty((length, batch), dtype=np.int64)
    depth = np.empty_like(symbols)
    now = np.zeros(batch, dtype=np.int64)
    for t in range(length):
        after = length - t - 1  # the steps that are left to close what is open
        allowed = np.stack([(now < most) & (now < after), now > 0, now <= after])
        symbols[t] = _draw(rng, weights * allowed)
        now = now + np.array([1, -1, 0])[symbols[t]]  # what opens, what closes, a filler
        depth[t] = now
    kinds = rng.integers(fillers, size=symbols.shape)
    return np.eye(2 + fillers, dtype=dtype)[np.where(symbols == FILLER, FILLER + kinds, symbols)], depth


def _draw(rng, weights):
    """Draw one of n choices for each column of weights (n, B), with probabilities in proportion."""
    ends = np.cumsum(weights, axis=0)
    return (rng.random(weights.shape[1]) * ends[-1] >= ends[:-1]).sum(axis=0)
