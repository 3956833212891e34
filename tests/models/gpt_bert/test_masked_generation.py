"""Gibbs sampling and the pseudo-log-likelihood, beside a BERT whose answers are known."""

import numpy as np
import pytest
import torch

from helpers.data.vocab import Corpus
from helpers.models.gpt_bert import BERT, Sizes, gibbs_samples, new_model, pseudo_log_probs

SIZES = Sizes(9, 8, 1, 2, 10)


def bert(scale=0.0):
    model = new_model(BERT, SIZES, seed=0)
    with torch.no_grad():
        for weight in model.parameters():
            weight += scale * torch.randn(weight.shape, generator=torch.Generator().manual_seed(weight.numel()))
    return model


def test_the_score_adds_what_is_said_of_each_hidden_word():
    model = bert(0.5)
    corpus = Corpus(np.array([5, 6, 8, 4], np.int32), np.array([0, 3, 4]))
    expected = []
    for words in ([5, 6, 8], [4]):
        total = 0.0
        for t, word in enumerate(words, start=1):
            row = torch.tensor([[2, *words, 3]])
            row[0, t] = 9
            total += model(row)[0, t].double().log_softmax(-1)[word].item()
        expected.append(total)
    np.testing.assert_allclose(pseudo_log_probs(model, corpus), expected, rtol=1e-5)


def test_sampling_begins_with_masks_and_draws_words_by_what_is_said():
    model = bert()
    with torch.no_grad():  # the same answer everywhere: words 4 to 8 with probability 0.2 each
        for weight in model.parameters():
            weight.zero_()
    kept = gibbs_samples(model, 2000, 2, 1, np.random.default_rng(0))
    assert len(kept) == 2
    assert (kept[0] == 9).all()
    assert kept[1].shape == (2000, 2)
    shares = np.bincount(kept[1].ravel(), minlength=9) / 4000
    assert not shares[:4].any()
    np.testing.assert_allclose(shares[4:], 0.2, atol=4 * np.sqrt(0.16 / 4000))


def test_a_word_is_drawn_given_the_others():
    model = bert(1.0)
    _, first, second = gibbs_samples(model, 300, 1, 2, np.random.default_rng(0), T=1e-3)
    best = model(torch.tensor([[2, 9, 3]]))[0, 1, 4:].argmax() + 4
    assert (first == int(best)).all()
    assert (second == first).all()


@pytest.mark.parametrize("wrong", [{"N": 0}, {"words": 0}, {"sweeps": -1}, {"T": 0}])
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        gibbs_samples(bert(), **{"N": 2, "words": 2, "sweeps": 1, "rng": np.random.default_rng(0)} | wrong)
