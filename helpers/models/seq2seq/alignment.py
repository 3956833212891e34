"""How often a model looks where the truth is: its weights against a known alignment, and two guesses beside them."""

import numpy as np

from helpers.core.checks import check_shape
from helpers.data.source_target_pairs import alignment_matrix


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
    return float(_true_weights(np.eye(weights.shape[-1], dtype=bool)[weights.argmax(axis=-1)], pairs).mean())


def alignment_mass(weights, pairs):
    """The mean weight that target tokens give to the source tokens they truly come from; as for `alignment_rate`."""
    return float(_true_weights(weights, pairs).mean())


def alignment_offsets(weights, pairs):
    """How many places the heaviest source token stands after the nearest true one, ndarray of int.

    One number for each target token that `alignment_rate` counts; 0 where it is a true one, below 0 where it stands
    before.
    """
    _true_weights(weights, pairs)  # refuses what cannot be compared
    offsets = []
    for table, pair in zip(weights, pairs, strict=True):
        for row, places in zip(table, pair.alignment, strict=False):
            if places:
                offsets.append(min(row.argmax() - np.array(places), key=abs))
    return np.array(offsets)


def same_place(pairs):
    """Weights that know only places: token t of T looks at the source token as far along, round(t (S − 1) / (T − 1)).

    Parameters
    ----------
    pairs : list of B Pair

    Returns
    -------
    ndarray (B, T, S)
        For the longest target and source; zeros beyond the end of the others.
    """
    sizes = [(len(pair.target), len(pair.source)) for pair in pairs]
    weights = np.zeros((len(pairs), *np.max(sizes, axis=0)))
    for b, (T, S) in enumerate(sizes):
        t = np.arange(T)
        weights[b, t, np.rint(t * (S - 1) / max(1, T - 1)).astype(int)] = 1
    return weights


def _true_weights(weights, pairs):
    """For each target token that comes from a source token: the weights of all these, summed."""
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
