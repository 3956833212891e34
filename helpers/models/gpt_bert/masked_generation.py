"""What BERT can do in many passes: write by Gibbs sampling, and score a text by its pseudo-log-likelihood."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from helpers.core.checks import check_indices, check_integer, check_positive
from helpers.data.batches import pad
from helpers.data.vocab import END, SPECIALS, START, check_corpus
from helpers.models.torch_modules import as_rows, device_of


@torch.no_grad()
def pseudo_log_probs(model, corpus):
    """Σ_t ln q(word at t | all other words), of every sentence: each word is hidden in turn.

    It is no probability of the sentence: what a pair of words tells about each other is counted twice.

    Parameters
    ----------
    model : BERT
    corpus : Corpus

    Returns
    -------
    ndarray (sentences,) of float64
        Nats, at most 0.

    References
    ----------
    Salazar et al. 2020, "Masked Language Model Scoring", https://arxiv.org/abs/1910.14659
    """
    check_corpus(corpus, model.V)
    sums = []
    for n in range(len(corpus.starts) - 1):
        tokens, _ = as_rows(pad(corpus, [n], start=True, end=True), device_of(model))
        words = torch.arange(1, tokens.shape[1] - 1, device=tokens.device)
        hidden = tokens.repeat(len(words), 1)  # a row for each word
        hidden[torch.arange(len(words)), words] = model.V
        logits = model(hidden)[torch.arange(len(words)), words]
        sums.append(-float(cross_entropy(logits.double(), tokens[0, words].long(), reduction="sum")))
    return np.array(sums)


@torch.no_grad()
def gibbs_samples(model, N, words, sweeps, rng, T=1.0):
    """Begin with masks; again and again hide one word, and draw it anew from q(word | all others).

    In a sweep every place comes once, in a new order.

    Parameters
    ----------
    model : BERT
    N, words : int
        So many texts, of so many words each: BERT does not say how long a text is.
    sweeps : int
    rng : numpy.random.Generator
    T : float
        Temperature.

    Returns
    -------
    list of ndarray (N, words)
        The texts before the first sweep (all masks) and after each.

    References
    ----------
    Wang and Cho 2019, "BERT has a Mouth, and It Must Speak", https://arxiv.org/abs/1902.04094. (A masked model's
    answers need not belong to one distribution of whole texts; so it is not sure that this has one to sample from.)
    """
    for name, value in (("N", N), ("words", words)):
        check_integer(name, value)
    check_integer("sweeps", sweeps, least=0)
    check_positive("T", T)
    device = device_of(model)
    tokens = np.full((N, words + 2), model.V)
    tokens[:, 0], tokens[:, -1] = START, END
    kept = [tokens[:, 1:-1].copy()]
    for _ in range(sweeps):
        for t in 1 + rng.permutation(words):
            tokens[:, t] = model.V
            logits = model(torch.as_tensor(tokens, device=device))[:, t].double()
            logits[:, : len(SPECIALS)] = -torch.inf  # a word stands there
            sums = (logits / float(T)).softmax(dim=-1).cumsum(dim=-1).cpu().numpy()
            tokens[:, t] = (sums > rng.random((N, 1)) * sums[:, -1:]).argmax(axis=1)
        kept.append(tokens[:, 1:-1].copy())
    check_indices("tokens", kept[-1], model.V + 1)
    return kept
