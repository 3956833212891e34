"""The outputs of word2vec, from h and a target word to a loss: two kinds of softmax, negative sampling, and NCE.

The hierarchical softmax, negative sampling and noise-contrastive estimation (NCE) are all made of binary
classifications: each is `binary_cross_entropy` with rows, labels and weights of its own.
"""

import numpy as np

from helpers.core.checks import (
    as_floats,
    check_finite,
    check_floats,
    check_indices,
    check_integer,
    check_positive,
    check_shape,
)
from helpers.core.numerics import log_softmax, sigmoid
from helpers.core.overflow import refuse_overflow


@refuse_overflow
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
    _check_tables(h, W)
    _check_targets(h, targets, W, len(W))
    log_p = log_softmax(h @ W.T)  # (N, V)
    right = np.arange(len(h)), np.asarray(targets)
    loss = -float(log_p[right].sum(dtype=np.float64))
    return loss, (h, log_p, right)


@refuse_overflow
def full_softmax_backward(cache, W):
    """ds = softmax(s) − one_hot(target);  dh = ds W;  dW = dsᵀ h.

    Parameters
    ----------
    cache : tuple
        From `full_softmax`.
    W : ndarray (V, D)

    Returns
    -------
    dh : ndarray (N, D)
    dW : ndarray (V, D)
    """
    h, log_p, right = cache
    check_floats(h=h, W=W)
    check_shape("W", W, "V D", V=log_p.shape[1], D=h.shape[1])
    ds = np.exp(log_p)  # (N, V)
    ds[right] -= 1
    dh = ds @ W
    dW = ds.T @ h
    return dh, dW


@refuse_overflow
def binary_cross_entropy(h, W, rows, labels, weights, shift=0.0):
    """L = −Σ weight · [label · ln σ(s) + (1 − label) · ln σ(−s)],  s = h · W[row] + shift.

    With softplus(s) = ln(1 + eˢ) that is Σ weight · [softplus(s) − label · s].

    Parameters
    ----------
    h : ndarray (N, D)
    W : ndarray (rows, D)
    rows : ndarray of int (N, J)
        The J rows of W that each example is compared with: J binary classifications.
    labels : ndarray of bool (N, J)
        True where the right class is 1.
    weights : ndarray (N, J)
        How much each classification counts; 0, or False, leaves it out.
    shift : float or ndarray (N, J)
        Added to the logits.

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
        For `binary_cross_entropy_backward`.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, a row is none of W, or something is no number.
    """
    _check_classifications(h, W, rows, labels, weights, shift)
    s = np.einsum("nd,njd->nj", h, W[rows]) + shift  # the logits (N, J)
    loss = float((weights * (softplus(s) - labels * s)).sum(dtype=np.float64))
    return loss, (h, rows, labels, weights, s)


@refuse_overflow
def binary_cross_entropy_backward(cache, W):
    """ds = weight · (σ(s) − label);  dh = Σ_j ds_j W[row_j];  dW[row_j] += ds_j h.

    Parameters
    ----------
    cache : tuple
        From `binary_cross_entropy`.
    W : ndarray (rows, D)

    Returns
    -------
    dh : ndarray (N, D)
    dW : ndarray (rows, D)
    """
    h, rows, labels, weights, s = cache
    _check_classifications(h, W, rows, labels, weights, 0.0)
    ds = weights * (sigmoid(s) - labels)  # (N, J)
    dh = np.einsum("nj,njd->nd", ds, W[rows])
    dW = np.zeros_like(W)
    np.add.at(dW, rows, ds[:, :, None] * h[:, None, :])
    return dh, dW


def softplus(s):
    """ln(1 + eˢ), written so that exp only ever gets −|s| and cannot overflow."""
    s = as_floats("s", s)
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


