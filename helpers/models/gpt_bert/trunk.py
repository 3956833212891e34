"""The trunk that GPT and BERT share: token and position embeddings, layers of attention and feed-forward, a norm."""

from math import sqrt
from typing import NamedTuple

from torch import nn
from torch.nn.functional import gelu

from helpers.core.checks import check_choice, check_integer
from helpers.models.cached_attention import attend_and_keep
from helpers.models.torch_modules import embed_ids

_LOOKS = ("causal", "both ways")


class Sizes(NamedTuple):
    """How large a trunk is."""

    V: int  # tokens
    D: int = 64  # numbers for each token in the trunk
    layers: int = 2
    heads: int = 4
    T_max: int = 32  # positions that have an embedding
    segments: int = 0  # kinds of segment, for a trunk that reads two sentences at once


class Layer(nn.Module):
    """x ← x + attention(norm(x)), then x ← x + feed_forward(norm(x)).

    It computes what `torch.nn.TransformerEncoderLayer(norm_first=True, activation="gelu")` does. That layer hides its
    keys and values; here they are at hand, so that a step of decoding need not compute those of earlier tokens again.
    """

    def __init__(self, D, heads, act=gelu):
        """Four times as wide inside the feed-forward, as in both papers; `act` is the activation function there."""
        super().__init__()
        check_integer("D", D)
        check_integer("heads", heads)
        if D % heads:
            raise ValueError(f"D is {D}, expected a multiple of the {heads} heads")
        self.heads, self.act = heads, act
        self.norm_1, self.norm_2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.W_qkv, self.W_o = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.W_1, self.W_2 = nn.Linear(D, 4 * D), nn.Linear(4 * D, D)

    def forward(self, x, may_attend=None, causal=False, cache=None):
        """Let x (B, T, D) look around: -> y (B, T, D), KeyValues of all S tokens read so far."""
        B, T, D = x.shape
        qkv = self.W_qkv(self.norm_1(x)).view(B, T, 3, self.heads, D // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, K, T, d)
        read, cache = attend_and_keep(q, k, v, cache, may_attend, causal)
        x = x + self.W_o(read.transpose(1, 2).reshape(B, T, D))
        return x + self.W_2(self.act(self.W_1(self.norm_2(x)))), cache


class Trunk(nn.Module):
    """h = norm(layer_L(… layer_1(token embedding + position embedding))).

    Parameters
    ----------
    sizes : Sizes
    look : "causal" or "both ways"
        Who may attend to whom: each token to itself and those before it, or to all real tokens. It is all that
        makes the trunk of GPT another than that of BERT.
    act : function
        The activation function of the feed-forward networks.

    Raises
    ------
    ValueError
        When a size is below 1, the heads do not divide D, or the look is unknown.

    References
    ----------
    Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2): the norm before each part, the
    final norm and the first weights are theirs.
    """

    def __init__(self, sizes, look, act=gelu):
        """Draw first weights: see `draw_weights`; what adds to x begins smaller by √(2 layers)."""
        super().__init__()
        check_choice("look", look, _LOOKS)
        for name, size in sizes._asdict().items():
            check_integer(name, size, least=0 if name == "segments" else 1)
        if sizes.D % sizes.heads:
            raise ValueError(f"D is {sizes.D}, expected a multiple of the {sizes.heads} heads")
        self.sizes, self.look = sizes, look
        self.tokens = nn.Embedding(sizes.V, sizes.D)
        self.positions = nn.Embedding(sizes.T_max, sizes.D)
        self.segments = nn.Embedding(sizes.segments, sizes.D) if sizes.segments else None
        self.layers = nn.ModuleList(Layer(sizes.D, sizes.heads, act) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(sizes.D)
        self.apply(draw_weights)
        for layer in self.layers:
            for map_ in (layer.W_o, layer.W_2):
                nn.init.normal_(map_.weight, std=0.02 / sqrt(2 * sizes.layers))

    def forward(self, tokens, mask=None, segments=None, caches=None):
        """Read tokens (B, T), which stand after those in the caches.

        Parameters
        ----------
        tokens : Tensor of int (B, T)
        mask : Tensor of bool (B, T), optional
            True where a token is. A causal trunk needs none where padding comes last: no token sees what follows it.
        segments : Tensor of int (B, T), optional
            Which of two sentences each token is of, 0 or 1.
        caches : tuple of KeyValues, optional
            One for each layer, of a causal trunk.

        Returns
        -------
        h : Tensor (B, T, D)
        caches : tuple of KeyValues

        Raises
        ------
        ValueError
            When a token has no embedding, there are more tokens than positions, or caches came to a trunk that looks
            both ways.
        """
        caches = caches or (None,) * len(self.layers)
        before = 0 if caches[0] is None else caches[0].k.shape[2]
        T = tokens.shape[1]
        self._check_length(before, T, caches)
        x = embed_ids("tokens", tokens, self.tokens) + self.positions.weight[before : before + T]
        if segments is not None:
            x = x + embed_ids("segments", segments, self.segments)
        causal = self.look == "causal"
        may_attend = None if causal or mask is None else mask[:, None, None]  # (B, 1, 1, T)
        new = []
        for layer, cache in zip(self.layers, caches, strict=True):
            x, cache = layer(x, may_attend, causal, cache)
            new.append(cache)
        return self.norm(x), tuple(new)

    def _check_length(self, before, T, caches):
        if before + T > self.sizes.T_max:
            raise ValueError(f"there are {before + T} tokens, expected at most {self.sizes.T_max}, the positions")
        if caches[0] is not None and self.look != "causal":
            raise ValueError("caches came to a trunk that looks both ways, expected none: earlier tokens change too")


def draw_weights(module):
    """Set the weights of a map to N(0, 0.02²) and its biases to 0; the numbers of an embedding to N(0, 0.1²).

    GPT-2 draws both from N(0, 0.02²). In a trunk as narrow as ours, and with an output that is tied to the embedding,
    the logits would begin so small that training takes twice as long.
    """
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=0.1)
