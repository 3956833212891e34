"""Attention: additive, multiplicative and scaled dot product, with several heads, and masks."""

from helpers.layers.attention.additive import additive_scores, additive_scores_backward
from helpers.layers.attention.kernel_regression import kernel_regression
from helpers.layers.attention.masks import causal_mask, causal_padding_mask, padding_mask
from helpers.layers.attention.multi_head import MultiHeadParams, init_multi_head, multi_head, multi_head_backward
from helpers.layers.attention.multiplicative import MultiplicativeParams, multiplicative_attention
from helpers.layers.attention.scaled_dot_product import attention, attention_backward
from helpers.layers.attention.soft_look_up import look_up, look_up_backward, score_gradient

__all__ = [
    "MultiHeadParams",
    "MultiplicativeParams",
    "additive_scores",
    "additive_scores_backward",
    "attention",
    "attention_backward",
    "causal_mask",
    "causal_padding_mask",
    "init_multi_head",
    "kernel_regression",
    "look_up",
    "look_up_backward",
    "multi_head",
    "multi_head_backward",
    "multiplicative_attention",
    "padding_mask",
    "score_gradient",
]
