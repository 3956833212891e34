"""A head on every token of a pretrained trunk: tags of words, and the first and last word of an answer."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.core.checks import check_integer
from helpers.models.gpt_bert.fine_tuning import zero_head
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.torch_modules import check_tensor
from helpers.models.torch_training import train_torch


class TokenHead(nn.Module):
    """logits_t = h_t W + b at every token t: K scores for each.

    With K tags it names each word's tag. With K = 2 it marks a span: at every token a score for "the answer begins
    here" and one for "it ends here".

    Parameters
    ----------
    model : GPT or BERT
        Its trunk is copied.
    K : int
    """

    def __init__(self, model, K):
        """Copy the trunk; W and b begin at 0."""
        super().__init__()
        self.trunk = copy.deepcopy(model.trunk)
        self.output = zero_head(self.trunk, K)

    def forward(self, tokens, mask):
        """Read tokens (B, T): -> logits (B, T, K)."""
        h, _ = self.trunk(tokens, mask)
        return self.output(h)


def tag_losses(logits, tags, words):
    """−ln P(tag) of every word, in nats.

    Parameters
    ----------
    logits : Tensor (B, T, K)
    tags : Tensor of int (B, T)
    words : Tensor of bool (B, T)
        True where a word is that has a tag.

    Returns
    -------
    Tensor (N,)
    """
    B, T, _ = check_tensor("logits", logits, "B T K", "float")
    check_tensor("tags", tags, "B T", "int", B=B, T=T)
    check_tensor("words", words, "B T", "bool", B=B, T=T)
    return cross_entropy(logits[words], tags[words].long(), reduction="none")


def span_losses(logits, first, last, mask):
    """−ln P(it begins at `first`) − ln P(it ends at `last`), each a softmax over the tokens, in nats.

    Parameters
    ----------
    logits : Tensor (B, T, 2)
    first, last : Tensor of int (B,)
        Places of the answer's first and last token.
    mask : Tensor of bool (B, T)
        True where a token is; an answer does not stand in the padding.

    Returns
    -------
    Tensor (B,)

    References
    ----------
    Devlin et al. 2019, "BERT", section 4.2, https://arxiv.org/abs/1810.04805
    """
    begins, ends = _over_tokens(logits, mask)
    for name, place in (("first", first), ("last", last)):
        check_tensor(name, place, "B", "int", B=len(mask))
        if not ((place >= 0) & (place < mask.shape[1])).all() or not mask.gather(1, place.long()[:, None]).all():
            raise ValueError(f"{name} is {place.tolist()}, expected places of tokens that the mask shows")
    return cross_entropy(begins, first.long(), reduction="none") + cross_entropy(ends, last.long(), reduction="none")


def best_spans(logits, mask):
    """The most probable span with first ≤ last: two Tensors (B,), of the places of its first and last token."""
    begins, ends = _over_tokens(logits, mask)
    scores = begins.log_softmax(-1)[:, :, None] + ends.log_softmax(-1)[:, None]  # (B, T, T): begins at i, ends at j
    T = scores.shape[1]
    backwards = torch.ones(T, T, dtype=torch.bool, device=scores.device).tril(-1)
    best = scores.masked_fill(backwards, -torch.inf).flatten(1).argmax(dim=1)
    return best // T, best % T


def train_head(head, losses_of, N, rng, steps, batch=16, rate=3e-3):
    """Tune a head and its trunk with AdamW; losses_of(numbers) gives the losses of those of N examples.

    Returns
    -------
    History
    """
    check_integer("N", N)

    def losses():
        while True:
            for numbers in np.array_split(rng.permutation(N), max(1, N // batch)):
                loss = losses_of(numbers).mean()
                yield loss, loss

    return train_torch(losses(), adamw(head, rate), steps)


def _over_tokens(logits, mask):
    B, T, _ = check_tensor("logits", logits, "B T K", "float", K=2)
    check_tensor("mask", mask, "B T", "bool", B=B, T=T)
    return logits.masked_fill(~mask[..., None], -torch.inf).unbind(dim=-1)
