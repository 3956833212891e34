"""A recurrent cell of any kind with a read-out, after every step or after the last one; training included."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_finite, check_integer, check_shape
from helpers.core.optimisers import adam
from helpers.core.params import zeros_like
from helpers.core.training import train
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent.gru import GRUParams
from helpers.layers.recurrent.lstm import LSTMParams
from helpers.layers.recurrent.padded import repeat_state, repeat_state_backward
from helpers.layers.recurrent.rnn import RNNParams, init_rnn
from helpers.layers.recurrent.stack import cell_named

_CELL_NAMES = {RNNParams: "rnn", LSTMParams: "lstm", GRUParams: "gru"}


class ReaderParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    cell: NamedTuple  # RNNParams, LSTMParams or GRUParams
    output: LinearParams  # W (H, V), b (V,)
    state_0: tuple = ()  # a first state that is learned, (h_0,) or (h_0, c_0) with h_0 (H,); without one it is zero


def init_reader(rng, cell, D, H, V, dtype=np.float64, W_hh=None):
    """Draw first parameters: D inputs, H units of the cell, V things to name.

    Parameters
    ----------
    rng : numpy.random.Generator
    cell : "rnn", "lstm" or "gru"
    D, H, V : int
    dtype : dtype
    W_hh : ndarray (H, H), optional
        The recurrent matrix of an RNN, in place of an orthogonal one. All parameters take its dtype.

    Returns
    -------
    ReaderParams

    Raises
    ------
    ValueError
        When the cell is unknown, a size is not positive, or W_hh does not fit or comes with another cell.
    """
    if W_hh is None:
        layer = cell_named(cell).init(rng, D, H, dtype=dtype)
    else:
        check_choice("cell with a given W_hh", cell, ["rnn"])
        check_shape("W_hh", W_hh, "H H", H=H)
        check_finite("W_hh", W_hh)
        layer = init_rnn(rng, D, W_hh)
    return ReaderParams(layer, init_linear(rng, H, V, layer.W_hh.dtype))


def cell_of(params):
    """Look up the functions of the cell whose parameters these are, a `helpers.layers.recurrent.stack.Cell`.

    Raises
    ------
    ValueError
        When params.cell is none of RNNParams, LSTMParams and GRUParams.
    """
    kind = type(params.cell)
    if kind not in _CELL_NAMES:
        names = ", ".join(known.__name__ for known in _CELL_NAMES)
        raise ValueError(f"params.cell is {kind.__name__}, expected one of {names}")
    return cell_named(_CELL_NAMES[kind])


def first_reader_state(B, params):
    """Give B sequences their first state: the learned one, or zeros; tuple of (B, H).

    Raises
    ------
    ValueError
        When a learned first state does not fit the cell.
    """
    zero = cell_of(params).zero_state(B, params.cell)
    if not isinstance(params.state_0, tuple):
        raise ValueError(f"state_0 is {params.state_0!r}, expected a tuple of arrays")
    if not params.state_0:
        return zero
    if len(params.state_0) != len(zero):
        raise ValueError(f"state_0 has {len(params.state_0)} arrays, expected {len(zero)}")
    for name, array in zip(("h_0", "c_0"), params.state_0, strict=False):
        check_shape(name, array, "H", H=len(params.cell.W_hh))
    return repeat_state(params.state_0, B)


def reader(x, state, params, read="every", **options):
    """y_t = h_t W + b after every step, or after the last one, with h_t from the cell.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of ndarray (B, H)
        Before the first step, such as `first_reader_state` gives: (h_0,), for an LSTM (h_0, c_0).
    params : ReaderParams
    read : "every" or "last"
    **options
        Of the cell: ``activation="relu"`` for the RNN, ``fixed=("f",)`` for the LSTM.

    Returns
    -------
    logits : ndarray (T, B, V), or (B, V) after the last step
        y, whose softmax names one of V things.
    state : tuple of ndarray (B, H)
        After the last step.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, there is no step, or an option is unknown.
    """
    check_choice("read", read, ["every", "last"])
    h, state, cell_cache = cell_of(params).forward(x, state, params.cell, **options)
    steps = -1 if read == "last" else slice(None)
    logits, output_cache = linear(h[steps], params.output)
    return logits, state, (h, steps, cell_cache, output_cache)


def reader_backward(dlogits, dstate, cache, params):
    """dh[t] = dy_t Wᵀ for every step that is read; the cell's backward adds what comes from later steps.

    Parameters
    ----------
    dlogits : ndarray, the shape of the logits
    dstate : tuple of ndarray (B, H)
        What the loss takes from the last state, as used outside; zeros if nothing follows.
    cache : tuple
        From `reader`.
    params : ReaderParams

    Returns
    -------
    dx : ndarray (T, B, D)
    dstate : tuple of ndarray (B, H)
        (∂L/∂h_0,), for an LSTM (∂L/∂h_0, ∂L/∂c_0).
    grads : ReaderParams
        With 0 for `state_0`: `reader` got its first state as an argument, so its gradient is in dstate.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    h, steps, cell_cache, output_cache = cache
    dh = np.zeros_like(h)  # 0 for a step that is not read
    dh[steps], doutput = linear_backward(dlogits, output_cache, params.output)
    if not isinstance(dstate, tuple) or len(dstate) != (2 if isinstance(params.cell, LSTMParams) else 1):
        raise ValueError(f"dstate is {str(dstate)[:60]}, expected a tuple with an array for each of the cell's states")
    dx, dstate, dcell = cell_of(params).backward(dh, dstate, cell_cache, params.cell)
    return dx, dstate, ReaderParams(dcell, doutput, zeros_like(params.state_0))


