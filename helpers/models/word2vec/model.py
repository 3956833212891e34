"""word2vec as a whole: its two tables, the table of its outputs, and the loss of any input before any output."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_counts, check_integer, check_shape
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.inputs import hidden, hidden_backward
from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution
from helpers.models.word2vec.outputs import (
    binary_cross_entropy_backward,
    full_softmax,
    full_softmax_backward,
    hierarchical_softmax,
    negative_sampling,
    noise_contrastive,
)

OUTPUTS = ("softmax", "hierarchical", "negative", "nce")


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


class Output(NamedTuple):
    """An output with its tree or its noise filled in."""

    rows: int  # of W: V words, or V − 1 inner nodes
    draw: Callable  # draw(rng, N) -> negatives (N, k), or None where nothing is drawn
    forward: Callable  # forward(h, targets, W, negatives) -> loss, cache
    backward: Callable  # backward(cache, W) -> dh, dW


def make_output(name, counts, k=5, power=0.75):
    """Make one of the four outputs for words with these counts.

    Parameters
    ----------
    name : "softmax", "hierarchical", "negative" or "nce"
    counts : ndarray (V,)
        How often each word occurs.
    k : int
        Noise words for each example, for "negative" and "nce".
    power : float
        Of the noise distribution.

    Returns
    -------
    Output

    Raises
    ------
    ValueError
        When the name is unknown, k is below 1, the counts are no counts, or the noise has a power that is out of range.
    """
    check_choice("output", name, OUTPUTS)
    check_integer("k", k)
    V = len(check_counts(counts))
    if name == "softmax":
        return Output(V, _draw_nothing, lambda h, targets, W, _: full_softmax(h, targets, W), full_softmax_backward)
    if name == "hierarchical":
        paths = huffman_paths(counts)

        def hierarchical(h, targets, W, _):
            return hierarchical_softmax(h, targets, W, paths)

        return Output(V - 1, _draw_nothing, hierarchical, binary_cross_entropy_backward)
    q = noise_distribution(counts, power)
    table, bias = alias_table(q), log_frequency(counts)

    def draw(rng, N):
        return draw_noise(rng, table, (N, k))

    def negative(h, targets, W, negatives):
        return negative_sampling(h, targets, W, negatives, k)

    def nce(h, targets, W, negatives):
        return noise_contrastive(h, targets, W, negatives, k, q, bias)

    return Output(V, draw, negative if name == "negative" else nce, binary_cross_entropy_backward)


def _draw_nothing(rng, N):
    return None


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
    E, W = params
    h, hidden_cache = hidden(examples, E)
    loss, output_cache = output.forward(h, examples.targets, W, negatives)

    dh, dW = output.backward(output_cache, W)
    dE = hidden_backward(dh, hidden_cache, E)
    return loss, Word2VecParams(dE, dW)


def mean_word2vec_loss(params, examples, output, negatives=None):
    """L of one example, on average, with its gradient; it takes what `word2vec_loss` takes.

    Raises
    ------
    ValueError
        When there is no example, and as `word2vec_loss`.
    """
    (N,) = check_shape("targets", examples.targets, "N")
    if not N:
        raise ValueError("examples has none, expected at least one to take the mean of")
    loss, (dE, dW) = word2vec_loss(params, examples, output, negatives)
    return loss / N, Word2VecParams(dE / N, dW / N)
