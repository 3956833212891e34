"""Classifying sentences with a pretrained trunk: one vector is read out for the whole, and a new linear layer on it."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from helpers.core.checks import as_array, check_choice, check_indices, check_integer, check_shape
from helpers.data.batches import pad, shuffled_batches
from helpers.data.vocab import check_corpus
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.torch_modules import as_rows, check_tensor, device_of
from helpers.models.torch_training import train_torch

READ_OUTS = ("mean", "first", "last")


def read_out(h, mask, read):
    """One vector for a whole sentence: the mean of its words' vectors, or that of its first or of its last token.

    Parameters
    ----------
    h : Tensor (B, T, D)
        What the trunk has made of `<start>`, the words and `<end>`.
    mask : Tensor of bool (B, T)
        True where a token is; padding comes last.
    read : "mean", "first" or "last"
        "mean" leaves out `<start>` and `<end>`.

    Returns
    -------
    Tensor (B, D)
    """
    check_choice("read", read, READ_OUTS)
    B, T, _ = check_tensor("h", h, "B T D", "float")
    check_tensor("mask", mask, "B T", "bool", B=B, T=T)
    if not T or not mask.any(dim=1).all():
        raise ValueError(f"mask has shape {tuple(mask.shape)}, expected at least one token in each sentence")
    if read == "first":
        return h[:, 0]
    ends = mask.sum(dim=1) - 1  # where `<end>` stands
    if read == "last":
        return h[torch.arange(len(h), device=h.device), ends]
    place = torch.arange(h.shape[1], device=h.device)
    words = ((place > 0) & (place < ends[:, None]))[..., None]
    return (h * words).sum(dim=1) / words.sum(dim=1).clamp(min=1)


def zero_head(trunk, K):
    """A linear layer from the trunk's D numbers to K, on its device; W and b are 0, so all K are equally probable.

    Parameters
    ----------
    trunk : Trunk
    K : int

    Returns
    -------
    torch.nn.Linear
    """
    check_integer("K", K)
    like = trunk.tokens.weight
    head = nn.Linear(trunk.sizes.D, K).to(like.device, like.dtype)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return head


class Classifier(nn.Module):
    """logits = r W + b, with r what `read_out` gives for the sentence.

    Parameters
    ----------
    model : GPT or BERT
        Its trunk is copied, so that one model can be tuned several times.
    K : int
        Classes.
    frozen : bool
        Keep the trunk as it is, and train W and b only.
    read : "mean", "first" or "last", optional
        What is read. By default the token that has seen the whole sentence: the first where the trunk looks both ways
        (BERT puts its [CLS] there for this use), the last where it is causal.
    """

    def __init__(self, model, K, frozen=False, read=None):
        """Copy the trunk, on its device; W and b begin at 0, where all classes are equally probable."""
        super().__init__()
        self.trunk = copy.deepcopy(model.trunk).requires_grad_(not frozen)
        self.read = ("first" if self.trunk.look == "both ways" else "last") if read is None else read
        check_choice("read", self.read, READ_OUTS)
        self.output = zero_head(self.trunk, K)

    def forward(self, tokens, mask):
        """Read `<start>`, words, `<end>`, (B, T): -> logits (B, K)."""
        h, _ = self.trunk(tokens, mask)
        return self.output(read_out(h, mask, self.read))


def train_classifier(classifier, corpus, targets, rng, epochs=20, batch=16, rate=1e-3):
    """Train with AdamW on all sentences, in new order in every epoch.

    Parameters
    ----------
    classifier : Classifier
        Its weights are changed in place.
    corpus : Corpus
    targets : ndarray of int (sentences,)
    rng : numpy.random.Generator
    epochs, batch : int
    rate : float
        The highest. A pretrained trunk is tuned at a lower rate than it was trained with; a new layer on a frozen one
        can do with a higher.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        When there is not one class for each sentence.
    """
    check_corpus(corpus)
    sentences = len(corpus.starts) - 1
    check_shape("targets", targets, "sentences", sentences=sentences)
    check_indices("targets", targets, classifier.output.out_features)
    targets = np.asarray(targets).astype(np.int64)
    epochs, batch = check_integer("epochs", epochs), check_integer("batch", batch)
    device = device_of(classifier)

    def losses():
        for numbers in shuffled_batches(sentences, batch, rng, epochs):
            tokens, mask = as_rows(pad(corpus, numbers, start=True, end=True), device)
            loss = cross_entropy(classifier(tokens, mask), torch.as_tensor(targets[numbers], device=device).long())
            yield loss, loss

    return train_torch(losses(), adamw(classifier, rate), epochs * -(-sentences // batch))


@torch.no_grad()
def accuracy(classifier, corpus, targets):
    """The share of sentences whose class is named right, from 0 to 1."""
    check_corpus(corpus)
    sentences = len(corpus.starts) - 1
    check_shape("targets", targets, "sentences", sentences=sentences)
    check_indices("targets", targets, classifier.output.out_features)
    tokens, mask = as_rows(pad(corpus, np.arange(sentences), start=True, end=True), device_of(classifier))
    named = classifier(tokens, mask).argmax(dim=1).cpu().numpy()
    return float((named == targets).mean())


@torch.no_grad()
def next_accuracy(model, two, is_next):
    """The share of pairs of which a BERT says rightly whether the second sentence is the next.

    Parameters
    ----------
    model : BERT
    two : TwoSentences
        From `helpers.data.next_sentence.pad_two`.
    is_next : ndarray of bool (B,)
    """
    check_shape("is_next", is_next, "B", B=two.tokens.shape[1])
    if as_array("is_next", is_next).dtype != bool:
        raise ValueError(f"is_next has dtype {np.asarray(is_next).dtype}, expected bool")
    h, _ = model.trunk(*as_rows(two, device_of(model)))
    return float((model.judge(h).argmax(dim=1).cpu().numpy() == is_next).mean())
