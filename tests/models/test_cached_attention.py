"""Attention over steps that are kept, against the attention that is written out in NumPy."""

import numpy as np
import pytest
import torch

from helpers.layers.attention.masks import causal_mask
from helpers.layers.attention.scaled_dot_product import attention
from helpers.layers.transformer.key_value_cache import KeyValues
from helpers.models.cached_attention import attend_and_keep

B, K, S, D = 2, 3, 5, 4


@pytest.fixture
def qkv(rng):
    return torch.from_numpy(rng.standard_normal((3, B, K, S, D)))


def in_numpy(qkv, mask):
    return attention(*qkv.numpy(), mask)[0]


@pytest.mark.parametrize("cuts", [(), (3,), (1, 4), (1, 2, 3, 4), (0,)])
def test_in_parts_it_is_causal_attention(qkv, cuts):
    kept, parts = None, []
    for start, stop in zip((0, *cuts), (*cuts, S), strict=True):
        before = None if kept is None else [part.clone() for part in kept]
        read, longer = attend_and_keep(*qkv[:, :, :, start:stop], kept, causal=True)
        assert kept is None or all(map(torch.equal, kept, before))
        kept = longer
        parts.append(read)
    np.testing.assert_allclose(torch.cat(parts, dim=2), in_numpy(qkv, causal_mask(S)), rtol=1e-10, atol=1e-12)
    assert isinstance(kept, KeyValues)
    assert torch.equal(kept.k, qkv[1])
    assert torch.equal(kept.v, qkv[2])


def test_without_causal_every_step_may_attend_where_the_mask_says(qkv):
    mask = torch.ones(B, 1, 1, S, dtype=torch.bool)
    mask[0, ..., 2:] = False
    for each in (None, mask):
        read, _ = attend_and_keep(*qkv, may_attend=each)
        np.testing.assert_allclose(read, in_numpy(qkv, None if each is None else each.numpy()), rtol=1e-10, atol=1e-12)
    first, second = qkv[:, :, :, :2], qkv[:, :, :, 2:]
    read, _ = attend_and_keep(*second, KeyValues(first[1], first[2]))
    np.testing.assert_allclose(read, in_numpy(qkv, None)[:, :, 2:], rtol=1e-10, atol=1e-12)
