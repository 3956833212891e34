"""Attention: additive, multiplicative and scaled dot product, with several heads, and masks."""

from helpers.layers.attention.additive import (
    AdditiveParams,
    additive_attention,
    additive_attention_backward,
    additive_keys,
    additive_keys_backward,
    additive_scores,
    additive_scores_backward,
    init_additive,
)
from helpers.layers.attention.kernel_regression import kernel_regression, kernel_regression_backward
from helpers.layers.attention.masks import causal_mask, causal_padding_mask, padding_mask
from helpers.layers.attention.multi_head import (
    MultiHeadParams,
    init_multi_head,
    multi_head,
    multi_head_backward,
    self_attention,
    self_attention_backward,
)
from helpers.layers.attention.multiplicative import (
    MultiplicativeParams,
    init_multiplicative,
    multiplicative_attention,
    multiplicative_attention_backward,
)
from helpers.layers.attention.scaled_dot_product import attention, attention_backward
from helpers.layers.attention.soft_look_up import look_up, look_up_backward

__all__ = [
    "AdditiveParams",
    "MultiHeadParams",
    "MultiplicativeParams",
    "additive_attention",
    "additive_attention_backward",
    "additive_keys",
    "additive_keys_backward",
    "additive_scores",
    "additive_scores_backward",
    "attention",
    "attention_backward",
    "causal_mask",
    "causal_padding_mask",
    "init_additive",
    "init_multi_head",
    "init_multiplicative",
    "kernel_regression",
    "kernel_regression_backward",
    "look_up",
    "look_up_backward",
    "multi_head",
    "multi_head_backward",
    "multiplicative_attention",
    "multiplicative_attention_backward",
    "padding_mask",
    "self_attention",
    "self_attention_backward",
]
