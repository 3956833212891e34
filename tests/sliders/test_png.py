"""The stored picture of a figure of panels: side by side or below one another, with the caption."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers.sliders.png import draw_png


def panel(width, height, colour):
    figure = Figure(figsize=(width, height), facecolor=colour)
    figure.add_axes([0, 0, 1, 1]).set_facecolor(colour)
    return figure


def pixels(figure, caption=""):
    return np.asarray(Image.open(io.BytesIO(draw_png(figure, caption, dpi=50))).convert("RGB"))


def spots(picture, colour):
    """The middle of what has a colour: row and column."""
    found = np.argwhere((picture == colour).all(axis=2))
    assert len(found) > 1000
    return found.mean(axis=0)


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize(("width", "beside"), [(4, True), (6, False)])
def test_panels_stand_side_by_side_where_a_page_is_wide_enough(width, beside):
    picture = pixels([panel(width, 2, "red"), panel(width, 2, "blue")])
    first, second = spots(picture, RED), spots(picture, BLUE)
    assert first[1 if beside else 0] < second[1 if beside else 0] - 50
    assert abs(first[0 if beside else 1] - second[0 if beside else 1]) < 3


def test_the_caption_is_below_all_panels():
    bare = pixels([panel(3, 2, "red"), panel(3, 1, "blue")])
    captioned = pixels([panel(3, 2, "red"), panel(3, 1, "blue")], "What is to be seen,\nin two lines of this picture.")
    added = captioned[len(bare) :]
    assert len(added) > 15
    assert (added < 100).any()
    np.testing.assert_array_equal(captioned[: len(bare), : bare.shape[1]], bare)


def test_one_figure_in_a_list_is_that_figure_and_the_same_each_time():
    assert draw_png([panel(3, 2, "red")], "A.") == draw_png(panel(3, 2, "red"), "A.")
    assert draw_png([panel(3, 2, "red")] * 2, "A.") == draw_png([panel(3, 2, "red")] * 2, "A.")


def test_letters_that_are_missing_are_named_once_for_all_panels():
    figures = [panel(2, 2, "red"), panel(2, 2, "blue")]
    for figure, letter in zip(figures, "\u6ce8\u610f", strict=True):
        figure.text(0.5, 0.5, letter)
    with pytest.warns(UserWarning, match=r"the PNG of it lacks .*: \u610f \(U\+610F\), \u6ce8 \(U\+6CE8\)") as caught:
        draw_png(figures, name="it")
    assert len(caught) == 1
