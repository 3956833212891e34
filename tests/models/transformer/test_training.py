"""Training: it learns, runs are the same apart and here, and each mistake is the one that its name says."""

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from helpers.data.source_target_pairs import pair_batch
from helpers.data.vocab import END, START
from helpers.decoding.greedy import greedy
from helpers.models.seq2seq.decoding_steps import decoder_step, start_state
from helpers.models.seq2seq.evaluation import exact_match
from helpers.models.seq2seq.training import batch_loss, train_seq2seq
from helpers.models.torch_modules import as_tensors, new_model
from helpers.models.torch_runs import train_runs
from helpers.models.transformer.torch_model import Transformer, _project
from helpers.models.transformer.training import (
    LOSSES,
    TransformerRun,
    leaky_loss,
    unscaled_loss,
    unscaled_weights,
    unshifted_loss,
)

torch.set_num_threads(1)


@pytest.fixture
def model_and_batch(reversals):
    encoded, V_s, V_t = reversals
    model = new_model(Transformer, V_s, V_t, 8, 9, seed=0, heads=2).double()
    return model, as_tensors(pair_batch(encoded, np.arange(5)))


def run(loss="no mistake", steps=200, seed=0):
    return TransformerRun(seed, 16, 32, {"layers": 1, "heads": 2}, steps, batch=16, rate=1e-2, loss=loss)


def share_right(model, encoded):
    batch = pair_batch(encoded, np.arange(200))
    outputs = [best.tokens for (best,) in greedy(decoder_step(model), start_state(model, batch), START, END, 6)]
    return exact_match(outputs, batch).mean()


def test_it_learns_to_write_backward_and_leaks_do_not_help_to_write(reversals):
    losses, right = {}, {}
    for name in LOSSES:
        ((model, history, _),) = train_runs([run(name)], *reversals, workers=1)
        losses[name], right[name] = history.loss[-1], share_right(model, reversals[0])
    assert max(losses.values()) < 0.2
    assert min(right["no mistake"], right["drop the scale"]) > 0.9
    assert max(right["leak the mask"], right["shift the targets"]) < 0.5


def test_runs_in_other_processes_are_the_runs_made_here(reversals):
    runs = [run(steps=3)._replace(looks=(2,)), run("drop the scale", steps=3, seed=1)]
    apart, here = (train_runs(runs, *reversals, workers=workers) for workers in (2, 1))
    for (model, history, _), (same, same_history, _) in zip(apart, here, strict=True):
        np.testing.assert_allclose(history.loss, same_history.loss, rtol=1e-5)
        for weight, same_weight in zip(model.parameters(), same.parameters(), strict=True):
            torch.testing.assert_close(weight, same_weight)
    assert apart[0].history.loss[0] != apart[1].history.loss[0]
    assert [[*trained.earlier] for trained in apart] == [[2], []]


def test_a_leaky_mask_shows_later_tokens_and_nothing_else(model_and_batch):
    model, batch = model_and_batch
    only_first = torch.zeros_like(batch.target_mask)
    only_first[0] = True
    one_step = batch._replace(target_mask=only_first)
    changed = one_step._replace(inputs=torch.cat([batch.inputs[:1], batch.inputs[1:].flip(1)]))
    assert batch_loss(model, changed) == batch_loss(model, one_step)
    assert leaky_loss(model, changed) != leaky_loss(model, one_step)
    single = batch._replace(**{name: getattr(batch, name)[:1] for name in ("inputs", "targets", "target_mask")})
    torch.testing.assert_close(leaky_loss(model, single), batch_loss(model, single))


def test_unscaled_weights_undo_the_division(model_and_batch):
    model, batch = model_and_batch
    x = torch.randn(2, 5, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    attention = model.decoder.layers[1].multihead_attn
    q, k, v = _project(attention, x)
    expected = attention.out_proj(scaled_dot_product_attention(q, k, v, scale=1.0).transpose(1, 2).flatten(2))
    loss = unscaled_loss(model, batch)
    model.load_state_dict(unscaled_weights(model))
    torch.testing.assert_close(attention(x, x, x, need_weights=False)[0], expected, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(batch_loss(model, batch), loss, rtol=1e-10, atol=1e-12)


def test_the_gradient_of_the_unscaled_loss_reaches_every_weight(model_and_batch):
    model, batch = model_and_batch
    unscaled_loss(model, batch).backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in model.parameters())


def test_unshifted_targets_are_the_inputs(model_and_batch):
    model, batch = model_and_batch
    torch.testing.assert_close(unshifted_loss(model, batch), batch_loss(model, batch._replace(inputs=batch.targets)))
    assert unshifted_loss(model, batch) != batch_loss(model, batch)


def test_what_comes_back_is_what_was_trained(reversals, model_and_batch):
    encoded, V_s, V_t = reversals
    one = run("drop the scale", steps=4, seed=1)._replace(warm_up=0.6)
    ((model, history, _),) = train_runs([one], *reversals, workers=1)
    by_hand = one.new(encoded, V_s, V_t)
    same = train_seq2seq(
        by_hand, encoded, np.random.default_rng(1), 4, one.batch, one.rate, loss=unscaled_loss, warm_up=0.6
    )
    np.testing.assert_allclose(history.loss, same.loss, rtol=1e-5)
    _, batch = model_and_batch
    torch.testing.assert_close(batch_loss(model, batch), unscaled_loss(by_hand, batch))
    assert not torch.isclose(batch_loss(by_hand, batch), unscaled_loss(by_hand, batch), rtol=1e-4)


def test_an_unknown_loss_is_refused(reversals):
    with pytest.raises(KeyError, match="leak"):
        train_runs([run("leak", steps=1)], *reversals, workers=1)
