"""The plain recurrent layer, forward and backward."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.numerics import ACTIVATIONS


class RNNParams(NamedTuple):
    """The weights of the layer; its gradients have the same type."""

    W_xh: np.ndarray  # (D, H)
    W_hh: np.ndarray  # (H, H)
    b_h: np.ndarray  # (H,)


def init_rnn(rng, D, W_hh):
    """Draw W_xh ~ N(0, 1 / D) and b_h = 0 around a recurrent matrix W_hh (H, H), in its dtype.

    W_hh decides most of what the layer can learn; ``orthogonal(rng, H)`` is one, see `helpers.core.initial_values`.
    """
    check_integer("D", D)
    dtype = check_floats(W_hh=W_hh)
    H, _ = check_shape("W_hh", W_hh, "H H", H=len(W_hh))
    return RNNParams(scaled_normal(rng, (D, H), dtype=dtype), W_hh, np.zeros(H, dtype))


def zero_state(B, params):
    """h_0 = 0, the state (B, H) of B sequences that have not begun."""
    return (np.zeros((B, len(params.W_hh)), params.W_hh.dtype),)


def rnn_step(x_t, state, params, activation="tanh"):
    """h_t = act(x_t W_xh + h_{t-1} W_hh + b_h), one step: x_t (B, D), state (h_{t-1},) -> state (h_t,)."""
    W_xh, W_hh, b_h = params
    (h_before,) = state
    return (ACTIVATIONS[activation].act(x_t @ W_xh + h_before @ W_hh + b_h),)


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
    _check_inputs(x, state, params, activation)
    W_xh, W_hh, b_h = params
    act = ACTIVATIONS[activation].act
    h = _flat(x) @ W_xh  # the inputs of all steps at once
    h += b_h
    h = h.reshape(len(x), -1, len(b_h))  # (T, B, H): h[t] holds x_t W_xh + b_h until its step turns it into h_t
    (h_before,) = state
    recurrent = np.empty_like(h[0])
    for h_t in h:
        h_t += np.dot(h_before, W_hh, out=recurrent)
        h_before = act(h_t, out=h_t)
    return h, (h_before.copy(),), (x, state, h, activation)


def rnn_backward(dh, dstate, cache, params):
    """da_t = ∂L/∂h_t ⊙ act'(a_t); each weight's gradient is one product over all steps of da.

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
    x, (h_0,), h, _ = cache
    da, dh_0 = rnn_back_through_time(dh, dstate, cache, params)
    dx = (_flat(da) @ params.W_xh.T).reshape(x.shape)
    dW_hh = h_0.T @ da[0] + _flat(h[:-1]).T @ _flat(da[1:])  # h_{t-1} meets da_t
    grads = RNNParams(W_xh=_flat(x).T @ _flat(da), W_hh=dW_hh, b_h=_flat(da).sum(axis=0))
    return dx, (dh_0,), grads


def rnn_state_gradients(dh, dstate, cache, params):
    """∂L/∂h_t = dh_t + da_{t+1} W_hhᵀ for every step: what the loss takes from h_t along all paths.

    It takes what `rnn_backward` takes and returns an ndarray (T, B, H).
    """
    da, _ = rnn_back_through_time(dh, dstate, cache, params)
    total = dh.copy()
    total[-1] += dstate[0]
    total[:-1] += (_flat(da[1:]) @ params.W_hh.T).reshape(da[1:].shape)
    return total


def rnn_back_through_time(dh, dstate, cache, params):
    """∂L/∂a_t = ∂L/∂h_t ⊙ act'(a_t), and ∂L/∂h_{t-1} = ∂L/∂a_t W_hhᵀ on to the step before, from the last to the first.

    It takes what `rnn_backward` takes, and returns ∂L/∂a (T, B, H) and ∂L/∂h_0 (B, H).
    """
    _check_gradients(dh, dstate, cache, params)
    _, _, h, activation = cache
    W_hh_T = np.ascontiguousarray(params.W_hh.T)
    da = ACTIVATIONS[activation].slope(h)  # da[t] holds act'(a_t) until its step turns it into da_t
    dh_t = dstate[0].copy()
    for dh_direct, da_t in zip(dh[::-1], da[::-1], strict=True):
        dh_t += dh_direct
        da_t *= dh_t
        np.dot(da_t, W_hh_T, out=dh_t)  # now the gradient of the state one step before
    return da, dh_t


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
    check_choice("activation", activation, ACTIVATIONS)
    check_shape("h_t", h_t, "... H", H=len(params.W_hh))
    return ACTIVATIONS[activation].slope(h_t)[..., :, None] * params.W_hh.T


def _flat(steps):
    """(T, B, D) as (T · B, D): one product over all steps is one call of BLAS."""
    return steps.reshape(-1, steps.shape[-1])


def _check_inputs(x, state, params, activation):
    (h_0,) = state
    check_choice("activation", activation, ACTIVATIONS)
    check_floats(x=x, h_0=h_0, **params._asdict())
    D, H = check_shape("W_xh", params.W_xh, "D H")
    check_shape("W_hh", params.W_hh, "H H", H=H)
    check_shape("b_h", params.b_h, "H", H=H)
    _, B, _ = check_shape("x", x, "T B D", D=D)
    check_shape("h_0", h_0, "B H", B=B, H=H)
    if not x.size:
        raise ValueError(f"x has shape {x.shape}, expected at least one step, one sequence and one input")


def _check_gradients(dh, dstate, cache, params):
    (dh_last,), (_, _, h, _) = dstate, cache
    check_floats(dh=dh, dstate=dh_last, h=h, W_hh=params.W_hh)
    T, B, H = h.shape
    check_shape("dh", dh, "T B H", T=T, B=B, H=H)
    check_shape("dstate", dh_last, "B H", B=B, H=H)
    check_shape("W_hh", params.W_hh, "H H", H=H)
