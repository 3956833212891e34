"""The four outputs of word2vec, made to fit behind any input.

Their losses are **summed** over the examples, not averaged: word2vec makes a step for each example, and the step of
a batch is the sum of theirs.
"""

from collections.abc import Callable
from typing import NamedTuple

from helpers.core.checks import check_choice, check_counts, check_integer
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution
from helpers.models.word2vec.questions import questions_backward
from helpers.models.word2vec.sampled import negative_sampling, noise_contrastive
from helpers.models.word2vec.softmaxes import full_softmax, full_softmax_backward, hierarchical_softmax

OUTPUTS = ("softmax", "hierarchical", "negative", "nce")


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

        def tree(h, targets, W, _):
            return hierarchical_softmax(h, targets, W, paths)

        return Output(V - 1, _draw_nothing, tree, questions_backward)
    q = noise_distribution(counts, power)
    table, bias = alias_table(q), log_frequency(counts)

    def draw(rng, N):
        return draw_noise(rng, table, (N, k))

    def negative(h, targets, W, negatives):
        return negative_sampling(h, targets, W, negatives, k)

    def nce(h, targets, W, negatives):
        return noise_contrastive(h, targets, W, negatives, k, q, bias)

    return Output(V, draw, negative if name == "negative" else nce, questions_backward)


def _draw_nothing(rng, N):
    return None
