"""A plain recurrent reader of one answer whose loss also asks that the message going back keeps its size."""

import numpy as np

from helpers.core.checks import check_number, check_shape
from helpers.layers.linear import linear
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.gradient_regulariser import rnn_gradient_regulariser
from helpers.layers.recurrent.rnn import rnn, rnn_state_gradients, zero_state
from helpers.models.reader import reader_loss


def message_by_step(params, x, targets, activation="tanh"):
    """∂L/∂h_t for every step, L the cross-entropy of one answer after the last step.

    Parameters
    ----------
    params : ReaderParams
        Of a plain RNN.
    x : ndarray (T, B, D)
    targets : ndarray of int (B,)
    activation : "tanh", "relu" or "identity"

    Returns
    -------
    dh : ndarray (T, B, H)
    cache : tuple
        Of `rnn`.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    _, B, _ = check_shape("x", x, "T B D")
    check_shape("targets", targets, "B", B=B)
    nothing = zero_state(B, params.cell)
    h, _, cache = rnn(x, nothing, params.cell, activation)
    _, loss_cache = cross_entropy(linear(h[-1], params.output)[0], targets)
    at_last = cross_entropy_backward(loss_cache) @ params.output.W.T
    return rnn_state_gradients(np.zeros_like(h), (at_last,), cache, params.cell), cache


def regularised_reader_loss(params, x, targets, strength):
    """Cross-entropy of one answer after the last step, and its gradient plus strength · ∂Ω/∂W_hh.

    Ω is that of `rnn_gradient_regulariser`. The loss comes without it, so that it can be compared.

    Parameters
    ----------
    params : ReaderParams
        Of a plain tanh RNN.
    x : ndarray (T, B, D)
    targets : ndarray of int (B,)
    strength : float
        0 is training without the regulariser.

    Returns
    -------
    loss : float
        Nats.
    grads : ReaderParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    check_number("strength", strength)
    loss, grads, _ = reader_loss(params, x, targets)
    if strength == 0:
        return loss, grads
    _, dW_hh = rnn_gradient_regulariser(*message_by_step(params, x, targets), params.cell)
    W_hh = grads.cell.W_hh + (strength * dW_hh).astype(grads.cell.W_hh.dtype)
    return loss, grads._replace(cell=grads.cell._replace(W_hh=W_hh))
