"""The error against the step: both sides are drawn, and the sentence says on which the chosen step is."""

import numpy as np
import pytest

from helpers.figures.difference_errors import draw_difference_errors

EXPONENTS, ERRORS = [-10, -8, -6, -4, -2], [1e-6, 1e-8, 1e-10, 1e-9, 1e-5]


@pytest.mark.parametrize("chosen", EXPONENTS)
def test_every_step_is_drawn_and_told(chosen, check_layout):
    figure, said = draw_difference_errors(EXPONENTS, ERRORS, chosen, 1.0 + 5e-10, 1.0)
    check_layout(figure)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    np.testing.assert_allclose(lines["measured"].get_ydata(), ERRORS)
    bend = lines["the bend of the curve: grows with ε²"]
    np.testing.assert_allclose(bend.get_ydata() / bend.get_xdata() ** 2, 0.1)
    fall = lines["rounding: grows with 1/ε"]
    np.testing.assert_allclose(fall.get_ydata() * fall.get_xdata(), 2.0**-53)
    assert ("best of these" in said) == (chosen == -6)
    assert ("bends on the way" in said) == (chosen > -6)
    assert ("alike in 9 digits of about 16" in said) == (chosen < -6)


def test_losses_that_are_equal_are_alike_in_all_digits():
    _, said = draw_difference_errors(EXPONENTS, ERRORS, -10, 1.0, 1.0)
    assert "alike in 16 digits" in said


@pytest.mark.parametrize(("chosen", "errors"), [(-3, ERRORS), (-4, ERRORS[:2]), (-4, [np.nan] * 5)])
def test_what_fits_no_drawing_is_refused(chosen, errors):
    with pytest.raises(ValueError, match=r"expected|finite"):
        draw_difference_errors(EXPONENTS, errors, chosen, 1.0, 1.0)
