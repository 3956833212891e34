"""The edit distance is that of examples counted by hand, and a distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.core.edit_distance import edit_distance, edit_distance_row

words = st.text("ab", max_size=5)


@pytest.mark.parametrize(
    ("output", "truth", "distance"),
    [("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "axc", 1), ("bc", "abc", 1), ("kitten", "sitting", 3)],
)
def test_examples(output, truth, distance):
    assert edit_distance(output, truth) == distance
    assert edit_distance(truth, output) == distance


def test_a_row_by_hand():
    """ "a" has been read, and "b" comes: the beginnings of "abb" are "", "a", "ab", "abb"."""
    np.testing.assert_array_equal(edit_distance_row(np.array([1, 0, 1, 2]), "b", "abb"), [2, 1, 0, 1])
    with pytest.raises(ValueError, match=r"above has shape \(2,\), expected \(n=4\)"):
        edit_distance_row(np.array([0, 1]), "b", "abb")
    with pytest.raises(ValueError, match="above has 1 of 4 values that are NaN"):
        edit_distance_row(np.array([0, 1, np.nan, 2]), "b", "abb")


def test_tokens_of_any_kind():
    assert edit_distance((4, 5, 6), [4, 6]) == 1
    assert edit_distance(["the", "dog"], ["the", "cat"]) == 1


@given(words, words, words)
def test_it_is_a_distance(a, b, c):
    assert (edit_distance(a, b) == 0) == (a == b)
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert abs(len(a) - len(b)) <= edit_distance(a, b) <= max(len(a), len(b))
