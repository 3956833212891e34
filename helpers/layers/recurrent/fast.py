"""The recurrent layers as models train with them: the arguments and results of `rnn`, `lstm` and `gru`, and faster.

What no step has to wait for is done for many steps at once, in pieces that fit into the processor's cache; all gates
are made by one call of tanh; and each step writes into arrays that stand ready.
"""

from itertools import islice

import numpy as np

from helpers.core.blocks import blocks, flat
from helpers.core.numerics import activation_named, sigmoid
from helpers.core.overflow import refuse_overflow
from helpers.layers.recurrent.arguments import check_fixed_gates, check_recurrent_gradients, check_recurrent_inputs
from helpers.layers.recurrent.gru import GRUParams
from helpers.layers.recurrent.lstm import LSTMParams
from helpers.layers.recurrent.rnn import RNNParams


@refuse_overflow
def fast_rnn(x, state, params, activation="tanh"):
    """h_t = act(x_t W_xh + h_{t-1} W_hh + b_h) for every step of x: the arguments and results of `rnn`."""
    check_recurrent_inputs(x, state, params)
    act, _ = activation_named(activation)
    W_xh, W_hh, b_h = params
    h = flat(x) @ W_xh  # the inputs of all steps at once
    h += b_h
    h = h.reshape(len(x), -1, len(b_h))  # (T, B, H): h[t] holds x_t W_xh + b_h until its step turns it into h_t
    (h_before,) = state
    recurrent = np.empty_like(h[0])
    for h_t in h:
        h_t += np.dot(h_before, W_hh, out=recurrent)
        h_before = act(h_t, out=h_t)
    return h, (h_before.copy(),), (x, state, h, activation)


@refuse_overflow
def fast_rnn_backward(dh, dstate, cache, params):
    """da_t = ∂L/∂h_t ⊙ act'(a_t), step by step; each weight's gradient is one product over all steps of da.

    The arguments and results of `rnn_backward`.
    """
    x, (h_0,), h, activation = cache
    check_recurrent_gradients(dh, dstate, h, params)
    W_hh_T = np.ascontiguousarray(params.W_hh.T)
    da = activation_named(activation).slope(h)  # da[t] holds act'(a_t) until its step turns it into da_t
    dh_t = dstate[0].copy()
    for dh_direct, da_t in zip(dh[::-1], da[::-1], strict=True):
        dh_t += dh_direct
        da_t *= dh_t
        np.dot(da_t, W_hh_T, out=dh_t)  # now the gradient of the state one step before
    dx = (flat(da) @ params.W_xh.T).reshape(x.shape)
    dW_hh = h_0.T @ da[0] + flat(h[:-1]).T @ flat(da[1:])  # h_{t-1} meets da_t
    return dx, (dh_t,), RNNParams(W_xh=flat(x).T @ flat(da), W_hh=dW_hh, b_h=flat(da).sum(axis=0))


