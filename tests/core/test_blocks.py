import numpy as np
import pytest

from helpers.core.blocks import blocks, flat


@pytest.mark.parametrize("T", [1, 2, 7, 100])
@pytest.mark.parametrize("size", [1, 3, 9, 10, 11])
def test_blocks_hold_every_step_once_and_no_more_than_they_may(T, size):
    found = blocks(T, size, most=10)
    assert [t for block in found for t in range(T)[block]] == list(range(T))
    for block in found:
        steps = block.stop - block.start
        assert steps == 1 or steps * size <= 10
    assert len(found) == -(-T // max(1, 10 // size))  # and no more blocks than that needs


def test_steps_as_rows_are_a_view_with_the_steps_one_after_the_other():
    steps = np.arange(24).reshape(2, 3, 4)
    rows = flat(steps)
    np.testing.assert_array_equal(rows, [*steps[0], *steps[1]])
    assert np.shares_memory(rows, steps)
