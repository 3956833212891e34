"""The gated recurrent unit, forward and backward, with the reset gate after the product (torch) or before it (2014)."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.core.initial import orthogonal, scaled_normal
from helpers.layers.steps import check_gradients, check_inputs, flat, split_gates


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
    check_integer("D", D)
    check_integer("H", H)
    W_hh = np.concatenate([orthogonal(rng, H, dtype=dtype) for _ in range(3)], axis=1)
    return GRUParams(scaled_normal(rng, (D, 3 * H), dtype=dtype), W_hh, np.zeros(3 * H, dtype), np.zeros(3 * H, dtype))


def zero_gru_state(B, params):
    """h_0 = 0, the state (B, H) of B sequences that have not begun."""
    return (np.zeros((B, len(params.W_hh)), params.W_hh.dtype),)


def gru_step(x_t, state, params, reset_before=False):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, one step: x_t (B, D), state (h_{t-1},) -> state (h_t,)."""
    (h_before,) = state
    H = len(params.W_hh)
    a_x = x_t @ params.W_xh + params.b_xh
    W_rz, W_n, b_rz, b_n = _recurrent_parts(params)
    r, z = split_gates(_sigmoid(a_x[:, : 2 * H] + h_before @ W_rz + b_rz), H)
    recurrent = (r * h_before) @ W_n + b_n if reset_before else r * (h_before @ W_n + b_n)
    n = np.tanh(a_x[:, 2 * H :] + recurrent)
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
    (h_before,) = state
    check_inputs(x, {"h_0": h_before}, params, gates=3)
    H = len(params.W_hh)
    W_rz, W_n, b_rz, b_n = _recurrent_parts(params)
    gates = flat(x) @ params.W_xh  # the inputs of all steps at once
    gates += params.b_xh
    gates[:, : 2 * H] += b_rz
    if reset_before:
        gates[:, 2 * H :] += b_n
    gates = gates.reshape(len(x), -1, 3 * H)  # (T, B, 3H): holds the inputs of a step until the step makes it gates
    h, seen = np.empty((2, *gates.shape[:2], H), gates.dtype)  # seen: what r lets through, or is about to
    recurrent, new = np.empty_like(gates[0]), np.empty_like(h[0])
    rz_new, n_new = recurrent[:, : 2 * H], recurrent[:, 2 * H :]
    for rz, (r, z, n), seen_t, h_t in zip(gates[..., : 2 * H], split_gates(gates, H), seen, h, strict=True):
        if reset_before:
            rz += np.matmul(h_before, W_rz, out=rz_new)
        else:
            np.matmul(h_before, params.W_hh, out=recurrent)
            rz += rz_new
        _sigmoid(rz, out=rz)
        if reset_before:
            n += np.matmul(np.multiply(r, h_before, out=seen_t), W_n, out=new)
        else:
            n += np.multiply(r, np.add(n_new, b_n, out=seen_t), out=new)
        np.tanh(n, out=n)
        np.subtract(h_before, n, out=h_t)  # h_t = n + z ⊙ (h_{t-1} − n)
        h_t *= z
        h_t += n
        h_before = h_t
    return h, (h_before.copy(),), (x, state, h, seen, gates, reset_before)


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
    dstate : tuple of one ndarray (B, H)
        (∂L/∂h_0,)
    grads : GRUParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    x, (h_0,), h, seen, gates, reset_before = cache
    (dh_last,) = dstate
    check_gradients(dh, {"dstate": dh_last}, h, params, gates=3)
    H = len(params.W_hh)
    before = np.concatenate([h_0[None], h[:-1]])
    loop = _back_reset_before if reset_before else _back_reset_after
    da, dh_0 = loop(dh, dh_last, before, seen, gates, params)
    # da is n, r, z, and for the reset after the product then the n that is recurrent, r ⊙ ∂L/∂a_n
    da_x, da_h = flat(da)[:, : 3 * H], flat(da)[:, H:]
    W_nrz = np.roll(params.W_xh, H, axis=1)
    dx = (da_x @ W_nrz.T).reshape(x.shape)
    dW_xh, db_xh = (np.roll(d, -H, axis=-1) for d in (flat(x).T @ da_x, da_x.sum(axis=0)))
    if not reset_before:
        return dx, (dh_0,), GRUParams(dW_xh, flat(before).T @ da_h, db_xh, da_h.sum(axis=0))
    dW_hh = np.concatenate([flat(before).T @ da_h, flat(seen).T @ da_x[:, :H]], axis=1)
    return dx, (dh_0,), GRUParams(dW_xh, dW_hh, db_xh, db_xh.copy())


