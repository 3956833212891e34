"""Exercises on gradients that vanish or explode: one step back, and clipping by norm."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.optimisers import clip_by_norm


def _draw_step(rng):
    B, H = rng.permutation([2, 3])
    return rng.standard_normal((B, H)), np.tanh(rng.standard_normal((B, H))), rng.standard_normal((H, H))


def _one_back(dh_t, h_t, W_hh):
    return (dh_t * (1 - h_t**2)) @ W_hh.T


one_step_back_exercise = Exercise(
    name="one_step_back",
    shapes={"dh_before": "B H"},
    draw=_draw_step,
    values=_one_back,
    mistakes=(
        Mistake("a message goes back through the transposed matrix: @ W_hh.T.", lambda d, h, W: (d * (1 - h**2)) @ W),
        Mistake("the slope of tanh is missing: multiply by 1 − h_t².", lambda d, h, W: d @ W.T),
        Mistake("h_t is after tanh: its slope is 1 − h_t².", lambda d, h, W: (d * (1 - np.tanh(h) ** 2)) @ W.T),
        Mistake(
            "first the slope, then the matrix: the message meets act′ first.", lambda d, h, W: (d @ W.T) * (1 - h**2)
        ),
        Mistake("the slope of tanh is 1 − h_t², not h_t (1 − h_t).", lambda d, h, W: (d * h * (1 - h)) @ W.T),
    ),
)


def _draw_gradients(rng):
    large = rng.standard_normal((2, 3)) * rng.uniform(1, 4), rng.standard_normal(3)
    return (*large, np.array(rng.choice([0.5, 20.0])))


def _clipped(dW, db, threshold):
    return clip_by_norm((dW, db), float(threshold))[0]


def _each_alone(dW, db, threshold):
    return tuple(clip_by_norm(g, float(threshold))[0] for g in (dW, db))


def _always(dW, db, threshold):
    factor = threshold / np.sqrt((dW**2).sum() + (db**2).sum())
    return dW * factor, db * factor


clip_both_exercise = Exercise(
    name="clip_both",
    shapes={"dW": "2 3", "db": "3"},
    draw=_draw_gradients,
    values=_clipped,
    mistakes=(
        Mistake("one norm for all arrays together: the root of the sum of all squares.", _each_alone),
        Mistake("a gradient that is short enough stays as it is: min(1, threshold / norm).", _always),
        Mistake(
            "that cuts every entry, and turns the direction: multiply all by one factor.",
            lambda dW, db, limit: (np.clip(dW, -limit, limit), np.clip(db, -limit, limit)),
        ),
        Mistake("the norm is the root of the sum of squares.", lambda dW, db, limit: _squared(dW, db, limit)),
    ),
)


def _squared(dW, db, threshold):
    factor = min(1.0, threshold / ((dW**2).sum() + (db**2).sum()))
    return dW * factor, db * factor
