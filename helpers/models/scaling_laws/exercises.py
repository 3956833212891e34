"""Exercise: fit a power law whose floor is known, by a straight line through logarithms."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake


def _draw_losses(rng):
    x = np.exp(rng.uniform(7, 12, 6))
    floor, scale, exponent = rng.uniform(0.5, 2), rng.uniform(20, 90), rng.uniform(0.3, 0.6)
    return x, floor + scale * x**-exponent * np.exp(0.1 * rng.standard_normal(6)), np.array(floor)


def _line(u, v):
    slope = ((u - u.mean()) * (v - v.mean())).sum() / ((u - u.mean()) ** 2).sum()
    return np.exp(v.mean() - slope * u.mean()), -slope


def _fit_law(x, losses, floor):
    return _line(np.log(x), np.log(losses - floor))


fit_law_exercise = Exercise(
    name="fit_law",
    shapes={"scale": "", "exponent": ""},
    draw=_draw_losses,
    values=_fit_law,
    mistakes=(
        Mistake(
            "the floor is not taken off: the line goes through ln(L − floor).",
            lambda x, losses, floor: _line(np.log(x), np.log(losses)),
        ),
        Mistake(
            "the exponent has the wrong sign: L = floor + scale · x^−exponent.",
            lambda x, losses, floor: (_fit_law(x, losses, floor)[0], -_fit_law(x, losses, floor)[1]),
        ),
        Mistake(
            "the scale is still a logarithm: take exp of where the line meets ln x = 0.",
            lambda x, losses, floor: (np.log(_fit_law(x, losses, floor)[0]), _fit_law(x, losses, floor)[1]),
        ),
        Mistake(
            "x has no logarithm yet: this fits an exponential, not a power.",
            lambda x, losses, floor: _line(x, np.log(losses - floor)),
        ),
    ),
)
