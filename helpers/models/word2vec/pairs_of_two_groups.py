"""Pairs between two small groups of words, such as animals and what is said about them, and how often each is met."""

import numpy as np

from helpers.core.checks import as_array, check_indices, check_integer, check_shape
from helpers.models.word2vec.inputs import Examples


def pairs_between(examples, seen, named):
    """Keep the pairs whose seen word is in one group and whose target is in another, numbered by their places there.

    Parameters
    ----------
    examples : Examples
        Pairs, from `skip_gram`: each sees one word.
    seen, named : sequence of int (n,), (m,)
        Ids of different words.

    Returns
    -------
    Examples
        `inputs` from 0 to n − 1 and `targets` from 0 to m − 1, in the order of the examples: a small model of n and m
        words can be trained on them.

    Raises
    ------
    ValueError
        When an example sees more than one word, a group holds no ids or one of them twice, or no pair is left.
    """
    N, _ = check_shape("inputs", examples.inputs, "N one", one=1)
    check_shape("targets", examples.targets, "N", N=N)
    inputs, targets = np.asarray(examples.inputs)[:, 0], np.asarray(examples.targets)
    rows, columns = _places("seen", seen, inputs), _places("named", named, targets)
    kept = (rows >= 0) & (columns >= 0)
    if not kept.any():
        raise ValueError(f"none of the {N} examples has a word of both groups, expected at least one")
    return Examples(rows[kept][:, None], np.ones((kept.sum(), 1), bool), columns[kept])


def pair_counts(seen, named, n, m):
    """counts[i, j] = how often j was named beside i.

    Parameters
    ----------
    seen : ndarray of int (N,)
        From 0 to n − 1.
    named : ndarray of int (N,) or (N, k)
        From 0 to m − 1: the one, or all k, that stood beside it.
    n, m : int

    Returns
    -------
    ndarray of int (n, m)

    Raises
    ------
    ValueError
        When shapes do not fit, or a number is none of these.
    """
    n, m = check_integer("n", n), check_integer("m", m)
    (N,) = check_shape("seen", seen, "N")
    named = as_array("named", named)
    check_shape("named", named, "N" if named.ndim == 1 else "N k", N=N)
    check_indices("seen", seen, n)
    check_indices("named", named, m)
    table = np.zeros((n, m), np.int64)
    np.add.at(table, (np.asarray(seen).reshape(N, *[1] * (named.ndim - 1)), named), 1)
    return table


def _places(name, group, words):
    """Where each of the words stands in the group, and −1 for those that do not."""
    check_shape(name, group, "n")
    check_indices(name, group, np.iinfo(np.int64).max)
    check_indices("words", words, np.iinfo(np.int64).max)
    place = {word: n for n, word in enumerate(np.asarray(group).tolist())}
    if len(place) < len(group):
        raise ValueError(f"{name} has {len(group)} ids and {len(place)} different ones, expected each once")
    return np.array([place.get(word, -1) for word in words.tolist()], np.int64)
