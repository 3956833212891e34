"""The look of every figure: its settings, its logarithmic axes, and numbers as a sentence has them."""

import matplotlib
import numpy as np
import pytest

from helpers.figures.style import COLOURS, LINES, log_axis, new_figure, power_of_ten, scientific, styled, with_prefix
from helpers.sliders.theme import RC, WIDTH


def test_a_figure_has_the_width_the_colours_and_the_lines_of_the_book():
    figure, axes = new_figure(height=2)
    assert tuple(figure.get_size_inches()) == (WIDTH, 2)
    lines = [axes.plot([0, 1])[0] for _ in COLOURS]
    assert [(line.get_color(), line.get_linestyle()) for line in lines] == list(zip(COLOURS, LINES, strict=True))


def test_the_style_holds_while_a_drawing_is_made_and_no_longer():
    before = dict(matplotlib.rcParams)

    @styled
    def draw():
        return matplotlib.rcParams["lines.linewidth"], matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]

    assert draw() == (RC["lines.linewidth"], list(COLOURS))
    assert dict(matplotlib.rcParams) == before


def test_a_log_axis_has_ticks_at_whole_powers_of_ten_and_at_1():
    _, axes = new_figure()
    log_axis(axes, "y", -15, 9, most=7)
    ticks = np.log10(axes.get_yticks())
    np.testing.assert_allclose(ticks, np.round(ticks), atol=1e-12)
    assert 0 in np.round(ticks)
    assert len(ticks) <= 7
    assert axes.get_ylim() == pytest.approx((1e-15, 1e9))
    assert axes.yaxis.get_major_formatter()(1e-12, None) == "10⁻¹²"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.012345, "0.012"),
        (0.00123, "0.0012"),
        (57.4, "57"),
        (1.26, "1.3"),
        (1234, "1234"),
        (3.14e-9, "3.1 × 10⁻⁹"),
        (-2.5e12, "-2.5 × 10¹²"),
        (np.inf, "inf"),
    ],
)
def test_a_number_for_a_sentence_has_two_digits_that_count(value, text):
    assert scientific(value) == text


def test_a_power_of_ten_is_plain_text():
    assert [power_of_ten(n) for n in (-12, 0, 345)] == ["10⁻¹²", "10⁰", "10³⁴⁵"]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1"),
        (94, "94"),
        (999.7, "1 k"),
        (90_880, "90.9 k"),
        (124_439_808, "124 M"),
        (2.46e12, "2.46 T"),
        (1e24, "1 Y"),
    ],
)
def test_prefixes(number, text):
    assert with_prefix(number) == text


@pytest.mark.parametrize("number", [0, -1, 1e27, float("nan"), "many"])
def test_numbers_without_a_prefix(number):
    with pytest.raises(ValueError, match="number is"):
        with_prefix(number)
