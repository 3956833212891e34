"""Heads on every token: losses computed by hand, spans that do not run backwards, and that they learn."""

import numpy as np
import pytest
import torch

from helpers.models.gpt_bert import BERT, Sizes, TokenHead, best_spans, new_model, span_losses, tag_losses, train_head

SIZES = Sizes(9, 8, 1, 2, 10)
LN = torch.log(torch.tensor([[[0.5, 0.1], [0.25, 0.1], [0.25, 0.8], [9.0, 9.0]]]))
MASK = torch.tensor([[True, True, True, False]])


def test_the_loss_of_tags_counts_words_only():
    logits = torch.log(torch.tensor([[[0.25, 0.75], [0.5, 0.5], [0.1, 0.9]]]))
    words = torch.tensor([[True, True, False]])
    losses = tag_losses(logits, torch.tensor([[0, 1, 0]]), words)
    torch.testing.assert_close(losses, torch.log(torch.tensor([4.0, 2.0])))


def test_the_loss_of_a_span_is_that_of_both_ends_and_padding_has_no_share():
    loss = span_losses(LN, torch.tensor([1]), torch.tensor([2]), MASK)
    torch.testing.assert_close(loss, -torch.log(torch.tensor([0.25 * 0.8])))


def test_the_best_span_does_not_end_before_it_begins():
    backwards = torch.log(torch.tensor([[[0.1, 0.7], [0.2, 0.1], [0.7, 0.2]]]))
    first, last = best_spans(backwards, torch.ones(1, 3, dtype=torch.bool))
    assert (first.item(), last.item()) == (2, 2)  # 0.7 · 0.2; from 2 to 0 would be 0.49
    assert [int(end) for end in best_spans(LN, MASK)] == [0, 2]


def test_a_head_learns_and_its_model_stays(rng):
    model = new_model(BERT, SIZES, seed=0)
    before = [weight.clone() for weight in model.parameters()]
    tokens = torch.as_tensor(rng.integers(4, 9, (60, 5)))
    tags, words = (tokens == 8).long(), torch.ones(60, 5, dtype=torch.bool)
    head = TokenHead(model, 2)
    assert not head(tokens, words).any()
    train_head(head, lambda n: tag_losses(head(tokens[n], words[n]), tags[n], words[n]), 60, rng, 60, rate=1e-2)
    assert (head(tokens, words).argmax(-1) == tags).double().mean() > 0.95
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_a_span_needs_two_scores():
    with pytest.raises(ValueError, match="logits"):
        span_losses(torch.zeros(1, 3, 4), torch.tensor([0]), torch.tensor([1]), torch.ones(1, 3, dtype=torch.bool))


def test_every_example_is_seen(rng):
    seen, head = [], TokenHead(new_model(BERT, SIZES, seed=0), 2)
    tokens, mask = torch.full((32, 3), 5), torch.ones(32, 3, dtype=torch.bool)

    def losses(numbers):
        seen.extend(numbers.tolist())
        return tag_losses(head(tokens[numbers], mask[numbers]), torch.zeros(len(numbers), 3).long(), mask[numbers])

    train_head(head, losses, 32, rng, 2)
    assert sorted(seen) == list(range(32))
    assert np.unique(seen).size == 32
