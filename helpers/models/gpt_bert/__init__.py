"""GPT and BERT in torch: one trunk, pretraining, fine-tuning, and both beside the exact truth."""

from helpers.models.gpt_bert.bert import BERT, masked_losses
from helpers.models.gpt_bert.exact_comparison import (
    bert_blank,
    divergence,
    excess_loss,
    gpt_blank,
    gpt_next,
    masked_loss,
    read_hidden,
    sentence_log_probs,
    share_of_sentences,
)
from helpers.models.gpt_bert.fine_tuning import Classifier, accuracy, next_accuracy, train_classifier
from helpers.models.gpt_bert.gpt import (
    GPT,
    cached_step,
    next_token_losses,
    read_prompt,
    start_cache,
    start_uncached,
    uncached_step,
)
from helpers.models.gpt_bert.pretraining import train_gpt
from helpers.models.gpt_bert.pretraining_runs import PretrainingRun, pretrain
from helpers.models.gpt_bert.trunk import Layer, Sizes

__all__ = [
    "BERT",
    "GPT",
    "Classifier",
    "Layer",
    "PretrainingRun",
    "Sizes",
    "accuracy",
    "bert_blank",
    "cached_step",
    "divergence",
    "excess_loss",
    "gpt_blank",
    "gpt_next",
    "masked_loss",
    "masked_losses",
    "next_accuracy",
    "next_token_losses",
    "pretrain",
    "read_hidden",
    "read_prompt",
    "sentence_log_probs",
    "share_of_sentences",
    "start_cache",
    "start_uncached",
    "train_classifier",
    "train_gpt",
    "uncached_step",
]
