"""The model in torch, for training at size: the same functions as ours by hand, over torch's own layers."""

from typing import NamedTuple

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.core.checks import check_integer
from helpers.models.seq2seq.params import check_options
from helpers.models.torch_modules import embed_ids


class RecurrentDecoderState(NamedTuple):
    """What the decoder knows of each source and of what it has written: a row for each, in every part."""

    s: torch.Tensor  # (B, H) its state
    context: torch.Tensor | None = None  # (B, C) what it reads at every step
    keys: torch.Tensor | None = None  # (B, S, H) the encoder's states, projected once
    values: torch.Tensor | None = None  # (B, S, C) the encoder's states
    mask: torch.Tensor | None = None  # (B, S) True = may attend
    weights: torch.Tensor | None = None  # (B, T, S) of the T steps just made; no step reads them


class Seq2Seq(nn.Module):
    """An encoder and a decoder of one GRU layer each, with one context, or with attention.

    Parameters
    ----------
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    E, H : int
        Dimensions of an embedding; units of the decoder, and of each direction of the encoder.
    context : "last", "mapped last" or "mapped mean"
    use : "first state" or "every step"
        With attention, "mapped last" and "first state".
    attention : None, "additive" or "multiplicative"
        Additive: c_t answers the query s_{t-1}, s_t = GRU([e(y_{t-1}), c_t], s_{t-1}), and the logits are s_t W + b.
        Multiplicative: s_t = GRU(e(y_{t-1}), s_{t-1}), c_t answers the query s_t, and the logits are
        tanh([s_t, c_t] W_j + b_j) W + b. So all states are made before the first look, and no step waits for one.
    bidirectional : bool
        Let the encoder read the source from both ends.

    Raises
    ------
    ValueError
        When an option is unknown, two do not go together, or a size is below 1.

    References
    ----------
    Bahdanau, Cho, Bengio 2015, https://arxiv.org/abs/1409.0473 (additive, without their maxout before the output);
    Luong, Pham, Manning 2015, https://arxiv.org/abs/1508.04025 (multiplicative, "general").
    """

    def __init__(self, V_s, V_t, E, H, context="mapped last", use="first state", attention=None, bidirectional=False):
        """Draw first weights as torch does."""
        super().__init__()
        check_options(context, use, attention, bidirectional)
        V_s, V_t, E, H = (check_integer(*size) for size in (("V_s", V_s), ("V_t", V_t), ("E", E), ("H", H)))
        self.context_kind, self.use, self.attention = context, use, attention
        C = 2 * H if bidirectional else H  # what the encoder shows of each token
        self.source_embedding = nn.Embedding(V_s, E)
        self.encoder = nn.GRU(E, H, bidirectional=bidirectional)
        self.context = None if context == "last" else nn.Linear(C, H)
        self.target_embedding = nn.Embedding(V_t, E)
        read = E  # numbers that the decoder reads at each step
        if use == "every step":
            read += C if context == "last" else H
        if attention == "additive":
            read += C
            self.W_q, self.v = nn.Linear(H, H, bias=False), nn.Linear(H, 1, bias=False)
        if attention == "multiplicative":
            self.join = nn.Linear(H + C, H)
        if attention:
            self.W_k = nn.Linear(C, H, bias=False)
        self.decoder = nn.GRU(read, H)
        self.output = nn.Linear(H, V_t)

    def forward(self, source, source_mask, inputs):
        """Encode (S, B), then decode with teacher forcing: inputs (T, B) -> logits (T, B, V_t)."""
        return self.decode(inputs, self.encode(source, source_mask))[0]

    def encode(self, source, mask):
        """Read the source (S, B) and give the `RecurrentDecoderState` with which the decoder begins."""
        lengths = mask.sum(dim=0)
        packed = pack_padded_sequence(
            embed_ids("source", source, self.source_embedding), lengths.cpu(), enforce_sorted=False
        )
        h, last = self.encoder(packed)
        h, _ = pad_packed_sequence(h, total_length=len(source))  # (S, B, C), 0 in the padding
        c = torch.cat(list(last), dim=-1)  # (B, C), both directions side by side
        if self.context_kind == "mapped mean":
            c = h.sum(dim=0) / lengths[:, None]
        if self.context is not None:
            c = torch.tanh(self.context(c))
        if self.use == "every step":
            return RecurrentDecoderState(c.new_zeros(len(c), self.decoder.hidden_size), context=c)
        if self.attention is None:
            return RecurrentDecoderState(c)
        values = h.transpose(0, 1).contiguous()
        return RecurrentDecoderState(c, keys=self.W_k(values), values=values, mask=mask.T)

    def decode(self, inputs, state):
        """Read more tokens (T, B) of the target: -> logits (T, B, V_t) of those after each, state."""
        x = embed_ids("inputs", inputs, self.target_embedding)
        if self.attention == "additive":
            return self._decode_additive(x, state)
        if self.use == "every step":
            x = torch.cat([x, state.context.expand(len(x), -1, -1)], dim=-1)
        s, last = self.decoder(x, state.s[None])
        state = state._replace(s=last[0])
        if self.attention == "multiplicative":
            queries = s.transpose(0, 1)
            c, weights = _look_up(queries @ state.keys.transpose(1, 2), state)
            s = torch.tanh(self.join(torch.cat([s, c.transpose(0, 1)], dim=-1)))
            state = state._replace(weights=weights)
        return self.output(s), state

    def _decode_additive(self, x, state):
        """One step after the other, as what is looked up is read by the state that asks the next time."""
        s, states, weights = state.s, [], []
        for x_t in x:
            fit = torch.tanh(self.W_q(s)[:, None] + state.keys) @ self.v.weight[0]  # (B, S)
            c, weights_t = _look_up(fit[:, None], state)
            s = torch.gru_cell(torch.cat([x_t, c[:, 0]], dim=-1), s, *self.decoder.all_weights[0])
            states.append(s)
            weights.append(weights_t)
        return self.output(torch.stack(states)), state._replace(s=s, weights=torch.cat(weights, dim=1))


def _look_up(scores, state):
    """Weigh the values by softmax of the scores (B, T, S): -> (B, T, C), weights (B, T, S)."""
    weights = torch.softmax(scores.masked_fill(~state.mask[:, None], -torch.inf), dim=-1)
    return weights @ state.values, weights
