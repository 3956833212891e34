"""Entropy, cross-entropy and the divergence between them, of distributions whose probabilities are known, in nats."""

import numpy as np

from helpers.core.checks import as_floats, check_finite

_NEAR_ONE = 1e-3  # by which a sum of probabilities in float16 may miss 1


def entropy_of(p):
    """H(p) = −Σ p ln p, in nats.

    Parameters
    ----------
    p : ndarray (..., V)
        Probabilities, which sum to 1 over the last axis; 0 · ln 0 is 0.

    Returns
    -------
    ndarray (...)

    Raises
    ------
    ValueError
        When a probability is negative or no number, or they do not sum to 1.
    """
    return cross_entropy_of(p, p)


def cross_entropy_of(p, q):
    """H(p, q) = −Σ p ln q, in nats: the mean surprise at what p draws, for a model that believes q.

    Parameters
    ----------
    p, q : ndarray (..., V)
        Probabilities, which sum to 1 over the last axis.

    Returns
    -------
    ndarray (...)
        Infinite where something happens, p > 0, that the model holds for impossible, q = 0.

    Raises
    ------
    ValueError
        When the shapes differ, a probability is negative or no number, or they do not sum to 1.
    """
    p, q = _two_distributions(p, q)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 · ln 0 is NaN, and `where` puts 0 in its place
        return 0.0 - np.where(p > 0, p * np.log(q), 0.0).sum(axis=-1)  # never −0.0


def kl_divergence(p, q):
    """KL(p ‖ q) = Σ p ln(p / q) = H(p, q) − H(p), in nats: never below 0, and 0 only where p = q.

    Parameters
    ----------
    p, q : ndarray (..., V)
        Probabilities, which sum to 1 over the last axis.

    Returns
    -------
    ndarray (...)

    Raises
    ------
    ValueError
        When the shapes differ, a probability is negative or no number, or they do not sum to 1.
    """
    p, q = _two_distributions(p, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0).sum(axis=-1)
    return np.maximum(total, 0.0)  # where p and q are nearly equal, rounding may leave less


def _two_distributions(p, q):
    p, q = _distribution("p", p), _distribution("q", q)
    if p.shape != q.shape:
        raise ValueError(f"p has shape {p.shape} and q {q.shape}, expected the same shape")
    return p, q


def _distribution(name, p):
    """Return probabilities in float64; a ValueError where they are none."""
    p = as_floats(name, p).astype(np.float64)
    check_finite(name, p)
    if not p.ndim or not p.shape[-1]:
        raise ValueError(f"{name} has shape {p.shape}, expected at least one probability")
    total = p.sum(axis=-1)
    if (p < 0).any() or (np.abs(total - 1) > _NEAR_ONE).any():
        wrong = f"its least number is {p.min():.3g} and its sums go up to {total.max():.3g}"
        raise ValueError(f"{name} is no distribution: {wrong}, expected numbers from 0 that sum to 1")
    return p
