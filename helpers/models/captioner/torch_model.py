"""A convolutional encoder and a decoder that says the picture: with attention over places, or with one vector."""

import torch
from torch import nn

from helpers.core.checks import check_choice, check_integer
from helpers.data.pictures.scenes import PICTURE_SIDE
from helpers.models.seq2seq.torch_model import RecurrentDecoderState
from helpers.models.torch_modules import check_tensor, embed_ids

CAPTIONERS = ("attention", "pooled", "every step", "first state")
MAP_SIDE = 8  # the encoder's map has 8 × 8 places
_CHANNELS = 64


class Captioner(nn.Module):
    """Three convolutions and a GRU.

    Parameters
    ----------
    V : int
        Size of the vocabulary.
    kind : "attention", "pooled", "every step" or "first state"
        How the decoder knows the picture. Attention: c_t answers the query s_{t-1} W_q over the map's 64 places, by the
        scaled dot product; s_t = GRU([e(y_{t-1}), c_t], s_{t-1}), and the logits are [s_t, c_t] W + b. Pooled: the same
        with one c at every step, c = max_i ReLU(m_i W + b) over the places i. The other two have one vector c too, made
        of all places side by side by a linear layer: it is read at every step in place of c_t, and the logits are
        s_t W + b; or it is the state s_0 with which the decoder begins.
    E, H, d : int
        Dimensions of an embedding; units of the decoder; dimensions of a query and of a key.

    Raises
    ------
    ValueError
        When the kind is unknown, or a size is below 1.

    References
    ----------
    Xu et al. 2015, "Show, Attend and Tell", https://arxiv.org/abs/1502.03044 (attention over places); Vinyals, Toshev,
    Bengio, Erhan 2015, "Show and Tell", https://arxiv.org/abs/1411.4555 (one vector, read once).
    """

    def __init__(self, V, kind="attention", E=32, H=128, d=64):
        """Draw first weights as torch does."""
        super().__init__()
        check_choice("kind", kind, CAPTIONERS)
        V, E, H, d = (check_integer(*size) for size in (("V", V), ("E", E), ("H", H), ("d", d)))
        self.kind, self.attention, C = kind, "scaled" if kind == "attention" else None, _CHANNELS + 2 * MAP_SIDE
        blocks = _block(3, 32, 5, 2), _block(32, _CHANNELS, 3, 2), _block(_CHANNELS, _CHANNELS, 3, 1)
        self.blocks = nn.ModuleList(blocks).to(memory_format=torch.channels_last)
        self.embedding = nn.Embedding(V, E)
        if kind == "attention":
            self.W_q, self.W_k = nn.Linear(H, d, bias=False), nn.Linear(C, d, bias=False)
            self.start = nn.Linear(C, H)
        elif kind == "pooled":
            self.pool, self.start = nn.Linear(C, H), nn.Linear(C, H)
        else:
            self.squeeze = nn.Linear(_CHANNELS * MAP_SIDE**2, H)
            self.norm = nn.LayerNorm(H)
        read = {"attention": C, "pooled": H, "every step": H, "first state": 0}[kind]
        self.decoder = nn.GRU(E + read, H)
        self.output = nn.Linear(H + (read if kind in ("attention", "pooled") else 0), V)
        self.register_buffer("rows_and_columns", _rows_and_columns(), persistent=False)

    def forward(self, pictures, inputs):
        """Encode (B, 32, 32, 3), then decode with teacher forcing: inputs (T, B) -> logits (T, B, V)."""
        return self.decode(inputs, self.encode(pictures))[0]

    def feature_maps(self, pictures):
        """What each block makes of the pictures (B, 32, 32, 3): (B, 32, 16, 16), (B, 64, 8, 8), (B, 64, 8, 8)."""
        check_tensor("pictures", pictures, "B rows columns C", "float", rows=PICTURE_SIDE, columns=PICTURE_SIDE, C=3)
        x, maps = pictures.permute(0, 3, 1, 2), []
        for block in self.blocks:
            x = block(x)
            maps.append(x)
        return maps

    def encode(self, pictures):
        """See pictures (B, 32, 32, 3), and give the `RecurrentDecoderState` with which the decoder begins."""
        places = self.feature_maps(pictures)[-1].permute(0, 2, 3, 1).flatten(1, 2)  # (B, 64, channels)
        if self.kind in ("attention", "pooled"):
            # Convolution sees the same everywhere: two one-hot vectors tell each place in which row and column it is.
            values = torch.cat([places, self.rows_and_columns.expand(len(places), -1, -1)], dim=-1)
            s = torch.tanh(self.start(values.mean(dim=1)))
            if self.kind == "pooled":
                return RecurrentDecoderState(s, context=torch.relu(self.pool(values)).amax(dim=1))
            return RecurrentDecoderState(s, keys=self.W_k(values), values=values)
        c = torch.tanh(self.norm(self.squeeze(places.flatten(1))))
        if self.kind == "first state":
            return RecurrentDecoderState(c)
        return RecurrentDecoderState(torch.zeros_like(c), context=c)

    def decode(self, inputs, state):
        """Read more tokens (T, B) of the caption: -> logits (T, B, V) of those after each, state."""
        x = embed_ids("inputs", inputs, self.embedding)
        if self.kind == "attention":
            return self._look_and_say(x, state)
        if self.kind == "first state":
            s, last = self.decoder(x, state.s[None])
            return self.output(s), state._replace(s=last[0])
        c = state.context.expand(len(x), -1, -1)
        s, last = self.decoder(torch.cat([x, c], dim=-1), state.s[None])
        read = torch.cat([s, c], dim=-1) if self.kind == "pooled" else s
        return self.output(read), state._replace(s=last[0])

    def _look_and_say(self, x, state):
        s, keys, read, weights = state.s, state.keys.transpose(1, 2), [], []
        for x_t in x:
            scores = self.W_q(s)[:, None] @ keys / keys.shape[1] ** 0.5  # (B, 1, 64)
            alpha = torch.softmax(scores, dim=-1)
            c = (alpha @ state.values)[:, 0]
            s = torch.gru_cell(torch.cat([x_t, c], dim=-1), s, *self.decoder.all_weights[0])
            read.append(torch.cat([s, c], dim=-1))
            weights.append(alpha)
        return self.output(torch.stack(read)), state._replace(s=s, weights=torch.cat(weights, dim=1))


def _block(C, D, size, stride):
    """Batch normalisation has a bias of its own, so the convolution needs none."""
    return nn.Sequential(nn.Conv2d(C, D, size, stride, size // 2, bias=False), nn.BatchNorm2d(D), nn.ReLU())


def _rows_and_columns():
    """Row and column of each place, one-hot: (1, 64, 16)."""
    one_hot = torch.eye(MAP_SIDE)
    rows, columns = one_hot.repeat_interleave(MAP_SIDE, dim=0), one_hot.repeat(MAP_SIDE, 1)
    return torch.cat([rows, columns], dim=-1)[None]
