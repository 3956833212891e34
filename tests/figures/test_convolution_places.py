"""A filter on its way over a picture: what is shown and told is what the layer computes."""

import numpy as np
import pytest

from helpers.figures.convolution_places import draw_convolution_place
from helpers.layers.convolution import ConvParams, conv2d

PICTURE = np.array([[0, 0, 0, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 0], [0, 1, 1, 0, 0]], float)
KERNEL = np.array([[-1, 0, 1]] * 3, float)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (2, 1)])
def test_nothing_is_cut_and_the_sum_is_that_of_the_layer(stride, padding, check_layout):
    params = ConvParams(KERNEL[None, None], np.zeros(1))
    output = conv2d(PICTURE[None, None], params, stride, padding)[0].ravel()
    for place in (1, len(output), 30):
        figure, told = draw_convolution_place(PICTURE, KERNEL, place, stride, padding)
        check_layout(figure, names="")
        assert len(figure.axes[0].texts) == 3 + (5 + 2 * padding) ** 2 + 9 + min(place, len(output))
        assert f"place {min(place, len(output))} of {len(output)}" in told
        assert told.endswith(f"= {output[min(place, len(output)) - 1]:.0f}.".replace("-", "−"))
        assert f"Stride {stride}, padding {padding}" in told


def test_the_products_are_told():
    _, told = draw_convolution_place(PICTURE, KERNEL, 9)
    assert told == "Stride 1, padding 0, place 9 of 9: (−1)·1 + 1·1 + (−1)·1 + 1·0 + (−1)·1 + 1·0 = −2."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"place": 0}, "place"),
        ({"stride": 0}, "stride"),
        ({"padding": -1}, "padding"),
        ({"kernel": np.ones((6, 6))}, "window"),
        ({"picture": PICTURE * np.nan}, "picture"),
    ],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draw_convolution_place(**({"picture": PICTURE, "kernel": KERNEL, "place": 1} | change))