@refuse_overflow
def hierarchical_softmax(h, targets, W, paths):
    """L = Σ −log Π_j p(bit_j), p(bit_j = 1) = σ(h · W[node_j]): on average fewer than log₂ V + 1 factors.

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
        For `binary_cross_entropy_backward`.

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
    _check_targets(h, targets, W, len(paths.nodes))
    nodes, bits, mask = paths.nodes[targets], paths.bits[targets], paths.mask[targets]  # (N, P) each
    return binary_cross_entropy(h, W, nodes, bits, mask)


@refuse_overflow
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
    s = h @ W.T
    check_finite("h Wᵀ", s)
    s = s[:, paths.nodes]  # (N, V, P)
    p = sigmoid(np.where(paths.bits, s, -s))  # p(bit_j), for bit 1 σ(s), for bit 0 σ(−s)
    return np.where(paths.mask, p, 1).prod(axis=-1)


@refuse_overflow
def negative_sampling(h, targets, W, negatives, k):
    """L = Σ [−log σ(h · W[target]) − (k / K) Σ_j log σ(−h · W[negative_j])].

    With a free score for every word, it is smallest at s = log p − log(k q): the scores are no log-probabilities.

    Parameters
    ----------
    h : ndarray (N, D)
    targets : ndarray of int (N,)
    W : ndarray (V, D)
    negatives : ndarray of int (N, K)
        Drawn from the noise, at least one for each example. A draw that is the target itself counts like any other.
    k : float
        How many negatives the loss counts. Where K differs, each stands for k / K of one, and the expected loss is
        the same.

    Returns
    -------
    loss : float
        In nats, summed over the examples.
    cache : tuple
        For `binary_cross_entropy_backward`.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, there are no negatives, or a word has no row.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado, Dean 2013, equation 4, https://arxiv.org/abs/1310.4546;
    Levy, Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization", NIPS (where it is smallest).
    """
    _check_negatives(h, targets, W, negatives, k)
    rows, labels, weights = _target_and_noise(targets, negatives, k, W.dtype)
    return binary_cross_entropy(h, W, rows, labels, weights)


@refuse_overflow
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
        For `binary_cross_entropy_backward`.

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
    _check_negatives(h, targets, W, negatives, k)
    q, bias = _check_noise(q, bias, len(W))
    rows, labels, weights = _target_and_noise(targets, negatives, k, W.dtype)
    if not (q[rows] > 0).all():  # NaN fails this too
        raise ValueError(f"q is {q[rows].min()} for a word of the batch, expected noise that can draw every word")
    shift = bias[rows] - np.log(k * q[rows])
    return binary_cross_entropy(h, W, rows, labels, weights, shift.astype(W.dtype))


def _target_and_noise(targets, negatives, k, dtype):
    """Rows, labels and weights (N, 1 + K): the target with label 1, then K negatives with label 0 and weight k / K."""
    rows = np.concatenate([np.asarray(targets)[:, None], negatives], axis=1).astype(np.int64)
    labels = np.zeros(rows.shape, bool)
    labels[:, 0] = True
    K = rows.shape[1] - 1
    return rows, labels, np.where(labels, 1, k / K).astype(dtype)


def _check_tables(h, W, **rows):
    check_floats(h=h, W=W)
    _, D = check_shape("h", h, "N D")
    check_shape("W", W, "rows D", D=D, **rows)


def _check_classifications(h, W, rows, labels, weights, shift):
    check_floats(h=h, W=W)
    N, D = check_shape("h", h, "N D")
    V, _ = check_shape("W", W, "V D", D=D)
    _, J = check_shape("rows", rows, "N J", N=N)
    check_indices("rows", rows, V)
    check_shape("labels", labels, "N J", N=N, J=J)
    check_shape("weights", weights, "N J", N=N, J=J)
    for name, array in (("labels", labels), ("weights", weights), ("shift", shift)):
        as_floats(name, array)
    if np.shape(shift) not in ((), (N, J)):
        raise ValueError(f"shift has shape {np.shape(shift)}, expected one number or {(N, J)}")


def _check_targets(h, targets, W, V):
    _check_tables(h, W)
    check_shape("targets", targets, "N", N=len(h))
    check_indices("targets", targets, V)


def _check_negatives(h, targets, W, negatives, k):
    _check_tables(h, W)
    _check_targets(h, targets, W, len(W))
    check_positive("k", k)
    _, K = check_shape("negatives", negatives, "N K", N=len(h))
    check_integer("the number of negatives", K)
    check_indices("negatives", negatives, len(W))


def _check_noise(q, bias, V):
    """As arrays (V,) both; one bias stands for all words."""
    q, bias = as_floats("q", q), as_floats("bias", bias)
    check_finite("q", q)
    check_shape("q", q, "V", V=V)
    if bias.ndim:
        check_shape("bias", bias, "V", V=V)
    return q, np.broadcast_to(bias, V)
