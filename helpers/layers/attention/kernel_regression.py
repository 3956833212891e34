"""Kernel regression, forward and backward: the simplest attention, where near keys count more than far ones."""

import numpy as np

from helpers.core.checks import check_positive, check_shape
from helpers.core.overflow import lengths, refuse_overflow
from helpers.layers.attention.input_checks import check_attention_inputs, checked_mask
from helpers.layers.attention.soft_look_up import look_up, look_up_backward


@refuse_overflow
def kernel_regression(q, k, v, width, mask=None):
    """out = softmax(−‖q_t − k_s‖² / 2 width²) v: the mean of the values, weighted by a bell curve around the query.

    Parameters
    ----------
    q : ndarray (..., T, d)
        Where the function is asked for.
    k : ndarray (..., S, d)
        Where it is known.
    v : ndarray (..., S, d_v)
        What it is there.
    width : float
        The standard deviation of the Gaussian kernel, in the unit of q and k. A small one takes the nearest value,
        a large one the mean of all.
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S).

    Returns
    -------
    out : ndarray (..., T, d_v)
    weights : ndarray (..., T, S)
        Each row sums to 1, or to 0 where a query may attend to nothing.
    cache : tuple
        What `kernel_regression_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, an array is empty, or the width is not
        above 0.

    References
    ----------
    Nadaraya 1964, "On Estimating Regression", https://doi.org/10.1137/1109020
    Watson 1964, "Smooth Regression Analysis", Sankhyā A 26, 359–372.
    """
    check_attention_inputs(q, k, v, mask)
    check_shape("k", k, "... S d", d=q.shape[-1])
    check_positive("width", width)
    width = float(width)
    difference = k[..., None, :, :] - q[..., :, None, :]  # (..., T, S, d)
    with np.errstate(over="ignore"):
        squared_distance = (difference**2).sum(axis=-1)  # (..., T, S)
    if _is_ordinary(squared_distance, width):
        scores = -squared_distance / (2 * width**2)
    else:
        scores = _extreme_scores(difference, width, checked_mask(mask, squared_distance.shape))
    out, weights, look_up_cache = look_up(scores, v, mask)
    return out, weights, (difference, squared_distance, width, look_up_cache)


@refuse_overflow
def kernel_regression_backward(dout, cache):
    """∂score/∂q_t = (k_s − q_t) / width² = −∂score/∂k_s;  ∂score/∂width = ‖q_t − k_s‖² / width³.

    Parameters
    ----------
    dout : ndarray (..., T, d_v)
    cache : tuple
        From `kernel_regression`.

    Returns
    -------
    dq : ndarray (..., T, d)
    dk : ndarray (..., S, d)
    dv : ndarray (..., S, d_v)
    dwidth : float

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    difference, squared_distance, width, look_up_cache = cache
    dscores, dv = look_up_backward(dout, look_up_cache)
    if not _is_ordinary(squared_distance, width):
        return _extreme_backward(dscores, difference, width, dv)
    pulls = dscores[..., None] * difference / width**2  # (..., T, S, d)
    dq = pulls.sum(axis=-2)  # over the keys
    dk = -pulls.sum(axis=-3)  # over the queries
    dwidth = float((dscores * squared_distance).sum() / width**3)
    return dq, dk, dv, dwidth


def _is_ordinary(squared_distance, width):
    """Say whether the squares of the width and of all distances fit into the dtype, with digits to spare."""
    info = np.finfo(squared_distance.dtype)
    low, high = np.sqrt(info.tiny) / info.eps, np.sqrt(info.max) * info.eps
    return low < width < high and bool(np.isfinite(squared_distance / (2 * width**2)).all())


def _extreme_scores(difference, width, mask):
    """Scores less the score of the nearest key, which is what softmax makes of them, where squares may overflow.

    −(‖q − k_s‖² − ‖q − k_near‖²) / 2 width² = −(r_s − r_near) (r_s + r_near) / 2 with r = distance / width. Far keys
    have a score of −inf, and so a weight of 0.
    """
    distance = lengths(difference)[..., 0].astype(np.float64)  # (..., T, S)
    seen = distance if mask is None else np.where(mask, distance, np.inf)
    nearest = seen.min(axis=-1, keepdims=True)
    nearest = np.where(np.isfinite(nearest), nearest, 0)  # a query that may attend to nothing
    with np.errstate(over="ignore"):  # to −inf
        apart = (distance - nearest) / width
        scores = np.where(apart == 0, 0, -apart * (distance / width / 2 + nearest / width / 2))
        return scores.astype(difference.dtype)


def _extreme_backward(dscores, difference, width, dv):
    """What `kernel_regression_backward` returns: each difference is divided by the width before it is multiplied."""
    relative = np.where(dscores[..., None] == 0, 0, difference.astype(np.float64) / width)  # (..., T, S, d)
    pulls = dscores[..., None] * relative / width
    dwidth = float((pulls * relative).sum())
    return *(d.astype(dv.dtype) for d in (pulls.sum(axis=-2), -pulls.sum(axis=-3))), dv, dwidth
