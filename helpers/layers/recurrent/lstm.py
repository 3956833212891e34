"""Long short-term memory, forward and backward: a cell that is added to, and three gates that guard it."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer, check_number, check_shape
from helpers.core.numerics import sigmoid
from helpers.core.overflow import refuse_overflow
from helpers.core.params import zeros_like
from helpers.layers.recurrent.arguments import (
    check_fixed_gates,
    check_recurrent_gradients,
    check_recurrent_inputs,
    init_gates,
)


class LSTMParams(NamedTuple):
    """The weights of the layer, side by side in the order i, f, g, o; its gradients have the same type."""

    W_xh: np.ndarray  # (D, 4H)
    W_hh: np.ndarray  # (H, 4H)
    b_h: np.ndarray  # (4H,)


class LSTMGates(NamedTuple):
    """The values of all gates at every step, and the state that they made."""

    i: np.ndarray  # (T, B, H): how much of the candidate is let in, from 0 to 1
    f: np.ndarray  # (T, B, H): how much of the cell is kept, from 0 to 1
    g: np.ndarray  # (T, B, H): the candidate, from −1 to 1
    o: np.ndarray  # (T, B, H): how much of the cell is shown, from 0 to 1
    c: np.ndarray  # (T, B, H): the cell
    h: np.ndarray  # (T, B, H): what is shown of it


class LSTMStep(NamedTuple):
    """What one step keeps for the backward pass, each (B, H)."""

    h_before: np.ndarray  # h_{t-1}
    c_before: np.ndarray  # c_{t-1}
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c: np.ndarray  # c_t


@refuse_overflow
def init_lstm(rng, D, H, forget_bias=1.0, dtype=np.float64):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; b_h = 0, but `forget_bias` for f.

    A bias of 1 opens that gate to σ(1) ≈ 0.73, so that the cell keeps what it holds until it learns to forget
    (Jozefowicz, Zaremba, Sutskever 2015, https://proceedings.mlr.press/v37/jozefowicz15.html).
    """
    check_number("forget_bias", forget_bias)
    W_xh, W_hh, b_h = init_gates(rng, D, H, 4, dtype)
    H = len(W_hh)
    b_h[H : 2 * H] = forget_bias
    return LSTMParams(W_xh, W_hh, b_h)


@refuse_overflow
def zero_lstm_state(B, params):
    """h_0 = c_0 = 0, the state of B sequences that have not begun: two arrays (B, H)."""
    B = check_integer("B", B)
    return tuple(np.zeros((2, B, len(params.W_hh)), params.W_hh.dtype))


@refuse_overflow
def lstm_step_gates(x_t, h, params, fixed=()):
    """i, f, o = σ(a) and g = tanh(a) of one step, with a = x_t W_xh + h_{t-1} W_hh + b_h.

    Parameters
    ----------
    x_t : ndarray (B, D)
    h : ndarray (B, H)
        h_{t-1}
    params : LSTMParams
    fixed : sequence of "i", "f", "o"
        Gates that are taken out: they stand at 1.

    Returns
    -------
    i, f, g, o : ndarrays (B, H)
    """
    W_xh, W_hh, b_h = params
    a_i, a_f, a_g, a_o = np.split(x_t @ W_xh + h @ W_hh + b_h, 4, axis=-1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    return _open(fixed, i=i, f=f, g=g, o=o)


@refuse_overflow
def lstm_step(x_t, state, params, fixed=()):
    """c_t = f ⊙ c_{t-1} + i ⊙ g and h_t = o ⊙ tanh(c_t), one step: x_t (B, D), state (h, c) -> state (h, c)."""
    h, c = state
    i, f, g, o = lstm_step_gates(x_t, h, params, fixed)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c


@refuse_overflow
def lstm_step_backward(dh, dc, step):
    """∂L/∂a_t of the four gates and ∂L/∂c_t, from ∂L/∂h_t and what c_t gets from outside and from c_{t+1}.

    Parameters
    ----------
    dh : ndarray (B, H)
        ∂L/∂h_t, along all paths.
    dc : ndarray (B, H)
        What the loss takes from c_t otherwise than through h_t.
    step : LSTMStep

    Returns
    -------
    da : ndarray (B, 4H)
        In the order i, f, g, o.
    dc : ndarray (B, H)
        ∂L/∂c_t, along all paths.
    """
    _, c_before, i, f, g, o, c = step
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    df = dc * c_before
    di = dc * g
    dg = dc * i
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=-1)
    return da, dc


