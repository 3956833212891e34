"""GloVe: word vectors whose products, with a number for each word, fit the logarithms of counts."""

from functools import partial
from itertools import repeat
from typing import NamedTuple

import numpy as np

from helpers.core.checks import (
    as_floats,
    check_dtype,
    check_finite,
    check_floats,
    check_integer,
    check_positive,
    check_shape,
)
from helpers.core.optimisers import adam
from helpers.core.overflow import refuse_overflow
from helpers.core.training import train


class GloveParams(NamedTuple):
    """Two tables and two columns of numbers; their gradients have the same type."""

    E: np.ndarray  # (V, D) vectors of the words
    W: np.ndarray  # (C, D) vectors of their contexts
    b: np.ndarray  # (V,) a number for each word
    c: np.ndarray  # (C,) a number for each context


def init_glove(rng, V, D, dtype=np.float64):
    """E and W uniform in ±1 / (2 D), b = c = 0: as many contexts as words."""
    V, D = check_integer("V", V), check_integer("D", D)
    check_dtype(dtype)
    E, W = (rng.random((2, V, D)) - 0.5) / D
    return GloveParams(E.astype(dtype), W.astype(dtype), np.zeros(V, dtype), np.zeros(V, dtype))


def glove_weights(counts, x_max=100.0, power=0.75):
    """f(X) = min(1, (X / x_max)^power): pairs that were met more often count more, but not without end.

    Parameters
    ----------
    counts : ndarray (V, C)
    x_max : float
        From this count on all pairs weigh the same.
    power : float

    Returns
    -------
    ndarray (V, C)
        0 where the two never meet.

    Raises
    ------
    ValueError
        When a count is below 0 or not finite, or x_max or the power is not above 0.
    """
    counts = _check_counts_of_pairs(counts)
    check_positive("x_max", x_max)
    check_positive("power", power)
    return np.minimum(counts / counts.dtype.type(x_max), 1) ** power


@refuse_overflow
def glove_loss(params, counts, x_max=100.0, power=0.75):
    """L = Σ f(X) (E Wᵀ + b + c − ln X)² over all pairs that were met, with its gradient.

    With r = E Wᵀ + b + c − ln X:  dZ = 2 f r,  dE = dZ W,  dW = dZᵀ E,  db = Σ dZ over contexts,  dc = Σ dZ over words.

    Parameters
    ----------
    params : GloveParams
    counts : ndarray (V, C)
        X: how often word v meets context w. A count may be a fraction.
    x_max, power : float
        See `glove_weights`.

    Returns
    -------
    loss : float
    grads : GloveParams

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or a count is below 0 or not finite.

    References
    ----------
    Pennington, Socher, Manning 2014, "GloVe: Global Vectors for Word Representation", equation 8,
    https://doi.org/10.3115/v1/D14-1162. Their program computes half of this loss.
    """
    E, W, b, c = params
    _check_glove(params, counts)
    f = glove_weights(counts, x_max, power)
    met = counts > 0
    r = np.where(met, E @ W.T + b[:, None] + c - np.log(np.where(met, counts, 1)), 0)  # (V, C)
    loss = float((f * r**2).sum(dtype=np.float64))

    dZ = 2 * f * r
    return loss, GloveParams(dZ @ W, dZ.T @ E, dZ.sum(axis=1), dZ.sum(axis=0))


def train_glove(rng, counts, D, steps=300, rate=0.05, x_max=100.0, power=0.75):
    """Fit the counts by Adam, all pairs at each step; the rate falls to a tenth for the last third of the steps.

    The authors draw the pairs one by one, in random order, and step with AdaGrad; a table of a few hundred words fits
    into one matrix product.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : ndarray (V, V)
    D : int
    steps : int
        At least 3.
    rate : float
        Of Adam.
    x_max, power : float
        See `glove_weights`.

    Returns
    -------
    params : GloveParams
        In the dtype of the counts. The authors keep E + W.
    losses : ndarray (steps,)
        Before each step.

    Raises
    ------
    ValueError
        As `glove_loss`, and when steps are fewer than 3 or the rate is not above 0.
    NotFiniteError
        When the loss is NaN or infinite, which a smaller rate prevents.
    """
    counts = _check_counts_of_pairs(counts)
    V, _ = check_shape("counts", counts, "V V", V=len(counts))
    steps = check_integer("steps", steps, least=3)
    params = init_glove(rng, V, D, counts.dtype)
    loss = partial(glove_loss, x_max=x_max, power=power)
    late = steps // 3
    params, first = train(loss, params, repeat((counts,)), adam(rate), steps - late)
    params, last = train(loss, params, repeat((counts,)), adam(rate / 10), late)
    return params, np.concatenate([first.loss, last.loss])


def _check_counts_of_pairs(counts):
    counts = as_floats("counts", counts)
    check_shape("counts", counts, "V C")
    check_finite("counts", counts)
    if counts.min(initial=0) < 0:
        raise ValueError(f"counts has its smallest number at {counts.min():.3g}, expected none below 0")
    return counts


def _check_glove(params, counts):
    E, W, b, c = params
    check_floats(E=E, W=W, b=b, c=c, counts=counts)
    V, D = check_shape("E", E, "V D")
    C, _ = check_shape("W", W, "C D", D=D)
    check_shape("b", b, "V", V=V)
    check_shape("c", c, "C", C=C)
    check_shape("counts", counts, "V C", V=V, C=C)
