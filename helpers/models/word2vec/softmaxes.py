"""The two outputs that are true distributions: full softmax, and hierarchical softmax over Huffman's tree."""

import numpy as np

from helpers.core.checks import check_floats, check_indices, check_shape
from helpers.core.numerics import log_softmax, sigmoid, softmax
from helpers.models.word2vec.questions import questions


def full_softmax(h, targets, W):
    """L = Σ −log softmax(h Wᵀ)[target]: V products for each example.

    Parameters
    ----------
    h : ndarray (N, D)
    targets : ndarray of int (N,)
    W : ndarray (V, D)

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
        For `full_softmax_backward`.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or a target has no row.
    """
    check_scores(h, targets, W, len(W))
    log_p = log_softmax(h @ W.T)  # (N, V)
    here = np.arange(len(h)), targets
    return -float(log_p[here].sum(dtype=np.float64)), (h, log_p, here)


def full_softmax_backward(cache, W):
    """ds = softmax(s) − one-hot(target);  dh = ds W;  dW = dsᵀ h."""
    h, log_p, here = cache
    ds = np.exp(log_p)
    ds[here] -= 1
    return ds @ W, ds.T @ h


def hierarchical_softmax(h, targets, W, paths):
    """L = Σ −log Π_j p(bit_j), p(bit_j = 1) = σ(h · W[node_j]): on average fewer than log2 V + 1 questions.

    Parameters
    ----------
    h : ndarray (N, D)
    targets : ndarray of int (N,)
    W : ndarray (V − 1, D)
        A row for each inner node of the tree.
    paths : Paths
        From `huffman_paths`.

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
        For `questions_backward`.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or a target has no path.

    References
    ----------
    Morin, Bengio 2005, "Hierarchical Probabilistic Neural Network Language Model", AISTATS (the idea);
    Mikolov, Sutskever, Chen, Corrado, Dean 2013, section 2.1, https://arxiv.org/abs/1310.4546 (with Huffman's tree).
    """
    _check_tables(h, W, rows=len(paths.nodes) - 1)
    check_scores(h, targets, W, len(paths.nodes))
    return questions(h, W, paths.nodes[targets], paths.bits[targets], paths.mask[targets])


def hierarchical_probabilities(h, W, paths):
    """p(w | h) = Π_j p(bit_j) along the path of every word.

    Parameters
    ----------
    h : ndarray (N, D)
    W : ndarray (V − 1, D)
    paths : Paths

    Returns
    -------
    ndarray (N, V)
        Each row sums to 1, as the two ways at every node do.

    Raises
    ------
    ValueError
        When shapes do not fit, or dtypes are mixed.
    """
    _check_tables(h, W, rows=len(paths.nodes) - 1)
    s = (h @ W.T)[:, paths.nodes]  # (N, V, P)
    taken = sigmoid(np.where(paths.bits, s, -s))  # the probability of the way that the path takes
    return np.where(paths.mask, taken, 1).prod(axis=-1)


def softmax_probabilities(h, W):
    """p(w | h) = softmax(h Wᵀ): (N, V)."""
    _check_tables(h, W)
    return softmax(h @ W.T)


def check_scores(h, targets, W, V):
    """Refuse hidden rows, targets and a table that do not fit each other."""
    _check_tables(h, W)
    check_shape("targets", targets, "N", N=len(h))
    check_indices("targets", targets, V)


def _check_tables(h, W, **rows):
    check_floats(h=h, W=W)
    _, D = check_shape("h", h, "N D")
    check_shape("W", W, "rows D", D=D, **rows)
