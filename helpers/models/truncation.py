"""Long sequences piece by piece: the gradient cut between pieces, and what the cut loses; or whole, by checkpoints."""

import numpy as np

from helpers.core.checks import check_integer, check_shape
from helpers.core.params import add, zeros_like
from helpers.layers.linear import linear, linear_backward
from helpers.layers.losses import cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent.padded import repeat_state_backward
from helpers.layers.recurrent.rnn import rnn
from helpers.models.reader import first_reader_state, reader, reader_backward, reader_loss


def truncated_loss(params, x, targets, window, mask=None, state=None, **options):
    """L = Σ_t L_t as in `reader_loss`, window by window: the state is carried on to the next, the gradient is not.

    Each window takes the state that it is given for a constant. The loss is the full one; the gradient lacks all
    that would have to cross from one window back into the window before.

    Parameters
    ----------
    params : ReaderParams
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    window : int
        Steps in each window; the last may be shorter. With window ≥ T it is the summed `reader_loss`, exactly.
    mask : ndarray of bool (T, B), optional
    state : tuple of ndarray (B, H), optional
    **options
        Of the cell.

    Returns
    -------
    loss : float
        Nats, summed over time and a mean over the batch.
    grads : ReaderParams
        Summed over the windows.
    state : tuple of ndarray (B, H)
        After the last step.

    Raises
    ------
    ValueError
        As `reader_loss` does, and when the window is not an integer of at least 1.

    References
    ----------
    Williams, Peng 1990, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
    Trajectories", https://doi.org/10.1162/neco.1990.2.4.490
    """
    check_integer("window", window)
    T, mask = _checked(x, targets, mask)
    loss, grads = 0.0, zeros_like(params)
    for first in range(0, T, window):
        steps = slice(first, first + window)
        part, dparams, state = reader_loss(params, x[steps], targets[steps], mask[steps], state, summed=True, **options)
        loss, grads = loss + part, add(grads, dparams)
    return loss, grads, state


def checkpointed_loss(params, x, targets, every, mask=None, state=None, **options):
    """L = Σ_t L_t with its whole gradient, from the states of every so many steps: the others are computed again.

    On the way forward only the state before each piece is kept. On the way back each piece is read once more, from the
    last to the first, and the gradient of its first state is handed on to the piece before it. So nothing is cut. With
    pieces of √T steps, memory grows as √T, for one more forward pass.

    Parameters
    ----------
    params : ReaderParams
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    every : int
        Steps from one state that is kept to the next; the last piece may be shorter.
    mask : ndarray of bool (T, B), optional
    state : tuple of ndarray (B, H), optional
    **options
        Of the cell.

    Returns
    -------
    loss : float
        Nats, summed over time and a mean over the batch: that of `reader_loss`, summed, as are the gradients.
    grads : ReaderParams
    state : tuple of ndarray (B, H)
        After the last step.

    Raises
    ------
    ValueError
        As `reader_loss` does, and when `every` is not an integer of at least 1.

    References
    ----------
    Chen, Xu, Zhang, Guestrin 2016, "Training Deep Nets with Sublinear Memory Cost", https://arxiv.org/abs/1604.06174
    """
    check_integer("every", every)
    T, mask = _checked(x, targets, mask)
    pieces = [slice(first, first + every) for first in range(0, T, every)]
    kept = [first_reader_state(x.shape[1], params) if state is None else state]
    for steps in pieces:
        _, last, _ = reader(x[steps], kept[-1], params, **options)
        kept.append(last)

    loss, grads, dstate = 0.0, zeros_like(params), zeros_like(kept[-1])
    for steps, before in zip(reversed(pieces), reversed(kept[:-1]), strict=True):
        logits, _, cache = reader(x[steps], before, params, **options)
        part, loss_cache = summed_cross_entropy(logits, targets[steps], mask[steps])
        _, dstate, dparams = reader_backward(cross_entropy_backward(loss_cache), dstate, cache, params)
        loss, grads = loss + part, add(grads, dparams)
    if state is None and params.state_0:
        grads = grads._replace(state_0=repeat_state_backward(dstate))
    return loss, grads, kept[-1]


def _checked(x, targets, mask):
    """Return T, and a mask that is there."""
    T, B, _ = check_shape("x", x, "T B D")
    check_shape("targets", targets, "T B", T=T, B=B)  # a slice of what is too long would not be noticed
    mask = np.ones((T, B), bool) if mask is None else mask
    check_shape("mask", mask, "T B", T=T, B=B)
    if not T:
        raise ValueError(f"x has shape {x.shape}, expected at least one step")
    return T, mask


def recurrent_terms(params, x, targets, mask=None, state=None):
    """∂L/∂W_hh = Σ_t Σ_{k≤t} h_{k-1}ᵀ ∂L_t/∂a_k, taken apart: what L_t asks of W_hh at its use in step k.

    Parameters
    ----------
    params : ReaderParams
        Of an RNN with tanh.
    x : ndarray (T, B, D)
    targets : ndarray of int (T, B)
    mask : ndarray of bool (T, B), optional
    state : tuple of one ndarray (B, H), optional

    Returns
    -------
    ndarray (T, T, H, H)
        At [t - 1, k - 1]; zeros where k > t, as no loss asks anything of the steps after it.

    Raises
    ------
    ValueError
        As `reader_loss` does.
    """
    T, B, _ = check_shape("x", x, "T B D")
    (h_0,) = first_reader_state(B, params) if state is None else state
    h, _, _ = rnn(x, (h_0,), params.cell)
    logits, output_cache = linear(h, params.output)
    _, loss_cache = summed_cross_entropy(logits, targets, mask)
    dh, _ = linear_backward(cross_entropy_backward(loss_cache), output_cache, params.output)

    W_hh = params.cell.W_hh
    h_before = np.concatenate([h_0[None], h[:-1]])  # h_0 … h_{T-1}
    terms = np.zeros((T, T, *W_hh.shape), dh.dtype)
    for t in range(T):
        dh_k = dh[t]  # ∂L_t/∂h_t
        for k in range(t, -1, -1):
            da_k = dh_k * (1 - h[k] ** 2)
            terms[t, k] = h_before[k].T @ da_k
            dh_k = da_k @ W_hh.T  # ∂L_t/∂h of the step before
    return terms


def same_window(T, window):
    """Whether steps t and k fall into one window, bool (T, T): the terms that truncation keeps."""
    check_integer("T", T)
    check_integer("window", window)
    number = np.arange(T) // window
    return number[:, None] == number
