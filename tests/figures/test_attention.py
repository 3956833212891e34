"""The drawings of attention are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from helpers.figures import attention
from helpers.figures.style import ORANGE, new_figure

KEYS, GRID = np.array([0.5, 2.0, 3.0]), np.linspace(0, 4, 9)
WEIGHTS = np.array([0.2, 0.7, 0.1])
SOURCE, TARGET = ["the", "quick", "waitress", "sleeps", "<end>"], ["lurun", "solar", "mekas"]
MAP = np.array([[0, 0.1, 0.9, 0, 0], [0, 0.8, 0.2, 0, 0], [0.1, 0, 0, 0.6, 0.3]])
HEADS = np.stack([np.eye(5), np.roll(np.eye(5), 1, axis=0), np.full((5, 5), 0.2), np.eye(5)])


def draw_kernel():
    return attention.draw_kernel_regression(KEYS, KEYS, GRID, GRID, GRID + 1, 1.5, WEIGHTS)


def test_axes_are_labelled_and_nothing_is_cut(check_layout):
    check_layout(draw_kernel())


def test_points_are_as_large_as_their_weights_and_the_query_is_on_the_estimate():
    upper, lower = draw_kernel().axes
    (points,) = [item for item in upper.collections if isinstance(item, PathCollection)]
    assert np.allclose(points.get_offsets(), np.stack([KEYS, KEYS], axis=1))
    assert (np.argsort(points.get_sizes()) == np.argsort(WEIGHTS)).all()
    (diamond,) = [line for line in upper.lines if line.get_marker() == "D"]
    assert np.allclose(diamond.get_xydata(), [[1.5, 2.5]])
    assert np.allclose([bar.get_height() for bar in lower.patches], WEIGHTS)


def test_a_map_has_the_weights_and_the_names_of_rows_and_columns(check_layout):
    for columns, rotation in ((SOURCE, 90), (list("ab3ca"), 0)):  # words stand on end, and letters do not
        figure, axes = new_figure(height=3)
        attention.draw_weight_map(axes, MAP, TARGET, columns)
        check_layout(figure, names="")
        assert np.allclose(axes.collections[0].get_array(), MAP)
        assert [label.get_text() for label in axes.get_yticklabels()] == TARGET
        assert [label.get_text() for label in axes.get_xticklabels()] == columns
        assert {label.get_rotation() for label in axes.get_xticklabels()} == {rotation}
        assert axes.yaxis.get_inverted()


@pytest.mark.parametrize(("tokens", "head"), [(SOURCE, 1), (list("ab3ca"), 3)])
def test_heads_frame_the_chosen_one_and_draw_it_at_size(tokens, head, check_layout):
    figure = attention.draw_heads(HEADS, tokens, head)
    check_layout(figure)
    upper, lower = figure.axes
    assert len(upper.collections) == 4
    assert [to_hex(patch.get_edgecolor()) == ORANGE for patch in upper.patches] == [k == head for k in range(4)]
    assert np.allclose(lower.collections[0].get_array(), HEADS[head])
    assert lower.get_title() == f"head {head + 1}"
    assert [label.get_text() for label in lower.get_xticklabels()] == tokens
