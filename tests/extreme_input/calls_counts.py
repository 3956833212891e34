"""Valid calls of the vectors that are counted, not trained, and of what is asked of tables of words."""

import numpy as np

from helpers.data import analogy_results, cooccurrence, results
from helpers.data.vocab import Corpus, build_vocab
from helpers.layers import reading_costs
from helpers.models import context_vectors, count_vectors, word_neighbours
from tests.extreme_input.calls import Call, a_share, normal

V = 4


def _corpus(rng):
    return Corpus(rng.integers(V, size=6), np.array([0, 2, 6]))


def _counts(rng):
    return rng.integers(4, size=(V, V)) + 1.0


def _table():
    rows = [("a", 0.1, 0, 5, 0.2), ("a", 0.3, 0, 5, 0.4), ("a", 0.1, 0, 9, 0.9)]
    return np.array(rows, dtype=[("arm", "U1"), ("rate", float), ("seed", int), ("labels", int), ("right", float)])


def _analogies():
    return results.read_results("analogies_and_their_baseline")


CALLS = [
    Call(results.best_along, lambda rng: {"table": _table(), "value": "right", "along": "labels"}, left=("table",)),
    Call(
        cooccurrence.cooccurrence_counts,
        lambda rng: {"corpus": _corpus(rng), "V": V, "window": 2, "dtype": np.float64},
    ),
    Call(cooccurrence.count_sentences_with, lambda rng: {"corpus": _corpus(rng), "words": rng.integers(V, size=2)}),
    Call(
        analogy_results.analogy_shares,
        lambda rng: {"table": _analogies(), "test": "capital_told", "passes": 12},
        a_share,
        left=("table",),
    ),
    Call(analogy_results.told_and_held_out, lambda rng: {"table": _analogies(), "passes": 12}, left=("table",)),
    Call(count_vectors.pmi, lambda rng: {"counts": _counts(rng), "power": 0.75}, infinite=True),
    Call(count_vectors.positive_pmi, lambda rng: {"counts": _counts(rng), "k": 2.0, "power": 1.0}),
    Call(count_vectors.tf_idf, lambda rng: {"counts": _counts(rng)}),
    Call(count_vectors.svd_vectors, lambda rng: {"matrix": normal(rng, V, 3), "D": 2, "power": 0.5}, rounds=True),
    Call(
        context_vectors.context_means,
        lambda rng: {"corpus": _corpus(rng), "E": normal(rng, V, 3), "window": 2, "places": np.array([0, 3])},
    ),
    Call(reading_costs.input_bytes, lambda rng: {"V": V, "B": 2}),
    Call(reading_costs.reading_seconds, lambda rng: {"rng": rng, "V": V, "B": 2, "D": 3}, own_dtype=True),
    Call(
        word_neighbours.neighbour_kinds,
        lambda rng: {"vectors": normal(rng, V, 3), "kinds": np.array(["a", "a", "b", "b"]), "n": 2},
        left=("kinds",),
    ),
    Call(
        word_neighbours.neighbour_words,
        lambda rng: {"word": "a", "table": normal(rng, 6, 3), "vocab": build_vocab(["a", "b"]), "n": 2},
    ),
]
