"""The Transformer in torch: encoder and decoder over torch's own layers, decoding with a cache, and training."""

from helpers.models.torch_modules import as_tensors, count_weights, new_model
from helpers.models.torch_runs import TrainedRun, train_runs
from helpers.models.transformer.evaluation import right_translations
from helpers.models.transformer.torch_model import Transformer
from helpers.models.transformer.trace import self_attention_under, trace_translation
from helpers.models.transformer.training import (
    LOSSES,
    TransformerRun,
    leaky_loss,
    unscaled_loss,
    unscaled_weights,
    unshifted_loss,
)

__all__ = [
    "LOSSES",
    "TrainedRun",
    "Transformer",
    "TransformerRun",
    "as_tensors",
    "count_weights",
    "leaky_loss",
    "new_model",
    "right_translations",
    "self_attention_under",
    "trace_translation",
    "train_runs",
    "unscaled_loss",
    "unscaled_weights",
    "unshifted_loss",
]
