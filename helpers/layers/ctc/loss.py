"""The CTC loss, forward and backward, as its equations have it: the lattice of one sequence after the other."""

import numpy as np

from helpers.core.numerics import log_softmax
from helpers.core.overflow import refuse_overflow
from helpers.layers.ctc.arguments import make_ctc_batch, refuse_infeasible
from helpers.layers.ctc.lattice import ctc_log_prob, ctc_posterior


@refuse_overflow
def ctc_loss(logits, targets, input_lengths=None, target_lengths=None, blank=0, infeasible="refuse"):
    """L = mean over the batch of −log P(target), in nats, where P sums over all paths that collapse to the target.

    The sums over frames run in float64 whatever the dtype: 500 logarithms added in float32 lose digits.

    Parameters
    ----------
    logits : ndarray (T, B, V)
        A score for each symbol at each frame; y = softmax(logits).
    targets : ndarray of int (U, B)
        The letters of each text. What stands beyond a text's own length may be anything.
    input_lengths : sequence of int (B,), optional
        The frames of each sequence, at most T. All have T, unless it is given. What stands beyond has no influence.
    target_lengths : sequence of int (B,), optional
        The letters of each text, from 0 to U. All have U, unless it is given.
    blank : int
        The id of the blank, anywhere in the vocabulary.
    infeasible : "refuse" or "zero"
        What to do with a target that no path says: too few frames for its letters and repeats, or a probability of 0.
        "zero" makes its loss and its gradient 0; the mean is still over all B.

    Returns
    -------
    loss : float
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, a target has a blank or an unknown symbol, a length is out of range, or a target is
        infeasible and is to be refused.

    References
    ----------
    Graves, Fernández, Gomez, Schmidhuber 2006, "Connectionist Temporal Classification: Labelling Unsegmented Sequence
    Data with Recurrent Neural Networks", https://www.cs.toronto.edu/~graves/icml_2006.pdf
    """
    batch = make_ctc_batch(logits, targets, input_lengths, target_lengths, blank, infeasible)
    log_y = log_softmax(batch.logits)
    log_probs = np.array([ctc_log_prob(log_y[:T, b], batch.target(b), blank) for b, T in enumerate(batch.frames)])
    refuse_infeasible(batch, log_probs, infeasible)
    loss = 0 - log_probs[log_probs > -np.inf].sum() / len(log_probs)
    return float(loss), (log_y, log_probs, batch, blank, logits.dtype)


@refuse_overflow
def ctc_loss_backward(cache):
    """dlogits = (y − posterior) / B, with the posterior of `ctc_posterior`, sequence by sequence.

    y is what the network expects at a frame; the posterior is what it would say knowing the target.

    Parameters
    ----------
    cache : tuple
        From `ctc_loss`.

    Returns
    -------
    ndarray (T, B, V)
        In the dtype of the logits; 0 beyond a sequence's last frame, and for an infeasible target that counts as 0.
    """
    log_y, log_probs, batch, blank, dtype = cache
    dlogits = np.zeros_like(log_y)
    for b, T in enumerate(batch.frames):
        if log_probs[b] > -np.inf:
            log_y_b = log_y[:T, b]
            dlogits[:T, b] = np.exp(log_y_b) - ctc_posterior(log_y_b, batch.target(b), blank)
    return (dlogits / len(batch.frames)).astype(dtype)
