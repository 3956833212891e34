import numpy as np
import pytest

from helpers.layers.recurrent.gates import gates_first, halves, split_gates
from helpers.layers.recurrent.steps import blocks


@pytest.mark.parametrize("T", [1, 2, 7, 100])
@pytest.mark.parametrize("size", [1, 3, 9, 10, 11])
def test_blocks_hold_every_step_once_and_no_more_than_they_may(T, size):
    found = blocks(T, size, most=10)
    assert [t for block in found for t in range(T)[block]] == list(range(T))
    for block in found:
        steps = block.stop - block.start
        assert steps == 1 or steps * size <= 10
    assert len(found) == -(-T // max(1, 10 // size))  # and no more blocks than that needs


def test_one_formula_makes_every_gate(rng):
    W_hh = np.zeros((2, 8), np.float32)
    half = halves("ifgo", W_hh, fixed=("f",))
    assert half.dtype == np.float32
    np.testing.assert_array_equal(half, [0.5, 0.5, 0, 0, 1, 1, 0.5, 0.5])
    np.testing.assert_array_equal(halves("rzn", np.zeros((1, 3))), [0.5, 0.5, 1])
    a = rng.standard_normal(8)
    made = half * np.tanh(half * a) + (1 - half)
    np.testing.assert_allclose(made[[0, 1, 6, 7]], 1 / (1 + np.exp(-a[[0, 1, 6, 7]])), rtol=1e-13)
    np.testing.assert_array_equal(made[2:4], 1)
    np.testing.assert_array_equal(made[4:6], np.tanh(a[4:6]))


def test_gates_are_split_by_columns():
    rows = np.arange(12).reshape(2, 6)  # B = 2, three gates of H = 2
    r, z, n = split_gates(rows, 2)
    np.testing.assert_array_equal(z, [[2, 3], [8, 9]])
    assert all(np.shares_memory(rows, gate) for gate in (r, z, n))
    np.testing.assert_array_equal(gates_first(rows, 2), [r, z, n])
    np.testing.assert_array_equal(gates_first(rows[0], 2), [[[0, 1]], [[2, 3]], [[4, 5]]])
