"""BERT: the trunk that looks both ways, a head that says what is hidden, and one that reads the first token."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy, linear

from helpers.core.checks import check_integer
from helpers.models.gpt_bert.trunk import Trunk, draw_weights
from helpers.models.torch_modules import check_tensor


class BERT(nn.Module):
    """P(word at t | all that is seen) = softmax(h_t W); is the second sentence the next? from h of the first token.

    `<start>` stands where BERT's [CLS] does, `<end>` where its [SEP] does; [MASK] is one more token, with number V.

    Parameters
    ----------
    sizes : Sizes
        V is that of the vocabulary, without the mask. With segments = 2 it can read two sentences.
    tied : bool
        Let W be the transposed table of token embeddings, without the mask, which is never an answer.

    References
    ----------
    Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    https://arxiv.org/abs/1810.04805. Theirs has the norm after each part, as Vaswani et al. have, and one more layer
    before the output.
    """

    def __init__(self, sizes, tied=True):
        """Draw first weights."""
        super().__init__()
        check_integer("V", sizes.V)
        self.V, self.tied = sizes.V, tied
        self.trunk = Trunk(sizes._replace(V=sizes.V + 1), "both ways")
        if not tied:
            self.output = nn.Linear(sizes.D, sizes.V, bias=False)
        self.pool, self.next = nn.Linear(sizes.D, sizes.D), nn.Linear(sizes.D, 2)
        for map_ in self.children():
            if isinstance(map_, nn.Linear):
                draw_weights(map_)

    def forward(self, tokens, mask=None, segments=None):
        """Read tokens (B, T), V for the mask: -> logits (B, T, V) of what stands at each position."""
        h, _ = self.trunk(tokens, mask, segments)
        return self.say(h)

    def say(self, h):
        """H (..., D) -> logits (..., V)."""
        return linear(h, self.trunk.tokens.weight[: self.V] if self.tied else self.output.weight)

    def judge(self, h):
        """H (B, T, D) -> logits (B, 2): does the second sentence not follow, or does it?"""
        return self.next(torch.tanh(self.pool(h[:, 0])))


def masked_losses(model, batch, mask):
    """−ln P(word | all that is seen) of every chosen word; the others cost nothing.

    Parameters
    ----------
    model : BERT
    batch : MaskedBatch of Tensors (B, T)
        From `helpers.data.masking.mask_tokens`.
    mask : Tensor of bool (B, T)
        True where a token is.

    Returns
    -------
    Tensor (N,)
        Nats, of the N chosen words, sequence by sequence. It may be empty.
    """
    B, T = check_tensor("seen", batch.seen, "B T", "int")
    if mask is not None:
        check_tensor("mask", mask, "B T", "bool", B=B, T=T)
    h, _ = model.trunk(batch.seen, mask)
    return chosen_word_losses(model, h, batch)


def pair_losses(model, batch, mask, segments, is_next):
    """The two losses of BERT's own training, of the same reading of two sentences.

    Parameters
    ----------
    model : BERT
        With two segments.
    batch : MaskedBatch of Tensors (B, T)
    mask : Tensor of bool (B, T)
    segments : Tensor of int (B, T)
    is_next : Tensor of bool (B,)

    Returns
    -------
    words : Tensor (N,)
        −ln P(word | all that is seen) of the N chosen words.
    pairs : Tensor (B,)
        −ln P(is the second sentence the next?), ln 2 by chance.
    """
    h, _ = model.trunk(batch.seen, mask, segments)
    return chosen_word_losses(model, h, batch), cross_entropy(model.judge(h), is_next.long(), reduction="none")


def chosen_word_losses(model, h, batch):
    """−ln softmax(h_t W)[word] at every chosen position t, of what the trunk has read, h (B, T, D): Tensor (N,)."""
    B, T, _ = check_tensor("h", h, "B T D", "float")
    check_tensor("chosen", batch.chosen, "B T", "bool", B=B, T=T)
    check_tensor("targets", batch.targets, "B T", "int", B=B, T=T)
    logits, targets = _logits(model, h[batch.chosen]), batch.targets[batch.chosen].long()
    _check_words(targets, V=logits.shape[-1])
    return cross_entropy(logits, targets, reduction="none")


def _logits(model, h):
    try:
        return model.say(h)
    except RuntimeError as error:  # of another dtype or width than the model's weights
        raise ValueError(f"h has shape {tuple(h.shape)} and dtype {h.dtype}, not those of the model: {error}") from None


def _check_words(targets, V):
    if len(targets) and targets.device.type == "cpu" and not 0 <= targets.min() <= targets.max() < V:
        raise ValueError(f"targets spans {targets.min()} to {targets.max()}, expected ids from 0 to {V - 1}")
