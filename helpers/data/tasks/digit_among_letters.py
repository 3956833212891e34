"""A task of position and content: random letters with one digit among them, and questions about each place.

All symbols are drawn independently. No neighbour helps to guess a symbol, so a right answer shows that the symbol was
read.
"""

import numpy as np

from helpers.core.checks import check_dtype, check_indices, check_integer, check_shape

LETTERS, DIGITS = "abcdefgh", "1234"
SYMBOLS = LETTERS + DIGITS  # an id is an index into this str
NOWHERE = -1  # the answer where there is none: nothing stands before the first place, or after the last


def letters_and_digit(rng, batch, length):
    """Draw sequences of random letters, in each of which one place, any of them, holds a digit.

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.

    Returns
    -------
    tokens : ndarray of int (B, T)
        Batch first; the digits are the ids from ``len(LETTERS)`` on.
    place : ndarray of int (B,)
        Where the digit stands.

    Raises
    ------
    ValueError
        When a number is not at least 1.
    """
    check_integer("batch", batch)
    check_integer("length", length)
    tokens = rng.integers(len(LETTERS), size=(batch, length))
    place = rng.integers(length, size=batch)
    tokens[np.arange(batch), place] = len(LETTERS) + rng.integers(len(DIGITS), size=batch)
    return tokens, place


def which_digit(rng, batch, length, dtype=np.float32):
    """Draw sequences of `letters_and_digit`, one-hot and time first, with one question about each: which digit is it?

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, V)
        One-hot, time first.
    targets : ndarray of int (B,)
        The number of the digit, from 0.
    """
    check_dtype(dtype)
    tokens, _ = letters_and_digit(rng, batch, length)
    return np.eye(len(SYMBOLS), dtype=dtype)[tokens.T], tokens.max(axis=1) - len(LETTERS)  # digits are the highest


def three_questions(tokens):
    """Answer three questions about every place: what stands before it, what after it, which digit the sequence has.

    Parameters
    ----------
    tokens : ndarray of int (B, T)
        From `letters_and_digit`.

    Returns
    -------
    ndarray of int (B, T, 3)
        The answers, as ids; `NOWHERE` before the first place and after the last.

    Raises
    ------
    ValueError
        When the tokens are no ids of symbols, or a sequence has no place.
    """
    check_indices("tokens", tokens, len(SYMBOLS))
    _, T = check_shape("tokens", tokens, "B T")
    if not T:
        raise ValueError("tokens has sequences of no place, expected at least one")
    tokens = np.asarray(tokens).astype(np.int64)  # unsigned numbers have no place for NOWHERE
    nowhere = np.full_like(tokens[:, :1], NOWHERE)
    before = np.concatenate([nowhere, tokens[:, :-1]], axis=1)
    after = np.concatenate([tokens[:, 1:], nowhere], axis=1)
    digit = np.broadcast_to(tokens.max(axis=1, keepdims=True), tokens.shape)  # digits have the highest ids
    return np.stack([before, after, digit], axis=-1)
