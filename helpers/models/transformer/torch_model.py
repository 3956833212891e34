"""The Transformer over torch's own layers, trained at size; to decode, it keeps keys and values of earlier steps."""

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.functional import linear, scaled_dot_product_attention

from helpers.core.checks import check_integer
from helpers.layers.transformer.key_value_cache import DecoderLayerState, KeyValues
from helpers.layers.transformer.positions import sinusoids
from helpers.models.cached_attention import attend_and_keep
from helpers.models.torch_modules import embed_ids


class TransformerDecoderState(NamedTuple):
    """What the decoder knows of each source and of what it has written: a row for each, in every part."""

    mask: torch.Tensor  # (B, S) True = may attend
    layers: tuple  # of DecoderLayerState, of Tensors: keys and values of its own steps, and of the source


def _first_layer_state(layer, memory):
    """Make the keys and values of the encoder's output (B, S, D) once; of its own steps the layer has none yet."""
    _, k, v = _project(layer.multihead_attn, memory)
    return DecoderLayerState(own=KeyValues(k[:, :, :0], v[:, :, :0]), memory=KeyValues(k, v))


def _read_more(layer, x, state, mask):
    """Let a layer read T more steps x (B, T, D) after those in its state.

    Parameters
    ----------
    layer : torch.nn.TransformerDecoderLayer
        Batch first, without dropout.
    x : Tensor (B, T, D)
    state : DecoderLayerState
    mask : Tensor of bool (B, S)
        True = may attend to this step of the source.

    Returns
    -------
    y : Tensor (B, T, D)
        What the layer itself would give for these steps, had it read all steps with a causal mask.
    state : DecoderLayerState
        With T steps more.
    """
    own, memory = state

    def attend(x):
        nonlocal own
        read, own = attend_and_keep(*_project(layer.self_attn, x), own, causal=True)
        return _join_heads(layer.self_attn, read)

    def ask(x):
        q, _, _ = _project(layer.multihead_attn, x)
        return _join_heads(layer.multihead_attn, scaled_dot_product_attention(q, *memory, mask[:, None, None]))

    def feed(x):
        return layer.linear2(layer.activation(layer.linear1(x)))

    for part, norm in ((attend, layer.norm1), (ask, layer.norm2), (feed, layer.norm3)):
        x = x + part(norm(x)) if layer.norm_first else norm(x + part(x))
    return x, DecoderLayerState(own, memory)


def _project(attention, x):
    """Queries, keys and values of x (B, T, D), split by head: each (B, K, T, d)."""
    all_three = linear(x, attention.in_proj_weight, attention.in_proj_bias)
    return all_three.unflatten(-1, (3, attention.num_heads, -1)).permute(2, 0, 3, 1, 4)


def _join_heads(attention, read):
    """Join what the heads have read (B, K, T, d), and map it: (B, T, D)."""
    return attention.out_proj(read.transpose(1, 2).flatten(2))


