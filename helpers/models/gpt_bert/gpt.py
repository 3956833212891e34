"""GPT: the trunk that looks back only, and a head that says what comes next; with a cache, a token at a time."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy, gelu

from helpers.core.checks import check_integer
from helpers.layers.transformer.key_value_cache import KeyValues
from helpers.models.gpt_bert.trunk import Trunk, draw_weights
from helpers.models.torch_modules import as_ids, check_tensor, device_of


class GPT(nn.Module):
    """P(token | those before it) = softmax(h W), with h of the causal trunk.

    Parameters
    ----------
    sizes : Sizes
        V is that of the vocabulary.
    tied : bool
        Let W be the transposed table of token embeddings: then tokens with similar embeddings get similar logits.
    act : function
        The activation function of the feed-forward networks.

    References
    ----------
    Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training"; Press and Wolf 2017, "Using the
    Output Embedding to Improve Language Models", https://arxiv.org/abs/1608.05859 (tied weights).
    """

    def __init__(self, sizes, tied=True, act=gelu):
        """Draw first weights."""
        super().__init__()
        self.trunk = Trunk(sizes, "causal", act)
        self.output = nn.Linear(sizes.D, sizes.V, bias=False)
        draw_weights(self.output)
        if tied:
            self.output.weight = self.trunk.tokens.weight

    def forward(self, tokens):
        """Read tokens (B, T): -> logits (B, T, V) of what comes after each."""
        h, _ = self.trunk(tokens)
        return self.output(h)


def next_token_losses(model, tokens, mask):
    """−ln P(token | those before it) of every token but the first, where the mask is True.

    Parameters
    ----------
    model : GPT
    tokens : Tensor of int (B, T)
        `<start>`, the words, `<end>`; padding last.
    mask : Tensor of bool (B, T)
        True where a token is.

    Returns
    -------
    Tensor (N,)
        Nats, of the N tokens that are predicted, sequence by sequence.
    """
    B, T = check_tensor("tokens", tokens, "B T", "int")
    check_tensor("mask", mask, "B T", "bool", B=B, T=T)
    tokens = tokens.long()
    if not T:
        raise ValueError("tokens has sequences of no token, expected at least one in each")
    h, _ = model.trunk(tokens[:, :-1])
    counts = mask[:, 1:]
    return cross_entropy(model.output(h[counts]), tokens[:, 1:][counts], reduction="none")


def start_cache(model, N):
    """Caches of N sequences of which nothing has been read, on the device and in the dtype of the model."""
    check_integer("N", N)
    sizes, like = model.trunk.sizes, model.trunk.tokens.weight
    nothing = like.new_empty(N, sizes.heads, 0, sizes.D // sizes.heads)
    return tuple(KeyValues(nothing, nothing) for _ in range(sizes.layers))


@torch.no_grad()
def read_prompt(model, tokens, caches):
    """Read the same prompt, or one for each sequence, into the caches: tokens (N, T) -> caches.

    `cached_step` goes on from there. The last token of a prompt is best left to it, as it says what comes next.
    """
    tokens = as_ids("tokens", tokens, "N T", device_of(model), N=len(caches[0].k))
    return model.trunk(tokens, caches=caches)[1]


def cached_step(model):
    """step(tokens (N,), caches) -> log P(next token) (N, V), caches: what `helpers.decoding` searches with.

    The keys and values of the tokens before are read from the cache, as in a causal trunk no later token changes them.
    So a step costs one token's maps, and attention to T tokens, where reading all again would cost T times as much.
    """

    @torch.no_grad()
    def step(tokens, caches):
        tokens = as_ids("tokens", tokens, "N", device_of(model), N=len(caches[0].k))
        h, caches = model.trunk(tokens[:, None], caches=caches)
        return model.output(h[:, 0]).log_softmax(dim=-1), caches

    return step


def uncached_step(model):
    """The same step, reading all tokens again each time: its state is the tokens so far, (N, T)."""

    @torch.no_grad()
    def step(tokens, read):
        tokens = as_ids("tokens", tokens, "N", device_of(model), N=len(read))
        read = torch.cat([read, tokens[:, None]], dim=1)
        return model(read)[:, -1].log_softmax(dim=-1), read

    return step


def start_uncached(model, N):
    """The state of N sequences of which nothing has been read, for `uncached_step`."""
    check_integer("N", N)
    return torch.empty(N, 0, dtype=torch.long, device=device_of(model))
