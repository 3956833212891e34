"""Pretraining GPT and BERT on one corpus at one budget: AdamW, a rate that rises and falls, batches of one length."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.random import default_rng

from helpers.core.checks import check_choice, check_integer, check_positive
from helpers.data.batches import length_buckets, pad
from helpers.data.masking import MaskRule, mask_tokens
from helpers.data.next_sentence import about_what, next_sentence_pairs, pad_two
from helpers.data.vocab import check_corpus
from helpers.models.gpt_bert.bert import BERT, masked_losses, pair_losses
from helpers.models.gpt_bert.gpt import GPT, next_token_losses
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import as_rows, device_of, new_model
from helpers.models.torch_training import train_torch

_GPT_RATE, _BERT_RATE = 1e-2, 7e-3  # the best of a few that were tried, on the small world with one layer
# Batches whose sentences are sorted together: most of the padding is saved, and a batch is still not all of one length.
# Sorting 20 saves a little more padding, but a token teaches less.
_POOL = 8
_PAIRS = {"bert on pairs": True, "bert on pairs, words only": False}
_KINDS = ("gpt", "bert", *_PAIRS)


def train_gpt(model, corpus, rng, steps, batch=32, rate=_GPT_RATE, each=None, progress=None):
    """Train on what comes next, in sentences that each stand alone: `<start>`, words, `<end>`.

    Parameters
    ----------
    model : GPT
        Its weights are changed in place.
    corpus : Corpus
    rng : numpy.random.Generator
        Draws the batches.
    steps, batch : int
        A batch is so many sentences of about one length.
    rate : float
        The highest learning rate.
    each : callable, optional
        each(k) is called before step k, to look at the model as it learns.
    progress : str, optional
        The caption of a progress bar, which is shown only if training takes longer than three seconds.

    Returns
    -------
    History
        Of every step the loss (nats for each token) and the gradient norm.

    Raises
    ------
    ValueError
        When a number is out of range.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    check_corpus(corpus)
    batch = check_integer("batch", batch)
    device, lengths = device_of(model), np.diff(corpus.starts)
    expected = batch * (lengths.mean() + 1)  # tokens in a batch

    def losses():
        for sentences in length_buckets(lengths, batch, rng, _POOL):
            tokens, mask = as_rows(pad(corpus, sentences, start=True, end=True), device)
            yield sum_over_expected(next_token_losses(model, tokens, mask), expected)

    return train_torch(losses(), adamw(model, rate), steps, each=each, progress=progress)


def train_bert(model, corpus, rng, steps, batch=32, rate=_BERT_RATE, rule=None, each=None, progress=None):
    """Train on hidden words, in the same sentences and batches, by the rule of `helpers.data.masking`.

    The parameters are those of `train_gpt`, with a BERT, and `rule`, a MaskRule. The loss is in nats for each chosen
    word.
    """
    rule = MaskRule() if rule is None else rule
    check_corpus(corpus)
    batch = check_integer("batch", batch)
    device, lengths = device_of(model), np.diff(corpus.starts)
    expected = batch * lengths.mean() * rule.rate  # chosen words in a batch

    def losses():
        for sentences in length_buckets(lengths, batch, rng, _POOL):
            tokens, mask = pad(corpus, sentences, start=True, end=True)
            hidden = as_rows(mask_tokens(tokens, model.V, rng, rule), device)
            yield sum_over_expected(masked_losses(model, hidden, as_rows(mask, device)), expected)

    return train_torch(losses(), adamw(model, rate), steps, each=each, progress=progress)


def train_bert_on_pairs(
    model, vocab, corpus, rng, steps, batch=16, rate=_BERT_RATE, rule=None, judge=True, each=None, progress=None
):
    """Train on hidden words and on whether the second sentence is the next, as BERT was: the sum of both losses.

    A batch of 16 pairs has about as many tokens as one of 32 sentences. `vocab` is that of the corpus. With `judge`
    False the same pairs are read, and only hidden words are asked for.
    """
    rule = MaskRule() if rule is None else rule
    device, pairs = device_of(model), next_sentence_pairs(about_what(vocab, corpus), rng)
    lengths = np.diff(corpus.starts)[np.stack([pairs.first, pairs.second])].sum(axis=0)
    expected = batch * lengths.mean() * rule.rate

    def losses():
        for number in length_buckets(lengths, batch, rng, _POOL):
            two = pad_two(corpus, pairs.first[number], pairs.second[number])
            hidden = as_rows(mask_tokens(two.tokens, model.V, rng, rule), device)
            is_next = torch.as_tensor(pairs.is_next[number], device=device)
            _, mask, segments = as_rows(two, device)
            words, judged = pair_losses(model, hidden, mask, segments, is_next)
            loss, shown = sum_over_expected(words, expected)
            yield (loss + judged.mean(), shown + judged.mean()) if judge else (loss, shown)

    return train_torch(losses(), adamw(model, rate), steps, each=each, progress=progress)


def adamw(model, rate):
    """AdamW with β = 0.9 and 0.99 and no weight decay; weights that are frozen, and so have no gradient, stay.

    Raises
    ------
    ValueError
        When the rate is not above 0.
    """
    check_positive("rate", rate)
    return torch.optim.AdamW(model.parameters(), lr=float(rate), betas=(0.9, 0.99), weight_decay=0.0, fused=True)


def sum_over_expected(losses, expected):
    """Σ losses / expected, and the mean of the losses (N,), where N may be 0.

    The mean over a batch would let a token count more where fewer are with it, so in short sentences. Divided by the
    same number in every batch, all tokens count the same.
    """
    total = losses.sum()
    return total / expected, total / max(1, len(losses))


class PretrainingRun(NamedTuple):
    """A GPT or a BERT that is to be trained, and how, for `helpers.models.torch_runs.train_runs`."""

    kind: str  # "gpt", "bert", "bert on pairs" or "bert on pairs, words only"
    sizes: Sizes
    steps: int
    seed: int = 0  # of the first weights and of the batches
    batch: int = 32  # sentences, of which two are a pair
    rate: float | None = None  # None: what is best for its kind
    rule: MaskRule | None = None
    looks: tuple = ()  # steps before which the model is kept

    def new(self, vocab, corpus):
        """Make the model that is trained."""
        check_choice("kind", self.kind, _KINDS)
        sizes = self.sizes._replace(segments=2) if self.kind in _PAIRS else self.sizes
        return new_model(GPT if self.kind == "gpt" else BERT, sizes, seed=self.seed)

    def train(self, model, vocab, corpus, each=None):
        """Train it in place: -> History."""
        rng = default_rng(self.seed)
        options = {"steps": self.steps, "each": each} | ({} if self.rate is None else {"rate": self.rate})
        if self.kind == "gpt":
            return train_gpt(model, corpus, rng, batch=self.batch, **options)
        if self.kind == "bert":
            return train_bert(model, corpus, rng, batch=self.batch, rule=self.rule, **options)
        options |= {"rule": self.rule, "judge": _PAIRS[self.kind]}
        return train_bert_on_pairs(model, vocab, corpus, rng, batch=self.batch // 2, **options)
