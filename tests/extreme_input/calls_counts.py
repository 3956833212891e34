"""Valid calls of the vectors that are counted, not trained."""

import numpy as np

from helpers.data import cooccurrence
from helpers.data.vocab import Corpus
from helpers.models import count_vectors
from tests.extreme_input.calls import Call, normal

V = 4


def _corpus(rng):
    return Corpus(rng.integers(V, size=6), np.array([0, 2, 6]))


def _counts(rng):
    return rng.integers(4, size=(V, V)) + 1.0


CALLS = [
    Call(
        cooccurrence.cooccurrence_counts,
        lambda rng: {"corpus": _corpus(rng), "V": V, "window": 2, "dtype": np.float64},
    ),
    Call(count_vectors.pmi, lambda rng: {"counts": _counts(rng), "power": 0.75}, infinite=True),
    Call(count_vectors.positive_pmi, lambda rng: {"counts": _counts(rng), "k": 2.0, "power": 1.0}),
    Call(count_vectors.tf_idf, lambda rng: {"counts": _counts(rng)}),
    Call(count_vectors.svd_vectors, lambda rng: {"matrix": normal(rng, V, 3), "D": 2, "power": 0.5}, rounds=True),
]
