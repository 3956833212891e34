"""Exercises of attention: the scaled look-up forward, and the gradient of its scores."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.numerics import softmax


def _draw_look_up(rng):
    T, S, d, d_v = rng.permutation([2, 3, 4, 5])  # four sizes, so that a swapped axis shows
    return tuple(rng.standard_normal(shape) for shape in ((T, d), (S, d), (S, d_v)))


def _look_up(q, k, v):
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1]))
    return weights @ v, weights


def _scaled_by(power, q, k, v):
    weights = softmax(q @ k.T / q.shape[-1] ** power)
    return weights @ v, weights


def _over_queries(q, k, v):
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1]), axis=0)
    return weights @ v, weights


def _no_sum(q, k, v):
    weights = np.exp(q @ k.T / np.sqrt(q.shape[-1]))
    return weights @ v, weights


def _scores_for_weights(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[-1])
    return scores @ v, scores


look_up_exercise = Exercise(
    name="scaled_look_up",
    shapes={"out": "T d_v", "weights": "T S"},
    draw=_draw_look_up,
    values=_look_up,
    mistakes=(
        Mistake("divide the scores by √d, d being the size of a query.", lambda q, k, v: _scaled_by(0, q, k, v)),
        Mistake("divide by √d, not by d.", lambda q, k, v: _scaled_by(1, q, k, v)),
        Mistake("softmax goes over the keys, the last axis.", _over_queries),
        Mistake("divide the exponentials by their sum: a row of weights sums to 1.", _no_sum),
        Mistake("the softmax is missing.", _scores_for_weights),
    ),
)


def _draw_back(rng):
    q, k, v = _draw_look_up(rng)
    return rng.standard_normal((len(q), v.shape[1])), v, _look_up(q, k, v)[1]


def _back(dout, v, weights):
    dweights = dout @ v.T
    return weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))


def _plain_mean(dout, v, weights):
    dweights = dout @ v.T
    return weights * (dweights - dweights.mean(axis=-1, keepdims=True))


def _over_all(dout, v, weights):
    dweights = dout @ v.T
    return weights * (dweights - (dweights * weights).sum())


def _by_the_slope_alone(dout, v, weights):
    return dout @ v.T * weights * (1 - weights)


def _no_weight(dout, v, weights):
    dweights = dout @ v.T
    return dweights - (dweights * weights).sum(axis=-1, keepdims=True)


scores_back_exercise = Exercise(
    name="scores_back",
    shapes={"dscores": "T S"},
    draw=_draw_back,
    values=_back,
    mistakes=(
        Mistake("softmax couples the weights of a row: take the weighted mean away.", lambda d, v, w: w * (d @ v.T)),
        Mistake("that is the gradient of the weights; softmax comes before.", lambda d, v, w: d @ v.T),
        Mistake("the mean is weighted: Σ dweights ⊙ weights.", _plain_mean),
        Mistake("each query has its own mean: sum over the keys, axis=-1, keepdims=True.", _over_all),
        Mistake("w (1 − w) is the slope of one weight by its own score; the others move too.", _by_the_slope_alone),
        Mistake("multiply by the weights at the end.", _no_weight),
    ),
)
