"""The drawings of word vectors in training are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import embeddings

GROUPS = {"animal": {"dog": (0.5, 1.0), "cat": (0.7, 0.9)}, "country": {"france": (-1.0, -0.5)}}


DRAWINGS = {
    "words": lambda: embeddings.draw_words(GROUPS, 0.34, 2.0, "step 3", ["dog", "france"]),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_words_stand_where_they_belong_and_the_share_is_said():
    axes = DRAWINGS["words"]().axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert np.allclose(lines["animal"].get_xydata(), [(0.5, 1.0), (0.7, 0.9)])
    assert len({line.get_marker() for line in axes.lines}) == len({line.get_color() for line in axes.lines}) == 2
    assert {text.get_text(): text.xy for text in axes.texts} == {"dog": (0.5, 1.0), "france": (-1.0, -0.5)}
    assert "34% of the variance" in axes.get_xlabel()
    assert axes.get_xlim() == axes.get_ylim() == (-2, 2)


def test_words_drift_in_the_plane_of_the_last_table():
    last = np.array([[9.0, 9, 9], [3, 0, 0], [-3, 0, 0], [0, 2, 0.1], [0, -2, -0.1]])
    first = np.array([[9.0, 9, 9], [1, 0, 5], [-1, 0, -5], [0, 1, 0], [0, -1, 0]])
    groups = {"animal": {"dog": 1, "cat": 2}, "country": {"france": 3, "spain": 4}}
    axes = embeddings.draw_drift([first, last], groups, 0, names=["dog"]).axes[0]
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    assert np.allclose(lines["animal"], [[1, 0], [-1, 0]], atol=0.3)
    assert np.allclose(np.abs(lines["country"]), [[0, 1], [0, 1]], atol=0.1)
    assert axes.get_xlim() == pytest.approx((-3.3, 3.3))
    assert axes.get_title() == "step 0"
    assert [text.get_text() for text in axes.texts] == ["dog"]
