"""The gated recurrent unit, forward and backward, in both dialects."""

from itertools import islice
from typing import NamedTuple

import numpy as np

from helpers.core.numerics import sigmoid
from helpers.layers.recurrent.gates import gates_first, halves, split_gates
from helpers.layers.recurrent.steps import blocks, check_step_gradients, check_step_inputs, flat, init_gates


def reset_first(x, params, gates, seen, h):
    """n = tanh(x_t W_xh + b_xh + (r ⊙ h_{t-1}) W_hh + b_hh) and h_t = n + z ⊙ (h_{t-1} − n), step by step.

    Parameters
    ----------
    x : ndarray (T, B, D)
    params : helpers.layers.recurrent.gru.GRUParams
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


class GRUParams(NamedTuple):
    """The weights of the layer, side by side in the order r, z, n; its gradients have the same type."""

    W_xh: np.ndarray  # (D, 3H)
    W_hh: np.ndarray  # (H, 3H)
    b_xh: np.ndarray  # (3H,)
    b_hh: np.ndarray  # (3H,): apart from b_xh, as the reset gate multiplies the n of this one


class GRUGates(NamedTuple):
    """What every gate of every step held, for the eye."""

    r: np.ndarray  # (T, B, H): how much of the state before the candidate sees, from 0 to 1
    z: np.ndarray  # (T, B, H): how much of the state before is kept, from 0 to 1
    n: np.ndarray  # (T, B, H): the candidate, from −1 to 1
    h: np.ndarray  # (T, B, H)


def init_gru(rng, D, H, dtype=np.float64):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; both biases = 0."""
    W_xh, W_hh, b_xh = init_gates(rng, D, H, 3, dtype)
    return GRUParams(W_xh, W_hh, b_xh, np.zeros_like(b_xh))


def zero_gru_state(B, params):
    """h_0 = 0, the state (B, H) of B sequences that have not begun."""
    return (np.zeros((B, len(params.W_hh)), params.W_hh.dtype),)


def gru_step(x_t, state, params, reset_before=False):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, one step: x_t (B, D), state (h_{t-1},) -> state (h_t,)."""
    (h_before,) = state
    H = len(params.W_hh)
    a_x = x_t @ params.W_xh + params.b_xh
    a_h = h_before @ params.W_hh + params.b_hh
    r, z = split_gates(sigmoid(a_x[:, : 2 * H] + a_h[:, : 2 * H]), H)
    W_hn, b_hn = params.W_hh[:, 2 * H :], params.b_hh[2 * H :]
    n = np.tanh(a_x[:, 2 * H :] + ((r * h_before) @ W_hn + b_hn if reset_before else r * a_h[:, 2 * H :]))
    return ((1 - z) * n + z * h_before,)


def gru(x, state, params, reset_before=False):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1} for every step of x.

    r, z = σ(x_t W_xh + b_xh + h_{t-1} W_hh + b_hh) and n = tanh(x_t W_xh + b_xh + r ⊙ (h_{t-1} W_hh + b_hh)), each
    with its own columns of the weights. With `reset_before`, n = tanh(x_t W_xh + b_xh + (r ⊙ h_{t-1}) W_hh + b_hh).

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of one ndarray (B, H)
        (h_0,), the state before the first step.
    params : GRUParams
    reset_before : bool
        False: the reset gate stands after the matrix product, as in torch. True: before it, as in the paper of 2014.

    Returns
    -------
    h : ndarray (T, B, H)
        The state after every step.
    state : tuple of one ndarray (B, H)
        The state after the last step.
    cache : tuple
        What `gru_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or there is no step.

    References
    ----------
    Cho et al. 2014, "Learning Phrase Representations using RNN Encoder-Decoder", https://arxiv.org/abs/1406.1078
    """
    (h_0,) = state
    check_step_inputs(x, {"h_0": h_0}, params, gates=3)
    (T, B, _), H = x.shape, len(params.W_hh)
    gates, seen = np.empty((T, 3, B, H), x.dtype), np.empty((T, B, H), x.dtype)  # each gate in one piece
    h = np.empty((T + 1, B, H), x.dtype)  # with the state before the first step
    h[0] = h_0
    (reset_first if reset_before else reset_after)(x, params, gates, seen, h)
    return h[1:], (h[-1].copy(),), (x, h, seen, gates, reset_before)


