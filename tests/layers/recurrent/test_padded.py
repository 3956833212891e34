import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.recurrent.padded import (
    last_states,
    last_states_backward,
    lengths_of,
    repeat_state,
    repeat_state_backward,
    reverse_padded,
)

MASK = np.array([[1, 1, 1], [1, 0, 1], [0, 0, 1]], bool)  # lengths 2, 1, 3


def test_by_hand():
    x = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9.0]])[..., None]  # (T, B, 1): a sequence in each column
    np.testing.assert_array_equal(lengths_of(MASK), [2, 1, 3])
    np.testing.assert_array_equal(last_states(x, MASK)[:, 0], [4, 2, 9])
    np.testing.assert_array_equal(reverse_padded(x, MASK)[..., 0], [[4, 2, 9], [1, 5, 6], [7, 8, 3]])
    dsteps = last_states_backward(np.array([[10.0], [20], [30]]), MASK)
    np.testing.assert_array_equal(dsteps[..., 0], [[0, 20, 0], [10, 0, 0], [0, 0, 30]])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 2), st.integers(1, 3))
def test_ragged_lengths(lengths, longer, H):
    T = max(lengths) + longer
    mask = np.arange(T)[:, None] < np.array(lengths)
    rng = np.random.default_rng(0)
    x, dlast = rng.standard_normal((T, len(lengths), H)), rng.standard_normal((len(lengths), H))
    back = reverse_padded(x, mask)
    for b, n in enumerate(lengths):
        np.testing.assert_array_equal(back[:n, b], x[:n, b][::-1])
        np.testing.assert_array_equal(last_states(x, mask)[b], x[n - 1, b])
    np.testing.assert_array_equal(back[~mask], x[~mask])
    np.testing.assert_array_equal(reverse_padded(back, mask), x)
    numerical = numerical_gradient(lambda x: float((last_states(x, mask) * dlast).sum()), x)
    assert relative_error(last_states_backward(dlast, mask), numerical) < 1e-6


def test_reversing_is_its_own_backward(rng):
    x, dy = rng.standard_normal((2, 3, 3, 2))
    numerical = numerical_gradient(lambda x: float((reverse_padded(x, MASK) * dy).sum()), x)
    assert relative_error(reverse_padded(dy, MASK), numerical) < 1e-6


def test_a_learned_first_state_is_repeated_and_its_gradients_add_up(rng):
    state_0 = rng.standard_normal(3), rng.standard_normal(3).astype(np.float32)
    state = repeat_state(state_0, 4)
    assert [s.shape for s in state] == [(4, 3), (4, 3)]
    assert [s.dtype for s in state] == [np.float64, np.float32]
    for s, s_0 in zip(state, state_0, strict=True):
        np.testing.assert_array_equal(s, [s_0] * 4)
    dstate = rng.standard_normal((4, 3))
    numerical = numerical_gradient(lambda h: float((repeat_state((h,), 4)[0] * dstate).sum()), state_0[0])
    assert relative_error(repeat_state_backward((dstate,))[0], numerical) < 1e-6


def test_other_masks_are_errors():
    x = np.zeros((3, 3, 1))
    for mask, message in [
        (MASK.astype(int), "mask has dtype int64, expected bool"),
        (MASK[::-1], "mask has padding before a token"),
        (np.zeros((3, 3), bool), "mask has no token in sequence 0"),
        (MASK[:, 0], r"mask has shape \(3,\), expected \(T, B\)"),
        (MASK[:, :2], r"mask has shape \(3, 2\), expected \(3, 3\)"),
    ]:
        for function in (last_states, reverse_padded):
            with pytest.raises(ValueError, match=message):
                function(x, mask)
    with pytest.raises(ValueError, match=r"dlast has shape \(2, 1\), expected \(B=3, H\)"):
        last_states_backward(np.zeros((2, 1)), MASK)
