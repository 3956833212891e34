"""Recurrent networks of any cell, in one or several layers, read in one direction or in both.

Models train with them, so every layer here is the fast form; the readable one has the same arguments and results.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_floats, check_integer, check_shape
from helpers.core.initial_values import orthogonal
from helpers.layers.recurrent.fast import (
    fast_gru,
    fast_gru_backward,
    fast_lstm,
    fast_lstm_backward,
    fast_rnn,
    fast_rnn_backward,
)
from helpers.layers.recurrent.gru import gru_step, init_gru, zero_gru_state
from helpers.layers.recurrent.lstm import init_lstm, lstm_step, zero_lstm_state
from helpers.layers.recurrent.padded import last_states, last_states_backward, lengths_of, reverse_padded
from helpers.layers.recurrent.rnn import init_rnn, rnn_step, zero_state


class Cell(NamedTuple):
    """The functions of one recurrent layer; its state is a tuple whose first member is h."""

    init: Callable  # init(rng, D, H, dtype=np.float64) -> params
    zero_state: Callable  # zero_state(B, params) -> state
    step: Callable  # step(x_t, state, params) -> state
    forward: Callable  # forward(x, state, params) -> h, state, cache: the fast form
    backward: Callable  # backward(dh, dstate, cache, params) -> dx, dstate, grads: the fast form
    states: Callable  # states(cache) -> the state after every step, each member (T, B, H)
    backward_steps: Callable  # backward_steps(dsteps, cache, params): as backward, from what the loss takes of `states`
    count: Callable  # count(D, H) -> the number of weights and biases


def _init_rnn(rng, D, H, dtype=np.float64):
    return init_rnn(rng, D, orthogonal(rng, H, dtype=dtype))


def _init_lstm(rng, D, H, dtype=np.float64):
    return init_lstm(rng, D, H, dtype=dtype)


def _rnn_states(cache):
    _, _, h, _ = cache
    return (h,)


def _gru_states(cache):
    _, h, *_ = cache
    return (h[1:],)


def _lstm_states(cache):
    _, h, c, *_ = cache
    return h[1:], c[1:]


def _rnn_backward_steps(dsteps, cache, params):
    (dh,) = dsteps
    return fast_rnn_backward(dh, (np.zeros_like(dh[0]),), cache, params)


def _lstm_backward_steps(dsteps, cache, params):
    dh, dc = dsteps
    return fast_lstm_backward(dh, (np.zeros_like(dh[0]), np.zeros_like(dc[0])), cache, params, dc)


def _gru_backward_steps(dsteps, cache, params):
    (dh,) = dsteps
    return fast_gru_backward(dh, (np.zeros_like(dh[0]),), cache, params)


CELLS = {
    "rnn": Cell(
        init=_init_rnn,
        zero_state=zero_state,
        step=rnn_step,
        forward=fast_rnn,
        backward=fast_rnn_backward,
        states=_rnn_states,
        backward_steps=_rnn_backward_steps,
        count=lambda D, H: H * (D + H + 1),
    ),
    "lstm": Cell(
        init=_init_lstm,
        zero_state=zero_lstm_state,
        step=lstm_step,
        forward=fast_lstm,
        backward=fast_lstm_backward,
        states=_lstm_states,
        backward_steps=_lstm_backward_steps,
        count=lambda D, H: 4 * H * (D + H + 1),
    ),
    "gru": Cell(
        init=init_gru,
        zero_state=zero_gru_state,
        step=gru_step,
        forward=fast_gru,
        backward=fast_gru_backward,
        states=_gru_states,
        backward_steps=_gru_backward_steps,
        count=lambda D, H: 3 * H * (D + H + 2),  # torch's two biases
    ),
}


def cell_named(name):
    """Look up a cell in `CELLS`.

    Raises
    ------
    ValueError
        When the name is unknown.
    """
    check_choice("cell", name, CELLS)
    return CELLS[name]


class Bidirectional(NamedTuple):
    """One thing for each direction of a layer: its parameters, their gradients or its state."""

    forward: Any  # reads from the first step to the last
    backward: Any  # reads from the last step to the first


def init_recurrent(rng, D, H, cell="lstm", layers=1, bidirectional=False, dtype=np.float64):
    """Draw the parameters of a stack.

    Parameters
    ----------
    rng : numpy.random.Generator
    D, H : int
        Numbers of inputs, and of units of each direction of each layer.
    cell : "rnn", "lstm" or "gru"
    layers : int
    bidirectional : bool
    dtype : dtype

    Returns
    -------
    tuple
        For each layer the parameters of the cell, or two of them in a `Bidirectional`. From the second layer on, the
        inputs are what the layer below shows, H or 2H numbers.
    """
    D, H, layers = check_integer("D", D), check_integer("H", H), check_integer("layers", layers)
    init = cell_named(cell).init
    widths = [D] + [2 * H if bidirectional else H] * (layers - 1)
    if bidirectional:
        return tuple(Bidirectional(init(rng, width, H, dtype), init(rng, width, H, dtype)) for width in widths)
    return tuple(init(rng, width, H, dtype) for width in widths)


def zero_recurrent_state(B, params, cell="lstm"):
    """Give every layer and direction its state of zeros, in the structure of params."""
    zero = cell_named(cell).zero_state
    if not isinstance(params, tuple):
        raise ValueError(f"params is of type {type(params).__name__}, expected a tuple of layers: see init_recurrent")
    return tuple(
        Bidirectional(*(zero(B, p) for p in layer)) if isinstance(layer, Bidirectional) else zero(B, layer)
        for layer in params
    )


def recurrent(x, state, params, cell="lstm", mask=None):
    """h = layer L ( … layer 1 (x)): each layer reads what the layer below shows at every step.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple
        One state for each layer, as `zero_recurrent_state` gives.
    params : tuple
        As `init_recurrent` gives. A layer of two directions shows both side by side, (T, B, 2H).
    cell : "rnn", "lstm" or "gru"
    mask : ndarray of bool (T, B), optional
        True where a token is. Padding stands at the end; what stands in it changes nothing, NaN included.

    Returns
    -------
    h : ndarray (T, B, H or 2H)
        What the last layer shows; 0 in the padding.
    state : tuple
        For each layer the state after each sequence's last real step; for the backward direction, after its first.
    cache : tuple
        What `recurrent_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the cell is unknown or padding does not stand at the end.

    References
    ----------
    Schuster, Paliwal 1997, "Bidirectional recurrent neural networks", https://doi.org/10.1109/78.650093
    """
    functions = cell_named(cell)
    if len(state) != len(params):
        raise ValueError(f"state has {len(state)} layers, expected {len(params)}")
    check_floats(x=x)
    T, B, _ = check_shape("x", x, "T B D")
    if mask is not None:
        mask = np.asarray(mask)
        check_shape("mask", mask, "T B", T=T, B=B)
        lengths_of(mask)
    h = _blank(x, mask)
    last, caches = [], []
    for layer_state, layer in zip(state, params, strict=True):
        if isinstance(layer, Bidirectional):
            h_f, last_f, cache_f = _run(h, layer_state[0], layer.forward, functions, mask)
            h_b, last_b, cache_b = _run(_reverse(h, mask), layer_state[1], layer.backward, functions, mask)
            h = np.concatenate([h_f, _reverse(h_b, mask)], axis=-1)
            layer_last, cache = Bidirectional(last_f, last_b), Bidirectional(cache_f, cache_b)
        else:
            h, layer_last, cache = _run(h, layer_state, layer, functions, mask)
        last.append(layer_last)
        caches.append(cache)
    return h, tuple(last), (tuple(caches), functions, mask)


def recurrent_backward(dh, dstate, cache, params):
    """Each layer's dx is the dh of the layer below; both directions of a layer add up.

    Parameters
    ----------
    dh : ndarray (T, B, H or 2H)
        What the loss takes from h directly; what stands in the padding does not count.
    dstate : tuple
        What it takes from the last states, in their structure.
    cache : tuple
        From `recurrent`.
    params : tuple

    Returns
    -------
    dx : ndarray (T, B, D)
        0 in the padding.
    dstate : tuple
        The gradients of the first states.
    grads : tuple
        Of the structure of params.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    caches, functions, mask = cache
    check_floats(dh=dh)
    if not len(dstate) == len(params) == len(caches):
        raise ValueError(f"dstate has {len(dstate)} and params {len(params)} layers, expected {len(caches)}")
    if mask is not None:
        check_shape("dh", dh, "T B H", T=len(mask), B=mask.shape[1])
    first, grads = [], []
    for layer_cache, layer_dstate, layer in zip(caches[::-1], dstate[::-1], params[::-1], strict=True):
        if isinstance(layer, Bidirectional):
            check_shape("dh", dh, "T B 2H", **{"2H": 2 * len(layer.forward.W_hh)})
            dh_f, dh_b = np.split(dh, 2, axis=-1)
            dx_f, first_f, grads_f = _run_back(dh_f, layer_dstate[0], layer_cache[0], layer.forward, functions, mask)
            dh_b = _reverse(dh_b, mask)
            dx_b, first_b, grads_b = _run_back(dh_b, layer_dstate[1], layer_cache[1], layer.backward, functions, mask)
            dh = dx_f + _reverse(dx_b, mask)
            layer_first, layer_grads = Bidirectional(first_f, first_b), Bidirectional(grads_f, grads_b)
        else:
            dh, layer_first, layer_grads = _run_back(dh, layer_dstate, layer_cache, layer, functions, mask)
        first.append(layer_first)
        grads.append(layer_grads)
    return dh, tuple(first[::-1]), tuple(grads[::-1])


def _run(x, state, params, functions, mask):
    """One direction of one layer; with a mask, its last state is that of each sequence's last real step."""
    h, last, cache = functions.forward(x, state, params)
    if mask is None:
        return h, last, cache
    return _blank(h, mask), tuple(last_states(steps, mask) for steps in functions.states(cache)), cache


def _run_back(dh, dstate, cache, params, functions, mask):
    if mask is None:
        return functions.backward(dh, dstate, cache, params)
    dsteps = [last_states_backward(d, mask) for d in dstate]
    dsteps[0] += _blank(dh, mask)
    return functions.backward_steps(dsteps, cache, params)


def _reverse(steps, mask):
    return steps[::-1] if mask is None else reverse_padded(steps, mask)


def _blank(steps, mask):
    """Zero in the padding; the array itself where there is none."""
    return steps if mask is None else np.where(mask[..., None], steps, steps.dtype.type(0))
