from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.ctc_paths import collapse, frames_needed, with_blanks

PATHS = st.lists(st.integers(0, 3), max_size=8)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ([1, 1, 0, 1, 2], [1, 1, 2]),
        ([1, 0, 1], [1, 1]),  # deleted first, these two would be one
        ([1, 1], [1]),
        ([0, 0, 0], []),
        ([], []),
        ([0, 2, 2, 0, 0, 2, 1, 1], [2, 2, 1]),
    ],
)
def test_paths_by_hand(path, text):
    assert collapse(path).tolist() == text
    assert collapse(np.array(path, np.int8)).dtype == np.int64


@settings(deadline=None)
@given(PATHS, st.integers(0, 4))
def test_it_merges_and_then_deletes(path, blank):
    assert collapse(path, blank).tolist() == [symbol for symbol, _ in groupby(path) if symbol != blank]


@settings(deadline=None)
@given(PATHS.map(lambda path: [symbol + 1 for symbol in path]))
def test_a_target_with_blanks_collapses_to_itself_and_so_does_the_shortest_path(target):
    labels = with_blanks(target)
    assert len(labels) == 2 * len(target) + 1
    assert collapse(labels).tolist() == target
    shortest = [label for s, label in enumerate(labels) if s % 2 or (0 < s < len(labels) - 1 and is_needed(labels, s))]
    assert collapse(shortest).tolist() == target
    assert len(shortest) == frames_needed(target)


def is_needed(labels, s):
    return labels[s - 1] == labels[s + 1]


def test_a_target_by_hand():
    assert with_blanks([2, 2, 1], blank=3).tolist() == [3, 2, 3, 2, 3, 1, 3]
    assert with_blanks([], blank=3).tolist() == [3]
    assert frames_needed([2, 2, 1]) == 4
    assert frames_needed([]) == 0
    assert frames_needed([5, 5, 5]) == 5


def test_what_is_refused():
    for function in (collapse, with_blanks, frames_needed):
        for wrong in ([0.5], [[1, 2]], ["a"], [-1], None, 3, [True], [1, [2]]):
            with pytest.raises(ValueError, match=r"path|target"):
                function(wrong)
    with pytest.raises(ValueError, match="target has 2, which is the blank, at place 1"):
        with_blanks([1, 2], blank=2)
    for function in (collapse, with_blanks):
        with pytest.raises(ValueError, match="blank is -1, expected an integer"):
            function([1], blank=-1)
