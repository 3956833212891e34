"""How much nearer some words are to one set of words than to another: measures of bias in word vectors."""

from itertools import combinations
from math import comb

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_indices, check_shape
from helpers.layers.embedding import unit_rows

_MOST_SPLITS = 20_000


def association(E, words, first, second):
    """s(w) = mean cos(w, a) over the words a of the first set − mean cos(w, b) over those of the second.

    Parameters
    ----------
    E : ndarray (V, D)
    words : sequence of int (N,)
    first, second : sequence of int
        The two sets, such as words for men and words for women.

    Returns
    -------
    ndarray (N,)
        From −2 to 2; above 0 nearer to the first set.

    Raises
    ------
    ValueError
        When a word has no row, a set is empty, or the table has NaN or infinity.

    References
    ----------
    Caliskan, Bryson, Narayanan 2017, "Semantics derived automatically from language corpora contain human-like
    biases", https://doi.org/10.1126/science.aal4230
    """
    words, first, second = _check_words(E, words=words, first=first, second=second)
    unit = unit_rows(E)
    return unit[words] @ (unit[first].mean(axis=0) - unit[second].mean(axis=0))


def association_test(one, other):
    """How far apart two groups of words lie by their associations s: difference, effect size and p, as WEAT has them.

    d = (mean of one − mean of other) / standard deviation of all. p is the share of all ways to split the words into
    groups of these sizes in which the difference is at least as large: exact, as all splits are tried.

    Parameters
    ----------
    one, other : ndarray (n,), (m,)
        s of each word, see `association`.

    Returns
    -------
    difference, d, p : float

    Raises
    ------
    ValueError
        When a group is empty, all values are equal, or there are more than 20,000 splits.

    References
    ----------
    Caliskan, Bryson, Narayanan 2017, https://doi.org/10.1126/science.aal4230. They write the test for two groups of
    equal size; the standard deviation here divides by n + m.
    """
    (n,), (m,) = (check_shape(name, s, "n") for name, s in (("one", one), ("other", other)))
    every = np.concatenate([one, other]).astype(np.float64)
    check_finite("one and other", every)
    if not n or not m:
        raise ValueError(f"the groups have {n} and {m} words, expected at least one in each")
    if every.std() == 0:
        raise ValueError("all associations are equal, expected at least two different ones")
    splits = _all_splits(n, m)
    sums = every[splits].sum(axis=1)
    differences = sums / n - (every.sum() - sums) / m
    difference = differences[0]  # the first split is the one that came
    p = (differences >= difference - 1e-12 * np.abs(every).max()).mean()
    return float(difference), float(difference / every.std()), float(p)


def pair_direction(E, pairs):
    """The direction of length 1 along which the two words of pairs differ most: the first principal axis of all pairs.

    Each pair is taken from its own mean. The sign is such that the first words lie above the second ones on average.

    Parameters
    ----------
    E : ndarray (V, D)
    pairs : ndarray of int (n, 2)
        Such as (he, she), (king, queen).

    Returns
    -------
    ndarray (D,)

    Raises
    ------
    ValueError
        When a word has no row, there is no pair, the words of all pairs have equal vectors, or the table has NaN or
        infinity.

    References
    ----------
    Bolukbasi, Chang, Zou, Saligrama, Kalai 2016, "Man is to computer programmer as woman is to homemaker?",
    https://arxiv.org/abs/1607.06520
    """
    check_shape("pairs", pairs, "n words", words=2)
    (flat,) = _check_words(E, pairs=np.ravel(pairs))
    unit = unit_rows(E)[flat.reshape(-1, 2)].astype(np.float64)
    arrows = unit[:, 0] - unit[:, 1]  # from its mean each word of a pair lies half of this away
    if not arrows.any():
        raise ValueError("the two words of each pair have equal vectors, expected a pair that differs")
    axis = np.linalg.svd(arrows, full_matrices=False)[2][0]
    return (axis if arrows.sum(axis=0) @ axis >= 0 else -axis).astype(E.dtype)


def without_direction(E, axis):
    """v ← v − (v · g) g for every row v: nothing is left along the direction g of length 1."""
    check_floats(E=E, axis=axis)
    _, D = check_shape("E", E, "V D")
    check_shape("axis", axis, "D", D=D)
    check_finite("E", E)
    if abs(axis @ axis - 1) > 1e-3:  # NaN passes this, and is refused by the next line
        raise ValueError(f"axis has length {np.sqrt(axis @ axis):.3g}, expected 1")
    check_finite("axis", axis)
    return E - np.outer(E @ axis, axis)


def _check_words(E, **sets):
    check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    check_finite("E", E)
    sets = {name: np.asarray(words) for name, words in sets.items()}
    for name, words in sets.items():
        check_shape(name, words, "N")
        if not len(words):
            raise ValueError(f"{name} is empty, expected at least one word")
        check_indices(name, words, V)
    return sets.values()


def _all_splits(n, m):
    """Every way to choose n of n + m places, (splits, n); the first is 0 … n − 1."""
    if comb(n + m, n) > _MOST_SPLITS:
        raise ValueError(f"groups of {n} and {m} words have more than {_MOST_SPLITS:,} splits, expected smaller groups")
    return np.array(list(combinations(range(n + m), n)))
