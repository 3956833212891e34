"""Exercises of pooling: the mean of the real steps, and its backward."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient
from helpers.layers.pooling import pool


def _draw_mean(rng):
    T, B, H = rng.permutation([4, 3, 5])  # three sizes, so that a swapped axis shows
    lengths = rng.permutation([1, *rng.integers(1, T, size=B - 1)])
    return rng.standard_normal((T, B, H)), np.arange(T)[:, None] < lengths


def _masked_mean(h, mask):
    return pool(h, mask, "mean")[0]


masked_mean_exercise = Exercise(
    name="masked_mean",
    shapes={"s": "B H"},
    draw=_draw_mean,
    values=_masked_mean,
    mistakes=(
        Mistake("the padding is in the mean: put 0 there, and divide by the real steps.", lambda h, _: h.mean(axis=0)),
        Mistake(
            "the sum is right, but it is divided by T: divide by each sequence's own number of real steps.",
            lambda h, mask: (h * mask[..., None]).mean(axis=0),
        ),
        Mistake("this is the sum: divide it.", lambda h, mask: (h * mask[..., None]).sum(axis=0)),
        Mistake(
            "the padding is added, and then divided by the real steps.",
            lambda h, mask: h.sum(axis=0) / mask.sum(axis=0)[:, None],
        ),
        Mistake(
            "the mean is over the batch: time is the first axis.",
            lambda h, mask: (h * mask[..., None]).sum(axis=1) / mask.sum(axis=1)[:, None].clip(1),
        ),
    ),
)


def _draw_backward(rng):
    h, mask = _draw_mean(rng)
    return rng.standard_normal(h.shape[1:]), mask


def _masked_mean_backward(ds, mask):
    return mask[..., None] * ds / mask.sum(axis=0)[:, None]


def _by_differences(ds, mask):
    start = np.zeros((*mask.shape, ds.shape[-1]))
    return numerical_gradient(lambda h: float((ds * _masked_mean(h, mask)).sum()), start)


masked_mean_backward_exercise = Exercise(
    name="masked_mean_backward",
    shapes={"dh": "T B H"},
    draw=_draw_backward,
    values=_masked_mean_backward,
    gradients=_by_differences,
    mistakes=(
        Mistake(
            "each real step has only its share of the mean: divide by the number of real steps.",
            lambda ds, mask: mask[..., None] * ds,
        ),
        Mistake("the steps share ds by T: padding has no share.", lambda ds, mask: mask[..., None] * ds / len(mask)),
        Mistake(
            "padding gets a gradient: it was not in the mean.",
            lambda ds, mask: np.ones(mask.shape)[..., None] * ds / mask.sum(axis=0)[:, None],
        ),
        Mistake(
            "this multiplies by the number of real steps: divide by it.",
            lambda ds, mask: mask[..., None] * ds * mask.sum(axis=0)[:, None],
        ),
    ),
)
