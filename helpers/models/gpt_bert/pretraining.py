"""Pretraining GPT and BERT on one corpus at one budget: AdamW, a rate that rises and falls, batches of one length."""

import numpy as np
import torch
from tqdm import tqdm

from helpers.core.checks import check_integer, check_positive
from helpers.core.training import History
from helpers.data.batches import length_buckets, pad
from helpers.data.masking import MaskedBatch, MaskRule, mask_tokens
from helpers.data.next_sentence import about_what, next_sentence_pairs, pad_two
from helpers.models.gpt_bert.bert import masked_losses, pair_losses
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.seq2seq.training import rate_share

GPT_RATE, BERT_RATE = 1e-2, 7e-3  # the best of a few that were tried, on the small world with one layer
# Batches whose sentences are sorted together: most of the padding is saved, and a batch is still not all of one length.
# Sorting 20 saves a little more padding, but a token teaches less.
POOL = 8


def as_rows(array, device=None):
    """An array (T, B), time first as the text helpers give it, as a tensor (B, T), batch first as attention reads."""
    array = np.ascontiguousarray(np.asarray(array).T)
    return torch.as_tensor(array if array.dtype == bool else array.astype(np.int64), device=device)


def train_gpt(model, corpus, rng, steps, batch=32, rate=GPT_RATE, each=None, progress=None):
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
    device, lengths = _device(model), np.diff(corpus.starts)
    expected = batch * (lengths.mean() + 1)  # tokens in a batch

    def losses():
        for sentences in length_buckets(lengths, batch, rng, POOL):
            tokens, mask = (as_rows(a, device) for a in pad(corpus, sentences, start=True, end=True))
            yield equally(next_token_losses(model, tokens, mask), expected)

    return train_on(model, losses(), steps, rate, each, progress)


def train_bert(model, corpus, rng, steps, batch=32, rate=BERT_RATE, rule=None, each=None, progress=None):
    """Train on hidden words, in the same sentences and batches, by the rule of `helpers.data.masking`.

    The parameters are those of `train_gpt`, with a BERT, and `rule`, a MaskRule. The loss is in nats for each chosen
    word.
    """
    rule = MaskRule() if rule is None else rule
    device, lengths = _device(model), np.diff(corpus.starts)
    expected = batch * lengths.mean() * rule.rate  # chosen words in a batch

    def losses():
        for sentences in length_buckets(lengths, batch, rng, POOL):
            tokens, mask = pad(corpus, sentences, start=True, end=True)
            hidden = _as_rows_each(mask_tokens(tokens, model.V, rng, rule), device)
            yield equally(masked_losses(model, hidden, as_rows(mask, device)), expected)

    return train_on(model, losses(), steps, rate, each, progress)


def train_bert_on_pairs(
    model, vocab, corpus, rng, steps, batch=16, rate=BERT_RATE, rule=None, each=None, progress=None
):
    """Train on hidden words and on whether the second sentence is the next, as BERT was: the sum of both losses.

    A batch of 16 pairs has about as many tokens as one of 32 sentences. `vocab` is that of the corpus.
    """
    rule = MaskRule() if rule is None else rule
    device, pairs = _device(model), next_sentence_pairs(about_what(vocab, corpus), rng)
    lengths = np.diff(corpus.starts)[np.stack([pairs.first, pairs.second])].sum(axis=0)
    expected = batch * lengths.mean() * rule.rate

    def losses():
        for number in length_buckets(lengths, batch, rng, POOL):
            two = pad_two(corpus, pairs.first[number], pairs.second[number])
            hidden = _as_rows_each(mask_tokens(two.tokens, model.V, rng, rule), device)
            is_next = torch.as_tensor(pairs.is_next[number], device=device)
            mask, segments = as_rows(two.mask, device), as_rows(two.segments, device)
            words, judged = pair_losses(model, hidden, mask, segments, is_next)
            loss, shown = equally(words, expected)
            yield loss + judged.mean(), shown + judged.mean()

    return train_on(model, losses(), steps, rate, each, progress)


def train_on(model, losses, steps, rate, each=None, progress=None):
    """Repeat: take the next loss; go back through it; clip the gradient at norm 1; make a step of AdamW.

    Parameters
    ----------
    model : Module
        Its weights are changed in place, those that require a gradient.
    losses : iterator of pairs of Tensors
        The loss that is made smaller, and the one that is written down.
    steps, rate, each, progress
        As in `train_gpt`.

    Returns
    -------
    History
    """
    check_integer("steps", steps)
    check_positive("rate", rate)
    learned = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=float(rate), betas=(0.9, 0.99), weight_decay=0.0, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda k: rate_share(k, steps))
    history = torch.empty(2, steps)
    for k in tqdm(range(steps), desc=progress, disable=progress is None, delay=3, leave=False):
        if each is not None:
            each(k)
        loss, shown = next(losses)
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(learned, 1.0)
        if not norm.isfinite():
            raise FloatingPointError(f"step {k}: the loss is {loss.item():.3g}, the gradient norm {norm.item():.3g}")
        history[:, k] = torch.stack([shown.detach(), norm.detach()])
        optimiser.step()
        schedule.step()
    return History(*history.numpy())


def equally(losses, expected):
    """Σ losses / expected, and the mean of the losses (N,), where N may be 0.

    The mean over a batch would let a token count more where fewer are with it, so in short sentences. Divided by the
    same number in every batch, all tokens count the same.
    """
    total = losses.sum()
    return total / expected, total / max(1, len(losses))


def _as_rows_each(batch, device):
    return MaskedBatch(*(as_rows(array, device) for array in batch))


def _device(model):
    return next(model.parameters()).device
