"""Exercises of the loss: softmax that cannot overflow, and the gradient of softmax with cross-entropy."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient
from helpers.core.numerics import softmax
from helpers.layers.losses import cross_entropy


def _draw_scores(rng):
    return (1000 + rng.standard_normal(rng.permutation([2, 3])),)  # e to the 1000 is too large for any dtype


def _without_overflow(wrong):
    """Run a mistake without the warnings that it is there to give."""

    def quiet(*arguments):
        with np.errstate(all="ignore"):
            return wrong(*arguments)

    return quiet


def _exponentials(z, axis):
    return np.exp(z - z.max(axis=axis, keepdims=True))


softmax_exercise = Exercise(
    name="softmax",
    shapes={"p": "N V"},
    draw=_draw_scores,
    values=softmax,
    mistakes=(
        Mistake(
            "e to the 1000 is too large for the computer: subtract the largest score of each row first.",
            _without_overflow(lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)),
        ),
        Mistake(
            "each row is one distribution: sum over the last axis, axis=-1, and keep it with keepdims=True.",
            lambda z: _exponentials(z, None) / _exponentials(z, None).sum(),
        ),
        Mistake(
            "here each column sums to 1: the scores of one question stand in a row, so sum over axis=-1.",
            lambda z: _exponentials(z, 0) / _exponentials(z, 0).sum(axis=0),
        ),
        Mistake("these do not sum to 1 yet: divide by the sum of the row.", lambda z: _exponentials(z, -1)),
        Mistake("this is the logarithm of what is asked for: take exp of it.", lambda z: np.log(softmax(z))),
    ),
)


def _draw_loss(rng):
    N, V = rng.permutation([3, 4])
    return rng.standard_normal((N, V)), rng.integers(V, size=N)


def _gradient(z, targets):
    return (softmax(z) - np.eye(z.shape[-1])[targets]) / len(targets)


def _gradient_by_differences(z, targets):
    return numerical_gradient(lambda nudged: cross_entropy(nudged, targets)[0], z)


softmax_loss_backward_exercise = Exercise(
    name="softmax_loss_backward",
    shapes={"dz": "N V"},
    draw=_draw_loss,
    values=_gradient,
    gradients=_gradient_by_differences,
    mistakes=(
        Mistake("the loss is a mean over N rows: divide by N.", lambda z, t: _gradient(z, t) * len(t)),
        Mistake("the sign is the other way round: p minus y.", lambda z, t: -_gradient(z, t)),
        Mistake("the 1 of the right answer is not yet taken away: p − y.", lambda z, t: softmax(z) / len(t)),
        Mistake(
            "it is p − y with the probabilities p, not with the scores z: take softmax first.",
            lambda z, t: (z - np.eye(z.shape[-1])[t]) / len(t),
        ),
        Mistake(
            "the loss is a mean over the N rows, not over all N · V numbers.",
            lambda z, t: _gradient(z, t) / z.shape[-1],
        ),
    ),
)
