"""What torch counts while it computes is what the formulas say, exactly."""

import numpy as np
import pytest
import torch

from helpers.models.gpt_bert.gpt import GPT, read_prompt, start_cache
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.gpt_costs import (
    activation_numbers,
    cache_bytes,
    counted_operations,
    formulas_and_counts,
    forward_operations,
    held_bytes,
    key_value_bytes,
    parameter_counts,
    saved_numbers,
    shape_of,
    training_memory,
    training_operations,
)
from helpers.models.torch_modules import count_weights, new_model

B, T = 3, 20
SIZES = [Sizes(50, D=16, layers=2, heads=4, T_max=20), Sizes(7, D=12, layers=3, heads=3, T_max=25)]


@pytest.fixture(params=SIZES, ids=str)
def sizes(request):
    return request.param


@pytest.fixture
def model(sizes):
    return new_model(GPT, sizes, seed=0)


def test_every_weight_is_in_its_part(model, sizes):
    counts = parameter_counts(shape_of(sizes))
    assert sum(counts.values()) == count_weights(model)
    assert counts["attention"] == sum(
        count_weights(m) for layer in model.trunk.layers for m in (layer.W_qkv, layer.W_o)
    )
    assert counts["feed-forward"] == sum(
        count_weights(m) for layer in model.trunk.layers for m in (layer.W_1, layer.W_2)
    )
    assert counts["positions"] == model.trunk.positions.weight.numel()


def test_operations(model, sizes, rng):
    shape = shape_of(sizes)
    forward, both = counted_operations(model, rng.integers(sizes.V, size=(B, T)))
    assert forward == sum(forward_operations(shape, B, T).values())
    assert both == sum(training_operations(shape, B, T).values())


@pytest.mark.parametrize("fused", [True, False])
def test_what_is_kept_for_the_backward_pass(model, sizes, rng, fused):
    tokens = rng.integers(sizes.V, size=(B, T + 1))
    wanted = activation_numbers(shape_of(sizes), B, T, keep_weights=not fused)
    assert saved_numbers(model, tokens, fused) == wanted


def test_what_is_held(model, sizes, rng):
    optimiser = adamw(model, 1e-3)
    model(torch.tensor(rng.integers(sizes.V, size=(B, T)))).sum().backward()
    optimiser.step()
    wanted = training_memory(shape_of(sizes), B, T)
    assert held_bytes(model, optimiser) == {part: wanted[part] for part in ("weights", "gradients", "Adam")}


def test_keys_and_values(model, sizes, rng):
    caches = read_prompt(model, rng.integers(sizes.V, size=(B, T)), start_cache(model, B))
    assert cache_bytes(caches) == key_value_bytes(shape_of(sizes), B, T, bytes_each=4)
    assert np.array([part.shape[2] for cache in caches for part in cache]).tolist() == [T] * 2 * sizes.layers


def test_all_formulas_beside_what_is_counted(model, sizes, rng):
    rows = formulas_and_counts(model, rng.integers(sizes.V, size=(B, T + 1)))
    assert list(rows) == ["weights", "operations", "activations", "bytes held", "bytes of keys and values"]
    assert all(formula == counted > 0 for formula, counted in rows.values())