class Transformer(nn.Module):
    """An encoder and a decoder, each of layers of attention and feed-forward, with sinusoids for the positions.

    It is called as `helpers.models.seq2seq.torch_model.Seq2Seq` is, so it trains with the same function, and decodes
    and is judged by the same ones.

    Parameters
    ----------
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    D, H : int
        Features of a step, an even number; hidden units of the feed-forward networks.
    layers, heads : int
        Layers of the encoder and of the decoder, each; heads of each attention, a number that divides D.
    norm_first : bool
        A norm before each part, and one after the last layer; or, as in the paper, a norm after each sum.
    T_max : int
        The longest source, and the longest target, that have positions.

    Raises
    ------
    ValueError
        When a size is below 1, D is odd, or the heads do not divide it.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", https://arxiv.org/abs/1706.03762. Theirs multiplies embeddings
    by √D before it adds the positions; ours are drawn from N(0, 1), and are not multiplied. Theirs has dropout and
    shares embeddings; ours does not.
    """

    def __init__(self, V_s, V_t, D, H, layers=2, heads=4, norm_first=True, T_max=256):
        """Draw first weights as `torch.nn.Transformer` does: for all matrices of its layers Glorot and Bengio's."""
        super().__init__()
        for name, size in {"V_s": V_s, "V_t": V_t, "D": D, "H": H, "layers": layers, "heads": heads}.items():
            check_integer(name, size)
        if D % heads:
            raise ValueError(f"heads is {heads}, expected a number that divides D = {D}")
        options = {"dropout": 0.0, "batch_first": True, "norm_first": norm_first}
        norms = [nn.LayerNorm(D) if norm_first else None for _ in range(2)]
        encoder_layer = nn.TransformerEncoderLayer(D, heads, H, **options)
        self.encoder = nn.TransformerEncoder(encoder_layer, layers, norms[0], enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(D, heads, H, **options), layers, norms[1])
        for weight in self.parameters():  # torch makes the layers as copies of one, so they would begin alike
            if weight.dim() > 1:
                nn.init.xavier_uniform_(weight)
        self.source_embedding, self.target_embedding = nn.Embedding(V_s, D), nn.Embedding(V_t, D)
        self.output = nn.Linear(D, V_t)
        # (T_max, D) in float64 whatever the weights are in; no weights themselves, so there is nothing to save.
        self.register_buffer("positions", torch.from_numpy(sinusoids(T_max, D)), persistent=False)

    def forward(self, source, source_mask, inputs, causal=True):
        """Read a source, then a whole target at once.

        Parameters
        ----------
        source : Tensor of int (S, B)
            Time first, as batches come.
        source_mask : Tensor of bool (S, B)
            True where a token is, at least once for each source.
        inputs : Tensor of int (T, B)
            `<start>` and the target. Padding last: no step sees what follows it, so it needs no mask.
        causal : bool
            Let no step of the target see a later one. Without it the model sees what it has to say.

        Returns
        -------
        Tensor (T, B, V_t)
            The logits of the token after each.

        Raises
        ------
        ValueError
            When there are more tokens than positions.
        """
        hidden = ~source_mask.T  # torch's masks of bools mean the opposite of ours: True = may not attend
        memory = self._read(source, hidden)
        x, T = self._embed(inputs, self.target_embedding), len(inputs)
        forbidden = torch.ones(T, T, dtype=torch.bool, device=x.device).triu(1) if causal else None
        y = self.decoder(x, memory, forbidden, memory_key_padding_mask=hidden)
        return self.output(y).transpose(0, 1)

    def encode(self, source, mask):
        """Read the source (S, B) and give the `TransformerDecoderState` with which the decoder begins."""
        memory = self._read(source, ~mask.T)
        return TransformerDecoderState(mask.T, tuple(_first_layer_state(each, memory) for each in self.decoder.layers))

    def decode(self, inputs, state):
        """Read more tokens (T, B) of the target: -> logits (T, B, V_t) of those after each, state.

        The same as `forward`, but of the tokens before only the keys and values in the state are read.
        """
        x = self._embed(inputs, self.target_embedding, state.layers[0].own.k.shape[2])
        layers = []
        for layer, layer_state in zip(self.decoder.layers, state.layers, strict=True):
            x, layer_state = _read_more(layer, x, layer_state, state.mask)
            layers.append(layer_state)
        y = x if self.decoder.norm is None else self.decoder.norm(x)
        return self.output(y).transpose(0, 1), state._replace(layers=tuple(layers))

    def _read(self, source, hidden):
        """The encoder's output (B, S, D)."""
        return self.encoder(self._embed(source, self.source_embedding), src_key_padding_mask=hidden)

    def _embed(self, tokens, table, start=0):
        """Tokens (T, B), of which the first stands at `start` -> (B, T, D), batch first as attention has it."""
        end = start + len(tokens)
        if end > len(self.positions):
            raise ValueError(f"there are {end} tokens, expected at most {len(self.positions)}, the positions")
        return embed_ids("tokens", tokens.T, table) + self.positions[start:end].to(table.weight.dtype)
