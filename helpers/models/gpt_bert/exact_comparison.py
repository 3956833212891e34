"""GPT and BERT beside the truth: what they lose above the exact floor, and how far their answers are from exact ones.

Training on the known language, nothing has to be estimated from text alone. What a model loses on a fresh sentence is
compared with what the best possible model loses on the same one. Both vary together from sentence to sentence, so the
difference is known much better than either.
"""

from typing import NamedTuple

import numpy as np
import torch

from helpers.core.checks import as_array, as_floats, as_list, check_indices, check_shape
from helpers.core.numerics import log_softmax
from helpers.data.batches import pad
from helpers.data.masking import mask_tokens, seen_likelihood
from helpers.data.vocab import Corpus, check_corpus, encode
from helpers.data.world.exact_probabilities import entropy, hidden_probabilities, log_probabilities
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.torch_modules import as_rows, device_of

_AT_ONCE = 500  # sentences that are read side by side


_SUM = 1e-3  # how far from 1 rounding may bring a sum of probabilities


class Estimate(NamedTuple):
    """A mean over fresh sentences, with its standard error."""

    mean: float
    error: float


class MaskedLoss(NamedTuple):
    """Nats for each hidden word: the least that any model can lose, and what this one loses more."""

    floor: Estimate
    excess: Estimate


@torch.no_grad()
def sentence_log_probs(model, corpus):
    """ln P(sentence) by a GPT, `<end>` included, of every sentence of a Corpus: ndarray (sentences,) of float64."""
    check_corpus(corpus)
    sentences, device = len(corpus.starts) - 1, device_of(model)
    parts = []
    for first in range(0, sentences, _AT_ONCE):
        numbers = np.arange(first, min(first + _AT_ONCE, sentences))
        tokens, mask = as_rows(pad(corpus, numbers, start=True, end=True), device)
        losses = torch.zeros(mask.shape, dtype=torch.float64, device=device)
        losses[:, 1:][mask[:, 1:]] = next_token_losses(model, tokens, mask).double()
        parts.append(-losses.sum(dim=1).cpu().numpy())
    return np.concatenate(parts)


def excess_loss(model, grammar, corpus):
    """What a GPT loses above the floor, in nats for each token: E[ln p(sentence) − ln q(sentence)] / E[length].

    It is the divergence KL(p ‖ q) of whole sentences for each token, which is never below 0, though its estimate may
    be by chance. The model's loss is `entropy(grammar).per_token` (see `helpers.data.world`) plus this, and its
    perplexity the exponential of that.

    Parameters
    ----------
    model : GPT
    grammar : Grammar
    corpus : Corpus
        Fresh sentences of the grammar, which the model was not trained on.

    Returns
    -------
    Estimate
    """
    lost = log_probabilities(grammar, corpus) - sentence_log_probs(model, corpus)
    return _estimate(lost / entropy(grammar).expected_length)


@torch.no_grad()
def masked_loss(model, grammar, corpus, rng, rule=None):
    """What a BERT loses on hidden words, in two parts: the entropy of the exact answer, and KL(exact ‖ model).

    Parameters
    ----------
    model : BERT
    grammar : Grammar
    corpus : Corpus
        Fresh sentences of the grammar. Each hidden word takes some milliseconds, as its exact answer is computed.
    rng : numpy.random.Generator
        Chooses the words.
    rule : MaskRule, optional

    Returns
    -------
    MaskedLoss
    """
    check_corpus(corpus)
    tokens, mask = pad(corpus, np.arange(len(corpus.starts) - 1), start=True, end=True)
    hidden = mask_tokens(tokens, model.V, rng, rule)
    log_q = read_hidden(model, hidden.seen, mask)[hidden.chosen.T]
    p = np.concatenate([
        exact_answers(grammar, seen[1 : count - 1], chosen[1 : count - 1], rule)
        for seen, chosen, count in zip(hidden.seen.T, hidden.chosen.T, mask.sum(axis=0), strict=True)
    ])  # fmt: skip
    words = hidden.chosen.sum(axis=0)
    if not words.any():
        raise ValueError(f"none of the words of {len(words)} sentences was chosen, expected at least one")
    return MaskedLoss(_estimate(_entropy(p), words), _estimate(divergence(p, log_q), words))


def exact_answers(grammar, seen, chosen, rule=None):
    """p(word | all that is seen) of each chosen word of one sentence (T,), the best possible answer: (N, V)."""
    V, answers = len(grammar.vocab), []
    for t in np.flatnonzero(chosen):
        asked = np.arange(len(seen)) == t  # that others are chosen as well is not known
        answers.append(hidden_probabilities(grammar, seen_likelihood(seen, asked, V, rule))[t])
    return np.array(answers).reshape(-1, V)


