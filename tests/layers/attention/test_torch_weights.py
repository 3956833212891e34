import numpy as np
import pytest
import torch

from helpers.core.params import map_params
from helpers.layers.attention.multi_head import init_multi_head, multi_head
from helpers.layers.attention.torch_weights import multi_head_from_torch, multi_head_to_torch

every_memory = pytest.mark.parametrize("D_m", [6, 4])


def random_params(rng, D, D_m, dtype=np.float64):
    """Parameters whose biases are not zero, so that a dropped bias is seen."""
    return map_params(lambda p: rng.standard_normal(p.shape).astype(p.dtype), init_multi_head(rng, D, D_m, dtype))


@every_memory
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back_is_the_same(rng, D_m, dtype):
    params = random_params(rng, 6, D_m, dtype)
    module = multi_head_to_torch(params, 3)
    assert module.num_heads == 3
    back = multi_head_from_torch(module)
    for a, b in zip(params, back, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


@every_memory
@pytest.mark.parametrize("batch_first", [True, False])
def test_torchs_own_weights_compute_the_same_here(rng, D_m, batch_first):
    torch.manual_seed(0)
    module = torch.nn.MultiheadAttention(
        6, 2, kdim=D_m, vdim=D_m, batch_first=batch_first, dropout=0.5, dtype=torch.float64
    ).eval()
    queries, memory = rng.standard_normal((2, 3, 6)), rng.standard_normal((2, 5, D_m))
    out, weights, _ = multi_head(queries, memory, multi_head_from_torch(module), module.num_heads)
    q, m = (torch.tensor(x if batch_first else x.swapaxes(0, 1)) for x in (queries, memory))
    theirs, theirs_weights = module(q, m, m)
    theirs = theirs.detach().numpy()
    np.testing.assert_allclose(out, theirs if batch_first else theirs.swapaxes(0, 1), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(weights.mean(axis=1), theirs_weights.detach().numpy(), rtol=1e-10)


@every_memory
def test_the_weights_are_copies(rng, D_m):
    params = random_params(rng, 6, D_m)
    module = multi_head_to_torch(params, 2)
    back = multi_head_from_torch(module)
    for ours in (params, back):
        for array in ours:
            array[:] = 7
    assert not any((p == 7).any() for p in module.parameters())


def test_other_modules_are_errors(rng):
    MultiheadAttention = torch.nn.MultiheadAttention
    for module in (
        torch.nn.Linear(2, 3),
        MultiheadAttention(4, 2, bias=False),
        MultiheadAttention(4, 2, add_bias_kv=True),
        MultiheadAttention(4, 2, add_zero_attn=True),
        MultiheadAttention(4, 2, kdim=3, vdim=5),
    ):
        with pytest.raises(ValueError, match="expected a MultiheadAttention with biases"):
            multi_head_from_torch(module)
    with pytest.raises(ValueError, match="heads is 4, expected a number that divides D = 6"):
        multi_head_to_torch(init_multi_head(rng, 6), 4)
