"""One of torch's decoder layers, a few steps at a time: it keeps the keys and values of the steps before."""

from typing import NamedTuple

import torch
from torch.nn.functional import linear, scaled_dot_product_attention


class LayerCache(NamedTuple):
    """What one decoder layer keeps: its own T steps so far, and the S steps of the source, which stay the same."""

    keys: torch.Tensor  # (B, K, T, d)
    values: torch.Tensor  # (B, K, T, d)
    source_keys: torch.Tensor  # (B, K, S, d)
    source_values: torch.Tensor  # (B, K, S, d)


class Memory(NamedTuple):
    """What the decoder knows of each source and of what it has written: a row for each, in every part."""

    mask: torch.Tensor  # (B, S) True = may attend
    layers: tuple  # of LayerCache


def first_cache(layer, source):
    """Make the keys and values of the source (B, S, D), once and for all; of its own the layer has none yet."""
    _, keys, values = _project(layer.multihead_attn, source)
    nothing = keys[:, :, :0]
    return LayerCache(nothing, nothing, keys, values)


def cached_layer(layer, x, cache, mask):
    """Let a layer read T more steps x (B, T, D) after those in its cache.

    Parameters
    ----------
    layer : torch.nn.TransformerDecoderLayer
        Batch first, without dropout.
    x : Tensor (B, T, D)
    cache : LayerCache
    mask : Tensor of bool (B, S)
        True = may attend to this step of the source.

    Returns
    -------
    y : Tensor (B, T, D)
        What the layer itself would give for these steps, had it read all steps with a causal mask.
    cache : LayerCache
        With T steps more.
    """

    def attend(x):
        nonlocal cache
        q, k, v = _project(layer.self_attn, x)
        cache = cache._replace(keys=torch.cat([cache.keys, k], 2), values=torch.cat([cache.values, v], 2))
        T, S = q.shape[2], cache.keys.shape[2]
        causal = torch.ones(T, S, dtype=torch.bool, device=x.device).tril(S - T)  # the queries are the last T steps
        return _attention(layer.self_attn, q, cache.keys, cache.values, causal)

    def ask(x):
        q, _, _ = _project(layer.multihead_attn, x)
        return _attention(layer.multihead_attn, q, cache.source_keys, cache.source_values, mask[:, None, None])

    def feed(x):
        return layer.linear2(layer.activation(layer.linear1(x)))

    for part, norm in ((attend, layer.norm1), (ask, layer.norm2), (feed, layer.norm3)):
        x = x + part(norm(x)) if layer.norm_first else norm(x + part(x))
    return x, cache


def _project(attention, x):
    """Queries, keys and values of x (B, T, D), split by head: each (B, K, T, d)."""
    all_three = linear(x, attention.in_proj_weight, attention.in_proj_bias)
    return all_three.unflatten(-1, (3, attention.num_heads, -1)).permute(2, 0, 3, 1, 4)


def _attention(attention, q, k, v, may_attend):
    read = scaled_dot_product_attention(q, k, v, may_attend)
    return attention.out_proj(read.transpose(1, 2).flatten(2))
