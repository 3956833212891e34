"""Sequence to sequence: an encoder reads, a decoder writes; with one context for everything, or with attention."""

from helpers.core.edit_distance import edit_distance
from helpers.models.seq2seq.decoding_steps import alignments, decoder_step, start_state, teacher_forced
from helpers.models.seq2seq.encoder import encode_source, encode_source_backward, make_context, make_context_backward
from helpers.models.seq2seq.evaluation import (
    alignment_offsets,
    alignment_rate,
    exact_match,
    mean_by_length,
    right_tokens,
    same_place_weights,
)
from helpers.models.seq2seq.looking_back import Elsewhere, LookBack, follow_looks, said_elsewhere, trace_looks
from helpers.models.seq2seq.one_context import (
    decode_target,
    decode_target_backward,
    seq2seq,
    seq2seq_backward,
    seq2seq_loss,
)
from helpers.models.seq2seq.params import (
    ATTENTIONS,
    CONTEXTS,
    USES,
    AttentiveParams,
    Seq2SeqParams,
    init_attentive,
    init_seq2seq,
)
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.torch_weights import seq2seq_from_torch
from helpers.models.seq2seq.training import Seq2SeqRun, batch_loss, target_loss, train_seq2seq
from helpers.models.seq2seq.with_attention import (
    additive_decode,
    additive_decode_backward,
    additive_step,
    additive_step_backward,
    attentive,
    attentive_backward,
    attentive_loss,
    multiplicative_decode,
    multiplicative_decode_backward,
)
from helpers.models.torch_modules import as_tensors, count_weights, new_model
from helpers.models.torch_runs import TrainedRun, train_runs

__all__ = [
    "ATTENTIONS",
    "CONTEXTS",
    "USES",
    "AttentiveParams",
    "Elsewhere",
    "LookBack",
    "Seq2Seq",
    "Seq2SeqParams",
    "Seq2SeqRun",
    "TrainedRun",
    "additive_decode",
    "additive_decode_backward",
    "additive_step",
    "additive_step_backward",
    "alignment_offsets",
    "alignment_rate",
    "alignments",
    "as_tensors",
    "attentive",
    "attentive_backward",
    "attentive_loss",
    "batch_loss",
    "count_weights",
    "decode_target",
    "decode_target_backward",
    "decoder_step",
    "edit_distance",
    "encode_source",
    "encode_source_backward",
    "exact_match",
    "follow_looks",
    "init_attentive",
    "init_seq2seq",
    "make_context",
    "make_context_backward",
    "mean_by_length",
    "multiplicative_decode",
    "multiplicative_decode_backward",
    "new_model",
    "right_tokens",
    "said_elsewhere",
    "same_place_weights",
    "seq2seq",
    "seq2seq_backward",
    "seq2seq_from_torch",
    "seq2seq_loss",
    "start_state",
    "target_loss",
    "teacher_forced",
    "trace_looks",
    "train_runs",
    "train_seq2seq",
]
