"""Yes-or-no questions: what hierarchical softmax, negative sampling and NCE have in common."""

import numpy as np

from helpers.core.numerics import sigmoid


def questions(h, W, rows, labels, weights, shift=0.0):
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


def questions_backward(cache, W):
    """ds = weight · (σ(s) − label);  dh = Σ_j ds_j W[row_j];  dW[row_j] += ds_j h.

    Parameters
    ----------
    cache : tuple
        From `questions`.
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
