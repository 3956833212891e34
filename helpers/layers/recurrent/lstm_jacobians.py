"""The Jacobians of an LSTM's state: how much of a gradient comes back over the highway, and how much by the detour."""

import numpy as np

from helpers.layers.recurrent.lstm import lstm_gates, lstm_step_gates, zero_lstm_state


def lstm_step_jacobian(x_t, state, params):
    """∂(h_t, c_t)/∂(h_{t-1}, c_{t-1}): row i, column j is how number i after the step changes with number j before it.

    Parameters
    ----------
    x_t : ndarray (B, D)
    state : tuple of two ndarrays (B, H)
        (h_{t-1}, c_{t-1})
    params : LSTMParams

    Returns
    -------
    ndarray (B, 2H, 2H)
        Four blocks; the first H rows and columns are those of h. A gradient meets it from the left.
    """
    h, c_before = state
    i, f, g, o = lstm_step_gates(x_t, h, params)
    c = f * c_before + i * g
    W_hi, W_hf, W_hg, W_ho = np.split(params.W_hh, 4, axis=-1)

    dc_dh = _rows(g * i * (1 - i), W_hi) + _rows(c_before * f * (1 - f), W_hf) + _rows(i * (1 - g**2), W_hg)
    dc_dc = _rows(f, np.eye(f.shape[-1], dtype=f.dtype))  # the highway
    shown = (o * (1 - np.tanh(c) ** 2))[..., None]  # how h_t changes with c_t
    dh_dh = shown * dc_dh + _rows(np.tanh(c) * o * (1 - o), W_ho)
    return np.block([[dh_dh, shown * dc_dc], [dc_dh, dc_dc]])


def lstm_cell_jacobians(x, params):
    """∂c_T/∂c_{T−k} along all paths, and along the highway alone: diag(f_{T−k+1} ⊙ … ⊙ f_T).

    Along all paths, c_{T−k} acts on the next step twice: by itself, and through h_{T−k} = o ⊙ tanh(c_{T−k}), which the
    gates and the candidate read. What is not highway is the detour.

    Parameters
    ----------
    x : ndarray (T, B, D)
        Read from h_0 = c_0 = 0.
    params : LSTMParams

    Returns
    -------
    along_all, highway : ndarrays (T, B, H, H)
        For k = 0 … T − 1 steps back. A gradient meets them from the left: ∂L/∂c_{T−k} = ∂L/∂c_T @ along_all[k].

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed or there is no step.
    """
    start = zero_lstm_state(x.shape[1], params)
    held = lstm_gates(x, start, params)
    T, B, H = held.c.shape
    one = np.broadcast_to(np.eye(H, dtype=x.dtype), (B, H, H))
    by_state = np.concatenate([np.zeros_like(one), one], axis=-1)  # ∂c_T/∂(h_{T−k}, c_{T−k}), (B, H, 2H)
    along_all, highway = [one], [one]
    for t in range(T - 1, 0, -1):
        before = held.h[t - 1], held.c[t - 1]
        by_state = by_state @ lstm_step_jacobian(x[t], before, params)
        by_h, by_c = np.split(by_state, 2, axis=-1)
        shown = held.o[t - 1] * (1 - np.tanh(held.c[t - 1]) ** 2)
        along_all.append(by_c + by_h * shown[:, None, :])
        highway.append(highway[-1] * held.f[t][:, None, :])
    return np.stack(along_all), np.stack(highway)


def highway_shares(along_all, highway):
    """‖highway‖ / (‖highway‖ + ‖detour‖) for each number of steps back, with detour = along_all − highway.

    Parameters
    ----------
    along_all, highway : ndarrays (K, B, n, H)
        From `lstm_cell_jacobians`, with n = H; or one gradient for each sequence along both ways, with n = 1. The norm
        is that of all numbers of the batch together.

    Returns
    -------
    ndarray (K,)
        1: the gradient comes over the highway alone. ½: both parts are as large. The parts can have opposite signs, so
        this compares their sizes; it does not say what their sum is.

    Raises
    ------
    ValueError
        When the shapes differ, or nothing comes back on either way.
    """
    if np.ndim(along_all) != 4 or np.shape(along_all) != np.shape(highway):
        raise ValueError(f"shapes are {np.shape(along_all)} and {np.shape(highway)}, expected (K, B, n, H) twice")
    straight, detour = (np.sqrt((part**2).sum(axis=(1, 2, 3))) for part in (highway, along_all - highway))
    if not (straight + detour).all():
        raise ValueError("highway and detour are both 0 at some number of steps back, expected a gradient on one")
    return straight / (straight + detour)


def _rows(slopes, W):
    """diag(slopes) Wᵀ for each sequence: (B, H) and (H, H) -> (B, H, H)."""
    return slopes[..., :, None] * W.T
