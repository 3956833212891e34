"""Exercises of sequence to sequence: the way back through the context, and one step of a beam."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient


def _draw_context(rng):
    B, C, H = 2, 3, 4
    return rng.standard_normal((B, C)), rng.standard_normal((C, H)), rng.standard_normal((B, H))


def _context_back(h_last, W, dc):
    return dc * (1 - np.tanh(h_last @ W) ** 2) @ W.T


def _context_differences(h_last, W, dc):
    return numerical_gradient(lambda h: float((dc * np.tanh(h @ W)).sum()), h_last)


context_backward_exercise = Exercise(
    name="the gradient through the context",
    shapes={"dh_last": "B C"},
    draw=_draw_context,
    values=_context_back,
    gradients=_context_differences,
    mistakes=(
        Mistake("tanh has a slope: multiply dc by 1 − c² before W.", lambda h, W, dc: dc @ W.T),
        Mistake(
            "the slope of tanh is 1 − c², with c = tanh(h W), not 1 − (h W)².",
            lambda h, W, dc: dc * (1 - (h @ W) ** 2) @ W.T,
        ),
    ),
)


def _draw_beam(rng):
    k, V = rng.permutation([2, 3])
    log_probs = rng.standard_normal((k, V))
    return -rng.random(k) * 3, log_probs - np.log(np.exp(log_probs).sum(axis=1, keepdims=True)), np.array(2)


def _beam_step(log_prob, log_probs, width):
    return _beam_of(log_prob[:, None] + log_probs, width)


def _beam_of(total, width, order=-1):
    best = np.argsort(order * total.ravel(), kind="stable")[: int(width)]
    return best // total.shape[1], best % total.shape[1], total.ravel()[best]


beam_step_exercise = Exercise(
    name="one step of a beam",
    shapes={"parents": "k", "tokens": "k", "totals": "k"},
    draw=_draw_beam,
    values=_beam_step,
    mistakes=(
        Mistake(
            "the beginning counts too: add log_prob of each parent to its row.",
            lambda log_prob, log_probs, width: _beam_of(log_probs, width),
        ),
        Mistake(
            "log-probabilities are added, not multiplied.",
            lambda log_prob, log_probs, width: _beam_of(log_prob[:, None] * log_probs, width),
        ),
        Mistake(
            "the most probable come first: the largest totals, not the smallest.",
            lambda log_prob, log_probs, width: _beam_of(log_prob[:, None] + log_probs, width, order=1),
        ),
    ),
)
