"""The arguments of the CTC loss: a batch of frames and of targets, each of its own length."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_choice, check_floats, check_indices, check_integer, check_shape

INFEASIBLE = ("refuse", "zero")


class CTCBatch(NamedTuple):
    """What the loss is computed from."""

    logits: np.ndarray  # float64 (T, B, V); 0 beyond a sequence's last frame
    letters: np.ndarray  # int64 (U, B)
    frames: np.ndarray  # (B,) how many frames each sequence has
    lengths: np.ndarray  # (B,) how many letters each target has
    needed: np.ndarray  # (B,) how many frames each target needs

    def target(self, b):
        """The letters (U_b,) of one text."""
        return self.letters[: self.lengths[b], b]


def make_ctc_batch(logits, targets, input_lengths, target_lengths, blank, infeasible):
    """Check the arguments of `ctc_loss`.

    Returns
    -------
    CTCBatch

    Raises
    ------
    ValueError
        As `ctc_loss` says.
    """
    check_floats(logits=logits)
    T, B, V = check_shape("logits", logits, "T B V")
    if not logits.size:
        raise ValueError(f"logits has shape {logits.shape}, expected at least one frame, sequence and symbol")
    check_choice("infeasible", infeasible, INFEASIBLE)
    check_indices("blank", check_integer("blank", blank, least=0), V)
    targets = as_array("targets", targets)
    U, _ = check_shape("targets", targets, "U B", B=B)
    frames, lengths = _lengths("input_lengths", input_lengths, T, B), _lengths("target_lengths", target_lengths, U, B)
    inside = np.arange(U)[:, None] < lengths
    check_indices("targets", targets[inside], V)
    if (targets[inside] == blank).any():
        raise ValueError(f"targets has {blank}, which is the blank, expected letters alone")
    repeats = ((targets[1:] == targets[:-1]) & inside[1:]).sum(axis=0)
    wide = logits.astype(np.float64)
    wide[np.arange(T)[:, None] >= frames] = 0  # what stands in padding has no say
    return CTCBatch(wide, targets.astype(np.int64), frames, lengths, lengths + repeats)


def refuse_infeasible(batch, log_probs, infeasible):
    """Refuse a batch with a target that no path says, unless it is to count as zero.

    Parameters
    ----------
    batch : CTCBatch
    log_probs : ndarray (B,)
        log P(target) of each.
    infeasible : "refuse" or "zero"

    Raises
    ------
    ValueError
    """
    wrong = np.flatnonzero(np.isneginf(log_probs))
    if not wrong.size or infeasible == "zero":
        return
    b = wrong[0]
    frames, letters, needed = batch.frames[b], batch.lengths[b], batch.needed[b]
    reason = "no path that says it has a probability above 0"
    if needed > frames:
        reason = f"it needs {needed} frames, {letters} letters + {needed - letters} repeats, and has {frames}"
    more = f" ({wrong.size} such targets)" if wrong.size > 1 else ""
    raise ValueError(f'target {b} is infeasible: {reason}{more}; infeasible="zero" counts it as 0')


def _lengths(name, lengths, most, B):
    if lengths is None:
        return np.full(B, most)
    lengths = as_array(name, lengths)
    check_shape(name, lengths, "B", B=B)
    check_indices(name, lengths, most + 1)
    return lengths.astype(np.int64)
