"""Cross-entropy, the loss of every model that names one of V things."""

import numpy as np

from helpers.core.checks import check_floats, check_indices, check_shape
from helpers.core.numerics import log_softmax


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
    check_floats(logits=logits)
    *_, V = check_shape("logits", logits, "... V")
    counts = np.ones(logits.shape[:-1], bool) if mask is None else np.asarray(mask)
    if counts.dtype != bool or counts.shape != logits.shape[:-1] or np.shape(targets) != logits.shape[:-1]:
        found = f"targets {np.shape(targets)}, mask {counts.shape} of {counts.dtype}"
        raise ValueError(f"expected targets and a mask of bool with shape {logits.shape[:-1]}, got {found}")
    if not counts.any():
        raise ValueError("no target counts, expected at least one")
    check_indices("targets", np.asarray(targets)[counts], V)
    log_p = log_softmax(logits[counts])  # (N, V), only those that count
    rows = np.arange(len(log_p)), np.asarray(targets)[counts]
    loss = 0 - float(log_p[rows].mean(dtype=np.float64))  # in float64, as a long sum loses digits; 0 − x is never −0.0
    return loss, (log_p, rows, counts)


def cross_entropy_backward(cache):
    """dlogits = (softmax(logits) − one-hot(target)) / N, over the N that count; 0 elsewhere.

    Parameters
    ----------
    cache : tuple
        From `cross_entropy`.

    Returns
    -------
    ndarray (..., V)
    """
    log_p, rows, counts = cache
    p = np.exp(log_p)
    p[rows] -= 1
    dlogits = np.zeros((*counts.shape, p.shape[-1]), p.dtype)
    dlogits[counts] = p / len(p)
    return dlogits
