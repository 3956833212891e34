"""Sequence to sequence: an encoder reads, a decoder writes; with one context for everything, or with attention."""

from helpers.models.seq2seq.attention_decoders import additive_step, additive_step_backward
from helpers.models.seq2seq.attentive import attentive_loss
from helpers.models.seq2seq.decoder import decode_target, decode_target_backward, seq2seq_backward, seq2seq_loss
from helpers.models.seq2seq.decoding_steps import alignments, decoder_step, start_state, teacher_forced
from helpers.models.seq2seq.encoder import encode_source, make_context, make_context_backward
from helpers.models.seq2seq.evaluate import (
    accuracy_by_position,
    edit_distance,
    exact_match,
    mean_by_length,
    right_tokens,
)
from helpers.models.seq2seq.params import CONTEXTS, USES, init_seq2seq
from helpers.models.seq2seq.runs import Seq2SeqRun, train_runs
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.training import as_tensors, batch_loss

__all__ = [
    "CONTEXTS",
    "USES",
    "Seq2Seq",
    "Seq2SeqRun",
    "accuracy_by_position",
    "additive_step",
    "additive_step_backward",
    "alignments",
    "as_tensors",
    "attentive_loss",
    "batch_loss",
    "decode_target",
    "decode_target_backward",
    "decoder_step",
    "edit_distance",
    "encode_source",
    "exact_match",
    "init_seq2seq",
    "make_context",
    "make_context_backward",
    "mean_by_length",
    "right_tokens",
    "seq2seq_backward",
    "seq2seq_loss",
    "start_state",
    "teacher_forced",
    "train_runs",
]
