"""Recurrent language models: by hand and in torch, over one long text or over sequences that stand alone."""

from helpers.models.language_model.by_hand import (
    LanguageModelParams,
    count_language_model,
    first_language_state,
    init_language_model,
    language_model,
    language_model_backward,
    language_model_loss,
    next_token_step,
    train_over_windows,
)
from helpers.models.language_model.exercises import nucleus_exercise, strips_exercise
from helpers.models.language_model.torch_model import (
    RecurrentLanguageModel,
    detached,
    first_token_state,
    sentence_batches,
    sentence_nats,
    sequence_losses,
    token_surprisals,
    torch_token_step,
    train_language_model,
    window_losses,
)
from helpers.models.language_model.torch_weights import language_model_from_torch, language_model_to_torch
from helpers.models.torch_modules import new_model

__all__ = [
    "LanguageModelParams",
    "RecurrentLanguageModel",
    "count_language_model",
    "detached",
    "first_language_state",
    "first_token_state",
    "init_language_model",
    "language_model",
    "language_model_backward",
    "language_model_from_torch",
    "language_model_loss",
    "language_model_to_torch",
    "new_model",
    "next_token_step",
    "nucleus_exercise",
    "sentence_batches",
    "sentence_nats",
    "sequence_losses",
    "strips_exercise",
    "token_surprisals",
    "torch_token_step",
    "train_language_model",
    "train_over_windows",
    "window_losses",
]
