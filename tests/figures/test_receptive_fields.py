"""The receptive field that is framed is where a gradient arrives."""

import numpy as np
import pytest

from helpers.figures.receptive_fields import draw_receptive_field
from helpers.layers.convolution import ConvParams, conv2d, conv2d_backward

LAYERS = (5, 3, 3), (2, 2, 1), (2, 1, 1)


def reached(layer, row, column):
    """Which pixels have a gradient, from one place of the map of a layer."""
    x, caches = np.zeros((1, 1, 32, 32)), []
    params = [ConvParams(np.ones((1, 1, window, window)), np.zeros(1)) for window in LAYERS[0]]
    for one, stride, padding in list(zip(params, *LAYERS[1:], strict=True))[:layer]:
        x, cache = conv2d(x, one, stride, padding)
        caches.append(cache)
    share = x.shape[-1] // 8
    dx = np.zeros_like(x)
    dx[0, 0, (row - 1) * share, (column - 1) * share] = 1
    for one, cache in list(zip(params, caches, strict=False))[::-1]:
        dx, _ = conv2d_backward(dx, cache, one)
    return dx[0, 0] != 0


@pytest.mark.parametrize("layer", [1, 2, 3])
@pytest.mark.parametrize(("row", "column"), [(1, 1), (1, 8), (4, 4), (8, 8)])
def test_the_frame_is_where_the_gradient_arrives(layer, row, column, check_layout):
    figure, told = draw_receptive_field(np.ones((32, 32, 3)), *LAYERS, layer, row, column)
    check_layout(figure, names="")
    (left, top), size = figure.axes[0].patches[0].get_xy(), figure.axes[0].patches[0].get_width()
    inside = [np.clip(np.round([start + 0.5, start + 0.5 + size]), 0, 32).astype(int) for start in (top, left)]
    framed = np.zeros((32, 32), bool)
    framed[slice(*inside[0]), slice(*inside[1])] = True
    np.testing.assert_array_equal(framed, reached(layer, row, column))
    assert f"Layer {layer}, at row {row} and column {column} of 8: " in told
    assert f"{100 * framed.mean():.0f} % of the picture" in told


def test_a_click_goes_to_a_place():
    figure, _ = draw_receptive_field(np.ones((32, 32, 3)), *LAYERS, 1, 5, 2)
    assert {a.get_gid() for a in figure.findobj() if a.get_gid()} == {f"column={n}" for n in range(1, 9)}


@pytest.mark.parametrize("bad", [(0, 1, 1), (4, 1, 1), (1, 0, 1), (1, 1, 9)])
def test_what_is_not_there_is_refused(bad):
    with pytest.raises(ValueError, match=r"layer|row|column"):
        draw_receptive_field(np.ones((32, 32, 3)), *LAYERS, *bad)