@refuse_overflow
def fast_lstm(x, state, params, fixed=()):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ tanh(c_t) for every step of x: the arguments and results of `lstm`."""
    check_fixed_gates(fixed)
    h_0, c_0 = state
    check_recurrent_inputs(x, state, params, gates=4)
    (T, B, _), H, half = x.shape, len(params.W_hh), halves("ifgo", params.W_hh, fixed)
    W_xh, W_hh, b_h = (p * half for p in params)
    W_hh, b_h = gates_first(W_hh, H), gates_first(b_h, H)
    gates, tanh_c = np.empty((T, 4, B, H), x.dtype), np.empty((T, B, H), x.dtype)  # each gate in one piece
    h, c = np.empty((2, T + 1, B, H), x.dtype)  # with the state before the first step
    h[0], c[0] = h_0, c_0
    half = gates_first(np.tile(half, (B, 1)), H)  # written out, as a row that is broadcast is slower
    rest, recurrent, new = 1 - half, np.empty_like(half), np.empty_like(h[0])
    each = zip(gates, h, h[1:], c, c[1:], tanh_c, strict=False)
    for block in blocks(T, B * 4 * H):
        a_x = (flat(x[block]) @ W_xh).reshape(-1, B, 4 * H)  # the inputs of many steps at once
        np.add(split_gates(a_x, H), b_h, out=gates[block])
        for gates_t, h_before, h_t, c_before, c_t, tanh_c_t in islice(each, len(a_x)):
            gates_t += np.matmul(h_before, W_hh, out=recurrent)
            np.tanh(gates_t, out=gates_t)
            gates_t *= half
            gates_t += rest
            i, f, g, o = gates_t
            np.multiply(f, c_before, out=c_t)
            c_t += np.multiply(i, g, out=new)
            np.multiply(o, np.tanh(c_t, out=tanh_c_t), out=h_t)
    return h[1:], (h[-1].copy(), c[-1].copy()), (x, h, c, tanh_c, gates)


@refuse_overflow
def fast_lstm_backward(dh, dstate, cache, params, dc=None):
    """∂L/∂a of every gate, step by step; each weight's gradient is one product over all steps of it.

    The arguments and results of `lstm_backward`; the cache is that of `fast_lstm`.
    """
    x, h, *_ = cache
    check_recurrent_gradients(dh, dstate, h[1:], params, gates=4, dc=dc)
    da, dfirst = _lstm_back_through_time(dh, dstate, cache, params, dc)
    dx = (flat(da) @ params.W_xh.T).reshape(x.shape)
    return dx, dfirst, LSTMParams(flat(x).T @ flat(da), flat(h[:-1]).T @ flat(da), flat(da).sum(axis=0))


def _lstm_back_through_time(dh, dstate, cache, params, dc_direct):
    """∂L/∂a (T, B, 4H) and (∂L/∂h_0, ∂L/∂c_0)."""
    _, _, c, tanh_c, gates = cache
    (T, B, H), W_hh_T = dh.shape, np.ascontiguousarray(params.W_hh.T)
    da, dc = np.empty((T, B, 4 * H), gates.dtype), np.empty_like(tanh_c)  # da as rows, for one product with all weights
    da_ifg, da_o = np.split(split_gates(da, H), [3], axis=1)
    direct = zip(dh[::-1], [None] * T if dc_direct is None else dc_direct[::-1], strict=True)
    each = zip(direct, dc[::-1], da[::-1], da_ifg[::-1], da_o[::-1], gates[::-1, 1], strict=True)
    dh_t, dc_later = dstate[0].copy(), dstate[1].copy()
    for block in blocks(T, B * 4 * H)[::-1]:
        slopes = _lstm_gate_slopes(gates[block], c[block], tanh_c[block], dc[block])
        for slopes_t, ((dh_out, dc_out), dc_t, da_t, da_ifg, da_o, f) in zip(slopes[::-1], each, strict=False):
            dh_t += dh_out
            dc_t *= dh_t  # it held o ⊙ (1 − tanh²(c_t))
            dc_t += dc_later if dc_out is None else dc_later + dc_out
            np.multiply(slopes_t[:3], dc_t, out=da_ifg)
            np.multiply(slopes_t[3:], dh_t, out=da_o)
            np.multiply(dc_t, f, out=dc_later)  # from here on, of the step before
            np.dot(da_t, W_hh_T, out=dh_t)
    return da, (dh_t, dc_later)


def _lstm_gate_slopes(gates, c_before, tanh_c, dc):
    """By what ∂L/∂c_t (i, f, g) or ∂L/∂h_t (o) is multiplied to make ∂L/∂a; fill dc with ∂c_t's share of ∂L/∂h_t."""
    i, _, g, o = np.moveaxis(gates, 1, 0)
    slopes = 1 - gates
    slopes *= gates  # σ' = σ (1 − σ)
    da_i, da_f, da_g, da_o = np.moveaxis(slopes, 1, 0)
    np.subtract(1, np.square(g, out=da_g), out=da_g)  # tanh' = 1 − tanh²
    for slope, factor in ((da_i, g), (da_f, c_before), (da_g, i), (da_o, tanh_c)):
        slope *= factor
    np.subtract(1, np.square(tanh_c, out=dc), out=dc)
    dc *= o
    return slopes


