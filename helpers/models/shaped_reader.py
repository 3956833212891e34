"""A recurrent network in every shape that reads: any cell, deep, residual, from both ends; one answer or one a step."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_integer, check_shape
from helpers.core.optimisers import adam
from helpers.core.training import train
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.pooling import POOLS, pool, pool_backward
from helpers.layers.recurrent.gru import GRUParams
from helpers.layers.recurrent.lstm import LSTMParams
from helpers.layers.recurrent.rnn import RNNParams
from helpers.layers.recurrent.stack import (
    Bidirectional,
    init_recurrent,
    recurrent,
    recurrent_backward,
    zero_recurrent_state,
)

READS = ("every", *POOLS)
_NAMES = {RNNParams: "rnn", LSTMParams: "lstm", GRUParams: "gru"}


class ShapedReaderParams(NamedTuple):
    """The weights of the network; its gradients have the same type."""

    layers: tuple  # as `helpers.layers.recurrent.init_recurrent` gives
    output: LinearParams  # W (H or 2H, V), b (V,)


def init_shaped_reader(rng, cell, D, H, V, layers=1, bidirectional=False, dtype=np.float64):
    """Draw first parameters: D inputs, H units of each direction of each layer, V answers.

    Parameters
    ----------
    rng : numpy.random.Generator
    cell : "rnn", "lstm" or "gru"
    D, H, V, layers : int
    bidirectional : bool
    dtype : dtype

    Returns
    -------
    ShapedReaderParams

    Raises
    ------
    ValueError
        When the cell is unknown or a size is not positive.
    """
    stack = init_recurrent(rng, D, H, cell, layers, bidirectional, dtype)
    return ShapedReaderParams(stack, init_linear(rng, 2 * H if bidirectional else H, V, dtype))


def deep_states(x, layers, mask=None, residual=False):
    """h^l = layer l (h^{l-1}), with h^0 = x; where residual, plus h^{l-1} from layer 2 on.

    Parameters
    ----------
    x : ndarray (T, B, D)
    layers : tuple
        As `init_recurrent` gives.
    mask : ndarray of bool (T, B), optional
        True where a token is; padding stands at the end.
    residual : bool

    Returns
    -------
    h : ndarray (T, B, H or 2H)
        After every step, in the last layer; 0 in the padding.
    caches : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed or padding does not stand at the end.
    """
    cell, h, caches = cell_name_of(layers), x, []
    _, B, _ = check_shape("x", x, "T B D")
    for number, layer in enumerate(layers):
        below = h
        start = zero_recurrent_state(B, (layer,), cell)
        h, _, cache = recurrent(below, start, (layer,), cell, mask)
        if residual and number > 0:
            h = h + below
        caches.append(cache)
    return h, (tuple(caches), cell, residual)


def deep_states_backward(dh, caches, layers):
    """dh^{l-1} is what layer l gives back for its input, and where there is a residual connection, dh^l itself too.

    Parameters
    ----------
    dh : ndarray (T, B, H or 2H)
    caches : tuple
        From `deep_states`.
    layers : tuple

    Returns
    -------
    dx : ndarray (T, B, D)
    grads : tuple
        Of the structure of layers.

    Raises
    ------
    ValueError
        When the layers are not those of the forward pass, or dh does not fit.
    """
    caches, cell, residual = caches
    if cell_name_of(layers) != cell or len(layers) != len(caches):
        raise ValueError(f"layers are not the {len(caches)} layers of {cell} that went forward")
    grads = []
    for number in reversed(range(len(layers))):
        layer = (layers[number],)
        nothing = zero_recurrent_state(dh.shape[1], layer, cell)
        dbelow, _, (dlayer,) = recurrent_backward(dh, nothing, caches[number], layer)
        dh = dbelow + dh if residual and number > 0 else dbelow
        grads.append(dlayer)
    return dh, tuple(grads[::-1])


def shaped_reader(x, params, mask=None, read="last", residual=False):
    """y = s W + b, with s made of the states of all steps; or y_t = h_t W + b at every step.

    Parameters
    ----------
    x : ndarray (T, B, D)
    params : ShapedReaderParams
    mask : ndarray of bool (T, B), optional
        True where a token is; padding stands at the end, and nothing of it is read.
    read : "every", "last", "ends", "mean" or "maximum"
        One answer at every step, or one for the whole sequence, from what `helpers.layers.pooling.pool` makes. With two
        directions "last" is refused: there the reader from the right has read one token only. Take "ends".
    residual : bool

    Returns
    -------
    logits : ndarray (T, B, V) or (B, V)
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the way to read is unknown or does not fit the directions, or padding
        does not stand at the end.
    """
    check_read(read, is_bidirectional(params.layers))
    h, deep_cache = deep_states(x, params.layers, mask, residual)
    s, pool_cache = (h, None) if read == "every" else pool(h, mask, read)
    logits, output_cache = linear(s, params.output)
    return logits, (deep_cache, pool_cache, output_cache)


def shaped_reader_backward(dlogits, cache, params):
    """ds = dy Wᵀ; pooling gives it to the steps, and the layers go back, the last one first.

    Parameters
    ----------
    dlogits : ndarray, the shape of the logits
    cache : tuple
        From `shaped_reader`.
    params : ShapedReaderParams

    Returns
    -------
    dx : ndarray (T, B, D)
    grads : ShapedReaderParams
    """
    deep_cache, pool_cache, output_cache = cache
    ds, doutput = linear_backward(dlogits, output_cache, params.output)
    dh = ds if pool_cache is None else pool_backward(ds, pool_cache)
    dx, dlayers = deep_states_backward(dh, deep_cache, params.layers)
    return dx, ShapedReaderParams(dlayers, doutput)


def shaped_reader_loss(params, x, targets, mask=None, read="last", residual=False):
    """L = mean cross-entropy of the answers, in nats: -> loss, grads. Padding has no answer.

    Parameters are those of `shaped_reader`; targets are (B,), or (T, B) where every step is read.
    """
    logits, cache = shaped_reader(x, params, mask, read, residual)
    loss, loss_cache = cross_entropy(logits, targets, mask if read == "every" else None)
    _, grads = shaped_reader_backward(cross_entropy_backward(loss_cache), cache, params)
    return loss, grads


def train_shaped_reader(params, draw, steps=300, rate=1e-2, clip=1.0, read="last", residual=False):
    """Train with Adam on draw() -> x, targets or x, targets, mask, a fresh batch at every step: -> params, History."""

    def loss_and_grads(params, *batch):
        return shaped_reader_loss(params, *batch, read=read, residual=residual)

    check_integer("steps", steps)
    return train(loss_and_grads, params, (draw() for _ in range(steps)), adam(rate), steps, clip)


def check_read(read, bidirectional, reads=READS):
    """Refuse an unknown way to read, and the last state where two directions are read.

    There the reader from the right has read one token: nothing fails, and most of the sequence is ignored.

    Raises
    ------
    ValueError
    """
    check_choice("read", read, reads)
    if read == "last" and bidirectional:
        raise ValueError("read is 'last', where the reader from the right has read one token; expected 'ends'")


def is_bidirectional(layers):
    """Tell whether the last layer of a stack reads in two directions; a ValueError as of `cell_name_of`."""
    cell_name_of(layers)
    return isinstance(layers[-1], Bidirectional)


def cell_name_of(layers):
    """Name the cell of a stack: "rnn", "lstm" or "gru".

    Raises
    ------
    ValueError
        When its layers are none of these, or there is none.
    """
    if not isinstance(layers, tuple):
        raise ValueError(f"layers is of type {type(layers).__name__}, expected a tuple of the params of each layer")
    first = layers[0] if layers else None
    first = first.forward if isinstance(first, Bidirectional) else first
    if type(first) not in _NAMES:
        raise ValueError(f"layers begins with {type(first).__name__}, expected RNNParams, LSTMParams or GRUParams")
    return _NAMES[type(first)]
