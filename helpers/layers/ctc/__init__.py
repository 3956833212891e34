"""CTC: the paths of a text, their lattice, and the loss that sums over all of them.

The functions here read like their equations. `helpers.layers.ctc.fast` has the same loss, many times as fast.
"""

from helpers.core.ctc_paths import collapse, frames_needed, with_blanks
from helpers.layers.ctc.alignment import ctc_alignment
from helpers.layers.ctc.lattice import (
    ctc_alpha_step,
    ctc_beta_step,
    ctc_log_alpha,
    ctc_log_beta,
    ctc_log_prob,
    ctc_log_prob_by_enumeration,
    ctc_occupancy,
    ctc_posterior,
)
from helpers.layers.ctc.loss import ctc_loss, ctc_loss_backward

__all__ = [
    "collapse",
    "ctc_alignment",
    "ctc_alpha_step",
    "ctc_beta_step",
    "ctc_log_alpha",
    "ctc_log_beta",
    "ctc_log_prob",
    "ctc_log_prob_by_enumeration",
    "ctc_loss",
    "ctc_loss_backward",
    "ctc_occupancy",
    "ctc_posterior",
    "frames_needed",
    "with_blanks",
]
