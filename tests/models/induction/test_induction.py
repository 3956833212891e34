"""Scores by hand, a model of attention alone, and that two layers learn to copy where the score says so."""

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data.tasks.repeated_blocks import RepeatedBlocks, repeated_blocks
from helpers.models.gpt_bert.attention_weights import attention_weights
from helpers.models.gpt_bert.gpt import GPT, cached_step, start_cache
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.induction import (
    attention_only,
    copying,
    copying_by_path,
    head_scores,
    look_at,
    train_copying,
    training,
    without_head_of,
)
from helpers.models.induction import scores as module
from helpers.models.torch_modules import new_model

torch.set_num_threads(1)
SIZES = Sizes(8, D=16, layers=2, heads=2, T_max=12)
BLOCKS = {"T": 12, "shortest": 3, "longest": 6}


@pytest.fixture
def model():
    return new_model(attention_only, SIZES, seed=0)


@pytest.fixture
def batch(rng):
    return repeated_blocks(rng, 50, V=8, **BLOCKS)


def test_it_is_attention_alone_with_a_residual_connection(model, rng):
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.3)
    tokens = torch.tensor(rng.integers(8, size=(2, 12)))
    x, trunk = model.trunk.tokens(tokens) + model.trunk.positions.weight, model.trunk
    for layer, weights in zip(trunk.layers, attention_weights(trunk, tokens), strict=True):
        v = layer.W_qkv(layer.norm_1(x))[..., 32:].view(2, 12, 2, 8).transpose(1, 2)
        x = x + layer.W_o((weights @ v).transpose(1, 2).reshape(2, 12, 16))
    torch.testing.assert_close(model(tokens), model.output(trunk.norm(x)), rtol=1e-4, atol=1e-5)
    step, caches = cached_step(model), start_cache(model, 2)
    for t in range(12):
        log_p, caches = step(tokens[:, t].numpy(), caches)
    torch.testing.assert_close(log_p, model(tokens)[:, -1].log_softmax(-1), rtol=1e-4, atol=1e-5)


def test_its_embeddings_are_ten_times_those_of_our_gpt():
    sizes = Sizes(200, D=64, layers=1, heads=2, T_max=200)
    own, ours = (new_model(kind, sizes, seed=0).trunk for kind in (attention_only, GPT))
    for name in ("tokens", "positions"):
        assert getattr(own, name).weight.std().item() == pytest.approx(1, rel=0.05)
        assert getattr(ours, name).weight.std().item() == pytest.approx(0.1, rel=0.05)


def test_the_rate_rises_for_50_steps_and_stays(monkeypatch, model):
    made, rates = [], []

    def noted(*arguments):
        made.append(adamw(*arguments))
        return made[0]

    monkeypatch.setattr(training, "adamw", noted)
    train_copying(model, np.random.default_rng(0), 53, batch=1, rate=1e-3, **BLOCKS,
                  each=lambda k: rates.append(made[0].param_groups[0]["lr"]))  # fmt: skip
    np.testing.assert_allclose(rates[1:], 1e-3 * np.minimum(1, np.arange(1, 54) / 50))


def test_scores_by_hand(monkeypatch, model):
    """One sequence a b | c d e | c d e; d and e are copied, from 3 and 4, and foreseen at 5 and 6."""
    batch = RepeatedBlocks(np.array([[0, 1, 2, 3, 4, 2, 3, 4]]), np.array([3]), np.array([[False] * 6 + [True] * 2]))
    weights = torch.zeros(1, 1, 3, 7, 7)
    weights[0, 0, 0, 5, 3], weights[0, 0, 0, 6, 4] = 0.8, 0.6  # an induction head
    weights[0, 0, 1, range(1, 7), range(6)] = 0.5  # looks at the token before
    monkeypatch.setattr(module, "attention_weights", lambda trunk, tokens: weights)
    found = head_scores(model, batch)
    np.testing.assert_allclose(found.induction, [[0.7, 0, 0]], rtol=1e-6)
    np.testing.assert_allclose(found.previous, [[0, 0.5, 0]], rtol=1e-6)
    assert found.chance == pytest.approx((1 / 6 + 1 / 7) / 2)


def test_equal_weights_have_the_score_of_chance(model, batch):
    for layer in model.trunk.layers:
        nn.init.zeros_(layer.W_qkv.weight)
    found = head_scores(model, batch)
    np.testing.assert_allclose(found.induction, found.chance, rtol=1e-5)


def test_a_look_is_all_of_it(model, batch):
    look = look_at(model, batch)
    assert look.copying == copying(model, batch)
    np.testing.assert_array_equal(look.scores.induction, head_scores(model, batch).induction)
    wanted = attention_weights(model.trunk, torch.tensor(batch.tokens[:1, :-1]))[:, 0]
    np.testing.assert_array_equal(look.weights, wanted.numpy())


def test_a_model_that_knows_nothing_copies_by_chance(model, batch):
    nn.init.zeros_(model.output.weight)
    assert copying(model, batch).loss == pytest.approx(np.log(8), rel=1e-6)


