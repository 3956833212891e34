"""Polynomials of every size, fitted to a few noisy points: the smallest example of overfitting."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import (
    as_floats,
    as_list,
    check_finite,
    check_floats,
    check_integer,
    check_positive,
    check_shape,
)
from helpers.core.overflow import refuse_overflow

NOISE = 0.3  # standard deviation of the points around the curve


class Points(NamedTuple):
    """Places from −1 to 1 and what was measured there."""

    x: np.ndarray  # (N,)
    y: np.ndarray  # (N,)


def true_curve(x):
    """sin(πx), which the points come from."""
    return np.sin(np.pi * np.asarray(x, dtype=float))


def noisy_points(rng, N, noise=NOISE):
    """Draw N places evenly from −1 to 1, and y = sin(πx) + noise at each.

    Parameters
    ----------
    rng : numpy.random.Generator
    N : int
    noise : float
        Standard deviation; the least mean squared error that a model can expect is its square.

    Returns
    -------
    Points

    Raises
    ------
    ValueError
        When N is below 1 or the noise not above 0.
    """
    N = check_integer("N", N)
    check_positive("noise", noise)
    x = rng.uniform(-1, 1, N)
    return Points(x, true_curve(x) + noise * rng.standard_normal(N))


@refuse_overflow
def fit_polynomial(points, size):
    """Find the `size` parameters of the polynomial with the least mean squared error on the points.

    Parameters
    ----------
    points : Points
    size : int
        How many parameters the polynomial has: its degree plus 1.

    Returns
    -------
    ndarray (size,)
        The factors of the Legendre polynomials, which rounding spoils less than those of 1, x, x², …; with fewer points
        than parameters, the shortest of the solutions.

    Raises
    ------
    ValueError
        When there are no points, a point is no finite number, or the size is below 1.
    """
    size = check_integer("size", size)
    x, y = _as_points(points)
    with np.errstate(over="ignore", invalid="ignore"):
        basis = np.polynomial.legendre.legvander(x, size - 1)
    check_finite("a power of points.x", basis)
    return np.linalg.lstsq(basis, y, rcond=None)[0]


def polynomial_at(weights, x):
    """The value of a fitted polynomial at each x, in the shape of x."""
    return np.polynomial.legendre.legval(x, weights)


@refuse_overflow
def mean_squared_error(weights, points):
    """Mean of (f(x) − y)² over the points, as one float."""
    check_floats(weights=weights)
    if not check_shape("weights", weights, "size")[0]:
        raise ValueError("weights has no number, expected at least one")
    x, y = _as_points(points)
    return float(((polynomial_at(weights, x) - y) ** 2).mean())


def losses_by_size(rng, sizes, counts):
    """Draw sets of noisy points, fit polynomials to the first set, and measure each on every set.

    Parameters
    ----------
    rng : numpy.random.Generator
    sizes : sequence of int
        How many parameters the polynomials have.
    counts : sequence of int
        The points of each set.

    Returns
    -------
    ndarray (len(counts), len(sizes))
        Mean squared errors.

    Raises
    ------
    ValueError
        When a size or a count is below 1, or there is none.
    """
    sizes, counts = as_list("sizes", sizes), as_list("counts", counts)
    if not sizes or not counts:
        raise ValueError(f"sizes is {sizes} and counts {counts}, expected at least one of each")
    sets = [noisy_points(rng, count) for count in counts]
    fits = [fit_polynomial(sets[0], size) for size in sizes]
    return np.array([[mean_squared_error(weights, points) for weights in fits] for points in sets])


def _as_points(points):
    """Return the points in float64; a ValueError where they are none."""
    x, y = as_floats("points.x", points.x).astype(np.float64), as_floats("points.y", points.y).astype(np.float64)
    (N,) = check_shape("points.x", x, "N")
    check_shape("points.y", y, "N", N=N)
    check_finite("points.x", x)
    check_finite("points.y", y)
    if not N:
        raise ValueError("there are no points, expected at least one")
    return x, y
