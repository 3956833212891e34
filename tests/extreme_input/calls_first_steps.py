"""Valid calls of what the first chapter, "Before you begin", reaches."""

import numpy as np

from helpers.core import information
from helpers.core.optimisers import sgd
from helpers.models import polynomial_fit, valley
from tests.extreme_input.calls import DRAWN, Call, normal, not_below_0


def _two(rng):
    p, q = rng.dirichlet(np.ones(4), size=(2, 3))
    return {"p": p, "q": q}


def _points(rng):
    return polynomial_fit.Points(rng.uniform(-1, 1, 6), normal(rng, 6))


CALLS = [
    Call(information.entropy_of, lambda rng: {"p": _two(rng)["p"]}, not_below_0),
    Call(information.cross_entropy_of, _two, not_below_0, infinite=True),
    Call(information.kl_divergence, _two, not_below_0, infinite=True, rounds=True),
    Call(valley.valley_data, lambda rng: {"rng": rng, "N": 8, "ratio": 9.0, "noise": 0.5}, **DRAWN),
    Call(valley.squared_error, lambda rng: {"w": normal(rng, 2), "x": normal(rng, 5, 2), "y": normal(rng, 5)}),
    Call(
        valley.optimiser_path,
        lambda rng: {"data": valley.valley_data(rng, 8), "optimiser": sgd(0.1), "steps": 3, "batch": 4, "rng": rng},
        **DRAWN,
    ),
    Call(
        valley.loss_left,
        lambda rng: {"data": valley.valley_data(rng, 8), "optimiser": sgd(0.1), "steps": 3, "batch": 4, "rng": rng},
        **DRAWN,
    ),
    Call(polynomial_fit.noisy_points, lambda rng: {"rng": rng, "N": 5, "noise": 0.3}, **DRAWN),
    Call(
        polynomial_fit.losses_by_size,
        lambda rng: {"rng": rng, "sizes": [1, 2], "counts": [4, 5]},
        **DRAWN,
    ),
    Call(polynomial_fit.fit_polynomial, lambda rng: {"points": _points(rng), "size": 3}, rounds=True),
    Call(polynomial_fit.mean_squared_error, lambda rng: {"weights": normal(rng, 3), "points": _points(rng)}),
]
