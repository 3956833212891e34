import numpy as np
import pytest

from helpers.figures.confusion_map import draw_confusion_map

COUNTS, CLASSES = np.array([[6, 1, 3], [0, 4, 0], [2, 2, 1]]), ["Czech", "German", "French"]


def test_the_row_is_told_and_framed():
    figure, told = draw_confusion_map(COUNTS, CLASSES, "Czech")
    assert told == "Czech: 6 of 10 words right. Taken for: French (3), German (1)."
    (axes,) = figure.axes
    np.testing.assert_allclose(
        axes.collections[0].get_array().reshape(3, 3), [[0.6, 0.1, 0.3], [0, 1, 0], [0.4, 0.4, 0.2]]
    )
    assert axes.patches[0].get_y() == 0
    figure, told = draw_confusion_map(COUNTS, CLASSES, "German")
    assert told == "German: 4 of 4 words right. Taken for: no other."
    assert figure.axes[0].patches[0].get_y() == 1
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == CLASSES


@pytest.mark.parametrize("bad", [COUNTS[:2], -COUNTS, COUNTS / 2, COUNTS * np.array([[1], [0], [1]])])
def test_what_are_no_counts_is_refused(bad):
    with pytest.raises(ValueError, match="counts"):
        draw_confusion_map(bad, CLASSES, "Czech")


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="chosen"):
        draw_confusion_map(COUNTS, CLASSES, "Latin")
