"""The edit distance of two sequences, and one row of its table."""

import numpy as np

from helpers.core.checks import as_array, as_list, check_finite, check_shape


def edit_distance(output, truth):
    """The least number of tokens to insert, delete or replace that makes one of two sequences into the other.

    Parameters
    ----------
    output, truth : sequence
        Of tokens or of ids, of any length.

    Returns
    -------
    int

    References
    ----------
    Wagner, Fischer 1974, "The String-to-String Correction Problem", https://doi.org/10.1145/321796.321811
    """
    output, truth = (x if isinstance(x, str) else as_list("a sequence", x) for x in (output, truth))
    row = np.arange(len(truth) + 1)  # nothing read: the distance from each beginning of the truth is its length
    for token in output:
        row = _next_row(row, token, truth)
    return int(row[-1])


def edit_distance_row(above, token, truth):
    """row_n = min(above_n + 1, row_{n−1} + 1, above_{n−1} + (token ≠ truth_n)), and row_0 = above_0 + 1.

    Parameters
    ----------
    above : ndarray (U + 1,)
        The edit distances of what has been read so far from each beginning of the truth, from the empty one on.
    token : int or str
        What is read next.
    truth : sequence (U,)

    Returns
    -------
    ndarray (U + 1,)
        The edit distances once the token is read.

    Raises
    ------
    ValueError
        When `above` has not one number more than the truth has tokens.
    """
    above, truth = as_array("above", above), truth if isinstance(truth, str) else as_list("truth", truth)
    check_shape("above", above, "n", n=len(truth) + 1)
    check_finite("above", above)
    return _next_row(above, token, truth)


def _next_row(above, token, truth):
    row = above + 1
    for n, other in enumerate(truth, 1):
        row[n] = min(above[n] + 1, row[n - 1] + 1, above[n - 1] + (token != other))
    return row
