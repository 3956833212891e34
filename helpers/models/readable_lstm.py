"""Train an LSTM of a few units so that its gates can be read."""

import numpy as np

from helpers.core.checks import check_integer, check_number
from helpers.core.optimisers import adam
from helpers.core.params import zeros_like
from helpers.core.training import train
from helpers.layers.linear import linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.fast import fast_lstm, fast_lstm_backward
from helpers.layers.recurrent.lstm import zero_lstm_state
from helpers.models.reader import ReaderParams, init_reader


def priced_loss(params, x, targets, mask, price):
    """L = cross-entropy of what is named where the mask is True + price · mean of h².

    Parameters
    ----------
    params : ReaderParams
        With an LSTM.
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    mask : ndarray of bool (T, B)
        True = counts.
    price : float
        In nats. The mean is over the H numbers that are shown at each of T · B steps.

    Returns
    -------
    loss : float
    grads : ReaderParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    state = zero_lstm_state(x.shape[1], params.cell)
    h, _, cell_cache = fast_lstm(x, state, params.cell)
    logits, output_cache = linear(h, params.output)
    loss, loss_cache = cross_entropy(logits, targets, mask)
    dh, doutput = linear_backward(cross_entropy_backward(loss_cache), output_cache, params.output)
    dh = dh + 2 * price / h.size * h
    _, _, dcell = fast_lstm_backward(dh, zeros_like(state), cell_cache, params.cell)
    return loss + price * float((h**2).mean()), ReaderParams(dcell, doutput)


def train_readable_lstm(rng, draw, D, H, V, steps=800, rate=3e-2, noise=1.0, price=0.03, feedback=False):
    """Train a reader under three conditions, each of which gives one gate its reason.

    Without feedback W_hh stays 0, so that gates read the input alone. The noise is added to the candidate, inside its
    tanh, while the network trains: only a shut input gate keeps it out of the cell. The price is paid for what is
    shown: `price` times the mean of h² is added to the loss, so the output gate opens only where it helps.

    Parameters
    ----------
    rng : numpy.random.Generator
    draw : callable
        draw() -> x, targets, mask: the next batch, as `helpers.models.reader.reader_loss` takes it, x in float32.
    D, H, V : int
        Inputs, units, things to name.
    steps : int
    rate : float
        Of Adam; gradients are clipped to a norm of 1.
    noise : float
        Its standard deviation.
    price : float
        In nats.
    feedback : bool
        Let W_hh be drawn and trained as usual.

    Returns
    -------
    params : ReaderParams
    history : History
        With the price in the loss.
    """
    steps = check_integer("steps", steps)
    check_number("noise", noise)
    check_number("price", price)
    params = init_reader(rng, "lstm", D, H, V, np.float32)
    if not feedback:
        params = params._replace(cell=params.cell._replace(W_hh=zeros_like(params.cell.W_hh)))
    # The noise comes in as H more inputs, each with a fixed weight of 1 into one candidate.
    into_g = np.eye(H, 4 * H, k=2 * H, dtype=np.float32)
    params = params._replace(cell=params.cell._replace(W_xh=np.concatenate([params.cell.W_xh, into_g])))

    def loss_and_grads(params, x, targets, mask):
        drawn = noise * rng.standard_normal((*targets.shape, H)).astype(np.float32)
        loss, grads = priced_loss(params, np.concatenate([x, drawn], axis=-1), targets, mask, price)
        grads.cell.W_xh[D:] = 0
        if not feedback:
            grads.cell.W_hh[:] = 0
        return loss, grads

    params, history = train(loss_and_grads, params, (draw() for _ in range(steps)), adam(rate), steps, clip=1.0)
    return params._replace(cell=params.cell._replace(W_xh=params.cell.W_xh[:D])), history
