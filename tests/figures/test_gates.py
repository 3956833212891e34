"""The drawings of gates are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import gates

NORMS = 0.8 ** np.arange(20)[::-1]
PATHS = {"all paths": np.ones((20, 2, 3)), "measured": 5 * NORMS[:, None, None] * np.ones((20, 2, 3))}

DRAWINGS = {
    "half-life": lambda: gates.draw_forgetting(1.0, PATHS)[0][0],
    "gradient": lambda: gates.draw_forgetting(1.0, PATHS)[0][1],
    "dialects": lambda: gates.draw_update_dialects(3.0)[0],
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_the_half_life_of_a_gate():
    f = np.array([0.1, 0.5, 0.9, 0.99])
    bias = np.log(f / (1 - f))
    np.testing.assert_allclose(gates.half_life(bias), np.log(0.5) / np.log(f))
    np.testing.assert_allclose(f ** gates.half_life(bias), 0.5)
    panels, sentence = gates.draw_forgetting(0.0, PATHS)
    (upper,), (lower,) = (figure.axes for figure in panels)
    assert upper.lines[1].get_xdata() == 0
    assert upper.lines[1].get_ydata() == pytest.approx(1)  # f = ½ keeps half for one step
    (measured,) = [line for line in lower.lines if line.get_label() == "measured"]
    assert np.allclose(measured.get_ydata(), 0.8 ** np.arange(20))  # relative to the last, from the last back
    assert "f = 0.500, a half-life of 1.0 steps" in sentence
    assert "19 steps back" in sentence
    assert f"1.0e+00 (all paths), {0.8**19:.1e} (measured)" in sentence


def test_where_z_keeps_a_large_bias_remembers_and_where_it_writes_it_forgets():
    figure, sentence = gates.draw_update_dialects(3.0)
    keeps, writes = (line.get_ydata() for line in figure.axes[0].lines)
    z = 1 / (1 + np.exp(-3))
    np.testing.assert_allclose(keeps, z ** np.arange(21))
    np.testing.assert_allclose(writes, (1 - z) ** np.arange(21))
    assert f"{z**10:.1e} of the state is left where z keeps" in sentence
