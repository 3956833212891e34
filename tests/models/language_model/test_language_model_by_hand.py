"""The recurrent language model by hand: gradients, what carries on from window to window, and its use in a search."""

import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, relative_error
from helpers.core.optimisers import adam, clip_by_norm
from helpers.core.params import map_params, named_arrays, zeros_like
from helpers.data.streams import cut_strips, stream_windows
from helpers.decoding.greedy import greedy
from helpers.decoding.hypotheses import score_of
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.stack import CELLS
from helpers.models.language_model import (
    count_language_model,
    first_language_state,
    init_language_model,
    language_model,
    language_model_backward,
    language_model_from_torch,
    language_model_loss,
    language_model_to_torch,
    next_token_step,
    train_over_windows,
)

ALL = np.ones(3, bool)
every_cell = pytest.mark.parametrize("cell", CELLS)


def make(cell, T=5, B=3, V=6, D=4, H=7, dtype=np.float64):
    rng = np.random.default_rng(3)
    params = init_language_model(rng, cell, V, D, H, dtype)
    params = map_params(lambda w: (w + 0.3 * rng.standard_normal(w.shape)).astype(dtype), params)
    ids = rng.integers(V, size=(T + 1, B))
    state = tuple(rng.standard_normal((B, H)).astype(dtype) for _ in first_language_state(B, params))
    return params, ids[:-1], ids[1:], state, rng


@every_cell
@pytest.mark.parametrize("masked", [False, True])
def test_gradients_agree_with_central_differences(cell, masked):
    params, ids, targets, state, rng = make(cell)
    mask = None
    if masked:
        mask = rng.random(ids.shape) < 0.6
        mask[0, 0] = True
    _, grads, _ = language_model_loss(params, ids, targets, mask, state)
    errors = check_gradients(lambda p: language_model_loss(p, ids, targets, mask, state)[0], params, grads)
    assert max(errors.values()) < 1e-6


@every_cell
def test_loss_and_gradients_agree_with_torch(cell):
    params, ids, targets, _, _ = make(cell)
    loss, grads, last = language_model_loss(params, ids, targets)
    model = language_model_to_torch(params)
    logits, theirs = model(torch.tensor(ids))
    their_loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(targets).flatten())
    their_loss.backward()
    assert loss == pytest.approx(their_loss.item(), rel=1e-12)
    assert relative_error(last[0], (theirs[0] if cell == "lstm" else theirs)[0].detach().numpy()) < 1e-12
    expected = dict(named_arrays(language_model_from_torch(model, gradients=True)))
    for name, grad in named_arrays(grads):
        assert relative_error(grad, expected[name]) < 1e-10, name
    for ours, back in zip(named_arrays(params), named_arrays(language_model_from_torch(model)), strict=True):
        assert np.array_equal(ours[1], back[1])


@every_cell
def test_windows_with_a_carried_state_equal_one_long_pass(cell):
    params, ids, _, state, _ = make(cell, T=12)
    whole, last, _ = language_model(ids, state, params)
    parts = []
    for first in range(0, 12, 5):
        logits, state, _ = language_model(ids[first : first + 5], state, params)
        parts.append(logits)
    assert np.array_equal(np.concatenate(parts), whole)
    assert all(map(np.array_equal, state, last))


@every_cell
def test_the_gradient_of_the_first_state_is_what_a_window_would_send_to_the_one_before(cell):
    params, ids, targets, state, _ = make(cell, T=6)

    def loss_after(ids, targets, state):
        logits, last, cache = language_model(ids, state, params)
        loss, loss_cache = cross_entropy(logits, targets)
        return loss, cross_entropy_backward(loss_cache), last, cache

    _, dlogits, last, cache = loss_after(ids, targets, state)
    whole, _ = language_model_backward(dlogits, zeros_like(last), cache, params)
    _, _, middle, early = loss_after(ids[:3], targets[:3], state)
    _, _, last, late = loss_after(ids[3:], targets[3:], middle)
    between, _ = language_model_backward(dlogits[3:], zeros_like(last), late, params)
    joined, _ = language_model_backward(dlogits[:3], between, early, params)
    assert max(map(relative_error, whole, joined)) < 1e-12


