"""The gated recurrent unit, forward and backward, in both dialects."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.core.numerics import sigmoid
from helpers.core.overflow import refuse_overflow
from helpers.core.params import add, zeros_like
from helpers.layers.recurrent.arguments import check_recurrent_gradients, check_recurrent_inputs, init_gates


class GRUParams(NamedTuple):
    """The weights of the layer, side by side in the order r, z, n; its gradients have the same type."""

    W_xh: np.ndarray  # (D, 3H)
    W_hh: np.ndarray  # (H, 3H)
    b_xh: np.ndarray  # (3H,)
    b_hh: np.ndarray  # (3H,): apart from b_xh, as the reset gate multiplies the n of this one


class GRUGates(NamedTuple):
    """The values of all gates at every step, and the state that they made."""

    r: np.ndarray  # (T, B, H): how much of the state before the candidate sees, from 0 to 1
    z: np.ndarray  # (T, B, H): how much of the state before is kept, from 0 to 1
    n: np.ndarray  # (T, B, H): the candidate, from −1 to 1
    h: np.ndarray  # (T, B, H)


class GRUStep(NamedTuple):
    """What one step keeps for the backward pass, each (B, H)."""

    h_before: np.ndarray  # h_{t-1}
    r: np.ndarray
    z: np.ndarray
    n: np.ndarray


def init_gru(rng, D, H, dtype=np.float64):
    """Draw W_xh ~ N(0, 1 / D) and an orthogonal W_hh for each gate; both biases = 0."""
    W_xh, W_hh, b_xh = init_gates(rng, D, H, 3, dtype)
    return GRUParams(W_xh, W_hh, b_xh, np.zeros_like(b_xh))


@refuse_overflow
def zero_gru_state(B, params):
    """h_0 = 0, the state (B, H) of B sequences that have not begun."""
    B = check_integer("B", B)
    return (np.zeros((B, len(params.W_hh)), params.W_hh.dtype),)


@refuse_overflow
def gru_reset_after(x_t, h, params):
    """r, z = σ(x_t W_xh + b_xh + h W_hh + b_hh) and n = tanh(x_t W_xh + b_xh + r ⊙ (h W_hh + b_hh)), as torch has it.

    Parameters
    ----------
    x_t : ndarray (B, D)
    h : ndarray (B, H)
        h_{t-1}
    params : GRUParams

    Returns
    -------
    r, z, n : ndarrays (B, H)
    """
    W_xh, W_hh, b_xh, b_hh = params
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_xh, 3, axis=-1)
    h_r, h_z, h_n = np.split(h @ W_hh + b_hh, 3, axis=-1)
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)
    return r, z, n


@refuse_overflow
def gru_reset_after_backward(dz, dn, x_t, step, params):
    """∂L/∂a of r, z, n, where h_{t-1} W_hn + b_hn reaches a_n through r.

    Parameters
    ----------
    dz, dn : ndarray (B, H)
        ∂L/∂z and ∂L/∂n
    x_t : ndarray (B, D)
    step : GRUStep
    params : GRUParams

    Returns
    -------
    dx_t : ndarray (B, D)
    dh : ndarray (B, H)
        What h_{t-1} gets through the gates; through h_t = … + z ⊙ h_{t-1} it gets more.
    grads : GRUParams
        What this step adds.
    """
    W_xh, W_hh, _, b_hh = params
    h, r, z, n = step
    _, _, h_n = np.split(h @ W_hh + b_hh, 3, axis=-1)
    da_n = dn * (1 - n**2)
    dr = da_n * h_n
    da_r, da_z = dr * r * (1 - r), dz * z * (1 - z)
    da_x = np.concatenate([da_r, da_z, da_n], axis=-1)  # of x_t W_xh + b_xh
    da_h = np.concatenate([da_r, da_z, da_n * r], axis=-1)  # of h_{t-1} W_hh + b_hh
    grads = GRUParams(x_t.T @ da_x, h.T @ da_h, da_x.sum(axis=0), da_h.sum(axis=0))
    return da_x @ W_xh.T, da_h @ W_hh.T, grads


@refuse_overflow
def gru_reset_before(x_t, h, params):
    """r, z = σ(x_t W_xh + b_xh + h W_hh + b_hh) and n = tanh(x_t W_xh + b_xh + (r ⊙ h) W_hh + b_hh), as in 2014.

    Parameters
    ----------
    x_t : ndarray (B, D)
    h : ndarray (B, H)
        h_{t-1}
    params : GRUParams

    Returns
    -------
    r, z, n : ndarrays (B, H)
    """
    W_xh, W_hh, b_xh, b_hh = params
    x_r, x_z, x_n = np.split(x_t @ W_xh + b_xh + b_hh, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=-1)
    r = sigmoid(x_r + h @ W_hr)
    z = sigmoid(x_z + h @ W_hz)
    n = np.tanh(x_n + (r * h) @ W_hn)
    return r, z, n


@refuse_overflow
def gru_reset_before_backward(dz, dn, x_t, step, params):
    """∂L/∂a of r, z, n, where r ⊙ h_{t-1} reaches a_n through W_hn.

    Parameters
    ----------
    dz, dn : ndarray (B, H)
        ∂L/∂z and ∂L/∂n
    x_t : ndarray (B, D)
    step : GRUStep
    params : GRUParams

    Returns
    -------
    dx_t : ndarray (B, D)
    dh : ndarray (B, H)
        What h_{t-1} gets through the gates; through h_t = … + z ⊙ h_{t-1} it gets more.
    grads : GRUParams
        What this step adds.
    """
    h, r, z, n = step
    W_hr, W_hz, W_hn = np.split(params.W_hh, 3, axis=-1)
    da_n = dn * (1 - n**2)
    d_rh = da_n @ W_hn.T  # of r ⊙ h_{t-1}
    dr = d_rh * h
    da_r, da_z = dr * r * (1 - r), dz * z * (1 - z)
    da = np.concatenate([da_r, da_z, da_n], axis=-1)
    dW_hh = np.concatenate([h.T @ da_r, h.T @ da_z, (r * h).T @ da_n], axis=-1)
    grads = GRUParams(x_t.T @ da, dW_hh, da.sum(axis=0), da.sum(axis=0))
    return da @ params.W_xh.T, d_rh * r + da_r @ W_hr.T + da_z @ W_hz.T, grads


@refuse_overflow
def gru_step(x_t, state, params, reset_before=False):
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, one step: x_t (B, D), state (h_{t-1},) -> state (h_t,)."""
    gates = gru_reset_before if reset_before else gru_reset_after
    (h,) = state
    _, z, n = gates(x_t, h, params)
    h = (1 - z) * n + z * h
    return (h,)


