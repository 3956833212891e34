"""A loss of two weights that is a valley, and the path that an optimiser takes through it."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_positive, check_shape
from helpers.core.overflow import NotFiniteError, refuse_overflow


class ValleyData(NamedTuple):
    """Examples of y = x w + noise whose loss, as a function of the two weights, is a valley."""

    x: np.ndarray  # (N, 2)
    y: np.ndarray  # (N,)
    best: np.ndarray  # (2,), the weights at the bottom
    start: np.ndarray  # (2,), where the optimisers of the book begin


def valley_data(rng, N=64, ratio=25.0, noise=0.5):
    """Draw examples whose loss has the curvature 1 across the valley and 1 / ratio along it.

    Parameters
    ----------
    rng : numpy.random.Generator
    N : int
        At least 3.
    ratio : float
        How many times as much the valley curves across as along.
    noise : float
        The standard deviation of what no weight explains.

    Returns
    -------
    ValleyData

    Raises
    ------
    ValueError
        When N is below 3, or ratio or noise is not above 0.
    """
    N = check_integer("N", N, least=3)
    check_positive("ratio", ratio)
    check_positive("noise", noise)
    even, _ = np.linalg.qr(rng.standard_normal((N, 2)))  # two columns at right angles, of length 1
    across, along = np.array([[0.28, 0.96], [-0.96, 0.28]])  # neither lies along an axis
    x = np.sqrt(N) * (even[:, :1] * across + even[:, 1:] * along / np.sqrt(ratio))
    y = x @ np.array([1.0, 1.0]) + noise * rng.standard_normal(N)
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    return ValleyData(x, y, best, best + 1.0 * across - 4.0 * along)


@refuse_overflow
def squared_error(w, x, y):
    """L = mean of (x w − y)² / 2, and ∂L/∂w = xᵀ (x w − y) / N.

    Parameters
    ----------
    w : ndarray (D,)
    x : ndarray (N, D)
    y : ndarray (N,)

    Returns
    -------
    loss : float
    gradient : ndarray (D,)

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or there is no example.
    """
    check_floats(w=w, x=x, y=y)
    N, D = check_shape("x", x, "N D")
    check_shape("w", w, "D", D=D)
    check_shape("y", y, "N", N=N)
    if not N:
        raise ValueError(f"x has shape {x.shape}, expected at least one example")
    error = x @ w - y
    return float((error**2).mean() / 2), x.T @ error / N


def optimiser_path(data, optimiser, steps, batch=None, rng=None):
    """Start at data.start, make steps with the gradient of a minibatch each, and keep every place.

    Parameters
    ----------
    data : ValleyData
    optimiser : helpers.core.optimisers.Optimiser
    steps : int
    batch : int, optional
        How many examples are drawn for each gradient; without it, all are used.
    rng : numpy.random.Generator, optional
        What draws them.

    Returns
    -------
    ndarray (steps + 1, 2)

    Raises
    ------
    ValueError
        When the batch is larger than the data, or is to be drawn without an rng.
    NotFiniteError
        When a place is NaN or infinite.
    """
    steps = check_integer("steps", steps)
    squared_error(data.start, data.x, data.y)  # refuses data that do not fit
    N = len(data.y)
    if batch is not None and (check_integer("batch", batch) > N or rng is None):
        raise ValueError(f"batch is {batch} and rng {rng!r}, expected at most {N} examples and what draws them")
    w, state = data.start, optimiser.start(data.start)
    path = [w]
    for k in range(steps):
        rows = np.arange(N) if batch is None else rng.choice(N, size=batch, replace=False)
        try:
            _, gradient = squared_error(w, data.x[rows], data.y[rows])
            w, state = optimiser.step(w, gradient, state)
        except NotFiniteError as error:
            raise NotFiniteError(f"step {k}: {error}") from error
        path.append(w)
    return np.array(path)


def loss_left(data, optimiser, steps, batch=None, rng=None):
    """How far above the bottom the loss of all examples is after the last step of `optimiser_path`.

    Parameters
    ----------
    data, optimiser, steps, batch, rng
        As for `optimiser_path`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As `optimiser_path`.
    NotFiniteError
        When a place is NaN or infinite.
    """
    end = optimiser_path(data, optimiser, steps, batch, rng)[-1]
    return squared_error(end, data.x, data.y)[0] - squared_error(data.best, data.x, data.y)[0]
