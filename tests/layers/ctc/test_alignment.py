from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.ctc_paths import collapse, frames_needed, with_blanks
from helpers.core.numerics import log_softmax
from helpers.layers.ctc.alignment import ctc_alignment


def test_a_path_by_hand():
    log_y = np.log(np.full((5, 3), 0.05) + 0.85 * np.eye(3)[[0, 1, 1, 0, 2]])
    states, log_prob = ctc_alignment(log_y, [1, 2])
    assert states.tolist() == [0, 1, 1, 2, 3]
    assert log_prob == pytest.approx(5 * np.log(0.9))
    assert ctc_alignment(log_y, [])[0].tolist() == [0] * 5
    assert ctc_alignment(log_y[:3], [1, 1])[0].tolist() == [1, 2, 3]  # there is no other path


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(2, 3), st.data())
def test_no_path_of_the_target_is_more_probable(seed, T, V, data):
    blank = seed % V
    letters = [symbol for symbol in range(V) if symbol != blank]
    target = data.draw(st.lists(st.sampled_from(letters), max_size=T).filter(lambda t: frames_needed(t) <= T))
    log_y = log_softmax(2 * np.random.default_rng(seed).standard_normal((T, V)))
    states, log_prob = ctc_alignment(log_y, target, blank)
    path = with_blanks(target, blank)[states]
    assert collapse(path, blank).tolist() == target
    assert log_prob == pytest.approx(log_y[np.arange(T), path].sum())
    assert np.isin(np.diff(states), [0, 1, 2]).all()
    paths = [p for p in product(range(V), repeat=T) if collapse(p, blank).tolist() == target]
    assert log_prob == pytest.approx(max(log_y[np.arange(T), list(p)].sum() for p in paths))


def test_what_is_refused():
    log_y = np.log(np.full((3, 3), 1 / 3))
    with pytest.raises(ValueError, match="the target needs 4 frames, and log_y has 3"):
        ctc_alignment(log_y, [1, 1, 2])
    with pytest.raises(ValueError, match="the target needs 1 frames, and log_y has 0"):
        ctc_alignment(log_y[:0], [])
    with pytest.raises(ValueError, match="target spans 0 to 3"):
        ctc_alignment(log_y, [3])
    log_y = np.where(np.arange(3) == 2, -np.inf, np.log(0.5)) + np.zeros((3, 1))
    with pytest.raises(ValueError, match="no path that says the target has a probability above 0"):
        ctc_alignment(log_y, [2])
