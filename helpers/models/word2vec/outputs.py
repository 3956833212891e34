"""Negative sampling and noise-contrastive estimation, and the table of all outputs that a model can have."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_counts, check_indices, check_integer, check_positive, check_shape
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution
from helpers.models.word2vec.softmaxes import (
    check_scores,
    full_softmax,
    full_softmax_backward,
    hierarchical_softmax,
    yes_no_loss,
    yes_no_loss_backward,
)


def negative_sampling(h, targets, W, negatives, k):
    """L = Σ [−log σ(h · W[target]) − (k / K) Σ_j log σ(−h · W[negative_j])].

    Where nothing hinders it, this is smallest at s = log p − log(k q): the scores are no log-probabilities.

    Parameters
    ----------
    h : ndarray (N, D)
    targets : ndarray of int (N,)
    W : ndarray (V, D)
    negatives : ndarray of int (N, K)
        Drawn from the noise, at least one for each example. They may hit the target; the formula means it so.
    k : float
        How many negatives the loss counts. Where K differs, each stands for k / K of one, and the expected loss is
        the same.

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
        For `questions_backward`.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, there are no negatives, or a word has no row.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado, Dean 2013, equation 4, https://arxiv.org/abs/1310.4546;
    Levy, Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization", NIPS (where it is smallest).
    """
    return yes_no_loss(h, W, *_target_and_noise(h, targets, W, negatives, k))


def noise_contrastive(h, targets, W, negatives, k, q, bias=0.0):
    """Negative sampling with s − log(k q(w)) in place of s: now the loss is smallest at s = log p.

    If exp(s) is the probability of a word, then s − log(k q) is the log-odds that it came from the text and not from
    the noise. So the scores learn to be normalised without ever being summed.

    Parameters
    ----------
    h, targets, W, negatives, k
        As for `negative_sampling`.
    q : ndarray (V,)
        The distribution that the negatives were drawn from.
    bias : ndarray (V,), optional
        s = h · W[w] + bias[w]. Without it, training starts at s = 0, which claims a probability of 1 for every word;
        the logarithm of the frequencies is a better start.

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
        For `questions_backward`.

    Raises
    ------
    ValueError
        As `negative_sampling`, and when a word is met that the noise never draws.

    References
    ----------
    Gutmann, Hyvärinen 2012, "Noise-Contrastive Estimation of Unnormalized Statistical Models, with Applications to
    Natural Image Statistics", JMLR 13;
    Mnih, Teh 2012, "A fast and simple algorithm for training neural probabilistic language models",
    https://arxiv.org/abs/1206.6426
    """
    rows, labels, weights = _target_and_noise(h, targets, W, negatives, k)
    q, bias = np.asarray(q), np.asarray(bias)
    check_shape("q", q, "V", V=len(W))
    if bias.ndim:
        check_shape("bias", bias, "V", V=len(W))
        bias = bias[rows]
    q = q[rows]
    if not (q > 0).all():  # NaN fails this too
        raise ValueError(f"q is {q.min()} for a word of the batch, expected noise that can draw every word")
    return yes_no_loss(h, W, rows, labels, weights, shift=bias - np.log(k * q))


def _target_and_noise(h, targets, W, negatives, k):
    check_scores(h, targets, W, len(W))
    check_positive("k", k)
    N, K = check_shape("negatives", negatives, "N K", N=len(h))
    check_integer("the number of negatives", K)
    check_indices("negatives", negatives, len(W))
    rows = np.concatenate([np.asarray(targets)[:, None], negatives], axis=1)  # (N, 1 + K)
    weights = np.full((N, 1 + K), k / K)
    weights[:, 0] = 1
    return rows, np.broadcast_to(np.arange(1 + K) == 0, rows.shape), weights


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

        return Output(V - 1, _draw_nothing, tree, yes_no_loss_backward)
    q = noise_distribution(counts, power)
    table, bias = alias_table(q), log_frequency(counts)

    def draw(rng, N):
        return draw_noise(rng, table, (N, k))

    def negative(h, targets, W, negatives):
        return negative_sampling(h, targets, W, negatives, k)

    def nce(h, targets, W, negatives):
        return noise_contrastive(h, targets, W, negatives, k, q, bias)

    return Output(V, draw, negative if name == "negative" else nce, yes_no_loss_backward)


def _draw_nothing(rng, N):
    return None
