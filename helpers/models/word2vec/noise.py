"""The noise distribution: which words stand in as wrong answers, and how often."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_counts, check_finite, check_shape, is_number


class AliasTable(NamedTuple):
    """Every word has a slot of equal width; what it does not need is lent to one other word."""

    kept: np.ndarray  # (V,) the share of the slot that belongs to its own word
    alias: np.ndarray  # (V,) of int, the word that has the rest


def noise_distribution(counts, power=0.75):
    """q(w) = count(w)^power / Σ count^power.

    Power 1 is the distribution of the text, 0 is uniform over the words that occur. In between, rare words are drawn
    more often than they occur.

    Parameters
    ----------
    counts : sequence of numbers (V,)
        Not negative, not all zero. A word that never occurs is never drawn, whatever the power is.
    power : float
        Not negative.

    Returns
    -------
    ndarray of float64 (V,)
        Sums to 1.

    Raises
    ------
    ValueError
        When counts or the power are out of range.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado, Dean 2013, "Distributed Representations of Words and Phrases and their
    Compositionality", section 2.2, https://arxiv.org/abs/1310.4546
    """
    counts = check_counts(counts).astype(np.float64)
    if not is_number(power) or not 0 <= power <= float(np.finfo(np.float64).max):
        raise ValueError(f"power is {power}, expected a finite number of at least 0")
    # Divided by the largest first, so that no power overflows.
    weights = np.where(counts > 0, (counts / counts.max()) ** power, 0)
    return weights / weights.sum()


def log_frequency(counts):
    """log(count / Σ count), in nats: −inf for a word that never occurs; counts as for `noise_distribution`."""
    counts = check_counts(counts).astype(np.float64)
    with np.errstate(divide="ignore"):
        return np.log(counts / counts.sum())


def alias_table(q):
    """Prepare to draw from q in constant time, however many words there are.

    Parameters
    ----------
    q : ndarray (V,)
        Probabilities: not negative, and their sum is 1.

    Returns
    -------
    AliasTable

    Raises
    ------
    ValueError
        When q is no distribution.

    References
    ----------
    Vose 1991, "A linear algorithm for generating random numbers with a given distribution",
    https://doi.org/10.1109/32.92917
    """
    q = np.asarray(q, dtype=np.float64)
    (V,) = check_shape("q", q, "V")
    check_finite("q", q)
    if q.min(initial=0) < 0 or abs(q.sum() - 1) > 1e-6:
        raise ValueError(f"q has sum {q.sum():.7g} and smallest value {q.min(initial=1):.3g}, expected a distribution")
    kept, alias = q * V, np.arange(V)
    small = [i for i in range(V) if kept[i] < 1]
    large = [i for i in range(V) if kept[i] >= 1]
    while small and large:
        i, j = small.pop(), large[-1]
        alias[i] = j
        kept[j] -= 1 - kept[i]  # j lends what slot i does not need
        if kept[j] < 1:
            small.append(large.pop())
    # What is left over in `small` lacks no more than rounding. Those slots are full, and each is its own alias.
    return AliasTable(kept, alias)


def draw_noise(rng, table, shape):
    """Draw words from the distribution of an alias table.

    Parameters
    ----------
    rng : numpy.random.Generator
    table : AliasTable
    shape : int or tuple of int

    Returns
    -------
    ndarray of int
    """
    # One uniform number chooses both: its whole part the slot, what follows the point the side of it.
    u = rng.random(shape) * len(table.kept)
    slot = u.astype(np.int64)
    return np.where(u - slot < table.kept.take(slot), slot, table.alias.take(slot))
