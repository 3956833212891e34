"""Recurrent layers on top of each other, in one direction or both, over padded batches, for any cell."""

from typing import Any, NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.layers.cells import cell_named
from helpers.layers.padded import last_states, last_states_backward, lengths_of, reverse_padded


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
    check_integer("layers", layers)
    init = cell_named(cell).init
    widths = [D] + [2 * H if bidirectional else H] * (layers - 1)
    if bidirectional:
        return tuple(Bidirectional(init(rng, width, H, dtype), init(rng, width, H, dtype)) for width in widths)
    return tuple(init(rng, width, H, dtype) for width in widths)


def zero_recurrent_state(B, params, cell="lstm"):
    """Give every layer and direction its state of zeros, in the structure of params."""
    zero = cell_named(cell).zero_state
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
