"""GPT and BERT in torch: one trunk, pretraining, fine-tuning, and both beside the exact truth."""

from helpers.models.cached_attention import attend_and_keep
from helpers.models.gpt_bert.attention_weights import attention_weights, weights_and_reading
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
from helpers.models.gpt_bert.exercises import hide_words_exercise, next_token_loss_exercise
from helpers.models.gpt_bert.fine_tuning import Classifier, accuracy, next_accuracy, read_out, train_classifier
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
from helpers.models.gpt_bert.masked_generation import gibbs_samples, pseudo_log_probs
from helpers.models.gpt_bert.pretraining import PretrainingRun, train_bert, train_bert_on_pairs, train_gpt
from helpers.models.gpt_bert.token_heads import TokenHead, best_spans, span_losses, tag_losses, train_head
from helpers.models.gpt_bert.trunk import Layer, Sizes, Trunk
from helpers.models.torch_modules import as_rows, count_weights, new_model
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
    "TokenHead",
    "TrainedRun",
    "Trunk",
    "accuracy",
    "as_rows",
    "attend_and_keep",
    "attention_weights",
    "bert_blank",
    "best_spans",
    "cached_step",
    "chosen_word_losses",
    "count_weights",
    "divergence",
    "exact_answers",
    "excess_loss",
    "from_transformers",
    "gibbs_samples",
    "gpt_blank",
    "gpt_next",
    "hide_words_exercise",
    "masked_loss",
    "masked_losses",
    "new_model",
    "next_accuracy",
    "next_token_loss_exercise",
    "next_token_losses",
    "pair_losses",
    "pseudo_log_probs",
    "read_hidden",
    "read_out",
    "read_prompt",
    "sentence_log_probs",
    "share_of_sentences",
    "span_losses",
    "start_cache",
    "start_uncached",
    "tag_losses",
    "train_bert",
    "train_bert_on_pairs",
    "train_classifier",
    "train_gpt",
    "train_head",
    "train_runs",
    "uncached_step",
    "weights_and_reading",
]
