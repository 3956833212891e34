"""The CTC loss as models train with it: the arguments and results of `ctc_loss`, and faster.

All sequences go through their lattices at once, forward and backward side by side. The variables are probabilities and
not logarithms, so that a step is a few additions and products; at some frames they are divided by the largest, and the
sum of the logarithms of these is what is left. What becomes too small for a float is lost that way; where this could
matter, the lattice is computed again in log space.
"""

import numpy as np

from helpers.core.numerics import log_softmax, softmax
from helpers.core.overflow import refuse_overflow
from helpers.layers.ctc.arguments import make_ctc_batch, refuse_infeasible
from helpers.layers.ctc.lattice import ctc_log_prob, ctc_posterior

_DIVIDE_EVERY = 8  # frames
# A number that is lost was below 1e-323. Where Σ α β over the states of a frame is w, with α and β as they stand there,
# at most 3⁸ each, what is lost changes P by less than S · 1e-319 / w of it.
_LEAST_PRODUCT = 1e-290


@refuse_overflow
def fast_ctc_loss(logits, targets, input_lengths=None, target_lengths=None, blank=0, infeasible="refuse"):
    """L = mean over the batch of −log P(target), in nats: the arguments and results of `ctc_loss`."""
    batch = make_ctc_batch(logits, targets, input_lengths, target_lengths, blank, infeasible)
    y = softmax(batch.logits)
    posterior, log_probs = _posteriors(y, _labels(batch, blank), batch)
    for b in np.flatnonzero(np.isnan(log_probs)):  # what is lost may matter there
        posterior[:, b], log_probs[b] = _in_log_space(b, batch, blank)
    refuse_infeasible(batch, log_probs, infeasible)
    loss = 0 - log_probs[log_probs > -np.inf].sum() / len(log_probs)
    return float(loss), (y, posterior, log_probs, batch.frames, logits.dtype)


@refuse_overflow
def fast_ctc_loss_backward(cache):
    """dlogits = (y − posterior) / B: the arguments and results of `ctc_loss_backward`."""
    y, posterior, log_probs, frames, dtype = cache
    dlogits = (y - posterior) / len(frames)
    dlogits[_beyond(frames, len(y)) | np.isneginf(log_probs)] = 0
    return dlogits.astype(dtype, copy=False)


def _labels(batch, blank):
    """The labels (S, B) of the states of all targets, with −1 where a shorter one has no state."""
    U, B = batch.letters.shape
    labels = np.full((2 * U + 1, B), int(blank))
    labels[1::2] = batch.letters
    labels[np.arange(2 * U + 1)[:, None] > 2 * batch.lengths] = -1
    return labels


def _beyond(frames, T):
    """True where a sequence has no frame, (T, B)."""
    return np.arange(T)[:, None] >= frames


def _posteriors(y, labels, batch):
    """How probable each symbol is at each frame, given the target, (T, B, V); log P (B,), NaN where it may be wrong."""
    T, B, V = y.shape
    columns = np.arange(B) * V + np.maximum(labels, 0)  # (S, B): where the symbols of the states stand in (T, B · V)
    gamma, largest = _occupancies(_of_states(y.reshape(T, B * V).take(columns, axis=1), labels, batch), labels, batch)
    places = columns + np.arange(T)[:, None, None] * (B * V)
    posterior = np.bincount(places.ravel(), gamma.ravel(), minlength=y.size).reshape(y.shape)
    products = posterior.sum(axis=-1)  # Σ α β of each frame, (T, B)
    safe = ((products >= _LEAST_PRODUCT) | _beyond(batch.frames, T)).all(axis=0) & (batch.frames > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        posterior /= products[..., None]
        log_probs = np.log(products[0]) + np.log(largest[:-1]).sum(axis=0)
    return posterior, np.where(safe, log_probs, np.nan)


def _of_states(y, labels, batch):
    """y_t of the states, (T, S, B), with 0 for a state that is none.

    A frame beyond the last keeps everything in the last state, for the way back.
    """
    if labels.min() < 0:
        y *= labels >= 0
    if batch.frames.min() < len(y):
        last = np.arange(len(labels))[:, None] == 2 * batch.lengths
        y = np.where(_beyond(batch.frames, len(y))[:, None], last, y)
    return y


def _occupancies(y, labels, batch):
    """α_t(s) β_t(s), (T, S, B), over a number for each frame; and what β was divided by, from its end, (T, B)."""
    sums, largest = _step_both_ways(y, _skips(labels), _starts(labels.shape, batch.lengths))
    y *= sums[:, 0]  # Σ α_{t−1} over the states before s, times y_t: α_t
    y *= sums[::-1, 1]  # times Σ β_{t+1} y_{t+1} over the states after s: β_t
    return y, largest[:, 1]


def _skips(labels):
    """Forward, 1 where a path may come from two states before; backward, where it may go on by two: (2, S, B)."""
    skips = np.zeros((2, *labels.shape))
    skips[0, 3::2] = labels[3::2] != labels[1:-2:2]
    skips[1, :-2] = skips[0, 2:]
    return skips


def _starts(shape, lengths):
    """Before the first frame all is in the first state; backward, in the last state of each target: (2, S, B)."""
    starts = np.zeros((2, *shape))
    starts[0, 0] = 1
    starts[1, 2 * lengths, np.arange(len(lengths))] = 1
    return starts


def _step_both_ways(y, skips, starts):
    """Sum what each state gets from its neighbours, from the first frame on, and from the last frame back.

    Returns
    -------
    sums : ndarray (T, 2, S, B)
        Of α_{t−1} over the states before; of β_{t+1} y_{t+1} over the states after, with the last frame first.
    largest : ndarray (T, 2, B)
        What the variables were divided by after each frame.
    """
    T, S, B = y.shape
    sums, largest = np.empty((T, 2, S, B), y.dtype), np.ones((T, 2, 1, B), y.dtype)
    # In one piece of memory α stands before β, zeros around them: the view n lies n states before α, and n after β.
    states = np.zeros((2 * S + 8, B), y.dtype)
    here, one_off, two_off = (states[2 - n :][: 2 * (S + 2 * n)].reshape(2, S + 2 * n, B)[:, :S] for n in range(3))
    alpha, beta = here
    here[:] = starts
    with np.errstate(divide="ignore", invalid="ignore"):
        for t, (sums_t, alpha_y, beta_y) in enumerate(zip(sums, y, y[::-1], strict=True)):
            np.multiply(two_off, skips, out=sums_t)
            sums_t += one_off
            sums_t += here
            np.multiply(sums_t[0], alpha_y, out=alpha)
            np.multiply(sums_t[1], beta_y, out=beta)
            if t % _DIVIDE_EVERY == _DIVIDE_EVERY - 1:
                here /= here.max(axis=1, keepdims=True, out=largest[t])
    return sums, largest[:, :, 0]


def _in_log_space(b, batch, blank):
    """The posterior (T, V) and log P of one sequence, from its lattice in log space."""
    (T, _, V), frames, target = batch.logits.shape, batch.frames[b], batch.target(b)
    posterior = np.zeros((T, V))
    if batch.needed[b] > frames:
        return posterior, -np.inf
    log_y = log_softmax(batch.logits[:frames, b])
    posterior[:frames] = ctc_posterior(log_y, target, blank)
    return posterior, ctc_log_prob(log_y, target, blank)
