"""The soft look-up that all kinds of attention end with: weights from scores, and the mean of the values they make."""

import numpy as np

from helpers.core.checks import check_floats, check_shape
from helpers.core.numerics import softmax


def look_up(scores, v, mask=None):
    """out = softmax(scores) v: what all kinds of attention do once they have their scores.

    Parameters
    ----------
    scores : ndarray (..., T, S)
        How well key s fits query t; only differences within a row matter.
    v : ndarray (..., S, d_v)
        The values.
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S).

    Returns
    -------
    out : ndarray (..., T, d_v)
    weights : ndarray (..., T, S)
        Each row sums to 1. A query that may attend to nothing has weights of 0, and zeros as out.
    cache : tuple
        What `look_up_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, or there is no key.
    """
    check_floats(scores=scores, v=v)
    *leading, _, S = check_shape("scores", scores, "... T S")
    check_part("v", v, leading, "S d_v", S=S)
    weights = softmax(scores, mask=checked_mask(mask, scores.shape))
    out = weights @ v
    return out, weights, (v, weights, out)


def look_up_backward(dout, cache):
    """∂L/∂scores = weights ⊙ (dout vᵀ − Σ dout ⊙ out);  ∂L/∂v = weightsᵀ dout.

    A row of the Jacobian of softmax is weights_s (1[s = r] − weights_r). So from every ∂L/∂weights the weighted mean
    of its row is taken away, and as out = weights v, this mean is dout · out. What is masked has weight 0: its score
    and its value get a gradient of exactly 0.

    Parameters
    ----------
    dout : ndarray (..., T, d_v)
    cache : tuple
        From `look_up`.

    Returns
    -------
    dscores : ndarray (..., T, S)
    dv : ndarray (..., S, d_v)

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    v, weights, out = cache
    check_dout(dout, out.shape, out.dtype)
    return score_gradient(dout, v, weights, out), transposed(weights) @ dout


def score_gradient(dout, v, weights, out):
    """∂L/∂scores = weights ⊙ (dout vᵀ − Σ dout ⊙ out), see `look_up_backward`."""
    dscores = dout @ transposed(v)  # ∂L/∂weights
    dscores -= (dout * out).sum(axis=-1, keepdims=True)
    dscores *= weights
    return dscores


def transposed(matrices):
    """Swap the last two axes."""
    return matrices.swapaxes(-1, -2)


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
