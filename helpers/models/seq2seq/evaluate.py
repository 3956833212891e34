"""How good outputs are: exact match, right tokens, edits, and accuracy by position and by length."""

import numpy as np

from helpers.core.checks import check_shape
from helpers.data.vocab import PAD


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
    row = np.arange(len(truth) + 1)  # the distance of the tokens read so far from each beginning of the truth
    for token in output:
        above, row = row, row + 1
        for n, other in enumerate(truth, 1):
            row[n] = min(above[n] + 1, row[n - 1] + 1, above[n - 1] + (token != other))
    return int(row[-1])


def pad_outputs(outputs, T=None):
    """Stand outputs side by side, filled up with `<pad>`.

    Parameters
    ----------
    outputs : list of B sequences of int
        The tokens of each, `<end>` included if it came.
    T : int, optional
        Steps; what is longer is cut. The length of the longest output, unless it is given.

    Returns
    -------
    tokens : ndarray of int64 (T, B)
    mask : ndarray of bool (T, B)
        True where a token is.

    Raises
    ------
    ValueError
        When there is no output, or an output has no token.
    """
    lengths = [len(output) for output in outputs]
    if not lengths or not min(lengths):
        raise ValueError(f"{len(lengths)} outputs have the lengths {lengths[:5]}, expected at least one token in each")
    T = max(lengths) if T is None else T
    tokens = np.full((T, len(lengths)), PAD)
    for b, output in enumerate(outputs):
        tokens[: lengths[b], b] = output[:T]
    return tokens, np.arange(T)[:, None] < lengths


def right_tokens(outputs, batch):
    """Which target tokens are said, each at its own place.

    Parameters
    ----------
    outputs : list of B sequences of int, or ndarray of int (T, B)
        What a search gave, or `helpers.models.seq2seq.decoding_steps.teacher_forced`.
    batch : PairBatch

    Returns
    -------
    ndarray of bool (T, B)
        False in the padding, and where an output is over too early. An output is right as a whole when it is right at
        all places of the target: as `<end>` is one of them, it is not too long either.

    Raises
    ------
    ValueError
        When there is not one output for each target.
    """
    T, B = batch.targets.shape
    tokens = outputs if isinstance(outputs, np.ndarray) else pad_outputs(outputs, T)[0]
    check_shape("outputs", tokens, "T B", T=T, B=B)
    return (tokens == batch.targets) & batch.target_mask


def exact_match(outputs, batch):
    """Which outputs are right as a whole, ndarray of bool (B,); arguments as for `right_tokens`."""
    return (right_tokens(outputs, batch) | ~batch.target_mask).all(axis=0)


def token_accuracy(outputs, batch):
    """The share of the tokens of each target that are right, ndarray (B,); arguments as for `right_tokens`."""
    return right_tokens(outputs, batch).sum(axis=0) / batch.target_mask.sum(axis=0)


def accuracy_by_position(outputs, batch):
    """The share of targets that are right at step t, of those that have one, ndarray (T,).

    Given what `teacher_forced` says and what a search says, it shows what one mistake does to the tokens after it: the
    first reads the right tokens whatever it said itself, the second reads its own.
    """
    return right_tokens(outputs, batch).sum(axis=1) / batch.target_mask.sum(axis=1)


def mean_by_length(values, batch, width=1):
    """The mean of some values over the sources of about the same length.

    Parameters
    ----------
    values : ndarray (B,)
        Such as `exact_match` gives.
    batch : PairBatch
    width : int
        How many lengths are put together.

    Returns
    -------
    lengths : ndarray (bins,)
        The middle of each bin that has a source; `<end>` is not counted.
    means : ndarray (bins,)

    Raises
    ------
    ValueError
        When there is not one value for each source.
    """
    lengths = batch.source_mask.sum(axis=0) - 1
    check_shape("values", values, "B", B=len(lengths))
    least = lengths.min()
    bins, where = np.unique((lengths - least) // width, return_inverse=True)
    means = np.bincount(where, np.asarray(values, float)) / np.bincount(where)
    return least + bins * width + (width - 1) / 2, means
