"""Exercises of captions: a look at a map of places, and the clipped precision of n-grams."""

from collections import Counter

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.numerics import softmax


def _draw_map(rng):
    rows, columns, D = rng.permutation([3, 4, 5])  # three sizes, so that a swapped axis shows
    return rng.standard_normal(D), rng.standard_normal((rows, columns, D))


def _look(q, places, power=0.5, axis=None):
    scores = places @ q / len(q) ** power
    weights = softmax(scores.ravel()).reshape(scores.shape) if axis is None else softmax(scores, axis=axis)
    return np.tensordot(weights, places, 2), weights


def _scores_only(q, places):
    scores = places @ q / np.sqrt(len(q))
    return np.tensordot(scores, places, 2), scores


def _heaviest(q, places):
    _, weights = _look(q, places)
    return places[np.unravel_index(weights.argmax(), weights.shape)], weights


def _plain_mean(q, places):
    _, weights = _look(q, places)
    return places.mean(axis=(0, 1)), weights


look_at_places_exercise = Exercise(
    name="look_at_places",
    shapes={"c": "D", "weights": "rows columns"},
    draw=_draw_map,
    values=_look,
    mistakes=(
        Mistake("divide the scores by √D.", lambda q, v: _look(q, v, power=0)),
        Mistake("divide by √D, not by D.", lambda q, v: _look(q, v, power=1)),
        Mistake(
            "each column sums to 1: softmax goes over all places together, so make them one axis first.",
            lambda q, v: _look(q, v, axis=0),
        ),
        Mistake(
            "each row sums to 1: softmax goes over all places together, so make them one axis first.",
            lambda q, v: _look(q, v, axis=1),
        ),
        Mistake("the softmax is missing.", _scores_only),
        Mistake("c is the heaviest place alone: that is hard attention. Weigh all places.", _heaviest),
        Mistake("c is the plain mean of the places: weigh them.", _plain_mean),
    ),
)


def _draw_texts(rng):
    """Few different words, so that many stand several times; the output is the shorter one, or the longer."""
    lengths = rng.permutation([7, 9])
    return tuple(rng.integers(3, size=length) for length in lengths)


def _n_grams(words, n):
    return Counter(tuple(words[t : t + n].tolist()) for t in range(len(words) - n + 1))


def _precisions(count):
    """The same count of right n-grams and of all, for n = 1 and 2."""

    def function(output, reference):
        right_and_all = [count(_n_grams(output, n), _n_grams(reference, n)) for n in (1, 2)]
        return np.array([right / all_ for right, all_ in right_and_all])

    return function


clipped_precision_exercise = Exercise(
    name="clipped_precision",
    shapes={"p": "2"},
    draw=_draw_texts,
    values=_precisions(lambda said, there: ((said & there).total(), said.total())),
    mistakes=(
        Mistake(
            "an n-gram counts at most as often as it stands in the reference: clip its count.",
            _precisions(lambda said, there: (sum(n for gram, n in said.items() if gram in there), said.total())),
        ),
        Mistake(
            "this is recall: divide by the n-grams of the output.",
            _precisions(lambda said, there: ((said & there).total(), there.total())),
        ),
        Mistake(
            "n-grams that stand several times are counted once.",
            _precisions(lambda said, there: (len(said & there), len(said))),
        ),
        Mistake(
            "each n-gram counts once above the line: count min(said, there) times.",
            _precisions(lambda said, there: (len(said & there), said.total())),
        ),
        Mistake(
            "divide by the number of n-grams, which is len(output) − n + 1, for n = 2 too.",
            lambda output, reference: np.array(
                [(_n_grams(output, n) & _n_grams(reference, n)).total() / len(output) for n in (1, 2)]
            ),
        ),
    ),
)
