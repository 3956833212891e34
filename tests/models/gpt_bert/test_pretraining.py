"""Pretraining: what a batch teaches, and that each model learns its own task on a language of a few sentences."""

import numpy as np
import pytest
import torch

from helpers.data.masking import MaskRule
from helpers.data.next_sentence import about_what, next_sentence_pairs, pad_two
from helpers.data.world.exact_probabilities import entropy
from helpers.data.world.grammar import build_grammar, one_of, sample_corpus, weighted
from helpers.models.gpt_bert.bert import BERT
from helpers.models.gpt_bert.exact_comparison import excess_loss, masked_loss
from helpers.models.gpt_bert.fine_tuning import next_accuracy
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.pretraining import (
    PretrainingRun,
    sum_over_expected,
    train_bert,
    train_bert_on_pairs,
    train_gpt,
)
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import new_model
from helpers.models.torch_runs import train_runs

torch.set_num_threads(1)  # with another number the last bit may be another

# Two things to be about; the last word is that of the first.
SMALL = build_grammar(
    weighted(
        [
            (1, ("the", "king", one_of("sees", "finds"), "the throne")),
            (2, ("a", "dog", one_of("sees", "eats"), "bones")),
        ]
    )
)
V = len(SMALL.vocab)
SIZES = Sizes(V, 16, 1, 2, 16)


@pytest.fixture(scope="module")
def corpus():
    return sample_corpus(SMALL, 2000, np.random.default_rng(0))


def test_every_token_counts_the_same():
    loss, shown = sum_over_expected(torch.tensor([1.0, 2.0]), 4)
    assert (loss.item(), shown.item()) == (0.75, 1.5)
    assert sum_over_expected(torch.tensor([]), 4) == (0, 0)


def test_gpt_reaches_the_floor_and_not_less(corpus):
    model = new_model(GPT, SIZES, seed=0)
    history = train_gpt(model, corpus, np.random.default_rng(1), 200)
    floor = entropy(SMALL).per_token
    assert history.loss[0] > 2 * floor
    excess = excess_loss(model, SMALL, sample_corpus(SMALL, 1000, np.random.default_rng(2)))
    assert -4 * excess.error < excess.mean < 0.1 * floor


def test_bert_reaches_its_floor_and_not_less(corpus):
    model, rule = new_model(BERT, SIZES, seed=0), MaskRule(0.3)
    train_bert(model, corpus, np.random.default_rng(1), 400, rate=1e-2, rule=rule)
    fresh = sample_corpus(SMALL, 300, np.random.default_rng(2))
    floor, excess = masked_loss(model, SMALL, fresh, np.random.default_rng(3), rule)
    assert 0 < excess.mean < 0.1 * floor.mean


def test_bert_learns_which_sentence_is_next(corpus):
    model = new_model(BERT, SIZES._replace(segments=2), seed=0)
    train_bert_on_pairs(model, SMALL.vocab, corpus, np.random.default_rng(1), 300)
    fresh = sample_corpus(SMALL, 300, np.random.default_rng(2))
    pairs = next_sentence_pairs(about_what(SMALL.vocab, fresh), np.random.default_rng(3))
    assert next_accuracy(model, pad_two(fresh, pairs.first, pairs.second), pairs.is_next) > 0.95


def test_the_same_seeds_give_the_same_model(corpus):
    first, second = (new_model(GPT, SIZES, seed=3) for _ in range(2))
    for model in (first, second):
        train_gpt(model, corpus, np.random.default_rng(1), 3, batch=4)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


def test_each_sees_the_model_before_its_step(corpus):
    model = new_model(GPT, SIZES, seed=0)
    seen = {}
    train_gpt(
        model,
        corpus,
        np.random.default_rng(1),
        3,
        4,
        each=lambda k: seen.update({k: model.output.weight.clone().detach()}),
    )
    assert [*seen] == [0, 1, 2]
    assert torch.equal(seen[0], new_model(GPT, SIZES, seed=0).output.weight)
    assert not torch.equal(seen[2], seen[1])


def test_frozen_weights_stay(corpus):
    model = new_model(GPT, SIZES, seed=0)
    model.trunk.positions.requires_grad_(False)
    before = model.trunk.positions.weight.clone()
    train_gpt(model, corpus, np.random.default_rng(1), 2, 4)
    assert torch.equal(model.trunk.positions.weight, before)


def test_runs_side_by_side_are_the_same_as_one_after_the_other(corpus):
    runs = [
        PretrainingRun("gpt", SIZES, 4, seed=3, batch=8, rate=3e-3, looks=(0, 2)),
        PretrainingRun("bert", SIZES, 3),
        PretrainingRun("bert on pairs", SIZES, 3, batch=8),
    ]
    for a, b in zip(*(train_runs(runs, SMALL.vocab, corpus, workers=workers) for workers in (1, 2)), strict=True):
        np.testing.assert_array_equal(a.history.loss, b.history.loss)
        assert all(torch.equal(x, y) for x, y in zip(a.model.parameters(), b.model.parameters(), strict=True))
    (gpt, bert, pairs) = train_runs(runs, SMALL.vocab, corpus, workers=1)
    assert [type(run.model) for run in (gpt, bert, pairs)] == [GPT, BERT, BERT]
    assert [*gpt.earlier] == [0, 2]
    by_hand = new_model(GPT, SIZES, seed=3)
    assert torch.equal(gpt.earlier[0].output.weight, by_hand.output.weight)
    train_gpt(by_hand, corpus, np.random.default_rng(3), 4, batch=8, rate=3e-3)
    assert all(torch.equal(x, y) for x, y in zip(gpt.model.parameters(), by_hand.parameters(), strict=True))
    assert pairs.model.trunk.segments is not None
    with pytest.raises(ValueError, match="kind is 'elmo'"):
        train_runs([PretrainingRun("elmo", SIZES, 1)], SMALL.vocab, corpus)


def test_each_run_may_have_its_own_corpus(corpus):
    other = corpus._replace(tokens=corpus.tokens[::-1].copy(), starts=corpus.starts[-1] - corpus.starts[::-1])
    run = PretrainingRun("gpt", SIZES, 3)
    first, second = train_runs([run, run], SMALL.vocab, [corpus, other], workers=1)
    for one, own in ((first, corpus), (second, other)):
        np.testing.assert_array_equal(one.history.loss, train_runs([run], SMALL.vocab, own, workers=1)[0].history.loss)
    assert (first.history.loss != second.history.loss).any()
    with pytest.raises(ValueError, match="a list of 2 came with the data for 1 runs"):
        train_runs([run], SMALL.vocab, [corpus, other])


def test_it_refuses(corpus):
    model = new_model(GPT, SIZES, seed=0)
    with pytest.raises(ValueError, match="steps is 0"):
        train_gpt(model, corpus, np.random.default_rng(1), 0)
    with pytest.raises(ValueError, match="rate is -1"):
        train_gpt(model, corpus, np.random.default_rng(1), 1, rate=-1)
