"""Costs by formula: the sizes that papers and files name, and what training them was said to take."""

from math import prod

import numpy as np
import pytest

from helpers.models.data_parallel.ring import ring_all_reduce
from helpers.models.gpt_costs import (
    PUBLISHED,
    ModelShape,
    activation_numbers,
    data_parallel_bytes,
    forward_operations,
    key_value_bytes,
    parameter_count,
    pipeline_bytes,
    pipeline_idle_share,
    ring_numbers,
    serving_memory,
    six_per_weight_and_token,
    tensor_parallel_bytes,
    training_memory,
    training_operations,
)

SMALL = ModelShape(7, 4, 2, 2, 1, 5, 3, gated=True, bias=False, tied=False, learned_positions=False)
# The numbers of weights in the published files.
EXACT = {
    "GPT-2 124M": 124_439_808,
    "GPT-2 1.5B": 1_557_611_200,
    "Llama 2 7B": 6_738_415_616,
    "Llama 2 13B": 13_015_864_320,
    "Llama 2 70B": 68_976_648_192,
    "Llama 3 8B": 8_030_261_248,
    "Llama 3 70B": 70_553_706_496,
    "Llama 3 405B": 405_853_388_800,
}


@pytest.mark.parametrize("name", EXACT)
def test_the_weights_of_published_models(name):
    assert parameter_count(PUBLISHED[name]) == EXACT[name]


def test_every_published_model_has_about_the_size_in_its_name():
    for name, shape in PUBLISHED.items():
        said = float(name.split()[-1][:-1]) * {"M": 1e6, "B": 1e9}[name[-1]]
        assert parameter_count(shape) == pytest.approx(said, rel=0.05)


@pytest.mark.parametrize(
    ("name", "tokens", "said"),
    [("GPT-3 175B", 300e9, 3.14e23), ("Llama 3 405B", 15.6e12, 3.8e25)],  # Brown et al., table D.1; Llama 3, section 1
)
def test_six_for_each_weight_and_token_is_what_the_papers_say(name, tokens, said):
    assert six_per_weight_and_token(parameter_count(PUBLISHED[name]), tokens) == pytest.approx(said, rel=0.01)


def test_operations_by_hand():
    """Two maps D → D and two D → 2, scores and means over 3 tokens, three maps of 4 × 5, an output of 4 × 7."""
    per_layer = 2 * 16 + 2 * 8
    assert forward_operations(SMALL, B=1, T=3) == {
        "attention maps": 2 * 3 * 2 * per_layer,
        "scores and means": 2 * 2 * 2 * prod((3, 3, 4)),
        "feed-forward": 2 * 3 * 2 * 60,
        "output": 2 * 3 * 28,
    }
    assert sum(training_operations(SMALL, 2, 3).values()) == 6 * sum(forward_operations(SMALL, 1, 3).values())


def test_the_rule_of_six_is_right_where_attention_is_short():
    shape = PUBLISHED["GPT-3 175B"]
    exact = sum(training_operations(shape, 1, 2048).values())
    ruled = six_per_weight_and_token(parameter_count(shape), 2048)
    assert 1 < exact / ruled < 1.03


def test_memory_by_hand():
    N = parameter_count(SMALL)
    numbers = 2 * 3 * (2 * (4 * 4 + 2 + 2 * 4 + 2 * 2 + 2 + 4 * 5) + 2 * 4 + 1 + 7)
    assert activation_numbers(SMALL, 2, 3) == numbers
    assert activation_numbers(SMALL, 2, 3, keep_weights=True) == numbers + 2 * 3 * 2 * (2 * 3 - 2)
    assert activation_numbers(SMALL, 2, 3, recompute=True) == 2 * 3 * (2 * 4 + 52 + 16)
    assert training_memory(SMALL, 2, 3) == {
        "weights": 4 * N, "gradients": 4 * N, "Adam": 8 * N, "activations": 4 * numbers}  # fmt: skip
    assert training_memory(SMALL, 2, 3, recompute=True)["activations"] == 4 * 2 * 3 * (2 * 4 + 52 + 16)
    mixed = training_memory(SMALL, 2, 3, "mixed")
    assert (mixed["weights"] + mixed["gradients"] + mixed["Adam"], mixed["activations"]) == (16 * N, 2 * numbers)
    assert key_value_bytes(SMALL, 3, 5) == 2 * 2 * 2 * 3 * 5 * 2
    assert serving_memory(SMALL, 3, 5) == {"weights": 2 * N, "keys and values": key_value_bytes(SMALL, 3, 5)}


def test_grouped_queries_save_what_the_paper_says():
    """Llama 2 70B has 8 heads of keys and values for 64 of queries."""
    shape = PUBLISHED["Llama 2 70B"]
    assert 8 * key_value_bytes(shape, 1, 4096) == key_value_bytes(shape._replace(groups=64), 1, 4096)
    assert key_value_bytes(shape, 1, 4096) == 2 * 80 * 8 * 128 * 4096 * 2


@pytest.mark.parametrize("P", [1, 2, 3, 5])
def test_the_ring_adds_up_and_sends_what_the_formula_says(P, rng):
    values = rng.standard_normal((P, 30))
    states = ring_all_reduce(values)
    assert len(states) == 1 + 2 * (P - 1)
    np.testing.assert_allclose(states[-1].values.reshape(P, 30), np.tile(values.sum(axis=0), (P, 1)), rtol=1e-12)
    assert states[-1].numbers == ring_numbers(30, P)
    assert all(len({piece for _, piece in state.sent}) == P for state in states[1:])  # no piece is sent twice in a step


def test_what_machines_send():
    N = parameter_count(SMALL)
    assert data_parallel_bytes(SMALL, 4) == round(2 * N * 3 / 4 * 4)
    assert data_parallel_bytes(SMALL, 1) == 0
    assert tensor_parallel_bytes(SMALL, 2, 3, 2) == 4 * 2 * (2 * 3 * 4) * 2
    assert pipeline_bytes(SMALL, 2, 3) == 2 * 3 * 4 * 2
    assert pipeline_idle_share(1, 1) == 0
    assert pipeline_idle_share(4, 1) == 3 / 4
    assert pipeline_idle_share(4, 12) == 3 / 15


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: parameter_count(SMALL._replace(heads=3)), "D is 4, expected a multiple of the 3 heads"),
        (lambda: parameter_count(SMALL._replace(groups=3)), "groups is 3, expected a number that divides the 2 heads"),
        (lambda: parameter_count(SMALL._replace(H=0)), "H is 0"),
        (lambda: parameter_count((1, 2)), "shape is of type tuple, expected a ModelShape"),
        (lambda: forward_operations(SMALL, 0, 1), "B is 0"),
        (lambda: training_memory(SMALL, 1, 1, "half"), "precision is 'half'"),
        (lambda: six_per_weight_and_token(0, 1), "N is 0"),
        (lambda: six_per_weight_and_token(1, -1), "tokens is -1"),
        (lambda: ring_all_reduce(np.ones((3, 4))), r"values has shape \(3, 4\)"),
        (lambda: pipeline_idle_share(0, 1), "stages is 0"),
    ],
)
def test_it_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
