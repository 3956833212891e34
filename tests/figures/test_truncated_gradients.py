"""The drawings of truncated backpropagation are labelled, fit on their figures, and show the numbers given to them."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures import truncated_gradients
from helpers.figures.style import BLUE, GREEN, ORANGE

SIZES = np.tril(np.arange(1.0, 37).reshape(6, 6))
SHARES, COSINES = np.linspace(0.2, 1, 6), np.linspace(-0.1, 1, 6)
DRAWINGS = {}
DRAWINGS["truncation"] = lambda: truncated_gradients.draw_truncation(SIZES, 2, SHARES, COSINES, "window 2")
READ = np.array([100, 200, 400])
CURVES = {window: (READ, np.array([[0.2, 0.3, 1], [0.2, 0.4, 0.9]]) - window / 100) for window in (3, 6, 7, 8, 20)}
DRAWINGS["learned"] = lambda: truncated_gradients.draw_learning_by_window(CURVES, {"guess": 0.25, "fixed": 0.6})


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_truncation_colours_what_is_kept():
    top, bottom = DRAWINGS["truncation"]().axes
    mesh = top.collections[0].get_array()
    assert to_hex(mesh[1, 0, :3]) == to_hex(mesh[5, 4, :3]) == BLUE
    assert to_hex(mesh[2, 1, :3]) == to_hex(mesh[5, 0, :3]) == ORANGE
    assert mesh[0, 1, 3] == 0  # nothing is asked of later steps
    assert mesh[5, 5, 3] == 1
    assert mesh[1, 0, 3] < mesh[4, 4, 3] < 1  # the larger the stronger
    assert [(patch.get_x(), patch.get_width()) for patch in top.patches] == [(0.5, 2), (2.5, 2), (4.5, 2)]
    curves = {line.get_label(): line for line in bottom.lines}
    np.testing.assert_array_equal(curves["share kept"].get_ydata(), SHARES)
    np.testing.assert_array_equal(curves["cosine with the full gradient"].get_ydata(), COSINES)
    assert curves["cosine with the full gradient"].get_color() == GREEN
    assert bottom.lines[-1].get_xdata()[0] == 2


def test_learned_draws_each_seed_and_the_median_of_each_window():
    axes = DRAWINGS["learned"]().axes[0]
    named = {line.get_label(): line for line in axes.lines if line.get_label() in ["3", "6", "7", "8", "20"]}
    assert [*named] == ["3", "6", "7", "8", "20"]
    np.testing.assert_allclose(named["6"].get_ydata(), [0.14, 0.29, 0.89])
    assert len({line.get_color() for line in named.values()}) == 5
    seeds = [line for line in axes.lines if line.get_color() == named["6"].get_color() and line is not named["6"]]
    np.testing.assert_allclose([line.get_ydata() for line in seeds], CURVES[6][1])
    np.testing.assert_array_equal(named["6"].get_xdata(), READ)
    marked = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert marked == {"guess": 0.25, "fixed": 0.6}
    assert {line.get_ydata()[0] for line in axes.lines if line.get_linestyle() == "--"} >= {0.25, 0.6}
