"""The drawings of word vectors in training are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import embeddings

GROUPS = {"animal": {"dog": (0.5, 1.0), "cat": (0.7, 0.9)}, "country": {"france": (-1.0, -0.5)}}


DRAWINGS = {
    "loss": lambda: embeddings.draw_training_loss(np.linspace(6, 2, 30), {"one word seen": 1.9, "all seen": 1.2}, 4),
    "words": lambda: embeddings.draw_words(GROUPS, 0.34, 2.0, "step 3", ["dog", "france"]),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_loss_has_its_floors():
    axes = DRAWINGS["loss"]().axes[0]
    assert [line.get_ydata()[0] for line in axes.lines[1:3]] == [1.9, 1.2]
    assert [text.get_text() for text in axes.texts] == ["one word seen", "all seen"]
    assert (axes.lines[3].get_xdata(), axes.lines[3].get_ydata()) == (4, np.linspace(6, 2, 30)[4])


def test_words_stand_where_they_belong_and_the_share_is_said():
    axes = DRAWINGS["words"]().axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert np.allclose(lines["animal"].get_xydata(), [(0.5, 1.0), (0.7, 0.9)])
    assert len({line.get_marker() for line in axes.lines}) == len({line.get_color() for line in axes.lines}) == 2
    assert {text.get_text(): text.xy for text in axes.texts} == {"dog": (0.5, 1.0), "france": (-1.0, -0.5)}
    assert "34% of the variance" in axes.get_xlabel()
    assert axes.get_xlim() == axes.get_ylim() == (-2, 2)
