"""Paths of CTC: one symbol or the blank at every frame, and the text that is left when a path collapses."""

import numpy as np

from helpers.core.checks import as_array, check_floats, check_indices, check_integer, check_shape

_ANY = np.iinfo(np.int64).max  # ids that have no upper bound here
_ABOVE_ONE = 1e-2  # what rounding, of float16 too, may add to a sum of probabilities


def collapse(path, blank=0):
    """Merge what is repeated without a break, then delete the blanks: (a, a, -, a, b) becomes (a, a, b).

    In the other order, first delete and then merge, no text could say a letter twice: (a, -, a) would become (a).

    Parameters
    ----------
    path : sequence of int (T,)
        The symbol of each frame.
    blank : int
        The id of the blank.

    Returns
    -------
    ndarray of int64 (U,)
        The text; U ≤ T.

    Raises
    ------
    ValueError
        When the path holds anything but ids.

    References
    ----------
    Graves, Fernández, Gomez, Schmidhuber 2006, "Connectionist Temporal Classification: Labelling Unsegmented Sequence
    Data with Recurrent Neural Networks", section 3.1.
    """
    path, blank = _ids("path", path), check_integer("blank", blank, least=0)
    new = np.ones(len(path), bool)  # a symbol that the frame before did not have
    new[1:] = path[1:] != path[:-1]
    merged = path[new]
    return merged[merged != blank]


def with_blanks(target, blank=0):
    """Put a blank before, between and after the letters: (a, b) becomes (-, a, -, b, -), the states of the lattice.

    Parameters
    ----------
    target : sequence of int (U,)
        Without blanks.
    blank : int

    Returns
    -------
    ndarray of int64 (2U + 1,)

    Raises
    ------
    ValueError
        When the target holds anything but ids, or a blank.
    """
    target, blank = _ids("target", target), check_integer("blank", blank, least=0)
    if (target == blank).any():
        raise ValueError(f"target has {blank}, which is the blank, at place {(target == blank).argmax()}")
    labels = np.full(2 * len(target) + 1, blank)
    labels[1::2] = target
    return labels


def frames_needed(target):
    """Count the least frames that say a target: one for each letter, and one for the blank between two equal letters.

    Parameters
    ----------
    target : sequence of int (U,)

    Returns
    -------
    int
        U + the number of letters that are equal to the one before.
    """
    target = _ids("target", target)
    return len(target) + np.count_nonzero(target[1:] == target[:-1])


def check_log_y(log_y, blank):
    """Refuse what is no table of the symbols' log-probabilities at every frame; return its shape.

    Parameters
    ----------
    log_y : ndarray (T, V)
        −inf stands for a symbol that is impossible at a frame.
    blank : int
        From 0 to V − 1.

    Returns
    -------
    T, V : int

    Raises
    ------
    ValueError
        When the shape is another, or the probabilities of a frame sum to 0, to more than 1, or to NaN.
    """
    check_floats(log_y=log_y)
    T, V = check_shape("log_y", log_y, "T V")
    check_integer("V", V)
    check_indices("blank", check_integer("blank", blank, least=0), V)
    with np.errstate(over="ignore"):
        sums = np.exp(log_y.astype(np.float64)).sum(axis=1)
    wrong = ~((log_y.max(axis=1) > -np.inf) & (sums <= 1 + _ABOVE_ONE))
    if wrong.any():
        raise ValueError(
            f"the probabilities of frame {wrong.argmax()} of log_y sum to {sums[wrong][0]:.6g}, expected 1: "
            "are these their logarithms?"
        )
    return T, V


def _ids(name, values):
    """The ids (U,) of a sequence as int64; nothing at all is a text too."""
    ids = as_array(name, values)
    check_shape(name, ids, "U")
    if not ids.size:
        return np.zeros(0, np.int64)
    check_indices(name, ids, _ANY)
    return ids.astype(np.int64)
