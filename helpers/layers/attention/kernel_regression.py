"""Kernel regression, forward and backward: the simplest attention, where near keys count more than far ones."""

from helpers.core.checks import check_positive, check_shape
from helpers.layers.attention.input_checks import check_attention_inputs
from helpers.layers.attention.soft_look_up import look_up, look_up_backward


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
    squared_distance = (difference**2).sum(axis=-1)  # (..., T, S)
    scores = -squared_distance / (2 * width**2)
    out, weights, look_up_cache = look_up(scores, v, mask)
    return out, weights, (difference, squared_distance, width, look_up_cache)


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
    pulls = dscores[..., None] * difference / width**2  # (..., T, S, d)
    dq = pulls.sum(axis=-2)  # over the keys
    dk = -pulls.sum(axis=-3)  # over the queries
    dwidth = float((dscores * squared_distance).sum() / width**3)
    return dq, dk, dv, dwidth
