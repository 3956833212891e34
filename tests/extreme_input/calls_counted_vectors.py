"""Valid calls of GloVe, of measures of bias, and of the texts that they are tried on."""

import numpy as np

from helpers.data.vocab import Corpus
from helpers.data.world import leanings
from helpers.models import glove
from helpers.models.word2vec import associations, evaluate
from tests.extreme_input.calls import DRAWN, Call, D, V, normal, not_below_0


def _corpus(rng):
    return Corpus(rng.integers(V, size=8), np.array([0, 3, 8]))


def _params(rng):
    return glove.GloveParams(normal(rng, V, D), normal(rng, V, D), normal(rng, V), normal(rng, V))


def _counts(rng):
    return rng.integers(4, size=(V, V)) + 1.0


CALLS = [
    Call(glove.init_glove, lambda rng: {"rng": rng, "V": V, "D": D, "dtype": np.float64}, **DRAWN),
    Call(glove.glove_weights, lambda rng: {"counts": _counts(rng), "x_max": 3.0, "power": 0.75}, not_below_0),
    Call(
        glove.glove_loss,
        lambda rng: {"params": _params(rng), "counts": _counts(rng), "x_max": 3.0, "power": 0.75},
        not_below_0,
    ),
    Call(
        leanings.redraw_pronouns,
        lambda rng: {"corpus": _corpus(rng), "words": [1, 2], "share": 0.5, "pronouns": (3, 4), "rng": rng},
    ),
    Call(
        leanings.count_together,
        lambda rng: {"corpus": _corpus(rng), "words": [1, 2], "others": [3, 4], "V": V},
    ),
    Call(
        associations.association,
        lambda rng: {"E": normal(rng, V, D), "words": [0, 1], "first": [2], "second": [3]},
    ),
    Call(associations.association_test, lambda rng: {"one": normal(rng, 3), "other": normal(rng, 3)}),
    Call(associations.pair_direction, lambda rng: {"E": normal(rng, V, D), "pairs": np.array([[0, 1], [2, 3]])}),
    Call(
        associations.without_direction,
        lambda rng: {"E": normal(rng, V, D), "axis": np.eye(D)[0]},
    ),
    Call(evaluate.rank_correlation, lambda rng: {"x": normal(rng, 4), "y": normal(rng, 4)}),
]
