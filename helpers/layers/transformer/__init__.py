"""The layers of a Transformer: norms, residual connections, feed-forward network, positions, encoder and decoder."""

from helpers.layers.transformer.costs import (
    Cost,
    cached_step_cost,
    decoder_layer_size,
    encoder_layer_cost,
    encoder_layer_size,
    gru_cost,
)
from helpers.layers.transformer.decoder_layer import (
    DecoderLayerParams,
    decoder_layer,
    decoder_layer_backward,
    init_decoder_layer,
)
from helpers.layers.transformer.encoder_layer import (
    EncoderLayerParams,
    encoder_layer,
    encoder_layer_backward,
    init_encoder_layer,
)
from helpers.layers.transformer.feed_forward import (
    FeedForwardParams,
    feed_forward,
    feed_forward_backward,
    gelu,
    gelu_slope,
    init_feed_forward,
)
from helpers.layers.transformer.gated_feed_forward import SwiGLUParams, init_swiglu, swiglu, swiglu_backward
from helpers.layers.transformer.grouped_queries import grouped_attention, grouped_attention_backward
from helpers.layers.transformer.key_value_cache import (
    DecoderLayerState,
    KeyValues,
    decoder_layer_step,
    first_decoder_layer_state,
)
from helpers.layers.transformer.norms import (
    NormParams,
    init_norm,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)
from helpers.layers.transformer.positions import angular_frequencies, rotary, rotary_backward, sinusoids
from helpers.layers.transformer.residual import residual, residual_backward
from helpers.layers.transformer.stacks import (
    StackParams,
    decoder,
    decoder_backward,
    encoder,
    encoder_backward,
    init_decoder,
    init_encoder,
)

__all__ = [
    "Cost",
    "DecoderLayerParams",
    "DecoderLayerState",
    "EncoderLayerParams",
    "FeedForwardParams",
    "KeyValues",
    "NormParams",
    "StackParams",
    "SwiGLUParams",
    "angular_frequencies",
    "cached_step_cost",
    "decoder",
    "decoder_backward",
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
    "feed_forward",
    "feed_forward_backward",
    "first_decoder_layer_state",
    "gelu",
    "gelu_slope",
    "grouped_attention",
    "grouped_attention_backward",
    "gru_cost",
    "init_decoder",
    "init_decoder_layer",
    "init_encoder",
    "init_encoder_layer",
    "init_feed_forward",
    "init_norm",
    "init_swiglu",
    "layer_norm",
    "layer_norm_backward",
    "residual",
    "residual_backward",
    "rms_norm",
    "rms_norm_backward",
    "rotary",
    "rotary_backward",
    "sinusoids",
    "swiglu",
    "swiglu_backward",
]
