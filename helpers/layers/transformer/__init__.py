"""The layers of a Transformer: norms, residual connections, feed-forward, positions, encoder, decoder, cached steps."""

from helpers.layers.transformer.cached_steps import decoder_layer_step, first_decoder_layer_state
from helpers.layers.transformer.costs import (
    cached_step_cost,
    decoder_layer_size,
    encoder_layer_cost,
    encoder_layer_size,
    gru_cost,
)
from helpers.layers.transformer.decoder_layer import decoder_layer, decoder_layer_backward, init_decoder_layer
from helpers.layers.transformer.encoder_layer import encoder_layer, encoder_layer_backward, init_encoder_layer
from helpers.layers.transformer.norms import init_norm, layer_norm, rms_norm
from helpers.layers.transformer.positions import rotary, sinusoids
from helpers.layers.transformer.residual import residual, residual_backward
from helpers.layers.transformer.stacks import decoder, encoder, encoder_backward, init_decoder, init_encoder

__all__ = [
    "cached_step_cost",
    "decoder",
    "decoder_layer",
    "decoder_layer_backward",
    "decoder_layer_size",
    "decoder_layer_step",
    "encoder",
    "encoder_backward",
    "encoder_layer",
    "encoder_layer_backward",
    "encoder_layer_cost",
    "encoder_layer_size",
    "first_decoder_layer_state",
    "gru_cost",
    "init_decoder",
    "init_decoder_layer",
    "init_encoder",
    "init_encoder_layer",
    "init_norm",
    "layer_norm",
    "residual",
    "residual_backward",
    "rms_norm",
    "rotary",
    "sinusoids",
]
