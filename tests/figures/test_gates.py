"""The drawings of gates are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import gates
from helpers.figures.style import MARKERS

WORDS = ["the", "carpenters", "do", "not", "pound", "the", "nail", ",", "they", "slice", "the", "bread", "with", "it"]
OPEN = np.linspace(0, 1, len(WORDS) * 8).reshape(len(WORDS), 8)
NORMS = 0.8 ** np.arange(20)[::-1]
PATHS = {"all paths": np.ones((20, 2, 3)), "measured": 5 * NORMS[:, None, None] * np.ones((20, 2, 3))}
DEPTH = np.array([1, 2, 2, 1, 0])

DRAWINGS = {
    "gates": lambda: gates.draw_gates({"i": OPEN, "f": OPEN, "o": OPEN}, {"c": 2 * OPEN - 1}, WORDS, 3),
    "one unit": lambda: gates.draw_gates({"i": OPEN[:, :1]}, {"c": OPEN[:, :1]}, WORDS),
    "half-life": lambda: gates.draw_forgetting(1.0, PATHS)[0][0],
    "gradient": lambda: gates.draw_forgetting(1.0, PATHS)[0][1],
    "dialects": lambda: gates.draw_update_dialects(3.0)[0],
    "count": lambda: gates.draw_bracket_count(list("((a))"), DEPTH, DEPTH + 0.1),
    "spread": lambda: gates.draw_spread({"RNN": [0.2, 0.3], "LSTM": [1, 1, 0.9]}, "share", (0.25, "guess")),
    "spread, log": lambda: gates.draw_spread({"all gates": [0.02, 0.3]}, "loss (nats)", log=(-3, 0)),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_gates_and_cells_have_their_own_scale_and_the_position_is_framed():
    figure = gates.draw_gates({"f": OPEN[:, :2]}, {"c": np.zeros((len(WORDS), 3))}, WORDS, position=3)
    (axes,) = figure.axes
    f, c = axes.collections
    assert f.get_array().shape == (2, len(WORDS), 4)
    assert c.get_array().shape == (3, len(WORDS), 4)
    assert c.get_array()[..., :3].min() > 0.95  # 0 is white on the signed scale
    assert f.get_array()[0, 0, :3].sum() < 0.5 < 2 < f.get_array()[-1, -1, :3].sum()  # 0 dark, 1 light
    assert [label.get_text() for label in axes.get_xticklabels()] == WORDS
    assert [label.get_text() for label in axes.get_yticklabels()] == ["f", "c"]
    (frame,) = axes.patches
    assert (frame.get_x(), frame.get_width()) == (3, 1)


def test_units_stand_from_top_to_bottom():
    shut_and_open = np.tile([0.0, 1.0], (len(WORDS), 1))
    (axes,) = gates.draw_gates({"f": shut_and_open}, {}, WORDS).axes
    first, second = axes.collections[0].get_array()[:, 0, :3].sum(axis=-1)
    assert first < second
    assert axes.yaxis.get_inverted()


def test_values_beyond_the_scale_are_drawn_as_its_end():
    (axes,) = gates.draw_gates({"f": OPEN[:, :1]}, {"c": np.full((len(WORDS), 1), 5.0)}, WORDS).axes
    (again,) = gates.draw_gates({"f": OPEN[:, :1]}, {"c": np.ones((len(WORDS), 1))}, WORDS).axes
    np.testing.assert_array_equal(axes.collections[1].get_array(), again.collections[1].get_array())


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


def test_the_count_is_drawn_beside_the_depth():
    (axes,) = gates.draw_bracket_count(list("((a))"), DEPTH, DEPTH + 0.1).axes
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    np.testing.assert_array_equal(lines["true depth"], DEPTH)
    np.testing.assert_allclose(lines["cell, scaled"], DEPTH + 0.1)
    assert [label.get_text() for label in axes.get_xticklabels()] == list("((a))")


def test_every_seed_is_a_point_and_the_median_a_bar():
    (axes,) = gates.draw_spread({"RNN": [0.2, 0.4, 0.3], "LSTM": [1, 1, 0.9]}, "share", (0.25, "guess")).axes
    points = [line for line in axes.lines if line.get_marker() in MARKERS]
    bars = [line for line in axes.lines if line.get_marker() not in MARKERS]
    assert [list(line.get_ydata()) for line in points] == [[0.2, 0.4, 0.3], [1, 1, 0.9]]
    assert [line.get_ydata()[0] for line in bars] == [0.25, 0.3, 1]
    assert [text.get_text() for text in axes.texts] == ["guess"]
