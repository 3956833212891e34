"""Long short-term memory, forward and backward: a cell that is added to, and three gates that guard it."""

from itertools import islice
from typing import NamedTuple

import numpy as np

from helpers.layers.recurrent.gates import gates_first, halves, split_gates
from helpers.layers.recurrent.steps import blocks, check_step_gradients, check_step_inputs, flat, init_gates


class LSTMParams(NamedTuple):
    """The weights of the layer, side by side in the order i, f, g, o; its gradients have the same type."""

    W_xh: np.ndarray  # (D, 4H)
    W_hh: np.ndarray  # (H, 4H)
    b_h: np.ndarray  # (4H,)


class LSTMGates(NamedTuple):
    """What every gate of every step held, for the eye."""

    i: np.ndarray  # (T, B, H): how much of the candidate is let in, from 0 to 1
    f: np.ndarray  # (T, B, H): how much of the cell is kept, from 0 to 1
    g: np.ndarray  # (T, B, H): the candidate, from −1 to 1
    o: np.ndarray  # (T, B, H): how much of the cell is shown, from 0 to 1
    c: np.ndarray  # (T, B, H): the cell
    h: np.ndarray  # (T, B, H): what is shown of it


def init_lstm(rng, D, H, forget_bias=1.0, dtype=np.float64):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; b_h = 0, but `forget_bias` for f.

    A bias of 1 opens that gate to σ(1) ≈ 0.73, so that the cell keeps what it holds until it learns to forget
    (Jozefowicz, Zaremba, Sutskever 2015, https://proceedings.mlr.press/v37/jozefowicz15.html).
    """
    W_xh, W_hh, b_h = init_gates(rng, D, H, 4, dtype)
    b_h[H : 2 * H] = forget_bias
    return LSTMParams(W_xh, W_hh, b_h)


def zero_lstm_state(B, params):
    """h_0 = c_0 = 0, the state of B sequences that have not begun: two arrays (B, H)."""
    return tuple(np.zeros((2, B, len(params.W_hh)), params.W_hh.dtype))


def lstm_step(x_t, state, params, fixed=()):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ tanh(c_t), one step: x_t (B, D), state (h, c) -> state (h, c)."""
    h_before, c_before = state
    W_xh, W_hh, b_h = params
    half = halves("ifgo", params.W_hh, fixed)
    gates = half * np.tanh(half * (x_t @ W_xh + h_before @ W_hh + b_h)) + (1 - half)
    i, f, g, o = split_gates(gates, len(W_hh))
    c_t = f * c_before + i * g
    return o * np.tanh(c_t), c_t


def lstm(x, state, params, fixed=()):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ tanh(c_t) for every step of x.

    i, f, o = σ(x_t W_xh + h_{t-1} W_hh + b_h) and g = tanh of the same, each with its own columns of the weights.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of two ndarrays (B, H)
        (h_0, c_0), the state before the first step.
    params : LSTMParams
    fixed : sequence of "i", "f", "o"
        Gates that are taken out: they stand at 1 whatever comes. ``fixed=("f",)`` is the cell of 1997.

    Returns
    -------
    h : ndarray (T, B, H)
        What the cell shows after every step.
    state : tuple of two ndarrays (B, H)
        (h_T, c_T), the state after the last step.
    cache : tuple
        What `lstm_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, there is no step, or a gate cannot be fixed.

    References
    ----------
    Hochreiter, Schmidhuber 1997, "Long Short-Term Memory", https://doi.org/10.1162/neco.1997.9.8.1735
    Gers, Schmidhuber, Cummins 2000, "Learning to Forget" (the forget gate), https://doi.org/10.1162/089976600300015015
    """
    check_step_inputs(x, dict(zip(("h_0", "c_0"), state, strict=True)), params, gates=4)
    (T, B, _), H, half = x.shape, len(params.W_hh), halves("ifgo", params.W_hh, fixed)
    W_xh, W_hh, b_h = (p * half for p in params)
    W_hh, b_h = gates_first(W_hh, H), gates_first(b_h, H)
    gates, tanh_c = np.empty((T, 4, B, H), x.dtype), np.empty((T, B, H), x.dtype)  # each gate in one piece
    h, c = np.empty((2, T + 1, B, H), x.dtype)  # with the state before the first step
    h[0], c[0] = state
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


def lstm_backward(dh, dstate, cache, params, dc=None):
    """∂L/∂a of every gate, step by step; each weight's gradient is one product over all steps of it.

    Parameters
    ----------
    dh : ndarray (T, B, H)
        What the loss takes from each h_t directly, not through later steps.
    dstate : tuple of two ndarrays (B, H)
        What it takes from the state after the last step, h_T and c_T, as used outside.
    cache : tuple
        From `lstm`.
    params : LSTMParams
    dc : ndarray (T, B, H), optional
        What the loss takes from each c_t directly: where sequences of a padded batch end at different steps.

    Returns
    -------
    dx : ndarray (T, B, D)
    dstate : (∂L/∂h_0, ∂L/∂c_0), two ndarrays (B, H)
    grads : LSTMParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    x, h, *_ = cache
    da, _, dfirst = lstm_back_through_time(dh, dstate, cache, params, dc)
    dx = (flat(da) @ params.W_xh.T).reshape(x.shape)
    return dx, dfirst, LSTMParams(flat(x).T @ flat(da), flat(h[:-1]).T @ flat(da), flat(da).sum(axis=0))


def lstm_cell_gradients(dh, dstate, cache, params):
    """∂L/∂c_t = ∂L/∂h_t ⊙ o ⊙ (1 − tanh²(c_t)) + ∂L/∂c_{t+1} ⊙ f_{t+1}: what the loss takes from c_t along all paths.

    It takes what `lstm_backward` takes and returns an ndarray (T, B, H).
    """
    return lstm_back_through_time(dh, dstate, cache, params)[1]


def lstm_back_through_time(dh, dstate, cache, params, dc_direct=None):
    """∂L/∂a_t of the gates from ∂L/∂h_t and ∂L/∂c_t; then ∂L/∂a_t W_hhᵀ and ∂L/∂c_t ⊙ f_t on to the step before.

    It takes what `lstm_backward` takes, and returns ∂L/∂a (T, B, 4H), ∂L/∂c (T, B, H) and (∂L/∂h_0, ∂L/∂c_0).
    """
    _, h, c, tanh_c, gates = cache
    direct = {"dh": dh} if dc_direct is None else {"dh": dh, "dc": dc_direct}
    check_step_gradients(direct, {"dstate h": dstate[0], "dstate c": dstate[1]}, h[1:], params, gates=4)
    (T, B, H), W_hh_T = dh.shape, np.ascontiguousarray(params.W_hh.T)
    da, dc = np.empty((T, B, 4 * H), gates.dtype), np.empty_like(tanh_c)  # da as rows, for one product with all weights
    da_ifg, da_o = np.split(split_gates(da, H), [3], axis=1)
    direct = zip(dh[::-1], [None] * T if dc_direct is None else dc_direct[::-1], strict=True)
    each = zip(direct, dc[::-1], da[::-1], da_ifg[::-1], da_o[::-1], gates[::-1, 1], strict=True)
    dh_t, dc_later = dstate[0].copy(), dstate[1].copy()
    for block in blocks(T, B * 4 * H)[::-1]:
        slopes = lstm_gate_slopes(gates[block], c[block], tanh_c[block], dc[block])
        for slopes_t, ((dh_out, dc_out), dc_t, da_t, da_ifg, da_o, f) in zip(slopes[::-1], each, strict=False):
            dh_t += dh_out
            dc_t *= dh_t  # it held o ⊙ (1 − tanh²(c_t))
            dc_t += dc_later if dc_out is None else dc_later + dc_out
            np.multiply(slopes_t[:3], dc_t, out=da_ifg)
            np.multiply(slopes_t[3:], dh_t, out=da_o)
            np.multiply(dc_t, f, out=dc_later)  # from here on, of the step before
            np.dot(da_t, W_hh_T, out=dh_t)
    return da, dc, (dh_t, dc_later)


def lstm_gate_slopes(gates, c_before, tanh_c, dc):
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


def lstm_gates(x, state, params, fixed=()):
    """Run the layer and return what every gate held, as `LSTMGates` of ndarrays (T, B, H)."""
    h, _, (_, _, c, _, gates) = lstm(x, state, params, fixed)
    return LSTMGates(*np.moveaxis(gates, 1, 0), c[1:], h)
