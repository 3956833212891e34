"""Windows of letters from a real English text, for networks that name each next letter."""

from collections import Counter
from functools import cache

import numpy as np

from helpers.core.checks import check_dtype, check_integer
from helpers.data.prose import python_topics


@cache
def _ids(kinds):
    text = python_topics().lower()
    known = {letter: i for i, (letter, _) in enumerate(Counter(text).most_common(kinds - 1))}
    ids = np.array([known.get(letter, kinds - 1) for letter in text])
    ids.flags.writeable = False
    return ids


def english_letters(kinds=41, part="train"):
    """Read the topics of Python's help in lower case as ids, from the most frequent letter on.

    Parameters
    ----------
    kinds : int
        How many ids there are; the last one stands for every letter that is rarer.
    part : "train" or "test"
        The first nine tenths of the text, or the rest.

    Returns
    -------
    ndarray of int (N,)

    Raises
    ------
    ValueError
        When there are fewer than two kinds, or the part is unknown.
    """
    ids = _ids(check_integer("kinds", kinds, least=2))
    if part not in ("train", "test"):
        raise ValueError(f"part is {part!r}, expected 'train' or 'test'")
    end = len(ids) * 9 // 10
    return ids[:end] if part == "train" else ids[end:]


def draw_letter_windows(rng, ids, batch, length, kinds=41, dtype=np.float32):
    """Draw windows of a text, and the letter that comes after each letter of them.

    Parameters
    ----------
    rng : numpy.random.Generator
    ids : ndarray of int (N,)
        Below `kinds`.
    batch, length : int
        B and T.
    kinds : int
        V.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, V)
        One-hot.
    targets : ndarray of int (T, B)

    Raises
    ------
    ValueError
        When the text is shorter than a window, an id is no letter, or a number is too small.
    """
    for name, value in (("batch", batch), ("length", length), ("kinds", kinds)):
        check_integer(name, value)
    check_dtype(dtype)
    ids = np.asarray(ids)
    if ids.ndim != 1 or ids.dtype.kind not in "iu" or len(ids) <= length + 1:
        got = f"shape {ids.shape} and dtype {ids.dtype}"
        raise ValueError(f"ids has {got}, expected more than {length + 1} integers in a row")
    if ids.min() < 0 or ids.max() >= kinds:
        raise ValueError(f"ids go from {ids.min()} to {ids.max()}, expected 0 to {kinds - 1}")
    windows = ids[rng.integers(len(ids) - length - 1, size=batch) + np.arange(length + 1)[:, None]]
    return np.eye(kinds, dtype=dtype)[windows[:-1]], windows[1:]
