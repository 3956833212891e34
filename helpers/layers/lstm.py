"""Long short-term memory, forward and backward: a cell that is added to, and three gates that guard it."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.core.initial import orthogonal, scaled_normal
from helpers.layers.steps import check_gradients, check_inputs, flat, split_gates


class LSTMParams(NamedTuple):
    """The weights of the layer, side by side in the order i, f, g, o; its gradients have the same type."""

    W_xh: np.ndarray  # (D, 4H)
    W_hh: np.ndarray  # (H, 4H)
    b_h: np.ndarray  # (4H,)


class Gates(NamedTuple):
    """What every gate of every step held, for the eye."""

    i: np.ndarray  # (T, B, H): how much of the candidate is let in, from 0 to 1
    f: np.ndarray  # (T, B, H): how much of the cell is kept, from 0 to 1
    g: np.ndarray  # (T, B, H): the candidate, from −1 to 1
    o: np.ndarray  # (T, B, H): how much of the cell is shown, from 0 to 1
    c: np.ndarray  # (T, B, H): the cell
    h: np.ndarray  # (T, B, H): what is shown of it


def init_lstm(rng, D, H, forget_bias=1.0, dtype=np.float64):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; b_h = 0, but `forget_bias` for f.

    A forget bias of 1 opens that gate to σ(1) ≈ 0.73 from the start, so that the cell keeps what it holds until it has
    learned to forget (Jozefowicz, Zaremba, Sutskever 2015, https://proceedings.mlr.press/v37/jozefowicz15.html).
    """
    check_integer("D", D)
    check_integer("H", H)
    W_hh = np.concatenate([orthogonal(rng, H, dtype=dtype) for _ in range(4)], axis=1)
    b_h = np.zeros(4 * H, dtype)
    b_h[H : 2 * H] = forget_bias
    return LSTMParams(scaled_normal(rng, (D, 4 * H), dtype=dtype), W_hh, b_h)


def zero_lstm_state(B, params):
    """h_0 = c_0 = 0, the state of B sequences that have not begun: two arrays (B, H)."""
    shape, dtype = (B, len(params.W_hh)), params.W_hh.dtype
    return np.zeros(shape, dtype), np.zeros(shape, dtype)


def lstm_step(x_t, state, params, fixed=()):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ tanh(c_t), one step: x_t (B, D), state (h, c) -> state (h, c)."""
    h_before, c_before = state
    W_xh, W_hh, b_h = params
    half = _halves(params, fixed)
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
    h_before, c_before = state
    check_inputs(x, {"h_0": h_before, "c_0": c_before}, params, gates=4)
    half = _halves(params, fixed)
    W_xh, W_hh, b_h = (p * half for p in params)  # once, and not at every step
    gates = flat(x) @ W_xh  # the inputs of all steps at once
    gates += b_h
    gates = gates.reshape(len(x), -1, len(b_h))  # (T, B, 4H): holds the inputs of a step until the step makes it gates
    h, c, tanh_c = np.empty((3, *gates.shape[:2], len(W_hh)), gates.dtype)
    recurrent, new, rest = np.empty_like(gates[0]), np.empty_like(h[0]), 1 - half
    for gates_t, (i, f, g, o), h_t, c_t, tanh_c_t in zip(
        gates, split_gates(gates, len(W_hh)), h, c, tanh_c, strict=True
    ):
        gates_t += np.matmul(h_before, W_hh, out=recurrent)
        np.tanh(gates_t, out=gates_t)
        gates_t *= half
        gates_t += rest
        np.multiply(f, c_before, out=c_t)
        c_t += np.multiply(i, g, out=new)
        np.multiply(o, np.tanh(c_t, out=tanh_c_t), out=h_t)
        h_before, c_before = h_t, c_t
    return h, (h_before.copy(), c_before.copy()), (x, state, h, c, tanh_c, gates)


def lstm_backward(dh, dstate, cache, params, dc=None):
    """∂L/∂a of every gate, step by step; each weight's gradient is one product over all steps of it.

    A gate that was fixed has the slope 0, so its weights get no gradient.

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
    dstate : tuple of two ndarrays (B, H)
        (∂L/∂h_0, ∂L/∂c_0)
    grads : LSTMParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    x, (h_0, _), h, *_ = cache
    da, _, dfirst = _back_through_time(dh, dstate, cache, params, dc)
    dx = (flat(da) @ params.W_xh.T).reshape(x.shape)
    dW_hh = h_0.T @ da[0] + flat(h[:-1]).T @ flat(da[1:])  # h_{t-1} meets da_t
    return dx, dfirst, LSTMParams(W_xh=flat(x).T @ flat(da), W_hh=dW_hh, b_h=flat(da).sum(axis=0))


