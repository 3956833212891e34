"""Real handwritten digits, small enough to be read as a sequence: row by row, or pixel by pixel."""

from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

from helpers.core.checks import as_array, as_floats, check_choice, check_finite, check_indices, check_shape, check_share


class Digits(NamedTuple):
    """Pictures of 8 × 8 pixels as sequences of their rows, time first."""

    rows: np.ndarray  # (T = 8, B, D = 8) of float, the rows from the top, 0 is paper and 1 is ink
    labels: np.ndarray  # (B,) of int, 0 to 9


def handwritten_digits(dtype=np.float32):
    """Read scikit-learn's 1,797 digits, written by 13 people, their ink scaled from 0 … 16 to 0 … 1.

    Parameters
    ----------
    dtype : dtype
        Of the rows: NumPy's float16, float32 or float64.

    Returns
    -------
    Digits
        In scikit-learn's order.

    Raises
    ------
    ValueError
        When the dtype is another.

    References
    ----------
    Alpaydin, Kaynak 1998, "Optical Recognition of Handwritten Digits", https://doi.org/10.24432/C50P49: the test part,
    by https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html
    """
    check_choice("dtype", dtype, (np.float16, np.float32, np.float64))
    pictures, labels = load_digits(return_X_y=True)
    rows = pictures.reshape(-1, 8, 8).swapaxes(0, 1) / 16
    return Digits(np.ascontiguousarray(rows, dtype=dtype), labels)


def split_digits(digits, rng, held_out=0.25):
    """Hold out the same share of every digit, at random, rounded to whole pictures; both sides keep their order.

    The 1,797 do not say who wrote which, so a held-out picture may be of a writer who was seen.

    Parameters
    ----------
    digits : Digits
    rng : numpy.random.Generator
        The same state gives the same division.
    held_out : float
        Between 0 and 1.

    Returns
    -------
    train, held_out : Digits

    Raises
    ------
    ValueError
        When a digit would be missing on one side, or what came is no pictures with labels from 0 to 9.
    """
    rows, labels = as_floats("digits.rows", digits.rows), as_array("digits.labels", digits.labels)
    _, B, _ = check_shape("digits.rows", rows, "T B D")
    check_finite("digits.rows", rows)
    check_shape("digits.labels", labels, "B", B=B)
    check_indices("digits.labels", labels, 10)
    check_share("held_out", held_out)
    is_held_out = np.zeros(B, bool)
    for digit in np.unique(labels):
        (places,) = np.nonzero(labels == digit)
        some = round(held_out * len(places))
        if not 0 < some < len(places):
            wanted = f"a share that leaves some of {len(places)} pictures of {digit} on both sides"
            raise ValueError(f"held_out is {held_out}, expected {wanted}")
        is_held_out[rng.permutation(places)[:some]] = True
    return tuple(Digits(rows[:, chosen], labels[chosen]) for chosen in (~is_held_out, is_held_out))
