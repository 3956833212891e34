"""An RNN that reads a sequence and names something at every step, forward and back through time."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_shape
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent.rnn import RNNParams, init_rnn, rnn, rnn_backward


class TaggerParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    rnn: RNNParams
    output: LinearParams


class LearnedStartParams(NamedTuple):
    """A tagger whose first state is learned too; its gradients have the same type."""

    tagger: TaggerParams
    h_0: np.ndarray  # (H,), the same for every sequence


def init_tagger(rng, D, V, W_hh):
    """Draw first parameters around a recurrent matrix W_hh (H, H), in its dtype: D inputs, V names."""
    layer = init_rnn(rng, D, W_hh)
    return TaggerParams(layer, init_linear(rng, len(W_hh), V, W_hh.dtype))


def tagger(x, state, params):
    """y_t = h_t W + b at every step, with h_t = tanh(x_t W_xh + h_{t-1} W_hh + b_h).

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of one ndarray (B, H)
        (h_0,)
    params : TaggerParams

    Returns
    -------
    logits : ndarray (T, B, V)
        y, whose softmax names one of V things.
    state : tuple of one ndarray (B, H)
        After the last step.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or there is no step.
    """
    h, state, rnn_cache = rnn(x, state, params.rnn)
    logits, output_cache = linear(h, params.output)
    return logits, state, (rnn_cache, output_cache)


def tagger_backward(dlogits, dstate, cache, params):
    """dh_t = dy_t Wᵀ enters every step from above; what comes from the steps after it, `rnn_backward` adds.

    Parameters
    ----------
    dlogits : ndarray (T, B, V)
    dstate : tuple of one ndarray (B, H)
        What the loss takes from the last state, as used outside; zeros if nothing follows.
    cache : tuple
        From `tagger`.
    params : TaggerParams

    Returns
    -------
    dx : ndarray (T, B, D)
    dstate : tuple of one ndarray (B, H)
        (∂L/∂h_0,)
    grads : TaggerParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    rnn_cache, output_cache = cache
    dh, doutput = linear_backward(dlogits, output_cache, params.output)
    dx, dstate, drnn = rnn_backward(dh, dstate, rnn_cache, params.rnn)
    return dx, dstate, TaggerParams(drnn, doutput)


def tagger_loss(params, x, targets, state, mask=None):
    """L = Σ_t L_t, with L_t the cross-entropy of the names of step t, a mean over the batch.

    Parameters
    ----------
    params : TaggerParams
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    state : tuple of one ndarray (B, H)
        (h_0,), which counts as given: no gradient goes into it.
    mask : ndarray of bool (T, B), optional
        True = counts.

    Returns
    -------
    loss : float
        Nats, summed over time and a mean over the batch.
    grads : TaggerParams
    state : tuple of one ndarray (B, H)
        After the last step.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or a target that counts is out of range.
    """
    logits, last, cache = tagger(x, state, params)
    loss, loss_cache = summed_cross_entropy(logits, targets, mask)
    nothing = (np.zeros_like(last[0]),)
    _, _, grads = tagger_backward(cross_entropy_backward(loss_cache), nothing, cache, params)
    return loss, grads, last


def learned_start_loss(params, x, targets, mask=None):
    """L as in `tagger_loss`, with h_0 a parameter: all sequences begin there, so ∂L/∂h_0 is a sum over the batch.

    Parameters
    ----------
    params : LearnedStartParams
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    mask : ndarray of bool (T, B), optional

    Returns
    -------
    loss : float
    grads : LearnedStartParams

    Raises
    ------
    ValueError
        As `tagger_loss` does, and when h_0 has not H numbers.
    """
    _, B, _ = check_shape("x", x, "T B D")
    check_shape("h_0", params.h_0, "H", H=len(params.tagger.rnn.W_hh))
    start = (np.repeat(params.h_0[None], B, axis=0),)  # (B, H)
    logits, last, cache = tagger(x, start, params.tagger)
    loss, loss_cache = summed_cross_entropy(logits, targets, mask)
    nothing = (np.zeros_like(last[0]),)
    _, (dh_0,), grads = tagger_backward(cross_entropy_backward(loss_cache), nothing, cache, params.tagger)
    return loss, LearnedStartParams(grads, dh_0.sum(axis=0))


def tagger_accuracy(params, x, targets, state, mask=None):
    """The share of steps that are named right, from 0 to 1, of those that count."""
    logits, _, _ = tagger(x, state, params)
    T, B, _ = logits.shape
    check_shape("targets", targets, "T B", T=T, B=B)
    counts = np.ones((T, B), bool) if mask is None else mask
    check_shape("mask", counts, "T B", T=T, B=B)
    if not np.any(counts):
        raise ValueError("no step counts, expected at least one")
    return float((logits.argmax(axis=-1) == targets)[counts].mean())