def reader_loss(params, x, targets, mask=None, state=None, summed=False, **options):
    """L = cross-entropy of what is named after every step, or after the last one: a mean, or Σ_t L_t.

    Parameters
    ----------
    params : ReaderParams
    x : ndarray (T, B, D)
    targets : ndarray of int, (T, B) or (B,)
        One answer for each step, or one for each sequence, which is read after the last step.
    mask : ndarray of bool, the shape of the targets, optional
        True = counts.
    state : tuple of ndarray (B, H), optional
        The state before the first step. It counts as given: no gradient goes into it. Without it the model begins
        from its own first state (`first_reader_state`), which has a gradient if it is learned.
    summed : bool
        Sum over time and take the mean over the batch alone; otherwise it is the mean over all answers that count.
    **options
        Of the cell.

    Returns
    -------
    loss : float
        Nats.
    grads : ReaderParams
    state : tuple of ndarray (B, H)
        After the last step, to go on from.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, an option is unknown, or a target that counts is out of range.
    """
    _, B, _ = check_shape("x", x, "T B D")
    state_0 = first_reader_state(B, params) if state is None else state
    read = "every" if np.ndim(targets) == 2 else "last"
    logits, last, cache = reader(x, state_0, params, read, **options)
    measure = summed_cross_entropy if summed else cross_entropy
    loss, loss_cache = measure(logits, targets, mask)

    dlogits, nothing = cross_entropy_backward(loss_cache), zeros_like(last)
    _, dstate_0, grads = reader_backward(dlogits, nothing, cache, params)
    if state is None and params.state_0:
        grads = grads._replace(state_0=repeat_state_backward(dstate_0))
    return loss, grads, last


def reader_accuracy(params, x, targets, mask=None, state=None, **options):
    """The share of answers that are right, from 0 to 1, of those that count; arguments as in `reader_loss`.

    Raises
    ------
    ValueError
        As `reader_loss` does, and when nothing counts.
    """
    _, B, _ = check_shape("x", x, "T B D")
    state_0 = first_reader_state(B, params) if state is None else state
    read = "every" if np.ndim(targets) == 2 else "last"
    logits, _, _ = reader(x, state_0, params, read, **options)
    names = logits.argmax(axis=-1)
    counts = np.ones(names.shape, bool) if mask is None else mask
    for name, array in (("targets", targets), ("mask", counts)):
        if np.shape(array) != names.shape:
            raise ValueError(f"{name} has shape {np.shape(array)}, expected {names.shape}")
    if np.asarray(counts).dtype != bool:
        raise ValueError(f"mask has dtype {np.asarray(counts).dtype}, expected bool")
    if not np.any(counts):
        raise ValueError("no target counts, expected at least one")
    return float((names == targets)[counts].mean())


def train_reader(params, draw, steps=300, rate=3e-3, clip=1.0, progress=None, **options):
    """Train on fresh sequences at every step, with Adam and clipping by norm.

    Parameters
    ----------
    params : ReaderParams
        The first values, such as `init_reader` gives; float32 trains faster.
    draw : callable
        draw() -> x, targets or x, targets, mask: the next batch, as `reader_loss` takes it.
    steps : int
    rate, clip : float
        Adam's rate and the threshold of the gradient norm.
    progress : str, optional
        See `helpers.core.training.train`.
    **options
        Of `reader_loss`: ``summed=True``, or one of the cell.

    Returns
    -------
    params : ReaderParams
    history : History
    """

    steps = check_integer("steps", steps)

    def loss_and_grads(params, *batch):
        loss, grads, _ = reader_loss(params, *batch, **options)
        return loss, grads

    return train(loss_and_grads, params, (draw() for _ in range(steps)), adam(rate), steps, clip, progress)
