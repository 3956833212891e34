import numpy as np
import pytest

from helpers.layers import reading_costs
from helpers.layers.embedding import one_hot


def test_bytes_are_those_of_the_arrays():
    ids = np.zeros(64, dtype=np.int64)
    there = reading_costs.input_bytes(V=1000, B=64)
    assert there == {"one-hot product": one_hot(ids, 1000, np.float32).nbytes, "look-up": ids.nbytes}


def test_both_ways_are_measured():
    seconds = reading_costs.reading_seconds(np.random.default_rng(0), V=50, B=4, D=3)
    assert {*seconds} == {*reading_costs.input_bytes(50, 4)}
    assert min(seconds.values()) > 0


def test_sizes_are_checked():
    with pytest.raises(ValueError, match="V is 0"):
        reading_costs.input_bytes(0, 4)