@refuse_overflow
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
    check_recurrent_inputs(x, state, params, gates=3)
    gates = gru_reset_before if reset_before else gru_reset_after
    (h_t,) = state
    h, steps = [], []
    for x_t in x:
        h_before = h_t
        r, z, n = gates(x_t, h_before, params)
        h_t = (1 - z) * n + z * h_before
        h.append(h_t)
        steps.append(GRUStep(h_before, r, z, n))
    h = np.stack(h)  # (T, B, H)
    return h, (h_t,), (x, h, steps, reset_before)


@refuse_overflow
def gru_backward(dh, dstate, cache, params):
    """∂L/∂h_t goes to z, n and h_{t-1}, from the last step to the first; grads are sums over the steps.

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
    x, h, steps, reset_before = cache
    check_recurrent_gradients(dh, dstate, h, params, gates=3)
    gates_backward = gru_reset_before_backward if reset_before else gru_reset_after_backward
    dx, grads = np.empty_like(x), zeros_like(params)
    (dh_later,) = dstate  # what h_t gets from the steps after it
    for t in reversed(range(len(x))):
        h_before, _, z, n = steps[t]
        dh_t = dh[t] + dh_later
        dz = dh_t * (h_before - n)
        dn = dh_t * (1 - z)
        dx[t], dh_gates, grads_t = gates_backward(dz, dn, x[t], steps[t], params)
        dh_later = dh_t * z + dh_gates
        grads = add(grads, grads_t)
    return dx, (dh_later,), grads


def gru_gates(x, state, params, reset_before=False):
    """Run the layer and return what every gate held, as `GRUGates` of ndarrays (T, B, H)."""
    h, _, (_, _, steps, _) = gru(x, state, params, reset_before)
    return GRUGates(*(np.stack([getattr(step, name) for step in steps]) for name in "rzn"), h)