@refuse_overflow
def fast_gru(x, state, params, reset_before=False):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1} for every step of x: the arguments and results of `gru`."""
    (h_0,) = state
    check_recurrent_inputs(x, state, params, gates=3)
    (T, B, _), H = x.shape, len(params.W_hh)
    gates, seen = np.empty((T, 3, B, H), x.dtype), np.empty((T, B, H), x.dtype)  # each gate in one piece
    h = np.empty((T + 1, B, H), x.dtype)  # with the state before the first step
    h[0] = h_0
    (_gru_reset_before if reset_before else _gru_reset_after)(x, params, gates, seen, h)
    return h[1:], (h[-1].copy(),), (x, h, seen, gates, reset_before)


@refuse_overflow
def fast_gru_backward(dh, dstate, cache, params):
    """∂L/∂a of every gate, step by step; each weight's gradient is one product over all steps of it.

    The arguments and results of `gru_backward`; the cache is that of `fast_gru`.
    """
    x, h, seen, _, reset_before = cache
    (dh_last,) = dstate
    check_recurrent_gradients(dh, dstate, h[1:], params, gates=3)
    H, before = len(params.W_hh), flat(h[:-1])
    da, dh_0 = (_gru_reset_before_backward if reset_before else _gru_reset_after_backward)(dh, dh_last, cache, params)
    # da holds n, r, z and, where the reset stands after the product, ∂L/∂seen: what the weights of x meet stands
    # side by side, and what those of h meet too.
    da_x, da_h = flat(da)[:, : 3 * H], flat(da)[:, H:]
    dx = (da_x @ np.roll(params.W_xh, H, axis=1).T).reshape(x.shape)
    dW_xh, db_xh = (np.roll(d, -H, axis=-1) for d in (flat(x).T @ da_x, da_x.sum(axis=0)))
    if reset_before:
        dW_hh = np.concatenate([before.T @ da_h, flat(seen).T @ da_x[:, :H]], axis=1)
        return dx, (dh_0,), GRUParams(dW_xh, dW_hh, db_xh, db_xh.copy())
    return dx, (dh_0,), GRUParams(dW_xh, before.T @ da_h, db_xh, da_h.sum(axis=0))


def _gru_reset_after(x, params, gates, seen, h):
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


def _gru_reset_after_backward(dh, dh_last, cache, params):
    """∂L/∂a_t of n, r, z and ∂L/∂seen_t from ∂L/∂h_t; then ∂L/∂h_{t-1} = z ⊙ ∂L/∂h_t + ∂L/∂(r, z, seen) W_hhᵀ.

    Returns the four side by side (T, B, 4H), and ∂L/∂h_0.
    """
    _, h, seen, gates, _ = cache
    (T, B, H), W_hh_T = dh.shape, np.ascontiguousarray(params.W_hh.T)
    da = np.empty((T, B, 4 * H), dh.dtype)
    dh_t, through = dh_last.copy(), np.empty_like(dh_last)
    each = zip(dh[::-1], split_gates(da, H)[::-1], da[::-1, :, H:], gates[::-1, 1], strict=True)
    for block in blocks(T, B * 4 * H)[::-1]:
        slopes = _gru_gate_slopes(gates[block], seen[block], h[block])
        for slopes_t, (dh_direct, da_t, da_rzs, z) in zip(slopes[::-1], each, strict=False):
            dh_t += dh_direct
            np.multiply(slopes_t, dh_t, out=da_t)
            dh_t *= z  # from here on, of the step before
            dh_t += np.matmul(da_rzs, W_hh_T, out=through)
    return da, dh_t


def _gru_gate_slopes(gates, seen, h_before):
    """What does not run through time, for some steps: by what ∂L/∂h_t is multiplied to make da."""
    r, z, n = np.moveaxis(gates, 1, 0)
    slopes = np.empty((len(gates), 4, *z.shape[1:]), z.dtype)
    da_n, da_r, da_z, da_seen = np.moveaxis(slopes, 1, 0)
    np.multiply(1 - z, 1 - n * n, out=da_n)
    np.multiply(da_n, r, out=da_seen)
    np.multiply(da_seen, (1 - r) * seen, out=da_r)
    np.multiply(h_before - n, z * (1 - z), out=da_z)
    return slopes


def _gru_reset_before(x, params, gates, seen, h):
    """Fill gates, seen (r ⊙ h_{t-1}) and h, step by step, with n = tanh(x_t W_xh + b_xh + seen W_hh + b_hh)."""
    H = len(params.W_hh)
    W_rz, W_n = params.W_hh[:, : 2 * H], params.W_hh[:, 2 * H :]
    a_x = (flat(x) @ params.W_xh + params.b_xh + params.b_hh).reshape(*x.shape[:2], -1)  # (T, B, 3H)
    for t, (gates_t, seen_t) in enumerate(zip(gates, seen, strict=True)):
        gates_t[:2] = split_gates(sigmoid(a_x[t, :, : 2 * H] + h[t] @ W_rz), H)
        r, z, n = gates_t
        np.multiply(r, h[t], out=seen_t)
        np.tanh(a_x[t, :, 2 * H :] + seen_t @ W_n, out=n)
        h[t + 1] = n + z * (h[t] - n)


def _gru_reset_before_backward(dh, dh_last, cache, params):
    """∂L/∂a of n, r, z, side by side (T, B, 3H), and ∂L/∂h_0."""
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


def halves(names, W_hh, fixed=()):
    """½ for each column of a gate, 1 for the candidate (g or n), 0 for a gate that is fixed at 1.

    With these s, every gate is s tanh(s a) + 1 − s, so that one call makes them all: σ(a) = ½ tanh(½ a) + ½, tanh is
    itself, and with s = 0 the gate is 1 and its slope 0.
    """
    values = [0.0 if name in fixed else 1.0 if name in "gn" else 0.5 for name in names]
    return np.repeat(np.array(values, W_hh.dtype), len(W_hh))


def split_gates(steps, H):
    """(..., B, n · H) as (..., n, B, H), a view: unpacks into one array for each gate."""
    return steps.reshape(*steps.shape[:-1], -1, H).swapaxes(-2, -3)


def gates_first(weights, H):
    """(D, n · H) as (n, D, H), or (n · H,) as (n, 1, H): a copy with each gate in one piece."""
    return np.ascontiguousarray(split_gates(np.atleast_2d(weights), H))
