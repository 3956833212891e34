"""The steps of the GRU of 2014, whose reset gate stands before the matrix product: n sees (r ⊙ h_{t-1}) W_hh."""

import numpy as np

from helpers.core.numerics import sigmoid
from helpers.layers.gates import split_gates
from helpers.layers.steps import flat


def reset_first(x, params, gates, seen, h):
    """n = tanh(x_t W_xh + b_xh + (r ⊙ h_{t-1}) W_hh + b_hh) and h_t = n + z ⊙ (h_{t-1} − n), step by step.

    Parameters
    ----------
    x : ndarray (T, B, D)
    params : helpers.layers.gru.GRUParams
    gates : ndarray (T, 3, B, H)
        To be filled with r, z, n.
    seen : ndarray (T, B, H)
        To be filled with r ⊙ h_{t-1}.
    h : ndarray (T + 1, B, H)
        h_0, and the states to be filled.
    """
    H = len(params.W_hh)
    W_rz, W_n = params.W_hh[:, : 2 * H], params.W_hh[:, 2 * H :]
    a_x = (flat(x) @ params.W_xh + params.b_xh + params.b_hh).reshape(*x.shape[:2], -1)  # (T, B, 3H)
    for t, (gates_t, seen_t) in enumerate(zip(gates, seen, strict=True)):
        gates_t[:2] = split_gates(sigmoid(a_x[t, :, : 2 * H] + h[t] @ W_rz), H)
        r, z, n = gates_t
        np.multiply(r, h[t], out=seen_t)
        np.tanh(a_x[t, :, 2 * H :] + seen_t @ W_n, out=n)
        h[t + 1] = n + z * (h[t] - n)


def reset_first_backward(dh, dh_last, cache, params):
    """∂L/∂a of n, r, z, side by side (T, B, 3H), and ∂L/∂h_0; it takes what `gru_backward` takes."""
    _, h, _, gates, _ = cache
    H = len(params.W_hh)
    W_rz, W_n = params.W_hh[:, : 2 * H], params.W_hh[:, 2 * H :]
    r, z, n = np.moveaxis(gates, 1, 0)
    da = np.empty((*dh.shape[:2], 3 * H), dh.dtype)
    da_n, da_r, da_z = np.moveaxis(split_gates(da, H), 1, 0)
    # What does not run through time, for all steps: by what ∂L/∂h_t (n, z) or ∂L/∂(r ⊙ h_{t-1}) (r) is multiplied.
    np.multiply(1 - z, 1 - n * n, out=da_n)
    np.multiply(h[:-1], r * (1 - r), out=da_r)
    np.multiply(h[:-1] - n, z * (1 - z), out=da_z)
    dh_t = dh_last.copy()
    for t in range(len(dh) - 1, -1, -1):
        dh_t += dh[t]
        da_n[t] *= dh_t
        da_z[t] *= dh_t
        dseen = da_n[t] @ W_n.T
        da_r[t] *= dseen
        dh_t *= z[t]
        dh_t += dseen * r[t] + da[t, :, H:] @ W_rz.T
    return da, dh_t
