"""An RNN with a read-out at its last step, trained by hand on the delayed-recall task."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.optimisers import adam
from helpers.core.training import train
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.rnn import RNNParams, init_rnn, rnn, rnn_backward, zero_state


class RecallParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    rnn: RNNParams
    output: LinearParams


def init_recall(rng, W_hh, symbols=4, distractors=2):
    """Draw first parameters around a recurrent matrix W_hh (H, H), in its dtype."""
    layer = init_rnn(rng, symbols + distractors, W_hh)
    return RecallParams(layer, init_linear(rng, len(W_hh), symbols, W_hh.dtype))


def recall_loss(params, x, targets, activation="tanh"):
    """L = cross-entropy of the letter, read from the state after the last step.

    Parameters
    ----------
    params : RecallParams
    x : ndarray (T, B, D)
    targets : ndarray of int (B,)
    activation : "tanh", "relu" or "identity"

    Returns
    -------
    loss : float
        Nats; ln(symbols) is chance.
    grads : RecallParams
    """
    h, (h_last,), cache = rnn(x, zero_state(x.shape[1], params.rnn), params.rnn, activation)
    logits, output_cache = linear(h_last, params.output)
    loss, loss_cache = cross_entropy(logits, targets)

    dlogits = cross_entropy_backward(loss_cache)
    dh_last, doutput = linear_backward(dlogits, output_cache, params.output)
    _, _, drnn = rnn_backward(np.zeros_like(h), (dh_last,), cache, params.rnn)
    return loss, RecallParams(drnn, doutput)


def recall_accuracy(params, x, targets, activation="tanh"):
    """The share of letters that are named right, from 0 to 1."""
    _, (h_last,), _ = rnn(x, zero_state(x.shape[1], params.rnn), params.rnn, activation)
    logits, _ = linear(h_last, params.output)
    check_shape("targets", targets, "B", B=len(logits))
    return float((logits.argmax(axis=-1) == targets).mean())


def train_recall(rng, W_hh, delay, steps=300, batch=32, lead=10, activation="tanh", rate=3e-3, clip=1.0, progress=None):
    """Train a new model on fresh sequences at every step, with Adam and clipping by norm.

    Parameters
    ----------
    rng : numpy.random.Generator
    W_hh : ndarray (H, H)
        The first recurrent matrix. float32 trains faster.
    delay : int
        Steps from the letter to the answer.
    steps, batch : int
    lead : int
        Distractors before the letter, so that the state is already full of them when the letter comes.
    activation : "tanh", "relu" or "identity"
    rate, clip : float
        Adam's rate and the threshold of the gradient norm.
    progress : str, optional
        See `helpers.core.training.train`.

    Returns
    -------
    params : RecallParams
    history : History
    """
    check_integer("delay", delay, least=0)
    check_integer("lead", lead, least=0)
    check_floats(W_hh=W_hh)
    length = lead + 1 + delay

    def loss_and_grads(params, x, targets):
        return recall_loss(params, x, targets, activation)

    batches = (delayed_recall(rng, batch, length, delay, dtype=W_hh.dtype) for _ in range(steps))
    return train(loss_and_grads, init_recall(rng, W_hh), batches, adam(rate), steps, clip, progress)