def test_training_makes_one_update_a_window_with_the_state_of_the_window_before():
    params, ids, targets, _, _ = make("gru", T=4)
    windows = [(ids, targets, ALL), (targets, ids, ~ALL), (ids, targets, np.array([True, False, True]))]
    trained, history = train_over_windows(params, windows, 3, rate=1e-2, clip=0.5)

    optimiser = adam(1e-2)
    memory, expected, carried, losses = optimiser.start(params), params, None, []
    for read, wanted, first in windows:
        carried = first_language_state(3, params) if carried is None else carried
        carried = tuple(state * ~first[:, None] for state in carried)
        loss, grads, carried = language_model_loss(expected, read, wanted, state=carried)
        losses.append(loss)
        expected, memory = optimiser.step(expected, clip_by_norm(grads, 0.5)[0], memory)
    assert history.loss.tolist() == losses
    for (name, ours), (_, theirs) in zip(named_arrays(trained), named_arrays(expected), strict=True):
        assert np.array_equal(ours, theirs), name
    _, without = train_over_windows(params, [(a, b, ALL) for a, b, _ in windows], 3, rate=1e-2, clip=0.5)
    assert without.loss[1] != history.loss[1]


@every_cell
def test_it_learns_a_text_that_repeats(cell):
    rng = np.random.default_rng(0)
    ids = np.tile([0, 1, 2, 0, 3], 40)  # after 0 comes 1 or 3, by what came before it
    windows = list(stream_windows(cut_strips(ids, 1), 20, epochs=30))
    params = init_language_model(rng, cell, 4, 8, 16, np.float32)
    _, history = train_over_windows(params, windows, len(windows), rate=1e-2)
    assert history.loss[0] > 1
    assert history.loss[-9:].mean() < 0.06


@every_cell
def test_a_step_at_a_time_gives_the_probabilities_of_the_whole(cell):
    params, ids, targets, _, _ = make(cell)
    step, state = next_token_step(params), first_language_state(3, params)
    outputs = [[*targets[:, b]] for b in range(3)]
    same = np.tile(ids[:1, :1], (1, 3))  # one first token for all
    read = np.concatenate([same, targets[:-1]])
    logits, _, _ = language_model(read, state, params)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    expected = np.take_along_axis(log_p, targets[..., None], -1)[..., 0].sum(axis=0)
    found = [each.log_prob for each in score_of(step, state, int(same[0, 0]), outputs)]
    assert np.allclose(found, expected, rtol=1e-12)
    assert len(greedy(step, state, 0, -1, 4)[0][0].tokens) == 4


@every_cell
def test_the_count_is_that_of_the_arrays(cell):
    params, *_ = make(cell)
    assert count_language_model(cell, 6, 4, 7) == sum(array.size for _, array in named_arrays(params))


def test_float32_stays_float32():
    params, ids, targets, state, _ = make("lstm", dtype=np.float32)
    _, grads, last = language_model_loss(params, ids, targets, state=state)
    assert {array.dtype for _, array in [*named_arrays(grads), *named_arrays(last)]} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda ids, targets: (ids + 6, targets), "ids spans"),
        (lambda ids, targets: (ids[:0], targets[:0]), "."),
        (lambda ids, targets: (ids[0], targets[0]), "ids has shape"),
        (lambda ids, targets: (ids, targets[1:]), "shape"),
        (lambda ids, targets: (ids, targets - 6), "spans"),
        (lambda ids, targets: (ids.astype(float), targets), "ids has dtype"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    params, ids, targets, _, _ = make("rnn")
    with pytest.raises(ValueError, match=message):
        language_model_loss(params, *change(ids, targets))


def test_sizes_are_checked():
    rng = np.random.default_rng(0)
    for cell, V, D, H in (("rnn", 0, 1, 1), ("rnn", 1, 0, 1), ("rnn", 1, 1, 0), ("transformer", 1, 1, 1)):
        with pytest.raises(ValueError, match="expected"):
            init_language_model(rng, cell, V, D, H)