@refuse_overflow
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
    check_fixed_gates(fixed)
    check_recurrent_inputs(x, state, params, gates=4)
    h_t, c_t = state
    h, steps = [], []
    for x_t in x:
        h_before, c_before = h_t, c_t
        i, f, g, o = lstm_step_gates(x_t, h_before, params, fixed)
        c_t = f * c_before + i * g
        h_t = o * np.tanh(c_t)
        h.append(h_t)
        steps.append(LSTMStep(h_before, c_before, i, f, g, o, c_t))
    h = np.stack(h)  # (T, B, H)
    return h, (h_t, c_t.copy()), (x, h, steps)  # a copy, as the cache keeps c_t


@refuse_overflow
def lstm_backward(dh, dstate, cache, params, dc=None):
    """∂L/∂a_t of the four gates, from the last step to the first; each weight's gradient is a sum over the steps.

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
    x, h, steps = cache
    check_recurrent_gradients(dh, dstate, h, params, gates=4, dc=dc)
    dc = np.zeros_like(dh) if dc is None else dc
    W_xh, W_hh, _ = params
    dW_xh, dW_hh, db_h = zeros_like(params)
    dx = np.empty_like(x)
    dh_later, dc_later = dstate  # what h_t and c_t get from the steps after them
    for t in reversed(range(len(x))):
        da, dc_t = lstm_step_backward(dh[t] + dh_later, dc[t] + dc_later, steps[t])
        dW_xh += x[t].T @ da
        dW_hh += steps[t].h_before.T @ da
        db_h += da.sum(axis=0)
        dx[t] = da @ W_xh.T
        dh_later = da @ W_hh.T
        dc_later = dc_t * steps[t].f
    return dx, (dh_later, dc_later), LSTMParams(dW_xh, dW_hh, db_h)


@refuse_overflow
def lstm_cell_gradients(dh, dstate, cache, params):
    """∂L/∂c_t = ∂L/∂h_t ⊙ o ⊙ (1 − tanh²(c_t)) + ∂L/∂c_{t+1} ⊙ f_{t+1}: what the loss takes from c_t along all paths.

    It takes what `lstm_backward` takes and returns an ndarray (T, B, H).
    """
    _, h, steps = cache
    check_recurrent_gradients(dh, dstate, h, params, gates=4)
    dc = np.empty_like(dh)
    dh_later, dc_later = dstate
    for t in reversed(range(len(dh))):
        da, dc[t] = lstm_step_backward(dh[t] + dh_later, dc_later, steps[t])
        dh_later = da @ params.W_hh.T
        dc_later = dc[t] * steps[t].f
    return dc


@refuse_overflow
def lstm_gradient_paths(x, dc_T, params):
    """∂L/∂c_t along all paths, and along the highway alone: dc_T ⊙ f_{t+1} ⊙ … ⊙ f_T, for a loss of c_T.

    Parameters
    ----------
    x : ndarray (T, B, D)
        Read from h_0 = c_0 = 0.
    dc_T : ndarray (B, H)
        What the loss takes from c_T.
    params : LSTMParams

    Returns
    -------
    along_all, highway : ndarrays (T, B, H)

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed or there is no step.
    """
    _, B, _ = check_shape("x", x, "T B D")
    h, _, cache = lstm(x, zero_lstm_state(B, params), params)
    along_all = lstm_cell_gradients(np.zeros_like(h), (np.zeros_like(dc_T), dc_T), cache, params)
    _, _, steps = cache
    highway = [dc_T]
    for step in reversed(steps[1:]):
        highway.append(highway[-1] * step.f)
    return along_all, np.stack(highway[::-1])


def lstm_gates(x, state, params, fixed=()):
    """Run the layer and return what every gate held, as `LSTMGates` of ndarrays (T, B, H)."""
    h, _, (_, _, steps) = lstm(x, state, params, fixed)
    return LSTMGates(*(np.stack([getattr(step, name) for step in steps]) for name in "ifgoc"), h)


def _open(fixed, **gates):
    """The gates in their order; those that are fixed are taken out, and stand at 1."""
    check_fixed_gates(fixed)
    return tuple(np.ones_like(gate) if name in fixed else gate for name, gate in gates.items())
