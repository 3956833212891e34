"""What is counted is what torch counts, whose operations are two for each multiply–add."""

import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from helpers.core.params import named_arrays
from helpers.layers.transformer.costs import (
    cached_step_cost,
    decoder_layer_size,
    encoder_layer_cost,
    encoder_layer_size,
    gru_cost,
)
from helpers.layers.transformer.decoder_layer import init_decoder_layer
from helpers.layers.transformer.encoder_layer import init_encoder_layer
from helpers.layers.transformer.key_value_cache import KeyValues
from helpers.models.gpt_bert.trunk import Layer

SIZES = [(1, 2, 1, 1), (10, 8, 12, 2), (7, 12, 30, 3)]
every_size = pytest.mark.parametrize(("T", "D", "H", "K"), SIZES)


def multiply_adds(function, *inputs):
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        function(*inputs)
    return counter.get_total_flops() / 2


@every_size
def test_an_encoder_layer_costs_what_torch_counts(T, D, H, K):
    layer = torch.nn.TransformerEncoderLayer(D, K, H, dropout=0.0, batch_first=True)
    cost = encoder_layer_cost(T, D, H, K)
    assert cost.multiply_adds == multiply_adds(layer, torch.zeros(1, T, D))
    assert (cost.numbers, cost.steps, cost.path) == (K * T * T, 6, 1)


@every_size
def test_a_gru_costs_what_torch_counts(T, D, H, K):
    cost = gru_cost(T, D, H)
    assert cost.multiply_adds == multiply_adds(torch.nn.GRU(D, H), torch.zeros(T, 1, D))
    assert (cost.numbers, cost.steps, cost.path) == (T * H, T + 1, T - 1)


@every_size
def test_a_cached_step_costs_what_torch_counts(T, D, H, K):
    kept = torch.zeros(1, K, T - 1, D // K)
    counted = multiply_adds(lambda x: Layer(D, K)(x, cache=KeyValues(kept, kept)), torch.zeros(1, 1, D))
    assert cached_step_cost(T, D, 4 * D) == counted
    assert cached_step_cost(1, D, H) == encoder_layer_cost(1, D, H).multiply_adds


@every_size
def test_sizes_are_those_of_the_layers_and_of_torchs(T, D, H, K):
    rng = np.random.default_rng(0)
    for size, init, kind in (
        (encoder_layer_size(D, H), init_encoder_layer, torch.nn.TransformerEncoderLayer),
        (decoder_layer_size(D, H), init_decoder_layer, torch.nn.TransformerDecoderLayer),
    ):
        assert size == sum(array.size for _, array in named_arrays(init(rng, D, H)))
        assert size == sum(weight.numel() for weight in kind(D, K, H).parameters())


@pytest.mark.parametrize(
    ("function", "sizes", "message"),
    [
        (encoder_layer_cost, (0, 1, 1), "T is 0"),
        (encoder_layer_cost, (1, 1, 1, 0), "heads is 0"),
        (gru_cost, (1, 1, 0), "H is 0"),
        (cached_step_cost, (0, 1, 1), "t is 0"),
        (encoder_layer_size, (0, 1), "D is 0"),
        (decoder_layer_size, (1, 0), "H is 0"),
    ],
)
def test_sizes_below_one_are_refused(function, sizes, message):
    with pytest.raises(ValueError, match=message):
        function(*sizes)
