"""Exercises of the Transformer: LayerNorm, and its backward."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient
from helpers.layers.transformer.norms import NormParams, layer_norm

_EPS = 1e-5


def _draw_norm(rng):
    B, D = rng.permutation([3, 5])
    return rng.standard_normal((B, D)) * 2 + 1, rng.standard_normal(D), rng.standard_normal(D)


def _norm(x, scale, shift):
    return layer_norm(x, NormParams(scale, shift), _EPS)[0]


def _wrong_norm(axis=-1, root=True, mean=True, eps=_EPS, ddof=0, shifted=True):
    """Return a LayerNorm with a mistake in it."""

    def norm(x, scale, shift):
        centred = x - x.mean(axis=axis, keepdims=True) if mean else x
        variance = np.square(x - x.mean(axis=axis, keepdims=True)).sum(axis=axis, keepdims=True)
        variance = variance / (x.shape[axis] - ddof) + eps
        return scale * centred / (np.sqrt(variance) if root else variance) + shift * shifted

    return norm


layer_norm_exercise = Exercise(
    name="layer_norm",
    shapes={"y": "B D"},
    draw=_draw_norm,
    values=_norm,
    mistakes=(
        Mistake(
            "mean and variance are over the numbers of each row, axis=-1, not over the batch.", _wrong_norm(axis=0)
        ),
        Mistake("divide by the root of the variance, not by the variance.", _wrong_norm(root=False)),
        Mistake("take the mean away first.", _wrong_norm(mean=False)),
        Mistake("ε = 1e-5 is added to the variance, under the root.", _wrong_norm(eps=0.0)),
        Mistake("the variance here divides by D, not by D − 1.", _wrong_norm(ddof=1)),
        Mistake("β is added at the end.", _wrong_norm(shifted=False)),
    ),
)


def _draw_norm_backward(rng):
    B, D = rng.permutation([3, 5])
    n = rng.standard_normal((B, D))
    n = (n - n.mean(axis=-1, keepdims=True)) / n.std(axis=-1, keepdims=True)
    return rng.standard_normal((B, D)), n, rng.uniform(0.5, 2, (B, 1))


def _dx(dn, n, deviation):
    along_ones = dn.mean(axis=-1, keepdims=True)
    return (dn - along_ones - n * (dn * n).mean(axis=-1, keepdims=True)) / deviation


def _dx_by_differences(dn, n, deviation):
    def loss(x):
        centred = x - x.mean(axis=-1, keepdims=True)
        return float((dn * centred / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True))).sum())

    return numerical_gradient(loss, n * deviation)


layer_norm_backward_exercise = Exercise(
    name="layer_norm_backward",
    shapes={"dx": "B D"},
    draw=_draw_norm_backward,
    values=_dx,
    gradients=_dx_by_differences,
    mistakes=(
        Mistake("mean and deviation depend on x too: two parts of dn are taken away.", lambda dn, n, s: dn / s),
        Mistake("the part along n is missing.", lambda dn, n, s: (dn - dn.mean(axis=-1, keepdims=True)) / s),
        Mistake(
            "the part along (1, …, 1) is missing: the mean of dn.",
            lambda dn, n, s: (dn - n * (dn * n).mean(axis=-1, keepdims=True)) / s,
        ),
        Mistake("divide by the deviation at the end.", lambda dn, n, s: _dx(dn, n, 1.0)),
        Mistake(
            "mean(dn ⊙ n) is one number for each row, and it multiplies n.",
            lambda dn, n, s: (dn - dn.mean(axis=-1, keepdims=True) - (dn * n).mean(axis=-1, keepdims=True)) / s,
        ),
        Mistake("multiply by the deviation? Divide.", lambda dn, n, s: _dx(dn, n, 1 / s)),
    ),
)
