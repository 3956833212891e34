"""A filter over a picture: the map is the layer's, and the place that is told is where it is largest."""

import numpy as np
import pytest

from helpers.figures.filter_answers import FILTERS, draw_filter_answer, strongest_place
from helpers.layers.convolution import ConvParams, conv2d


def picture():
    shown = np.full((32, 32, 3), 0.95)
    shown[8:16, 20:28] = (0.8, 0.2, 0.1)
    return shown


@pytest.mark.parametrize("name", FILTERS)
def test_nothing_is_cut_and_the_strongest_answer_is_told(name, check_layout):
    figure, told = draw_filter_answer(picture(), FILTERS[name], name, "one square")
    check_layout(figure, names="")
    x = picture().transpose(2, 0, 1)[None]
    answer = conv2d(x, ConvParams(FILTERS[name][None], np.zeros(1)))[0][0, 0]
    row, column = strongest_place(answer)
    assert np.isclose(abs(answer[row, column]), np.abs(answer).max())
    assert told.startswith(f"“{name}” over one square: the strongest answer, ")
    assert told.endswith(f"is at row {row + 1}, column {column + 1}.")
    assert figure.axes[2].images[0].get_array().shape == (*answer.shape, 4)


def test_each_filter_answers_to_what_it_is_called():
    def answer(name):
        return conv2d(picture().transpose(2, 0, 1)[None], ConvParams(FILTERS[name][None], np.zeros(1)))[0][0, 0]

    assert np.abs(answer("left to right")[:, 6:16]).max() < 1e-12  # nothing changes there
    assert answer("left to right")[10, 18] < -0.5 < 0.5 < answer("left to right")[10, 26]
    assert answer("top to bottom")[6, 24] < -0.5 < 0.5 < answer("top to bottom")[14, 24]
    np.testing.assert_allclose(answer("outline")[10:12, 22:24], 0, atol=1e-12)
    red = answer("red, not green")
    assert red[8:16, 20:28].min() > 0.5 > np.abs(np.delete(red, np.s_[8:16], axis=0)).max()


def test_a_grey_picture_and_a_stride(check_layout):
    figure, _ = draw_filter_answer(np.eye(8), np.ones((1, 5, 5)), "five", stride=2, padding=2)
    check_layout(figure, names="")
    assert figure.axes[2].images[0].get_array().shape == (4, 4, 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kernel": np.ones((2, 3, 3))}, "kernel"),
        ({"kernel": np.ones((3, 7, 7))}, "kernel"),
        ({"kernel": np.full((3, 3, 3), np.inf)}, "kernel"),
        ({"picture": np.ones(3)}, "picture"),
        ({"stride": 0}, "stride"),
        ({"padding": -1}, "padding"),
    ],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draw_filter_answer(**({"picture": picture(), "kernel": FILTERS["blur"], "name": "blur"} | change))
