"""BERT: the losses by hand, what they look at, and that a mask is no answer."""

import pytest
import torch
from torch import nn

from helpers.data.masking import MaskedBatch
from helpers.models.gpt_bert.bert import BERT, masked_losses, pair_losses
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes

SIZES = Sizes(8, 6, 2, 3, 7, segments=2)


def make(tied=True):
    torch.manual_seed(0)
    model = BERT(SIZES, tied).double()
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.4)
    return model


def batch_of(B=3, T=7):
    generator = torch.Generator().manual_seed(1)
    targets = torch.randint(4, SIZES.V, (B, T), generator=generator)
    chosen = torch.rand(B, T, generator=generator) < 0.4
    return MaskedBatch(torch.where(chosen, SIZES.V, targets), targets, chosen)


def test_the_losses_by_hand():
    """With all weights 0 but a bias of the last norm, every position has the same logits: E b."""
    model = BERT(Sizes(4, 1, 1, 1, 3), tied=False).double()
    for weight in model.parameters():
        nn.init.zeros_(weight)
    model.trunk.norm.bias.data[:] = 1.0
    model.output.weight.data[:, 0] = torch.log(torch.tensor([1.0, 2.0, 3.0, 4.0]))  # P = 1/10, 2/10, 3/10, 4/10
    model.next.bias.data[:] = torch.log(torch.tensor([1.0, 3.0]))  # P(next) = 3/4
    chosen = torch.tensor([[True, False, True], [False, False, True]])
    targets = torch.tensor([[1, 0, 3], [0, 0, 2]])
    batch = MaskedBatch(torch.where(chosen, 4, targets), targets, chosen)
    wanted = -torch.log(torch.tensor([0.2, 0.4, 0.3], dtype=torch.float64))
    torch.testing.assert_close(masked_losses(model, batch, torch.ones(2, 3, dtype=torch.bool)), wanted)
    model.trunk.segments = nn.Embedding(2, 1).double()
    words, pairs = pair_losses(model, batch, None, torch.zeros(2, 3, dtype=int), torch.tensor([True, False]))
    torch.testing.assert_close(words, wanted)
    torch.testing.assert_close(pairs, -torch.log(torch.tensor([0.75, 0.25], dtype=torch.float64)))


@pytest.mark.parametrize("tied", [True, False])
def test_the_masked_loss_is_that_of_the_logits_where_words_were_chosen(tied):
    model, batch = make(tied), batch_of()
    log_p = model(batch.seen).log_softmax(dim=-1)
    wanted = -log_p.gather(-1, batch.targets[..., None])[..., 0][batch.chosen]
    torch.testing.assert_close(masked_losses(model, batch, None), wanted)
    assert log_p.shape == (3, 7, SIZES.V)  # the mask is read, and never said


def test_what_was_not_chosen_costs_nothing():
    model, batch = make(), batch_of()
    other = batch._replace(targets=torch.where(batch.chosen, batch.targets, 4))
    assert torch.equal(masked_losses(model, other, None), masked_losses(model, batch, None))
    nothing = batch._replace(chosen=torch.zeros_like(batch.chosen))
    assert masked_losses(model, nothing, None).shape == (0,)


def test_padding_changes_no_loss():
    model, batch = make(), batch_of(B=1)
    mask = torch.arange(7)[None] < 5
    padded = MaskedBatch(batch.seen * mask, batch.targets * mask, batch.chosen & mask)
    short = MaskedBatch(*(part[:, :5] for part in batch))
    torch.testing.assert_close(masked_losses(model, padded, mask), masked_losses(model, short, None))
    is_next = torch.tensor([True])
    long_pair = pair_losses(model, padded, mask, torch.zeros(1, 7, dtype=int), is_next)
    short_pair = pair_losses(model, short, None, torch.zeros(1, 5, dtype=int), is_next)
    torch.testing.assert_close(long_pair[1], short_pair[1])


def test_pairs_are_judged_by_the_first_token_which_sees_both():
    model, batch = make(), batch_of()
    segments = (torch.arange(7) > 3).long().expand(3, 7)
    is_next = torch.tensor([True, False, True])
    losses = pair_losses(model, batch, None, segments, is_next)[1]
    h, _ = model.trunk(batch.seen, None, segments)
    wanted = -model.next(torch.tanh(model.pool(h[:, 0]))).log_softmax(dim=-1)[torch.arange(3), is_next.long()]
    torch.testing.assert_close(losses, wanted)
    assert not torch.allclose(pair_losses(model, batch, None, 1 - segments, is_next)[1], losses)
    changed = batch._replace(seen=torch.cat([batch.seen[:, :-1], (batch.seen[:, -1:] + 1) % SIZES.V], dim=1))
    assert not torch.allclose(pair_losses(model, changed, None, segments, is_next)[1], losses)


def test_bert_and_gpt_have_one_trunk():
    """But for the mask, which is one more token."""
    ours, theirs = (dict(model.trunk.named_parameters()) for model in (BERT(SIZES), GPT(SIZES)))
    assert ours.keys() == theirs.keys()
    different = {name for name in ours if ours[name].shape != theirs[name].shape}
    assert different == {"tokens.weight"}
    assert len(ours["tokens.weight"]) - len(theirs["tokens.weight"]) == 1
