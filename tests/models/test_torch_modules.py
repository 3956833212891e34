import numpy as np
import pytest
import torch

from helpers.data.masking import MaskedBatch
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import (
    as_rows,
    as_tensors,
    count_weights,
    device_of,
    new_model,
    set_weights,
    weight_arrays,
)
from helpers.models.transformer.torch_model import Transformer


@pytest.mark.parametrize(
    ("kind", "sizes", "options"),
    [
        (Seq2Seq, (3, 3, 2, 2), {"attention": "additive"}),
        (Transformer, (5, 6, 4, 4), {"heads": 1}),
        (GPT, (Sizes(5, D=4, layers=1),), {"tied": False}),
    ],
)
def test_a_new_model_depends_on_its_seed_alone_and_leaves_torchs_generator_alone(kind, sizes, options):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, again, other = (weight_arrays(new_model(kind, *sizes, seed=seed, **options)) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def test_weights_travel_as_copies():
    one, other = (new_model(torch.nn.Linear, 3, 2, seed=seed) for seed in (1, 2))
    arrays = weight_arrays(one)
    assert set_weights(other, arrays) is other
    assert torch.equal(one.weight, other.weight)
    assert torch.equal(one.bias, other.bias)
    with torch.no_grad():
        one.weight.zero_()
        other.bias.zero_()
    assert arrays["weight"].all()
    assert arrays["bias"].all()
    assert count_weights(one) == 8


def test_weights_of_another_shape_are_refused():
    with pytest.raises(RuntimeError, match="size mismatch"):
        set_weights(torch.nn.Linear(2, 2), weight_arrays(torch.nn.Linear(3, 2)))


def test_rows_are_batch_first():
    assert as_rows(np.array([[1, 2, 3], [4, 5, 6]], np.int32)).tolist() == [[1, 4], [2, 5], [3, 6]]
    assert as_rows(np.zeros((3, 2), np.int32)).dtype == torch.int64
    assert as_rows(np.ones((3, 2), bool)).dtype == torch.bool


def test_tensors_are_as_the_arrays_are():
    batch = MaskedBatch(np.arange(6, dtype=np.int32).reshape(2, 3), np.ones((2, 3)), np.ones((2, 3), bool))
    tensors = as_tensors(batch)
    assert type(tensors) is MaskedBatch
    assert [part.dtype for part in tensors] == [torch.int32, torch.float64, torch.bool]
    assert tensors.seen.tolist() == batch.seen.tolist()
    with pytest.raises(ValueError, match="an array has dtype float64, expected ids or bools"):
        as_rows(batch)
    rows = as_rows(batch._replace(**{MaskedBatch._fields[1]: np.ones((2, 3), int)}))
    assert type(rows) is MaskedBatch
    assert rows.seen.tolist() == batch.seen.T.tolist()
    assert type(as_rows((batch.seen, batch.chosen))) is tuple


def test_the_device_is_that_of_the_weights():
    model = torch.nn.Linear(2, 2)
    assert device_of(model).type == "cpu"
    device = device_of(model.to("meta"))
    assert as_tensors(np.ones(2), device).device == as_rows(np.ones((2, 2), int), device).device == device
    assert device.type == "meta"
