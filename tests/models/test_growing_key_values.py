"""Keys and values that grow: equal to joining them anew, whoever goes on from which state."""

import copy

import pytest
import torch

from helpers.decoding.interface import select_rows
from helpers.layers.transformer.key_value_cache import KeyValues
from helpers.models.growing_key_values import ROOM, GrowingKeyValues, append_steps

B, K, D = 2, 3, 4


def steps(T, seed=0, **options):
    made = torch.Generator().manual_seed(seed)
    return KeyValues(*(torch.randn(B, K, T, D, generator=made, **options) for _ in range(2)))


def joined(*parts):
    return KeyValues(*(torch.cat(each, dim=-2) for each in zip(*parts, strict=True)))


def assert_same(one, other):
    assert all(map(torch.equal, one, other))


def test_many_steps_are_those_that_were_added():
    parts = [steps(T, seed) for seed, T in enumerate((0, 1, 1, 3, 0, *[1] * 3 * ROOM))]
    kept = parts[0]
    for n, part in enumerate(parts[1:], 2):
        before = KeyValues(*(each.clone() for each in kept))
        longer = append_steps(kept, *part)
        assert_same(kept, before)
        kept = longer
        assert_same(kept, joined(*parts[:n]))


def test_a_state_may_be_gone_on_from_twice():
    start = append_steps(steps(0), *steps(5))
    one, two = steps(1, seed=1), steps(2, seed=2)
    first, second = append_steps(start, *one), append_steps(start, *two)
    third = append_steps(first, *two)
    assert_same(first, joined(steps(5), one))
    assert_same(second, joined(steps(5), two))
    assert_same(third, joined(steps(5), one, two))
    assert first.storage is third.storage is not second.storage


def test_steps_are_copied_only_when_the_storage_is_full():
    kept, storages = steps(0), []
    for _ in range(16 * ROOM):
        kept = append_steps(kept, *steps(1))
        storages.append(kept.storage)
    assert len(set(storages)) == 5  # with room for 1, 2, 4, 8 and 16 times as many


def test_states_made_from_parts_or_copied_go_on_rightly():
    kept = append_steps(steps(0), *steps(5))
    chosen = select_rows(kept, [1, 1])
    assert isinstance(chosen, GrowingKeyValues)
    new = steps(1, seed=3)
    assert_same(append_steps(chosen, *new), joined(KeyValues(*(part[[1, 1]] for part in steps(5))), new))
    same = copy.deepcopy(kept)
    append_steps(kept, *steps(1, seed=4))
    assert_same(append_steps(same, *new), joined(steps(5), new))


def test_gradients_go_through():
    kept, new = (KeyValues(*(part.requires_grad_() for part in steps(T, T))) for T in (2, 1))
    longer = append_steps(kept, *new)
    used = longer.k.square().sum()  # what its gradient needs may not be written over
    longest = append_steps(longer, *steps(1, seed=5))
    (used + longest.k.square().sum() + longest.v.sum()).backward()
    for part in (kept, new):
        torch.testing.assert_close(part.k.grad, 4 * part.k.detach())
        assert torch.equal(part.v.grad, torch.ones_like(part.v))


@pytest.mark.parametrize("new", [steps(1, dtype=torch.float64), steps(1)._replace(v=torch.zeros(B, K, 1, D + 1))])
def test_other_shapes_and_dtypes_are_refused(new):
    with pytest.raises(ValueError, match="expected those of the steps that are kept"):
        append_steps(steps(2), *new)
