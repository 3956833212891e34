"""A recurrent cell of any kind with a read-out, at the last step or at every step, trained by hand."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_shape
from helpers.core.optimisers import adam
from helpers.core.training import train
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.stack import cell_named


class ReaderParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    cell: NamedTuple  # of the cell: RNNParams, LSTMParams or GRUParams
    output: LinearParams


def init_reader(rng, cell, D, H, V, dtype=np.float64):
    """Draw first parameters: D inputs, H units of the cell ("rnn", "lstm" or "gru"), V things to name."""
    layer = cell_named(cell).init(rng, D, H, dtype=dtype)
    return ReaderParams(layer, init_linear(rng, H, V, dtype))


def reader(x, params, cell="lstm", **options):
    """y_t = h_t W + b at every step, with h_t from the cell, which starts from zero.

    Parameters
    ----------
    x : ndarray (T, B, D)
    params : ReaderParams
    cell : "rnn", "lstm" or "gru"
    **options
        Passed on to the cell, such as ``fixed=("f",)`` for the LSTM.

    Returns
    -------
    ndarray (T, B, V)
        The logits.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the cell is unknown.
    """
    h, _, _ = _run(x, params, cell, options)
    return linear(h, params.output)[0]


def reader_loss(params, x, targets, mask=None, cell="lstm", **options):
    """L = mean cross-entropy of what is named: after the last step, or after every step.

    Parameters
    ----------
    params : ReaderParams
    x : ndarray (T, B, D)
    targets : ndarray of int, (B,) or (T, B)
        One answer for each sequence, read from the last state, or one for each step.
    mask : ndarray of bool, of the shape of the targets, optional
        True = counts.
    cell : "rnn", "lstm" or "gru"
    **options
        Passed on to the cell.

    Returns
    -------
    loss : float
        Nats for each answer.
    grads : ReaderParams

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the cell is unknown, or a target is out of range.
    """
    h, state, cache = _run(x, params, cell, options)
    read = slice(None) if np.ndim(targets) == 2 else -1  # every step, or the last
    logits, output_cache = linear(h[read], params.output)
    loss, loss_cache = cross_entropy(logits, targets, mask)

    dh = np.zeros_like(h)
    dh[read], doutput = linear_backward(cross_entropy_backward(loss_cache), output_cache, params.output)
    nothing = tuple(np.zeros_like(s) for s in state)
    _, _, dcell = cell_named(cell).backward(dh, nothing, cache, params.cell)
    return loss, ReaderParams(dcell, doutput)


def reader_accuracy(params, x, targets, cell="lstm", **options):
    """The share of targets, (B,) or (T, B), that are named right, from 0 to 1."""
    logits = reader(x, params, cell, **options)
    T, B, _ = logits.shape
    if np.ndim(targets) == 2:
        check_shape("targets", targets, "T B", T=T, B=B)
    else:
        check_shape("targets", targets, "B", B=B)
        logits = logits[-1]
    return float((logits.argmax(axis=-1) == targets).mean())


def train_reader(params, draw, steps=300, cell="lstm", rate=3e-3, clip=1.0, progress=None, **options):
    """Train on fresh sequences at every step, with Adam and clipping by norm.

    Parameters
    ----------
    params : ReaderParams
        The first values, such as `init_reader` gives; float32 trains faster.
    draw : callable
        draw() -> x, targets or x, targets, mask: the next batch, as `reader_loss` takes it.
    steps : int
    cell : "rnn", "lstm" or "gru"
    rate, clip : float
        Adam's rate and the threshold of the gradient norm.
    progress : str, optional
        See `helpers.core.training.train`.
    **options
        Passed on to the cell.

    Returns
    -------
    params : ReaderParams
    history : History
    """

    def loss_and_grads(params, *batch):
        return reader_loss(params, *batch, cell=cell, **options)

    return train(loss_and_grads, params, (draw() for _ in range(steps)), adam(rate), steps, clip, progress)


def _run(x, params, cell, options):
    layer = cell_named(cell)
    _, B, _ = check_shape("x", x, "T B D")
    return layer.forward(x, layer.zero_state(B, params.cell), params.cell, **options)
