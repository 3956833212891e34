"""Scores and temperature: every value changes picture and sentence, and ∞ stands where e to the power overflows."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.core.numerics import softmax
from helpers.figures.softmax_bars import draw_softmax_bars

NAMES = ["sun", "rain", "snow"]


@pytest.mark.parametrize("temperature", [0.25, 1, 4])
@pytest.mark.parametrize("added", [0, 10, 1000])
@pytest.mark.parametrize("rain", [-1, 1, 4])
def test_bars_and_cells_fit_and_show_the_softmax(rain, temperature, added, check_layout, check_machine):
    (cells, bars), said = draw_softmax_bars([0, rain, 1], NAMES, temperature, added)
    check_machine(cells)
    check_layout(bars, "x")
    p = softmax(np.array([0, rain, 1]) / temperature)
    np.testing.assert_allclose([bar.get_width() for bar in bars.axes[0].patches], p)
    assert f"gets {p.max():.3f}" in said
    overflows = added / temperature > 700
    assert ("too large for the computer" in said) == overflows
    assert ("∞" in [text.get_text() for text in cells.findobj(Text)]) == overflows


def test_each_control_changes_what_is_told():
    said = {draw_softmax_bars([0, rain, 1], NAMES, t, added)[1]
            for rain in (-1, 0, 1, 2, 3, 4) for t in (0.25, 0.5, 1, 2, 4) for added in (0, 10, 1000)}  # fmt: skip
    assert len(said) >= 84  # where all overflow, a shift is told alike


@pytest.mark.parametrize(("names", "temperature"), [(["sun"], 1), (NAMES, 0), (NAMES, np.nan)])
def test_what_fits_no_drawing_is_refused(names, temperature):
    with pytest.raises(ValueError, match="fit no drawing"):
        draw_softmax_bars([0, 2, 1], names, temperature)
