"""The recurrent language model in torch: windows and sequences, dropout, and its use in a search."""

import numpy as np
import pytest
import torch

from helpers.data.streams import cut_strips, stream_windows
from helpers.decoding.hypotheses import score_of
from helpers.models.language_model import (
    RecurrentLanguageModel,
    detached,
    first_token_state,
    init_language_model,
    language_model_from_torch,
    language_model_to_torch,
    sequence_losses,
    token_surprisals,
    torch_token_step,
    train_language_model,
    window_losses,
)
from helpers.models.torch_modules import new_model

ALL = np.ones(2, bool)
every_cell = pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])


def make(cell="lstm", **options):
    return new_model(RecurrentLanguageModel, 6, 4, 7, cell=cell, seed=0, **options)


@every_cell
@pytest.mark.parametrize("layers", [1, 2])
def test_a_step_at_a_time_gives_the_surprisals_of_the_whole(cell, layers):
    model = make(cell, layers=layers)
    ids = np.random.default_rng(1).integers(6, size=(6, 3))
    ids[0] = 2
    outputs = [ids[1:, b].tolist() for b in range(3)]
    found = score_of(torch_token_step(model), first_token_state(model, 3), 2, outputs)
    assert np.allclose([each.log_prob for each in found], -token_surprisals(model, ids).sum(axis=0), atol=1e-5)


@every_cell
def test_a_window_takes_the_state_of_the_one_before_and_sends_no_gradient_back(cell):
    model = make(cell)
    ids = np.random.default_rng(1).integers(6, size=(9, 2))
    windows = [(ids[:4], ids[1:5], ALL), (ids[4:8], ids[5:9], ~ALL)]
    first, second = (loss for loss, _ in window_losses(model, windows))
    assert (first + second).item() / 2 == pytest.approx(token_surprisals(model, ids).mean(), rel=1e-5)
    first.backward()  # both can be gone back through apart: nothing joins them
    second.backward()
    assert all(weight.grad is not None for weight in model.parameters())
    reset = [loss.item() for loss, _ in window_losses(model, [windows[0], (*windows[1][:2], ALL)])]
    assert reset[1] != pytest.approx(second.item(), rel=1e-4)


def test_without_detach_pytorch_says_that_the_graph_is_gone():
    model = make("gru")
    ids = torch.randint(6, (5, 2))
    logits, state = model(ids)
    logits.sum().backward()
    logits, _ = model(ids, state)
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        logits.sum().backward()
    logits, _ = model(ids, detached(state))
    logits.sum().backward()


def test_padding_does_not_count_in_the_loss_of_sequences():
    model = make("gru")
    ids = np.array([[2, 2], [4, 5], [5, 3], [3, 0]])  # <start> = 2, <end> = 3, <pad> = 0
    mask = ids != 0
    (loss, _), *_ = sequence_losses(model, [(ids, mask)])
    alone = [token_surprisals(model, ids[:4, :1]), token_surprisals(model, ids[:3, 1:])]
    assert loss.item() == pytest.approx(np.concatenate([part.ravel() for part in alone]).mean(), rel=1e-5)
    changed = np.where(mask, ids, 5)
    (other, _), *_ = sequence_losses(model, [(changed, mask)])
    assert other.item() == loss.item()


def test_training_learns_and_leaves_dropout_off():
    model = make("lstm", dropout=0.2)
    ids = np.tile([2, 4, 5, 3], 60)
    windows = list(stream_windows(cut_strips(ids, 1), 20, epochs=12))
    history = train_language_model(model, window_losses(model, windows), len(windows), rate=2e-2)
    assert history.loss[0] > 1.5
    assert token_surprisals(model, ids[:, None])[10:].mean() < 0.3
    assert not model.training
    assert np.array_equal(*(token_surprisals(model, ids[:, None]) for _ in range(2)))


def test_what_dropout_leaves_out_depends_on_the_seed_alone():
    def losses_of(seed):
        model, windows = make("gru", dropout=0.5), stream_windows(cut_strips(np.tile([2, 4, 5, 3], 30), 2), 10)
        return train_language_model(model, window_losses(model, windows), 5, seed=seed).loss

    before = torch.get_rng_state()
    first = losses_of(3)
    torch.rand(7)  # what else is drawn does not matter
    assert np.array_equal(first, losses_of(3))
    assert not np.array_equal(first, losses_of(4))
    torch.set_rng_state(before)
    losses_of(3)
    assert torch.equal(torch.get_rng_state(), before)


def test_surprisals_leave_the_mode_as_it_was():
    model = make("rnn", dropout=0.5).train()
    ids = np.zeros((3, 1), int)
    assert np.array_equal(token_surprisals(model, ids), token_surprisals(model, ids))
    assert model.training


@pytest.mark.parametrize("bad", [{"cell": "x"}, {"layers": 0}, {"dropout": 1.0}, {"dropout": float("nan")}])
def test_options_are_checked(bad):
    with pytest.raises(ValueError, match="expected"):
        make(**bad)


def test_what_the_model_in_the_other_form_has_not_is_refused():
    with pytest.raises(ValueError, match="2 recurrent layers"):
        language_model_from_torch(make(layers=2))
    params = init_language_model(np.random.default_rng(0), "rnn", 6, 4, 7)
    learned = params._replace(reader=params.reader._replace(state_0=(np.zeros(7),)))
    with pytest.raises(ValueError, match="learned first state"):
        language_model_to_torch(learned)
