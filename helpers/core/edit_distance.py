"""The edit distance of two sequences."""

import numpy as np

from helpers.core.checks import as_list


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
    row = np.arange(len(truth) + 1)  # the distance of the tokens read so far from each beginning of the truth
    for token in output:
        above, row = row, row + 1
        for n, other in enumerate(truth, 1):
            row[n] = min(above[n] + 1, row[n - 1] + 1, above[n - 1] + (token != other))
    return int(row[-1])
