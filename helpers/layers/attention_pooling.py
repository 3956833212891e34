"""From the states of every step to one vector: a weighted mean, whose weights one learned query chooses."""

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.core.numerics import softmax
from helpers.core.overflow import refuse_overflow


@refuse_overflow
def attention_pool(h, query, mask=None):
    """s = Σ_t w_t h_t with w = softmax_t(h_t · q): one query q for all sequences, learned as a weight is.

    Parameters
    ----------
    h : ndarray (T, B, H)
        The state after every step.
    query : ndarray (H,)
        With zeros s is the mean.
    mask : ndarray of bool (T, B), optional
        True where a token is. Padding has w_t = 0; what stands in it changes nothing, NaN included.

    Returns
    -------
    s : ndarray (B, H)
    w : ndarray (T, B)
        The share of each step; sums to 1 over the steps.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes or dtypes do not fit, or a sequence has no real step.

    References
    ----------
    Yang, Yang, Dyer, He, Smola, Hovy 2016, https://doi.org/10.18653/v1/N16-1174, with a hidden layer before the query.
    """
    T, B, H = check_shape("h", h, "T B H")
    check_shape("query", query, "H", H=H)
    mask = np.ones((T, B), bool) if mask is None else np.asarray(mask)
    check_shape("mask", mask, "T B", T=T, B=B)
    if mask.dtype != bool or not mask.any(axis=0).all():
        raise ValueError("mask has a sequence without a step, or is not bool; expected True where a token is")
    h = np.where(mask[..., None], h, 0)
    check_floats(h=h, query=query)
    w = softmax(np.where(mask, h @ query, -np.inf), axis=0)
    return (w[..., None] * h).sum(axis=0), w, (h, w, query)


@refuse_overflow
def attention_pool_backward(ds, cache):
    """dh_t = w_t ds + dscore_t q, with dscore_t = w_t (ds · h_t − Σ_k w_k ds · h_k); dq = Σ_t dscore_t h_t.

    Parameters
    ----------
    ds : ndarray (B, H)
    cache : tuple
        From `attention_pool`.

    Returns
    -------
    dh : ndarray (T, B, H)
        0 in the padding.
    dquery : ndarray (H,)

    Raises
    ------
    ValueError
        When the shape does not fit.
    """
    h, w, query = cache
    _, B, H = h.shape
    check_shape("ds", ds, "B H", B=B, H=H)
    check_floats(ds=ds, query=query)
    dw = (h * ds).sum(axis=-1)
    dscore = w * (dw - (w * dw).sum(axis=0))
    return w[..., None] * ds + dscore[..., None] * query, (dscore[..., None] * h).sum(axis=(0, 1))
