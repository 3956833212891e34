"""Cross-entropy, forward and backward: the loss of every model that gives one of V classes a probability."""

import numpy as np

from helpers.core.checks import check_floats, check_indices, check_shape
from helpers.core.numerics import log_softmax
from helpers.core.overflow import refuse_overflow


@refuse_overflow
def cross_entropy(logits, targets, mask=None):
    """L = mean of −log softmax(logits)[target], in nats.

    Parameters
    ----------
    logits : ndarray (..., V)
    targets : ndarray of int (...)
        The right index for each, from 0 to V − 1.
    mask : ndarray of bool (...), optional
        True = counts. The mean is over those that count; padding does not, and its target may be anything.

    Returns
    -------
    loss : float
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, a target that counts is out of range, or nothing counts.
    """
    counts = _check_targets(logits, targets, mask)
    N = np.count_nonzero(counts)
    if not N:
        raise ValueError("no target counts, expected at least one")
    return _mean_surprisal(logits, targets, counts, N)


@refuse_overflow
def summed_cross_entropy(logits, targets, mask=None):
    """L = Σ −log softmax(logits)[target] / B, in nats: a sum over time and a mean over the batch.

    So the loss of a long sequence is the sum of the losses of its parts.

    Parameters
    ----------
    logits : ndarray (T, B, V)
    targets : ndarray of int (T, B)
        The right index for each, from 0 to V − 1.
    mask : ndarray of bool (T, B), optional
        True = counts. B stays the number of sequences, and a sum over nothing is 0.

    Returns
    -------
    loss : float
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, a target that counts is out of range, or the batch is empty.
    """
    _, B, _ = check_shape("logits", logits, "T B V")
    counts = _check_targets(logits, targets, mask)
    if not B:
        raise ValueError(f"logits has shape {logits.shape}, expected at least one sequence")
    return _mean_surprisal(logits, targets, counts, B)


@refuse_overflow
def cross_entropy_backward(cache):
    """dlogits = (softmax(logits) − one-hot(target)) / N where a target counts, and 0 elsewhere.

    N is what the loss divided by: how many count (`cross_entropy`), or the batch (`summed_cross_entropy`).

    Parameters
    ----------
    cache : tuple
        From either loss.

    Returns
    -------
    ndarray (..., V)
    """
    log_p, rows, counts, N = cache
    p = np.exp(log_p)
    p[rows] -= 1
    dlogits = np.zeros((*counts.shape, p.shape[-1]), p.dtype)
    dlogits[counts] = p / N
    return dlogits


def _check_targets(logits, targets, mask):
    """Return which targets count, bool (...)."""
    check_floats(logits=logits)
    *_, V = check_shape("logits", logits, "... V")
    counts = np.ones(logits.shape[:-1], bool) if mask is None else np.asarray(mask)
    if counts.dtype != bool or counts.shape != logits.shape[:-1] or np.shape(targets) != logits.shape[:-1]:
        found = f"targets {np.shape(targets)}, mask {counts.shape} of {counts.dtype}"
        raise ValueError(f"expected targets and a mask of bool with shape {logits.shape[:-1]}, got {found}")
    check_indices("targets", np.asarray(targets)[counts], V)
    return counts


def _mean_surprisal(logits, targets, counts, N):
    """Σ −log p[target] / N over the targets that count, and the cache of the backward pass."""
    log_p = log_softmax(logits[counts])  # only those that count, one row each
    rows = np.arange(len(log_p)), np.asarray(targets)[counts]
    total = float(log_p[rows].sum(dtype=np.float64))  # in float64, as a long sum loses digits
    if not np.isfinite(total):
        wrong = np.count_nonzero(np.isneginf(log_p[rows]))
        raise ValueError(f"{wrong} targets have a score of −inf: the loss is infinite, expected possible targets")
    loss = 0 - total / N  # never −0.0, which −total / N may be
    return loss, (log_p, rows, counts, N)
