"""Full and hierarchical softmax, and the yes-or-no questions that the latter, negative sampling and NCE are made of."""

import numpy as np

from helpers.core.checks import check_floats, check_indices, check_shape
from helpers.core.numerics import log_softmax, sigmoid, softmax


def yes_no_loss(h, W, rows, labels, weights, shift=0.0):
    """L = Σ weight · [softplus(s) − label · s],  s = h · W[row] + shift: J questions for each example.

    −log σ(s) = softplus(s) − s is the loss where yes is right, −log σ(−s) = softplus(s) where no is.

    Parameters
    ----------
    h : ndarray (N, D)
    W : ndarray (rows, D)
        A row for each thing that can be asked about.
    rows : ndarray of int (N, J)
    labels : ndarray of bool (N, J)
        True = yes.
    weights : ndarray (N, J)
        0 = not asked.
    shift : ndarray that broadcasts to (N, J)

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
    """
    shift, weights = np.asarray(shift, W.dtype), weights.astype(W.dtype)
    s = np.einsum("nd,njd->nj", h, W[rows]) + shift
    loss = float((weights * (softplus(s) - labels * s)).sum(dtype=np.float64))
    return loss, (h, rows, labels, weights, s)


def yes_no_loss_backward(cache, W):
    """ds = weight · (σ(s) − label);  dh = Σ_j ds_j W[row_j];  dW[row_j] += ds_j h.

    Parameters
    ----------
    cache : tuple
        From `yes_no_loss`.
    W : ndarray (rows, D)

    Returns
    -------
    dh : ndarray (N, D)
    dW : ndarray (rows, D)
    """
    h, rows, labels, weights, s = cache
    ds = weights * (sigmoid(s) - labels)  # (N, J)
    dW = np.zeros_like(W)
    np.add.at(dW, rows, ds[..., None] * h[:, None])
    return np.einsum("nj,njd->nd", ds, W[rows]), dW


def softplus(s):
    """log(1 + exp(s)), where exp only ever sees −|s| and cannot overflow."""
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


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
    return yes_no_loss(h, W, paths.nodes[targets], paths.bits[targets], paths.mask[targets])


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