@torch.no_grad()
def read_hidden(model, seen, mask):
    """ln q(word at t | all that is seen), by a BERT, of tokens (T, B) in which V is the mask: ndarray (B, T, V)."""
    mask = as_array("mask", mask)
    if mask.dtype != bool:
        raise ValueError(f"mask has dtype {mask.dtype}, expected bool")
    check_indices("seen", seen, model.V + 1)
    T, B = check_shape("seen", seen, "T B")
    check_shape("mask", mask, "T B", T=T, B=B)
    if not (T and B) or not mask.any(axis=0).all():
        raise ValueError(f"mask has shape {mask.shape}, expected at least one token in each of at least one sentence")
    return model(*as_rows((seen, mask), device_of(model))).double().log_softmax(dim=-1).cpu().numpy()


def bert_blank(model, vocab, sentence, position):
    """ln q(word | all other words), by a BERT that reads a mask in its place: (V,)."""
    one = _one(vocab, sentence)
    if np.ndim(position):
        raise ValueError(f"position is {position!r}, expected one integer")
    check_indices("position", position, len(one.tokens))
    tokens, mask = pad(one, [0], start=True, end=True)
    tokens[position + 1] = model.V
    return read_hidden(model, tokens, mask)[0, position + 1]


@torch.no_grad()
def gpt_next(model, vocab, sentence):
    """ln q(token | the first t words) for every t of a sentence, by a GPT: (T + 1, V); row t is what stands at t."""
    tokens, _ = pad(_one(vocab, sentence), [0], start=True)
    return model(as_rows(tokens, device_of(model)))[0].double().log_softmax(dim=-1).cpu().numpy()


def gpt_blank(model, vocab, sentence, position):
    """ln q(word | all other words), by a GPT and Bayes' rule: the probability of the sentence with every word there.

    The words after the blank count as well, at the price of reading V sentences.
    """
    tokens, V = _one(vocab, sentence).tokens, len(vocab)
    if np.ndim(position):
        raise ValueError(f"position is {position!r}, expected one integer")
    check_indices("position", position, len(tokens))
    filled = np.tile(tokens, (V, 1))
    filled[:, position] = np.arange(V)
    return log_softmax(sentence_log_probs(model, Corpus(filled.ravel(), np.arange(V + 1) * len(tokens))))


def divergence(p, log_q):
    """KL(p ‖ q) = Σ p (ln p − ln q) over the last axis, in nats; a term with p = 0 is 0."""
    p, log_q = as_floats("p", p), as_floats("log_q", log_q)
    *_, V = check_shape("p", p, "... V")
    check_shape("log_q", log_q, "... V", V=V)
    if not (p >= 0).all() or not np.allclose(p.sum(axis=-1), 1, atol=_SUM):
        raise ValueError(
            f"p has the smallest number {p.min(initial=1)} and sums to {p.sum(axis=-1)}, expected probabilities"
        )
    if not (log_q <= _SUM).all() or not (np.exp(log_q).sum(axis=-1) <= 1 + _SUM).all():
        raise ValueError("log_q holds no logarithms of probabilities: no row of exp(log_q) sums to more than 1")
    return -(p * np.where(p > 0, log_q, 0.0)).sum(axis=-1) - _entropy(p)


def _entropy(p):
    """−Σ p ln p over the last axis, in nats."""
    return -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=-1)


def share_of_sentences(grammar, outputs):
    """The share of outputs that the grammar can say, from 0 to 1.

    Parameters
    ----------
    grammar : Grammar
    outputs : list of array of int
        The tokens of each, without `<start>` and `<end>`; one that was cut off before its `<end>` is no sentence.
    """
    outputs = [as_array("output", output) for output in as_list("outputs", outputs)]
    for output in outputs:
        check_shape("output", output, "tokens")
        if len(output):
            check_indices("output", output, len(grammar.vocab))
    if not outputs:
        raise ValueError("outputs is empty, expected at least one")
    lengths = [len(output) for output in outputs]
    corpus = Corpus(np.concatenate(outputs).astype(np.int32), np.cumsum([0, *lengths]))
    return float(np.isfinite(log_probabilities(grammar, corpus)).mean())


def _one(vocab, sentence):
    tokens = encode(vocab, sentence.split() if isinstance(sentence, str) else sentence)
    return Corpus(tokens, np.array([0, len(tokens)]))


def _estimate(values, words=None):
    """The mean of all values, one or `words` from each sentence, with the standard error over whole sentences."""
    words = np.ones(len(values), int) if words is None else words
    mean = values.mean()
    away = np.bincount(np.repeat(np.arange(len(words)), words), values - mean, minlength=len(words))
    return Estimate(float(mean), float(np.sqrt(len(words) * away.var(ddof=1)) / len(values)))
