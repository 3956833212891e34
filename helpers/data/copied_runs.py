"""How much of a text is copied: runs of tokens that stand in another text as they are."""

import numpy as np

from helpers.core.checks import as_array, check_shape


def copied_run_lengths(tokens, text):
    """Find for each token the longest run of neighbours around it that also stands in a text.

    A text of the same kind shares short runs with another by chance. So compare what a model writes with what people
    wrote and the model never read.

    Parameters
    ----------
    tokens : ndarray of int (N,)
        What is looked at, such as what a model wrote.
    text : ndarray of int (M,)
        What may have been copied, in the same ids.

    Returns
    -------
    ndarray of int (N,)
        The tokens in that run; 0 for a token that the text lacks.

    Raises
    ------
    ValueError
        When one of them is not a row of integers of at least 0.

    Examples
    --------
    >>> copied_run_lengths([1, 2, 3, 9, 1], [5, 1, 2, 3, 4]).tolist()
    [3, 3, 3, 0, 1]
    """
    said, known = _as_characters("tokens", tokens), _as_characters("text", text)
    longest, start = np.zeros(len(said), int), 0
    for end in range(1, len(said) + 1):
        while said[start:end] not in known:  # the empty run is in every text
            start += 1
        longest[start:end] = np.maximum(longest[start:end], end - start)
    return longest


def _as_characters(name, ids):
    """One character for each id, so that a run is found as a piece of text."""
    ids = as_array(name, ids)
    check_shape(name, ids, "N")
    if ids.size and (ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() > 0x10FFFF):
        raise ValueError(f"{name} is {str(ids)[:60]}, expected integers from 0 to {0x10FFFF}")
    return "".join(map(chr, ids.tolist()))
