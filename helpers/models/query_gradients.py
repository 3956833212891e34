"""What comes back to the queries of a batch through scores and softmax, at the first step of training."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, as_list, check_integer, check_positive, check_shape
from helpers.layers.attention.scaled_dot_product import attention, attention_backward

SCORE_SCALES = {"not scaled": lambda d: 1.0, "divided by √d": lambda d: d**-0.5}


class QueryGradients(NamedTuple):
    """Of a batch of random queries, each with keys of its own."""

    heaviest: np.ndarray  # (N,) the largest weight
    scores: np.ndarray  # (N,) the norm of ∂L/∂scores
    queries: np.ndarray  # (N,) the norm of ∂L/∂q
    W_q: float  # the norm of ∂L/∂W_q, with q = x W_q, summed over the batch


def query_gradients(rng, d, scale, N=256, S=16):
    """Draw queries, keys and a gradient that arrives at the weights, all N(0, 1); take it back to q and to W_q.

    Parameters
    ----------
    rng : numpy.random.Generator
        Two calls with generators in the same state differ in the scale alone.
    d : int
        Size of queries and keys.
    scale : float
        What the dot products are multiplied by.
    N, S : int
        Queries, and keys of each.

    Returns
    -------
    QueryGradients

    Raises
    ------
    ValueError
        When a size is below 1 or the scale is not above 0.
    """
    d, N, S = (check_integer(name, size) for name, size in (("d", d), ("N", N), ("S", S)))
    check_positive("scale", scale)
    x, W_q = rng.standard_normal((N, d)), rng.standard_normal((d, d)) / np.sqrt(d)
    k, arrives = rng.standard_normal((N, S, d)), rng.standard_normal((N, 1, S))
    each = np.broadcast_to(np.eye(S), (N, S, S))  # as values: then the output is the weights themselves
    _, weights, cache = attention((x @ W_q)[:, None], k, each, scale=scale)
    dq, _, _ = attention_backward(arrives, cache)
    dscores = weights * (arrives - (arrives * weights).sum(axis=-1, keepdims=True))
    norms = (np.linalg.norm(gradient[:, 0], axis=-1) for gradient in (dscores, dq))
    return QueryGradients(weights[:, 0].max(axis=-1), *norms, float(np.linalg.norm(x.T @ dq[:, 0])))


def compare_score_scales(sizes, seeds, N=256, S=16):
    """Draw a batch for each size and seed, and scale its scores in both ways.

    Parameters
    ----------
    sizes : sequence of int
        The d.
    seeds : sequence of int
    N, S : int
        See `query_gradients`.

    Returns
    -------
    dict
        Kind of SCORE_SCALES → {d: list of QueryGradients, one for each seed}.

    Raises
    ------
    ValueError
        When a size is below 1 or a seed below 0.
    """
    seeds = [check_integer("a seed", seed, least=0) for seed in as_list("seeds", seeds)]
    sizes = [check_integer("a size", d) for d in as_list("sizes", sizes)]
    return {
        kind: {d: [query_gradients(np.random.default_rng(seed), d, scale(d), N, S) for seed in seeds] for d in sizes}
        for kind, scale in SCORE_SCALES.items()
    }


def how_many_make_half(norms):
    """Count the fewest vectors whose squared norms make half of the sum of all squares.

    Raises
    ------
    ValueError
        When there is no norm, or all are 0.
    """
    norms = as_floats("norms", norms)
    check_shape("norms", norms, "N")
    squares = np.sort(norms**2)[::-1]
    if not squares.size or not squares.sum() > 0 or not np.isfinite(squares.sum()):
        raise ValueError(f"norms is {norms!r:.60}, expected at least one above 0, and all finite")
    return int(np.searchsorted(np.cumsum(squares), squares.sum() / 2) + 1)
