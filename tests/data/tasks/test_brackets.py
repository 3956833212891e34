import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.tasks.brackets import CLOSE, OPEN, brackets


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 30), st.integers(1, 5), st.integers(1, 3), st.integers(0, 99))
def test_strings_are_well_formed_and_the_depth_is_a_stacks(batch, length, most, fillers, seed):
    x, depth = brackets(np.random.default_rng(seed), batch, length, most, fillers)
    assert x.shape == (length, batch, 2 + fillers)
    assert depth.shape == (length, batch)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.sum(axis=-1), 1)
    assert set(np.unique(x)) <= {0, 1}
    for b in range(batch):
        stack = []
        for symbol, wanted in zip(x[:, b].argmax(axis=-1), depth[:, b], strict=True):
            if symbol == OPEN:
                stack.append(symbol)
            elif symbol == CLOSE:
                stack.pop()  # an empty one would raise
            assert len(stack) == wanted <= most
        assert not stack


def test_the_shortest_strings():
    x, depth = brackets(np.random.default_rng(0), 50, 1)
    assert not depth.any()
    assert not x[..., [OPEN, CLOSE]].any()
    x, _ = brackets(np.random.default_rng(0), 2000, 2, fillers=1)
    opened, closed = x[0, :, OPEN], x[1, :, CLOSE]
    np.testing.assert_array_equal(opened, closed)
    assert abs(opened.mean() - 0.5) < 4 * 0.5 / np.sqrt(2000)  # a filler and a bracket have the weight 1/3 each


def test_all_depths_and_all_fillers_occur():
    x, depth = brackets(np.random.default_rng(0), 200, 60, most=6, fillers=3)
    assert set(np.unique(depth)) == set(range(7))
    shares = x[:20].mean(axis=(0, 1))
    assert np.ptp(shares[2:]) < 4 * np.sqrt(shares[2] / 4000)
    assert shares[2:].sum() == pytest.approx(1 / 3, abs=0.1)


def test_the_generator_decides_and_dtype_is_an_argument():
    one, two, other = (brackets(np.random.default_rng(s), 8, 12, dtype=np.float64)[0] for s in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()
    assert one.dtype == np.float64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch": 0}, "batch is 0"),
        ({"length": 0}, "length is 0"),
        ({"most": 0}, "most is 0"),
        ({"fillers": 0}, "fillers is 0"),
        ({"filler_share": 1}, "filler_share is 1, expected a number above 0 and below 1"),
        ({"filler_share": 0}, "filler_share is 0"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        brackets(np.random.default_rng(0), **{"batch": 2, "length": 6} | change)
