"""How good outputs are: exact match, right tokens, edits; and how often attention looks where the truth is."""

from numbers import Integral

import numpy as np

from helpers.core.checks import as_array, as_list, check_finite, check_integer, check_shape
from helpers.data.source_target_pairs import alignment_matrix
from helpers.data.vocab import PAD


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
    outputs = [as_list("output", output) for output in as_list("outputs", outputs)]
    for output in outputs:
        if any(not isinstance(token, Integral) or isinstance(token, bool) for token in output):
            raise ValueError(f"output is {str(output)[:60]}, expected ids of tokens")
    lengths = [len(output) for output in outputs]
    if not lengths or not min(lengths):
        raise ValueError(f"{len(lengths)} outputs have the lengths {lengths[:5]}, expected at least one token in each")
    T = max(lengths) if T is None else T
    tokens = np.full((T, len(lengths)), PAD)
    for b, output in enumerate(outputs):
        try:
            tokens[: lengths[b], b] = output[:T]
        except OverflowError:
            raise ValueError(f"output is {str(output)[:60]}, expected ids of tokens") from None
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
    if tokens.dtype.kind not in "iu":
        raise ValueError(f"outputs has dtype {tokens.dtype}, expected ids of tokens")
    return (tokens == batch.targets) & batch.target_mask


def exact_match(outputs, batch):
    """Which outputs are right as a whole, ndarray of bool (B,); arguments as for `right_tokens`."""
    return (right_tokens(outputs, batch) | ~batch.target_mask).all(axis=0)


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
    check_finite("values", values)
    width = check_integer("width", width)
    least = lengths.min()
    bins, where = np.unique((lengths - least) // width, return_inverse=True)
    means = np.bincount(where, np.asarray(values, float)) / np.bincount(where)
    return least + bins * width + (width - 1) / 2, means


def alignment_rate(weights, pairs):
    """The share of target tokens whose heaviest source token is one that they truly come from.

    Where every token comes from one source token, this is 1 minus the alignment error rate of the heaviest.

    Parameters
    ----------
    weights : ndarray (B, T, S)
        Such as `helpers.models.seq2seq.decoding_steps.alignments` gives; `<end>` may have a row and a column.
    pairs : list of B Pair
        Target tokens that come from no source token are not counted.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        When there is not one table of weights for each pair, a table is too small, or no target token comes from a
        source token.
    """
    check_finite("weights", weights)
    weights = as_array("weights", weights)
    check_shape("weights", weights, "B T S")
    return float(_true_weights(np.eye(weights.shape[-1], dtype=bool)[weights.argmax(axis=-1)], pairs).mean())


def alignment_offsets(weights, pairs):
    """How many places the heaviest source token stands after the nearest true one, ndarray of int.

    One number for each target token that `alignment_rate` counts; 0 where it is a true one, below 0 where it stands
    before.
    """
    weights = as_array("weights", weights)
    _true_weights(weights, pairs)  # refuses what cannot be compared
    offsets = []
    for table, pair in zip(weights, pairs, strict=True):
        for row, places in zip(table, pair.alignment, strict=False):
            if places:
                offsets.append(min(row.argmax() - np.array(places), key=abs))
    return np.array(offsets)


def same_place_weights(pairs):
    """Weights that know only places: token t of T looks at the source token as far along, round(t (S − 1) / (T − 1)).

    Parameters
    ----------
    pairs : list of B Pair

    Returns
    -------
    ndarray (B, T, S)
        For the longest target and source; zeros beyond the end of the others.
    """
    sizes = [alignment_matrix(pair).shape for pair in as_list("pairs", pairs)]
    if not sizes:
        raise ValueError("pairs is empty, expected at least one")
    weights = np.zeros((len(pairs), *np.max(sizes, axis=0)))
    for b, (T, S) in enumerate(sizes):
        t = np.arange(T)
        weights[b, t, np.rint(t * (S - 1) / max(1, T - 1)).astype(int)] = 1
    return weights


def _true_weights(weights, pairs):
    """For each target token that comes from a source token: the weights of all these, summed."""
    pairs = as_list("pairs", pairs)
    check_finite("weights", weights)
    weights = as_array("weights", weights)
    B, T, S = check_shape("weights", weights, "B T S", B=len(pairs))
    found = []
    for table, pair in zip(weights, pairs, strict=True):
        truth = alignment_matrix(pair)
        if truth.shape[0] > T or truth.shape[1] > S:
            raise ValueError(f"weights has {T} rows and {S} columns, expected at least {truth.shape} for every pair")
        rows, columns = truth.shape
        found.append((table[:rows, :columns] * truth).sum(axis=1)[truth.any(axis=1)])
    found = np.concatenate(found) if B else np.empty(0)
    if not found.size:
        raise ValueError("no target token comes from a source token, expected at least one")
    return found