def reset_after(x, params, gates, seen, h):
    """Fill gates, seen (h_{t-1} W_hh + b_hh of n, which r meets) and h, step by step."""
    _, _, B, H = gates.shape
    half = halves("rzn", params.W_hh)  # σ(a) = ½ tanh(½ a) + ½: the ½ a once, and not at every step
    W_xh, W_hh, b_xh, b_hh = (p * half for p in params)
    b_n = np.tile(b_hh[2 * H :], (B, 1))  # written out, as a row that is broadcast is slower
    b_hh[2 * H :] = 0
    W_hh, b = gates_first(W_hh, H), gates_first(b_xh + b_hh, H)
    half, recurrent, new = np.full((2, B, H), 0.5, x.dtype), np.empty_like(gates[0]), np.empty_like(b_n)
    recurrent_rz, recurrent_n = recurrent[:2], recurrent[2]
    each = zip(gates, gates[:, :2], h, h[1:], seen, strict=False)
    for block in blocks(len(x), gates[0].size):
        a_x = (flat(x[block]) @ W_xh).reshape(-1, B, 3 * H)  # the inputs of many steps at once
        np.add(split_gates(a_x, H), b, out=gates[block])
        for (r, z, n), rz, h_before, h_t, seen_t in islice(each, len(a_x)):
            np.matmul(h_before, W_hh, out=recurrent)
            rz += recurrent_rz
            np.tanh(rz, out=rz)
            rz *= half
            rz += half
            n += np.multiply(r, np.add(recurrent_n, b_n, out=seen_t), out=new)
            np.tanh(n, out=n)
            np.subtract(h_before, n, out=h_t)  # h_t = n + z ⊙ (h_{t-1} − n)
            h_t *= z
            h_t += n


def gru_backward(dh, dstate, cache, params):
    """∂L/∂a of every gate, step by step; each weight's gradient is one product over all steps of it.

    Parameters
    ----------
    dh : ndarray (T, B, H)
        What the loss takes from each h_t directly, not through later steps.
    dstate : tuple of one ndarray (B, H)
        What it takes from the state after the last step, as used outside.
    cache : tuple
        From `gru`.
    params : GRUParams

    Returns
    -------
    dx : ndarray (T, B, D)
    dstate : (∂L/∂h_0,), a tuple of one ndarray (B, H)
    grads : GRUParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    x, h, seen, _, reset_before = cache
    (dh_last,) = dstate
    check_step_gradients({"dh": dh}, {"dstate": dh_last}, h[1:], params, gates=3)
    H, before = len(params.W_hh), flat(h[:-1])
    da, dh_0 = (reset_first_backward if reset_before else reset_after_backward)(dh, dh_last, cache, params)
    # da holds n, r, z and, where the reset stands after the product, ∂L/∂seen: what the weights of x meet stands
    # side by side, and what those of h meet too.
    da_x, da_h = flat(da)[:, : 3 * H], flat(da)[:, H:]
    dx = (da_x @ np.roll(params.W_xh, H, axis=1).T).reshape(x.shape)
    dW_xh, db_xh = (np.roll(d, -H, axis=-1) for d in (flat(x).T @ da_x, da_x.sum(axis=0)))
    if reset_before:
        dW_hh = np.concatenate([before.T @ da_h, flat(seen).T @ da_x[:, :H]], axis=1)
        return dx, (dh_0,), GRUParams(dW_xh, dW_hh, db_xh, db_xh.copy())
    return dx, (dh_0,), GRUParams(dW_xh, before.T @ da_h, db_xh, da_h.sum(axis=0))


def reset_after_backward(dh, dh_last, cache, params):
    """∂L/∂a_t of n, r, z and ∂L/∂seen_t from ∂L/∂h_t; then ∂L/∂h_{t-1} = z ⊙ ∂L/∂h_t + ∂L/∂(r, z, seen) W_hhᵀ.

    It takes what `gru_backward` takes, and returns the four side by side (T, B, 4H), and ∂L/∂h_0.
    """
    _, h, seen, gates, _ = cache
    (T, B, H), W_hh_T = dh.shape, np.ascontiguousarray(params.W_hh.T)
    da = np.empty((T, B, 4 * H), dh.dtype)
    dh_t, through = dh_last.copy(), np.empty_like(dh_last)
    each = zip(dh[::-1], split_gates(da, H)[::-1], da[::-1, :, H:], gates[::-1, 1], strict=True)
    for block in blocks(T, B * 4 * H)[::-1]:
        slopes = gru_gate_slopes(gates[block], seen[block], h[block])
        for slopes_t, (dh_direct, da_t, da_rzs, z) in zip(slopes[::-1], each, strict=False):
            dh_t += dh_direct
            np.multiply(slopes_t, dh_t, out=da_t)
            dh_t *= z  # from here on, of the step before
            dh_t += np.matmul(da_rzs, W_hh_T, out=through)
    return da, dh_t


def gru_gate_slopes(gates, seen, h_before):
    """What does not run through time, for some steps: by what ∂L/∂h_t is multiplied to make da."""
    r, z, n = np.moveaxis(gates, 1, 0)
    slopes = np.empty((len(gates), 4, *z.shape[1:]), z.dtype)
    da_n, da_r, da_z, da_seen = np.moveaxis(slopes, 1, 0)
    np.multiply(1 - z, 1 - n * n, out=da_n)
    np.multiply(da_n, r, out=da_seen)
    np.multiply(da_seen, (1 - r) * seen, out=da_r)
    np.multiply(h_before - n, z * (1 - z), out=da_z)
    return slopes


def gru_gates(x, state, params, reset_before=False):
    """Run the layer and return what every gate held, as `GRUGates` of ndarrays (T, B, H)."""
    h, _, (_, _, _, gates, _) = gru(x, state, params, reset_before)
    return GRUGates(*np.moveaxis(gates, 1, 0), h)