def _back_reset_after(dh, dh_last, before, seen, gates, params):
    """∂L/∂a of n, r, z and ∂L/∂(h W_hh + b_hh) of n, side by side (T, B, 4H), and ∂L/∂h_0."""
    H = len(params.W_hh)
    r, z, n = np.moveaxis(split_gates(gates, H), 1, 0)
    da = np.empty((*before.shape[:2], 4 * H), gates.dtype)  # by what ∂L/∂h_t is multiplied, until its step does so
    by_gate = da.reshape(*before.shape[:2], 4, H)
    da_n, da_r, da_z, da_seen = np.moveaxis(by_gate, 2, 0)
    np.multiply(1 - z, 1 - n * n, out=da_n)
    np.multiply(da_n, r, out=da_seen)
    np.multiply(da_seen, (1 - r) * seen, out=da_r)
    np.multiply(before - n, z * (1 - z), out=da_z)
    dh_t, through = dh_last.copy(), np.empty_like(dh_last)
    for t in range(len(dh) - 1, -1, -1):
        dh_t += dh[t]
        by_gate[t] *= dh_t[:, None]
        dh_t *= z[t]
        dh_t += np.matmul(da[t, :, H:], params.W_hh.T, out=through)
    return da, dh_t


def _back_reset_before(dh, dh_last, before, seen, gates, params):
    """∂L/∂a of n, r, z, side by side (T, B, 3H), and ∂L/∂h_0."""
    H = len(params.W_hh)
    W_rz, W_n, _, _ = _recurrent_parts(params)
    r, z, n = np.moveaxis(split_gates(gates, H), 1, 0)
    da = np.empty_like(gates)
    da_n, da_r, da_z = np.moveaxis(da.reshape(*before.shape[:2], 3, H), 2, 0)
    np.multiply(1 - z, 1 - n * n, out=da_n)
    np.multiply(before, r * (1 - r), out=da_r)
    np.multiply(before - n, z * (1 - z), out=da_z)
    dh_t = dh_last.copy()
    for t in range(len(dh) - 1, -1, -1):
        dh_t += dh[t]
        da_n[t] *= dh_t
        da_z[t] *= dh_t
        dseen = da_n[t] @ W_n.T
        da_r[t] *= dseen
        dh_t *= z[t]
        dh_t += dseen * r[t]
        dh_t += da[t, :, H:] @ W_rz.T
    return da, dh_t


def gru_gates(x, state, params, reset_before=False):
    """Run the layer and return what every gate held, as `GRUGates` of ndarrays (T, B, H)."""
    h, _, (_, _, _, _, gates, _) = gru(x, state, params, reset_before)
    return GRUGates(*np.moveaxis(split_gates(gates, len(params.W_hh)), 1, 0), h)


def _recurrent_parts(params):
    """W_hh and b_hh of r and z together, and of n: (H, 2H), (H, H), (2H,), (H,)."""
    _, W_hh, _, b_hh = params
    H = len(W_hh)
    return W_hh[:, : 2 * H], W_hh[:, 2 * H :], b_hh[: 2 * H], b_hh[2 * H :]


def _sigmoid(a, out=None):
    """σ(a) = ½ tanh(½ a) + ½, which is faster than by exp and never overflows."""
    out = np.multiply(a, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5
    return out
