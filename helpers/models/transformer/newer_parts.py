"""A Transformer in torch whose parts are those of 2017, or RMSNorm, SwiGLU, rotary positions and grouped queries."""

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import relu, scaled_dot_product_attention, silu

from helpers.core.checks import check_integer
from helpers.layers.transformer.positions import angular_frequencies, sinusoids
from helpers.models.torch_modules import embed_ids

_T_MAX = 256  # positions


class Parts(NamedTuple):
    """Of what the layers are made; as given here, of the parts of 2017, with the norm first."""

    H: int = 128  # hidden units of the feed-forward networks
    heads: int = 4  # of queries
    key_heads: int = 4  # of keys and values; heads / key_heads heads of queries read each
    rms_norm: bool = False  # or LayerNorm
    swiglu: bool = False  # or ReLU, with biases
    rotary: bool = False  # or sinusoids that are added to the embeddings


class GroupedAttention(nn.Module):
    """softmax(q kᵀ / √d) v, where several heads of queries read one head of keys and values."""

    def __init__(self, D, parts):
        """Map to `heads` queries and to `key_heads` keys and values, all of D / heads numbers."""
        super().__init__()
        d = D // parts.heads
        self.d, self.rotary = d, parts.rotary
        self.W_q, self.W_o = nn.Linear(D, D), nn.Linear(D, D)
        self.W_k, self.W_v = nn.Linear(D, parts.key_heads * d), nn.Linear(D, parts.key_heads * d)

    def forward(self, x, memory, may_attend):
        """Let x (B, T, D) ask the memory (B, S, D); True = may attend: -> (B, T, D)."""
        q, k, v = (self._split(W(rows)) for W, rows in ((self.W_q, x), (self.W_k, memory), (self.W_v, memory)))
        if self.rotary:
            q, k = turned(q), turned(k)
        read = scaled_dot_product_attention(q, k, v, may_attend, enable_gqa=True)
        return self.W_o(read.transpose(1, 2).flatten(2))

    def _split(self, rows):
        return rows.unflatten(-1, (-1, self.d)).transpose(1, 2)  # (B, heads, T, d)


def turned(x):
    """Turn pair i of step t of x (B, K, T, d) by the angle t ω_i, as `helpers.layers.transformer.rotary` does."""
    frequencies = torch.as_tensor(angular_frequencies(x.shape[-1]))
    angles = torch.outer(torch.arange(x.shape[-2], dtype=torch.float64), frequencies)
    cos, sin = (angle.to(x) for angle in (angles.cos(), angles.sin()))
    first, second = x[..., 0::2], x[..., 1::2]
    return torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1).flatten(-2)


class FeedForward(nn.Module):
    """relu(x W_1 + b_1) W_2 + b_2, or (silu(x W_1) ⊙ x W_up) W_2."""

    def __init__(self, D, parts):
        """Two maps, or three without biases."""
        super().__init__()
        bias = not parts.swiglu
        self.W_1, self.W_2 = nn.Linear(D, parts.H, bias), nn.Linear(parts.H, D, bias)
        self.W_up = nn.Linear(D, parts.H, bias) if parts.swiglu else None

    def forward(self, x):
        """Map each step of x (B, T, D) by itself."""
        hidden = self.W_1(x)
        return self.W_2(relu(hidden) if self.W_up is None else silu(hidden) * self.W_up(x))


class PreNormLayer(nn.Module):
    """x ← x + sublayer(norm(x)) for self-attention, in a decoder for cross-attention, and for the feed-forward."""

    def __init__(self, D, parts, crosses):
        """Make the sublayers, each with its norm."""
        super().__init__()
        norm = (lambda: nn.RMSNorm(D, eps=1e-5)) if parts.rms_norm else (lambda: nn.LayerNorm(D))
        self.own, self.own_norm = GroupedAttention(D, parts), norm()
        self.cross, self.cross_norm = (GroupedAttention(D, parts), norm()) if crosses else (None, None)
        self.feed, self.feed_norm = FeedForward(D, parts), norm()

    def forward(self, x, may_attend, memory=None, may_ask=None):
        """Let x (B, T, D) look at itself and, in a decoder, at the memory (B, S, D)."""
        normed = self.own_norm(x)
        x = x + self.own(normed, normed, may_attend)
        if self.cross is not None:
            x = x + self.cross(self.cross_norm(x), memory, may_ask)
        return x + self.feed(self.feed_norm(x))


class TransformerOfParts(nn.Module):
    """An encoder and a decoder of the parts given, called as `helpers.models.transformer.Transformer` is.

    Parameters
    ----------
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    D : int
        Features of a step; D / heads is even.
    parts : Parts
    layers : int
        Of the encoder and of the decoder, each.

    Raises
    ------
    ValueError
        When the heads do not divide D into even parts, or the heads of keys do not divide those of queries.
    """

    def __init__(self, V_s, V_t, D, parts, layers=2):
        """Draw all matrices as Glorot and Bengio do, and the embeddings from N(0, 1)."""
        super().__init__()
        heads, key_heads = parts.heads, parts.key_heads
        sizes = {"V_s": V_s, "V_t": V_t, "D": D, "layers": layers, "H": parts.H, "heads": heads, "key_heads": key_heads}
        for name, size in sizes.items():
            check_integer(name, size)
        if D % (2 * heads):
            raise ValueError(f"heads is {heads}, expected a number that divides D = {D} into even parts")
        if heads % key_heads:
            raise ValueError(f"key_heads is {key_heads}, expected a number that divides heads = {heads}")
        self.encoder, self.decoder = (
            nn.ModuleList(PreNormLayer(D, parts, crosses) for _ in range(layers)) for crosses in (False, True)
        )
        norm = nn.RMSNorm if parts.rms_norm else nn.LayerNorm
        self.memory_norm, self.last_norm = norm(D, eps=1e-5), norm(D, eps=1e-5)
        for weight in self.parameters():
            if weight.dim() > 1:
                nn.init.xavier_uniform_(weight)
        self.source_embedding, self.target_embedding = nn.Embedding(V_s, D), nn.Embedding(V_t, D)
        self.output, self.rotary = nn.Linear(D, V_t), parts.rotary
        self.register_buffer("positions", torch.from_numpy(sinusoids(_T_MAX, D)).float(), persistent=False)

    def forward(self, source, source_mask, inputs):
        """Read sources (S, B), True in the mask where a token is, and targets (T, B): -> logits (T, B, V_t)."""
        is_token = source_mask.T[:, None, None]  # (B, 1, 1, S)
        memory = self._embed(source, self.source_embedding)
        for layer in self.encoder:
            memory = layer(memory, is_token)
        memory, x = self.memory_norm(memory), self._embed(inputs, self.target_embedding)
        causal = torch.ones(len(inputs), len(inputs), dtype=torch.bool, device=x.device).tril()
        for layer in self.decoder:
            x = layer(x, causal, memory, is_token)
        return self.output(self.last_norm(x)).transpose(0, 1)

    def _embed(self, tokens, table):
        x = embed_ids("tokens", tokens.T, table)
        return x if self.rotary else x + self.positions[: len(tokens)]