def test_two_layers_learn_to_copy(model, batch):
    losses = train_copying(model, np.random.default_rng(1), 250, batch=32, rate=2e-2, **BLOCKS)
    found = copying(model, batch)
    assert losses[-1] < losses[0] - 0.2
    assert found.right > 0.6
    scores = head_scores(model, batch)
    assert scores.induction.max() > 3 * scores.chance
    layer, head = np.unravel_index(scores.induction.argmax(), scores.induction.shape)
    model.load_state_dict(without_head_of(model, int(layer), int(head)))
    assert copying(model, batch).right < found.right - 0.1


def test_without_a_head_is_without_its_part(model, batch):
    weights = without_head_of(model, 1, 0)
    changed = [name for name, weight in model.state_dict().items() if not torch.equal(weight, weights[name])]
    assert changed == ["trunk.layers.1.W_o.weight"]
    W_o = weights[changed[0]]
    assert (W_o[:, :8] == 0).all()
    assert torch.equal(W_o[:, 8:], model.trunk.layers[1].W_o.weight[:, 8:])


def test_a_loss_that_is_no_number_ends_training(model):
    nn.init.constant_(model.output.weight, np.nan)
    with pytest.raises(FloatingPointError, match="step 0: the loss is nan"):
        train_copying(model, np.random.default_rng(0), 2, batch=1, **BLOCKS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model, batch: without_head_of(model, 2, 0), "layer is 2, expected 0 to 1"),
        (lambda model, batch: without_head_of(model, 0, 2), "head is 2, expected 0 to 1"),
        (lambda model, batch: head_scores(model, batch.tokens), "batch is of type ndarray, expected RepeatedBlocks"),
        (lambda model, batch: copying(model, batch._replace(copied=batch.copied & False)), "no token is copied"),
        (lambda model, batch: head_scores(model, batch._replace(distance=batch.distance + 99)), "no token is copied"),
        (lambda model, batch: copying(model, batch._replace(copied=batch.copied[:, :-1])), "copied has shape"),
        (lambda model, batch: attention_only(SIZES._replace(heads=3)), "D is 16, expected a multiple of the 3 heads"),
    ],
)
def test_it_refuses(model, batch, call, message):
    with pytest.raises(ValueError, match=message):
        call(model, batch)


def test_a_note_that_is_read_everywhere_or_nowhere_is_the_whole_model_or_the_one_without_the_head(model, batch):
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.5)
    kept = {name: weight.clone() for name, weight in model.state_dict().items()}
    whole = copying(model, batch)
    assert copying_by_path(model, batch, 1, ["queries", "keys", "values", "output"]) == pytest.approx(whole)
    nowhere = copying_by_path(model, batch, 1, [])
    assert all(torch.equal(kept[name], weight) for name, weight in model.state_dict().items())  # it is not changed
    model.load_state_dict(without_head_of(model, 0, 1))
    assert nowhere == pytest.approx(copying(model, batch)) != pytest.approx(whole)


@pytest.mark.parametrize("place", ["queries", "keys", "values", "output"])
def test_a_note_that_is_read_in_one_place(model, batch, place):
    """Written out for one sequence at a time, with the weights of that place's map alone."""
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.5)
    first, second = model.trunk.layers
    x = model.trunk.tokens(torch.tensor(batch.tokens[:, :-1])) + model.trunk.positions.weight[:11]
    silent = new_model(attention_only, SIZES, seed=0)
    silent.load_state_dict(without_head_of(model, 0, 1))
    has, lacks = (layer(x, None, True)[0] for layer in (first, silent.trunk.layers[0]))
    seen = dict.fromkeys(("queries", "keys", "values", "output"), lacks) | {place: has}
    parts = zip(("queries", "keys", "values"), second.W_qkv.weight.chunk(3), second.W_qkv.bias.chunk(3), strict=True)
    q, k, v = (second.norm_1(seen[each]) @ W.T + b for each, W, b in parts)
    heads = []
    for d in (slice(8), slice(8, 16)):
        scores = (q[..., d] @ k[..., d].mT / 8**0.5).masked_fill(~torch.ones(11, 11).tril().bool(), -torch.inf)
        heads.append(scores.softmax(-1) @ v[..., d])
    logits = model.output(model.trunk.norm(seen["output"] + second.W_o(torch.cat(heads, -1))))
    wanted, targets = torch.tensor(batch.copied[:, 1:]), torch.tensor(batch.tokens[:, 1:])
    loss = nn.functional.cross_entropy(logits[wanted], targets[wanted]).item()
    assert copying_by_path(model, batch, 1, [place]).loss == pytest.approx(loss, rel=1e-4)


def test_paths_that_are_not_there(model, batch):
    with pytest.raises(ValueError, match="places is 'keys', expected a list of some of queries, keys, values, output"):
        copying_by_path(model, batch, 0, "keys")
    with pytest.raises(ValueError, match="head is 2, expected 0 to 1"):
        copying_by_path(model, batch, 2, ["keys"])
    with pytest.raises(ValueError, match="one of places is 'key', expected"):
        copying_by_path(model, batch, 0, ["key"])
    with pytest.raises(ValueError, match="the model has the layers Layer, Layer, expected two of AttentionLayer"):
        copying_by_path(new_model(GPT, SIZES, seed=0), batch, 0, ["keys"])
    with pytest.raises(ValueError, match="the model has the layers AttentionLayer, expected two of AttentionLayer"):
        copying_by_path(new_model(attention_only, SIZES._replace(layers=1), seed=0), batch, 0, ["keys"])
