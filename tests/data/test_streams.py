import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.streams import cut_strips, stream_windows
from helpers.layers.recurrent import init_lstm, lstm, zero_lstm_state


def test_strips_by_hand():
    strips = cut_strips(np.arange(12), 3)  # 11 couples: 3 strips of 3, the last two left out
    assert strips.inputs.T.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert strips.targets.T.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert strips.left_out == 2
    windows = list(stream_windows(strips, 2))
    assert [window.inputs.tolist() for window in windows] == [[[0, 3, 6], [1, 4, 7]], [[2, 5, 8]]]
    assert [window.targets.tolist() for window in windows] == [[[1, 4, 7], [2, 5, 8]], [[3, 6, 9]]]
    assert [window.reset.tolist() for window in windows] == [[True] * 3, [False] * 3]


@given(st.integers(2, 200), st.integers(1, 9), st.integers(1, 9))
def test_every_token_but_the_first_is_a_target_once(T_total, B, T):
    B, tokens = min(B, T_total - 1), 100 + np.arange(T_total)
    strips = cut_strips(tokens, B)
    windows = list(stream_windows(strips, min(T, len(strips.inputs))))
    targets = np.concatenate([window.targets for window in windows])
    inputs = np.concatenate([window.inputs for window in windows])
    assert np.sort(targets, axis=None).tolist() == tokens[1 : T_total - strips.left_out].tolist()
    assert strips.left_out < B
    assert (targets == inputs + 1).all()
    assert (inputs[1:] == targets[:-1]).all(), "a window goes on where the last one ended"


def test_every_epoch_begins_with_a_reset():
    windows = list(stream_windows(cut_strips(np.arange(9), 2), 2, epochs=3))
    assert [window.reset.all() for window in windows] == [True, False] * 3
    assert [window.reset.any() for window in windows] == [True, False] * 3
    for once, again in zip(windows[:2], windows[2:4], strict=True):
        np.testing.assert_array_equal(once.inputs, again.inputs)


def test_bad_arguments():
    for tokens, B, message in [
        (np.arange(3), 3, "tokens has 3 tokens, expected at least 4 for 3 strips"),
        (np.arange(3.0), 2, "tokens has dtype float64, expected integers"),
        (np.ones((2, 2), int), 1, r"tokens has shape \(2, 2\), expected \(T_total\)"),
        (np.arange(3), 0, "B is 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            cut_strips(tokens, B)
    strips = cut_strips(np.arange(9), 2)
    for options, message in [
        ({"T": 5}, "T is 5, expected at most 4"),
        ({"T": 0}, "T is 0"),
        ({"T": 2, "epochs": 0}, "epochs is 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            next(stream_windows(strips, **options))


def test_windows_with_a_carried_state_equal_one_pass_over_each_strip():
    rng = np.random.default_rng(0)
    V, B = 5, 3
    params, one_hot = init_lstm(rng, V, 4), np.eye(V)
    strips = cut_strips(rng.integers(V, size=50), B)
    at_once, _, _ = lstm(one_hot[strips.inputs], zero_lstm_state(B, params), params)
    state, windows = zero_lstm_state(B, params), []
    for window in stream_windows(strips, 5):
        state = tuple(np.where(window.reset[:, None], 0, part) for part in state)
        h, state, _ = lstm(one_hot[window.inputs], state, params)
        windows.append(h)
    np.testing.assert_allclose(np.concatenate(windows), at_once, rtol=1e-12, atol=1e-15)
    assert len(windows) == 4
