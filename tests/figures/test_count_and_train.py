"""Figures of counted and trained vectors: what is drawn where."""

import numpy as np

from helpers.figures.count_and_train import (
    draw_leanings,
    draw_rates_of_contexts,
    draw_scores_by_pmi,
    draw_seeds_by_arm,
)


def test_scores_stand_at_their_pmi_and_stay_in_the_picture():
    figure = draw_scores_by_pmi(np.array([1.0, 2.0]), np.array([-0.5, 99.0]), 1.5, "dog", {0: "bark"})
    (axes,) = figure.axes
    points = axes.lines[2].get_xydata()
    np.testing.assert_allclose(points[0], [1, -0.5])
    assert points[1][1] <= axes.get_ylim()[1]
    assert "bark" in [text.get_text() for text in axes.texts]
    line = axes.lines[1].get_xydata()
    np.testing.assert_allclose(line[:, 0] - line[:, 1], 1.5)


def test_medians_of_seeds():
    figure = draw_seeds_by_arm({"a": {"x": [0.1, 0.2, 0.9]}, "b": {"x": [0.3, 0.3, 0.3]}}, "share")
    (axes,) = figure.axes
    np.testing.assert_allclose(axes.lines[-1].get_xdata(), [0.2, 0.3])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]


def test_the_best_rate_is_ringed():
    values = np.array([[0.1, 0.5, 0.2], [0.2, 0.6, 0.3]])
    figure = draw_rates_of_contexts({"cbow": (np.array([0.1, 0.2, 0.4]), values)}, {"cbow": 0.2})
    ring = figure.axes[0].lines[-1].get_xydata()
    np.testing.assert_allclose(ring, [[0.2, 0.55]])


def test_names_of_leanings_do_not_meet():
    figure = draw_leanings(np.linspace(-1, 1, 8), np.full(8, 0.29), [f"word{n}" for n in range(8)])
    heights = np.sort([text.get_position()[1] for text in figure.axes[0].texts])
    assert np.diff(heights).min() > 0.03
    assert abs(heights).max() <= 0.3
