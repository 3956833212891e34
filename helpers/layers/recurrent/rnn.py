"""The plain recurrent layer, forward and backward."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.numerics import activation_named
from helpers.core.overflow import refuse_overflow
from helpers.core.params import zeros_like
from helpers.layers.recurrent.arguments import check_recurrent_gradients, check_recurrent_inputs


class RNNParams(NamedTuple):
    """The weights of the layer; its gradients have the same type."""

    W_xh: np.ndarray  # (D, H)
    W_hh: np.ndarray  # (H, H)
    b_h: np.ndarray  # (H,)


@refuse_overflow
def init_rnn(rng, D, W_hh):
    """Draw W_xh ~ N(0, 1 / D) and b_h = 0 around a recurrent matrix W_hh (H, H), in its dtype.

    W_hh decides most of what the layer can learn; ``orthogonal(rng, H)`` is one, see `helpers.core.initial_values`.
    """
    D = check_integer("D", D)
    dtype = check_floats(W_hh=W_hh)
    H, _ = check_shape("W_hh", W_hh, "H H", H=len(W_hh))
    return RNNParams(scaled_normal(rng, (D, H), dtype=dtype), W_hh, np.zeros(H, dtype))


@refuse_overflow
def zero_state(B, params):
    """h_0 = 0, the state (B, H) of B sequences that have not begun."""
    B = check_integer("B", B)
    return (np.zeros((B, len(params.W_hh)), params.W_hh.dtype),)


@refuse_overflow
def rnn_step(x_t, state, params, activation="tanh"):
    """h_t = act(x_t W_xh + h_{t-1} W_hh + b_h), one step: x_t (B, D), state (h_{t-1},) -> state (h_t,)."""
    act, _ = activation_named(activation)
    W_xh, W_hh, b_h = params
    (h,) = state
    return (act(x_t @ W_xh + h @ W_hh + b_h),)


@refuse_overflow
def rnn(x, state, params, activation="tanh"):
    """h_t = act(x_t W_xh + h_{t-1} W_hh + b_h) for every step of x.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of one ndarray (B, H)
        (h_0,), the state before the first step.
    params : RNNParams
    activation : "tanh", "relu" or "identity"

    Returns
    -------
    h : ndarray (T, B, H)
        The state after every step.
    state : tuple of one ndarray (B, H)
        The state after the last step.
    cache : tuple
        What `rnn_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, there is no step, or the activation is unknown.

    References
    ----------
    Elman 1990, "Finding Structure in Time", https://doi.org/10.1207/s15516709cog1402_1
    """
    check_recurrent_inputs(x, state, params)
    act, _ = activation_named(activation)
    W_xh, W_hh, b_h = params
    (h_t,) = state
    h = []
    for x_t in x:
        h_t = act(x_t @ W_xh + h_t @ W_hh + b_h)
        h.append(h_t)
    h = np.stack(h)  # (T, B, H)
    return h, (h_t,), (x, state, h, activation)


@refuse_overflow
def rnn_backward(dh, dstate, cache, params):
    """∂L/∂a_t = ∂L/∂h_t ⊙ act'(a_t), from the last step to the first; each weight's gradient is a sum over the steps.

    Parameters
    ----------
    dh : ndarray (T, B, H)
        What the loss takes from each h_t directly, not through later steps.
    dstate : tuple of one ndarray (B, H)
        What it takes from the state after the last step, as used outside.
    cache : tuple
        From `rnn`.
    params : RNNParams

    Returns
    -------
    dx : ndarray (T, B, D)
    dstate : tuple of one ndarray (B, H)
        (∂L/∂h_0,)
    grads : RNNParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.

    References
    ----------
    Werbos 1990, "Backpropagation through time: what it does and how to do it", https://doi.org/10.1109/5.58337
    """
    x, (h_0,), h, activation = cache
    check_recurrent_gradients(dh, dstate, h, params)
    _, slope = activation_named(activation)
    W_xh, W_hh, _ = params
    dW_xh, dW_hh, db_h = zeros_like(params)
    dx = np.empty_like(x)
    (dh_later,) = dstate  # what h_t gets from the steps after it
    for t in reversed(range(len(x))):
        h_before = h[t - 1] if t > 0 else h_0
        dh_t = dh[t] + dh_later
        da = dh_t * slope(h[t])
        dW_xh += x[t].T @ da
        dW_hh += h_before.T @ da
        db_h += da.sum(axis=0)
        dx[t] = da @ W_xh.T
        dh_later = da @ W_hh.T
    return dx, (dh_later,), RNNParams(dW_xh, dW_hh, db_h)


@refuse_overflow
def rnn_state_gradients(dh, dstate, cache, params):
    """∂L/∂h_t = dh[t] + ∂L/∂a_{t+1} W_hhᵀ for every step: what the loss takes from h_t along all paths.

    It takes what `rnn_backward` takes and returns an ndarray (T, B, H). Times act'(a_t), it is ∂L/∂a_t.
    """
    _, _, h, activation = cache
    check_recurrent_gradients(dh, dstate, h, params)
    _, slope = activation_named(activation)
    total = np.empty_like(dh)
    (dh_later,) = dstate
    for t in reversed(range(len(dh))):
        total[t] = dh[t] + dh_later
        da = total[t] * slope(h[t])
        dh_later = da @ params.W_hh.T
    return total


@refuse_overflow
def rnn_step_gradients(dh, dstate, cache, params):
    """h_{t-1}ᵀ ∂L/∂a_t for every step: the terms of the sum that ∂L/∂W_hh is.

    It takes what `rnn_backward` takes and returns an ndarray (T, H, H).
    """
    _, (h_0,), h, activation = cache
    _, slope = activation_named(activation)
    da = rnn_state_gradients(dh, dstate, cache, params) * slope(h)  # (T, B, H)
    h_before = np.concatenate([h_0[None], h[:-1]])
    return h_before.swapaxes(1, 2) @ da


@refuse_overflow
def rnn_jacobian(h_t, params, activation="tanh"):
    """∂h_t/∂h_{t-1} = diag(act'(a_t)) W_hhᵀ: row i, column j is how h_t[i] changes with h_{t-1}[j].

    A gradient is a row vector and meets the Jacobian from the left:
    ∂L/∂h_{t-1} = ∂L/∂h_t @ rnn_jacobian(h_t, params) = (∂L/∂h_t ⊙ act'(a_t)) W_hhᵀ.

    Parameters
    ----------
    h_t : ndarray (..., H)
        One state or many, after the step. The slope follows from it: 1 − h_t² for tanh.
    params : RNNParams
    activation : "tanh", "relu" or "identity"

    Returns
    -------
    ndarray (..., H, H)
    """
    _, slope = activation_named(activation)
    check_shape("h_t", h_t, "... H", H=len(params.W_hh))
    return slope(h_t)[..., :, None] * params.W_hh.T