def lstm_cell_gradients(dh, dstate, cache, params):
    """∂L/∂c_t = ∂L/∂h_t ⊙ o ⊙ (1 − tanh²(c_t)) + ∂L/∂c_{t+1} ⊙ f_{t+1}: what the loss takes from c_t along all paths.

    It takes what `lstm_backward` takes and returns an ndarray (T, B, H).
    """
    return _back_through_time(dh, dstate, cache, params)[1]


def _back_through_time(dh, dstate, cache, params, dc_direct=None):
    """From the last step to the first: ∂L/∂a (T, B, 4H), ∂L/∂c (T, B, H) and (∂L/∂h_0, ∂L/∂c_0)."""
    _, (_, c_0), h, c, tanh_c, gates = cache
    check_gradients(dh, {"dstate h": dstate[0], "dstate c": dstate[1]}, h, params, gates=4)
    if dc_direct is not None:
        check_gradients(dc_direct, {}, h, params, gates=4, name="dc")
    H = len(params.W_hh)
    i, f, g, o = gates.reshape(*h.shape[:2], 4, H).transpose(2, 0, 1, 3)
    # What does not run through time, for all steps: by what ∂L/∂c_t (i, f, g) or ∂L/∂h_t (o) is multiplied.
    da = 1 - gates
    da *= gates  # σ' = σ (1 − σ)
    da_i, da_f, da_g, da_o = da.reshape(*h.shape[:2], 4, H).transpose(2, 0, 1, 3)
    np.subtract(1, np.square(g, out=da_g), out=da_g)  # tanh' = 1 − tanh²
    da_i *= g
    da_f[0] *= c_0
    da_f[1:] *= c[:-1]
    da_g *= i
    da_o *= tanh_c
    dc = np.square(tanh_c)
    np.subtract(1, dc, out=dc)
    dc *= o
    dh_t, dc_later = dstate[0].copy(), dstate[1].copy()
    W_hh_T = params.W_hh.T
    by_gate = da.reshape(*h.shape[:2], 4, H)
    for t in range(len(h) - 1, -1, -1):
        dh_t += dh[t]
        dc_t = dc[t]
        dc_t *= dh_t
        dc_t += dc_later
        if dc_direct is not None:
            dc_t += dc_direct[t]
        by_gate[t, :, :3] *= dc_t[:, None]
        by_gate[t, :, 3] *= dh_t
        np.multiply(dc_t, f[t], out=dc_later)
        np.matmul(da[t], W_hh_T, out=dh_t)
    return da, dc, (dh_t, dc_later)


def lstm_gates(x, state, params, fixed=()):
    """Run the layer and return what every gate held, as `Gates` of ndarrays (T, B, H)."""
    h, _, (_, _, _, c, _, gates) = lstm(x, state, params, fixed)
    return Gates(*np.moveaxis(split_gates(gates, len(params.W_hh)), 1, 0), c, h)


def _halves(params, fixed):
    """½ for a gate, 1 for the candidate, 0 for a fixed gate: all are y = s tanh(s a) + 1 − s, so one call makes all.

    σ(a) = ½ tanh(½ a) + ½, and with s = 0 the gate is 1 and its slope 0.
    """
    for gate in fixed:
        check_choice("fixed gate", gate, ("i", "f", "o"))
    values = [0.0 if gate in fixed else 0.5 for gate in "ifo"]
    values.insert(2, 1.0)
    return np.repeat(np.array(values, params.W_hh.dtype), len(params.W_hh))
