"""Padded batches: padding stands at the end of each sequence, so a recurrent layer that reads forward needs no mask.

What a layer does after the end of a sequence changes nothing before it. It is enough to pick each state at the last
real step, and to reverse each sequence within its own length before a layer reads it backward.
"""

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_integer, check_shape
from helpers.core.overflow import refuse_overflow


def lengths_of(mask):
    """Count the real steps of each sequence.

    Parameters
    ----------
    mask : ndarray of bool (T, B)
        True where a token is, False where padding is.

    Returns
    -------
    ndarray of int (B,)

    Raises
    ------
    ValueError
        When the mask is not of bool, padding stands before a token, or a sequence has no token.
    """
    mask = np.asarray(mask)
    check_shape("mask", mask, "T B")
    if mask.dtype != bool:
        raise ValueError(f"mask has dtype {mask.dtype}, expected bool")
    lengths = mask.sum(axis=0)
    if not np.array_equal(mask, np.arange(len(mask))[:, None] < lengths):
        raise ValueError("mask has padding before a token, expected padding at the end alone")
    if not lengths.all():
        raise ValueError(f"mask has no token in sequence {lengths.argmin()}, expected at least one in each")
    return lengths


def last_states(steps, mask):
    """Pick each sequence's state at its last real step.

    Parameters
    ----------
    steps : ndarray (T, B, H)
        h of every step, or c.
    mask : ndarray of bool (T, B)

    Returns
    -------
    ndarray (B, H)

    Raises
    ------
    ValueError
        When shapes do not fit, the mask is not one of padding at the end, or a last state is NaN or infinite.
    """
    check_floats(steps=steps)
    lengths = _check(steps, mask)
    last = steps[lengths - 1, np.arange(len(lengths))]
    check_finite("steps", last)  # what padding holds does not matter
    return last


def last_states_backward(dlast, mask):
    """Put each gradient where its state was picked: zero in every other step.

    Parameters
    ----------
    dlast : ndarray (B, H)
    mask : ndarray of bool (T, B)

    Returns
    -------
    ndarray (T, B, H)

    Raises
    ------
    ValueError
        When shapes do not fit or the mask is not one of padding at the end.
    """
    lengths = lengths_of(mask)
    check_floats(dlast=dlast)
    B, H = check_shape("dlast", dlast, "B H", B=len(lengths))
    dsteps = np.zeros((len(mask), B, H), dlast.dtype)
    dsteps[lengths - 1, np.arange(B)] = dlast
    return dsteps


def reverse_padded(x, mask):
    """Reverse each sequence within its own length: padding stays at the end.

    It is its own inverse, and so its own backward.

    Parameters
    ----------
    x : ndarray (T, B, ...)
    mask : ndarray of bool (T, B)

    Returns
    -------
    ndarray (T, B, ...)

    Raises
    ------
    ValueError
        When shapes do not fit or the mask is not one of padding at the end.
    """
    lengths = _check(x, mask)
    t = np.arange(len(x))[:, None]
    return x[np.where(t < lengths, lengths - 1 - t, t), np.arange(len(lengths))]


@refuse_overflow
def repeat_state(state_0, B):
    """Give B sequences the same first state, one that is learned: tuple of (H,) -> tuple of (B, H)."""
    B = check_integer("B", B)
    return tuple(np.repeat(array[None], B, axis=0) for array in state_0)


@refuse_overflow
def repeat_state_backward(dstate):
    """Sum the gradient of a learned first state over the batch: tuple of (B, H) -> tuple of (H,)."""
    return tuple(array.sum(axis=0) for array in dstate)


def _check(steps, mask):
    lengths = lengths_of(mask)
    if np.shape(steps)[:2] != np.shape(mask):
        raise ValueError(f"mask has shape {np.shape(mask)}, expected {np.shape(steps)[:2]}")
    return lengths
