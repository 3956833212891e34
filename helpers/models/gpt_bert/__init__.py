"""GPT and BERT in torch: one trunk, pretraining, fine-tuning, and both beside the exact truth."""

from helpers.models.cached_attention import attend_and_keep
from helpers.models.gpt_bert.bert import BERT, chosen_word_losses, masked_losses, pair_losses
from helpers.models.gpt_bert.exact_comparison import (
    Estimate,
    MaskedLoss,
    bert_blank,
    divergence,
    exact_answers,
    excess_loss,
    gpt_blank,
    gpt_next,
    masked_loss,
    read_hidden,
    sentence_log_probs,
    share_of_sentences,
)
from helpers.models.gpt_bert.fine_tuning import Classifier, accuracy, next_accuracy, train_classifier
from helpers.models.gpt_bert.from_transformers import from_transformers
from helpers.models.gpt_bert.gpt import (
    GPT,
    cached_step,
    next_token_losses,
    read_prompt,
    start_cache,
    start_uncached,
    uncached_step,
)
from helpers.models.gpt_bert.pretraining import PretrainingRun, train_bert, train_bert_on_pairs, train_gpt
from helpers.models.gpt_bert.trunk import Layer, Sizes, Trunk
from helpers.models.torch_modules import count_weights, new_model
from helpers.models.torch_runs import TrainedRun, train_runs

__all__ = [
    "BERT",
    "GPT",
    "Classifier",
    "Estimate",
    "Layer",
    "MaskedLoss",
    "PretrainingRun",
    "Sizes",
    "TrainedRun",
    "Trunk",
    "accuracy",
    "attend_and_keep",
    "bert_blank",
    "cached_step",
    "chosen_word_losses",
    "count_weights",
    "divergence",
    "exact_answers",
    "excess_loss",
    "from_transformers",
    "gpt_blank",
    "gpt_next",
    "masked_loss",
    "masked_losses",
    "new_model",
    "next_accuracy",
    "next_token_losses",
    "pair_losses",
    "read_hidden",
    "read_prompt",
    "sentence_log_probs",
    "share_of_sentences",
    "start_cache",
    "start_uncached",
    "train_bert",
    "train_bert_on_pairs",
    "train_classifier",
    "train_gpt",
    "train_runs",
    "uncached_step",
]
