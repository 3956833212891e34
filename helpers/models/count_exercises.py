"""An exercise of counted word vectors: positive pointwise mutual information."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.models.count_vectors import positive_pmi


def _draw(rng):
    counts = rng.integers(1, 9, size=rng.permutation([4, 5])).astype(float)
    counts[rng.integers(len(counts)), 0] = 0  # a pair that is never met
    return (counts,)


def _ratio(counts):
    """How often each pair is met, divided by how often it would be met by chance."""
    return counts * counts.sum() / (counts.sum(axis=1, keepdims=True) * counts.sum(axis=0))


def _log(ratio):
    """The logarithm, and 0 for a pair that is never met."""
    return np.log(np.where(ratio > 0, ratio, 1))


def _shares_of_rows(counts):
    return counts / counts.sum(axis=1, keepdims=True)


positive_pmi_exercise = Exercise(
    name="positive_pmi",
    shapes={"table": "V C"},
    draw=_draw,
    values=positive_pmi,
    mistakes=(
        Mistake(
            "pairs that are met less often than by chance keep numbers below 0: take the maximum with 0.",
            lambda counts: _log(_ratio(counts)),
        ),
        Mistake("this is the ratio: take its logarithm.", _ratio),
        Mistake(
            "this is ln(1 + ratio): a ratio of 1 should give 0. Take the logarithm first, then the maximum.",
            lambda counts: np.log1p(_ratio(counts)),
        ),
        Mistake(
            "these are bits: np.log is the natural logarithm.",
            lambda counts: np.maximum(_log(_ratio(counts)), 0) / np.log(2),
        ),
        Mistake(
            "all numbers are 0, as no probability has a logarithm above 0: divide p(v, w) by p(v) and by p(w).",
            lambda counts: np.maximum(_log(_shares_of_rows(counts)), 0),
        ),
        Mistake(
            "the sign is turned: p(v, w) stands above, p(v) p(w) below.",
            lambda counts: np.maximum(-_log(_ratio(counts)), 0),
        ),
    ),
)
