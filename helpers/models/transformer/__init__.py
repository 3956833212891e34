"""The Transformer in torch: encoder and decoder over torch's own layers, decoding with a cache, and training."""

from helpers.models.transformer.mistakes import LOSSES, leaky_loss, unshifted_loss
from helpers.models.transformer.runs import TransformerRun
from helpers.models.transformer.torch_model import Transformer

__all__ = [
    "LOSSES",
    "Transformer",
    "TransformerRun",
    "leaky_loss",
    "unshifted_loss",
]
