"""The checks of what attention is given: queries, keys, values, a mask, and the gradient that comes back."""

import numpy as np

from helpers.core.checks import check_floats, check_positive, check_shape


def check_attention_inputs(q, k, v, mask):
    """Refuse what cannot attend: q (..., T, D_q), k (..., S, D_k), v (..., S, d_v) and a mask for (..., T, S).

    Parameters
    ----------
    q, k, v : ndarray
    mask : ndarray of bool, optional

    Returns
    -------
    ndarray of bool (..., T, S), or None
        The mask, broadcast.

    Raises
    ------
    ValueError
    """
    check_floats(q=q, k=k, v=v)
    *leading, T, _ = check_shape("q", q, "... T D_q")
    check_part("q", q, leading, "T D_q")
    S = check_part("k", k, leading, "S D_k")[-2]
    check_part("v", v, leading, "S d_v", S=S)
    return checked_mask(mask, (*leading, T, S))


def check_dot_product_inputs(q, k, v, mask, scale):
    """`check_attention_inputs` for queries and keys of one size d, and a scale above 0 or None; return the mask."""
    mask = check_attention_inputs(q, k, v, mask)
    check_shape("k", k, "... S d", d=q.shape[-1])
    if scale is not None:
        check_positive("scale", scale)
    return mask


def check_part(name, array, leading, pattern, **sizes):
    """Refuse an array that is empty, or not of the shape (leading axes, pattern); return the shape."""
    shape = check_shape(name, array, f"... {pattern}", **sizes)
    if shape[:-2] != tuple(leading):
        raise ValueError(f"{name} has shape {shape}, expected the leading axes {tuple(leading)} before ({pattern})")
    if not array.size:
        raise ValueError(f"{name} has shape {shape}, expected no size of 0")
    return shape


def checked_mask(mask, shape):
    """Broadcast a mask to the shape of the scores, (..., T, S); None stays None."""
    if mask is None:
        return None
    if not isinstance(mask, np.ndarray) or mask.dtype != bool:
        kind = f"dtype {mask.dtype}" if isinstance(mask, np.ndarray) else f"type {type(mask).__name__}"
        raise ValueError(f"mask has {kind}, expected an array of bool, True = may attend")
    try:
        return np.broadcast_to(mask, shape)
    except ValueError:
        raise ValueError(
            f"mask has shape {mask.shape}, expected one that broadcasts to (..., T, S) = {shape}"
        ) from None


def check_dout(dout, shape, dtype):
    """Refuse a gradient that does not fit the out of the forward pass."""
    if check_floats(dout=dout) != dtype:
        raise ValueError(f"dout has dtype {dout.dtype}, expected {dtype} as in the forward pass")
    if dout.shape != shape:
        raise ValueError(f"dout has shape {dout.shape}, expected {shape}")
