"""word2vec put together: any context with any output, one batch at a time, in the form that can be read."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.models.word2vec.contexts import hidden, hidden_backward


class Word2VecParams(NamedTuple):
    """The two tables; their gradients have the same type."""

    E: np.ndarray  # (V, D) input vectors, those that are used afterwards
    W: np.ndarray  # (V, D) output vectors; (V − 1, D), one for each inner node, for hierarchical softmax


def init_word2vec(rng, V, D, rows, dtype=np.float32):
    """E uniform in ±1 / (2 D), W = 0, as in the original program: all scores start at 0."""
    for name, value in (("V", V), ("D", D)):
        check_integer(name, value)
    check_integer("rows", rows, least=0)
    E = (rng.random((V, D)) - 0.5) / D
    return Word2VecParams(E.astype(dtype), np.zeros((rows, D), dtype))


def word2vec_loss(params, examples, output, negatives=None):
    """L = Σ over the examples of −log p(target | inputs), or what stands for it.

    Parameters
    ----------
    params : Word2VecParams
    examples : Examples
        From `skip_gram` or `cbow`.
    output : Output
        From `make_output`.
    negatives : ndarray of int (N, k), optional
        From ``output.draw(rng, N)``.

    Returns
    -------
    loss : float
        Nats, summed.
    grads : Word2VecParams

    Raises
    ------
    ValueError
        When shapes do not fit.
    """
    h, seen = hidden(examples, params.E)
    loss, cache = output.forward(h, examples.targets, params.W, negatives)

    dh, dW = output.backward(cache, params.W)
    return loss, Word2VecParams(hidden_backward(dh, seen, params.E), dW)
