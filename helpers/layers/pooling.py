"""From the states of every step to one vector: the last state, both ends, the mean or the maximum; padding aside."""

import numpy as np

from helpers.core.checks import check_choice, check_floats, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.recurrent.padded import last_states, last_states_backward, lengths_of

POOLS = ("last", "ends", "mean", "maximum")


@refuse_overflow
def pool(h, mask=None, how="last"):
    """s = h_T, or both ends, or (Σ_t h_t) / T, or max_t h_t, where T is each sequence's own last real step.

    Parameters
    ----------
    h : ndarray (T, B, H)
        The state after every step.
    mask : ndarray of bool (T, B), optional
        True where a token is. Padding stands at the end; what stands in it changes nothing, NaN included.
    how : "last", "ends", "mean" or "maximum"
        "ends" is for a layer of two directions: the first half of the units after the last step, the second half,
        which read from right to left, after the first step. Both have read everything by then. "last" would read the
        second half after one step of its own.

    Returns
    -------
    s : ndarray (B, H)
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, the way is unknown, or H is odd where there are two ends.
    """
    check_choice("how", how, POOLS)
    check_floats(h=h)
    T, B, H = check_shape("h", h, "T B H")
    mask = np.ones((T, B), bool) if mask is None else np.asarray(mask)
    check_shape("mask", mask, "T B", T=T, B=B)
    lengths = lengths_of(mask)
    if how == "ends" and H % 2:
        raise ValueError(f"h has {H} units, expected an even number: half of them for each direction")
    largest = None
    if how == "last":
        s = last_states(h, mask)
    elif how == "ends":
        s = np.concatenate([last_states(h[..., : H // 2], mask), h[0, :, H // 2 :]], axis=-1)
    elif how == "mean":
        s = np.where(mask[..., None], h, 0).sum(axis=0) / lengths[:, None].astype(h.dtype)
    else:
        largest = np.where(mask[..., None], h, -np.inf).argmax(axis=0)[None]  # (1, B, H): which step
        s = np.take_along_axis(h, largest, axis=0)[0]
    return s, (how, mask, lengths, largest, h.shape)


@refuse_overflow
def pool_backward(ds, cache):
    """Give ds back to the steps that s was made of; the padding gets 0.

    Parameters
    ----------
    ds : ndarray (B, H)
    cache : tuple
        From `pool`.

    Returns
    -------
    dh : ndarray (T, B, H)

    Raises
    ------
    ValueError
        When the shape does not fit.
    """
    how, mask, lengths, largest, shape = cache
    check_floats(ds=ds)
    _, B, H = shape
    check_shape("ds", ds, "B H", B=B, H=H)
    if how == "last":
        return last_states_backward(ds, mask)
    dh = np.zeros(shape, ds.dtype)
    if how == "ends":
        dh[..., : H // 2] = last_states_backward(ds[:, : H // 2], mask)
        dh[0, :, H // 2 :] += ds[:, H // 2 :]
    elif how == "mean":
        dh[:] = np.where(mask[..., None], ds / lengths[:, None].astype(ds.dtype), 0)
    else:
        np.put_along_axis(dh, largest, ds[None], axis=0)
    return dh
