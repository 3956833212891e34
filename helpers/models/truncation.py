"""Truncated backpropagation through time: the state is carried on, the gradient is cut; and what the cut loses."""

import numpy as np

from helpers.core.checks import check_integer, check_shape
from helpers.core.params import add, zeros_like
from helpers.layers.linear import linear_backward
from helpers.layers.losses import cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent.rnn import rnn_back_through_time
from helpers.models.tagger import tagger, tagger_loss


def truncated_loss(params, x, targets, state, window, mask=None):
    """L as in `tagger_loss`, window by window: the state is carried on to the next window, the gradient is not.

    Each window takes the state that it is given for a constant. The loss is the full one; the gradient lacks all
    that would have to cross from one window back into the window before.

    Parameters
    ----------
    params : TaggerParams
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    state : tuple of one ndarray (B, H)
    window : int
        Steps in each window; the last may be shorter. With window ≥ T it is `tagger_loss`, exactly.
    mask : ndarray of bool (T, B), optional

    Returns
    -------
    loss : float
        Nats, summed over time and a mean over the batch.
    grads : TaggerParams
        Summed over the windows.
    state : tuple of one ndarray (B, H)

    Raises
    ------
    ValueError
        As `tagger_loss` does, and when the window is not an integer of at least 1.

    References
    ----------
    Williams, Peng 1990, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
    Trajectories", https://doi.org/10.1162/neco.1990.2.4.490
    """
    check_integer("window", window)
    T, B, _ = check_shape("x", x, "T B D")
    check_shape("targets", targets, "T B", T=T, B=B)  # a slice of what is too long would not be noticed
    if mask is not None:
        check_shape("mask", mask, "T B", T=T, B=B)
    if not T:
        raise ValueError(f"x has shape {x.shape}, expected at least one step")
    loss, grads = 0.0, zeros_like(params)
    for first in range(0, T, window):
        steps = slice(first, first + window)
        counts = None if mask is None else mask[steps]
        window_loss, window_grads, state = tagger_loss(params, x[steps], targets[steps], state, counts)
        loss, grads = loss + window_loss, add(grads, window_grads)
    return loss, grads, state


def recurrent_terms(params, x, targets, state, mask=None):
    """∂L/∂W_hh = Σ_t Σ_{k≤t} h_{k-1}ᵀ ∂L_t/∂a_k, taken apart: what L_t asks of W_hh at its use in step k.

    Parameters
    ----------
    params : TaggerParams
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    state : tuple of one ndarray (B, H)
    mask : ndarray of bool (T, B), optional

    Returns
    -------
    ndarray (T, T, H, H)
        At [t - 1, k - 1]; zeros where k > t, as no loss asks anything of the steps after it.

    Raises
    ------
    ValueError
        As `tagger_loss` does.
    """
    logits, last, cache = tagger(x, state, params)
    rnn_cache, output_cache = cache
    _, loss_cache = summed_cross_entropy(logits, targets, mask)
    dh, _ = linear_backward(cross_entropy_backward(loss_cache), output_cache, params.output)
    before = np.concatenate([state[0][None], rnn_cache[2][:-1]])  # h_0 … h_{T-1}
    nothing = (np.zeros_like(last[0]),)
    terms = np.empty((len(x), len(x), *params.rnn.W_hh.shape), dh.dtype)
    for t in range(len(x)):
        only = np.zeros_like(dh)
        only[t] = dh[t]
        da, _ = rnn_back_through_time(only, nothing, rnn_cache, params.rnn)
        terms[t] = np.einsum("kbi,kbj->kij", before, da)
    return terms


def same_window(T, window):
    """Whether steps t and k fall into one window, bool (T, T): the terms that truncation keeps."""
    check_integer("T", T)
    check_integer("window", window)
    number = np.arange(T) // window
    return number[:, None] == number
