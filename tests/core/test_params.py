from typing import NamedTuple

import numpy as np
import pytest

from helpers.core.params import add, global_norm, map_params, named_arrays, zeros_like


class Inner(NamedTuple):
    W: np.ndarray
    b: np.ndarray


class Other(NamedTuple):
    W: np.ndarray
    b: np.ndarray


class Outer(NamedTuple):
    first: Inner
    blocks: tuple
    c: np.ndarray


def make():
    inner = Inner(np.ones((2, 3), np.float32), np.full(3, 2, np.float32))
    return Outer(inner, (inner, inner), np.full(1, 3, np.float32))


def test_structure_and_dtype_are_kept():
    p = make()
    for q in (map_params(np.negative, p), add(p, p), zeros_like(p)):
        assert isinstance(q, Outer)
        assert isinstance(q.first, Inner)
        assert all(array.dtype == np.float32 for _, array in named_arrays(q))
    assert add(p, p).c[0] == 6
    assert zeros_like(p).c[0] == 0


def test_a_lone_array_is_a_parameter_too():
    assert add(np.ones(2), np.full(2, 2.0)).sum() == 6
    assert named_arrays(np.ones(2))[0][0] == ""


def test_names_are_dotted():
    assert [name for name, _ in named_arrays(make())] == [
        "first.W", "first.b", "blocks.0.W", "blocks.0.b", "blocks.1.W", "blocks.1.b", "c",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Inner(1, 2), Other(1, 2)),
        (Inner(1, 2), np.ones(2)),
        (np.ones(2), Inner(1, 2)),
        ((Inner(1, 2),), (Inner(1, 2), Inner(1, 2))),
    ],
)
def test_two_structures_are_an_error(left, right):
    with pytest.raises(ValueError):  # noqa: PT011 (the last one is zip's own)
        add(left, right)


def test_global_norm():
    assert global_norm(Inner(np.array([3.0]), np.array([[4.0]]))) == 5
    assert global_norm(np.zeros(3)) == 0
    assert global_norm(np.zeros(0)) == 0
    assert global_norm(np.full(4, 1e30, np.float32)) == pytest.approx(2e30)
    assert global_norm(np.full(4, 1e200)) == pytest.approx(2e200)
    assert global_norm(np.full(4, 1e-200)) == pytest.approx(2e-200)
    assert np.isnan(global_norm(Inner(np.array([np.nan]), np.array([1.0]))))
    assert np.isnan(global_norm(Inner(np.array([1.0]), np.array([np.nan]))))
    assert np.isnan(global_norm(Inner(np.array([0.0]), np.array([np.nan]))))
    assert global_norm(Inner(np.array([1.0]), np.array([-np.inf]))) == np.inf
