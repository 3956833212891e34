"""The pattern of a head and the curves of copying are drawn where they are, and nothing is cut."""

import numpy as np
import pytest

from helpers.data.tasks.repeated_blocks import RepeatedBlocks
from helpers.figures.induction import draw_copying, draw_head_in_training, draw_head_pattern, draw_seeds_of_copying
from helpers.models.induction import Copying, HeadScores, Look


def test_the_pattern_frames_what_is_to_be_copied(check_layout):
    weights = np.tril(np.ones((23, 23))) / np.arange(1, 24)[:, None]
    figure = draw_head_pattern(weights, list("abcdefghijklmnopqrstuvw"), [(20, 5), (21, 6)])
    check_layout(figure)
    assert [patch.get_xy() for patch in figure.axes[0].patches] == [(5, 20), (6, 21)]


@pytest.mark.parametrize("chosen", [0, 3])
def test_the_curves_mark_the_step(chosen, check_layout):
    steps, losses, right = [0, 60, 120, 600], [3.5, 3.4, 2.0, 0.1], [0, 0.05, 0.4, 1]
    scores = {"induction": [0, 0.1, 0.5, 0.9], "token before": [0.1, 0.1, 0.2, 0.5]}
    figure = draw_copying(steps, losses, right, scores, chosen)
    check_layout(figure)
    for axes, values in zip(figure.axes, (losses, right), strict=True):
        marks = [line.get_xydata().tolist() for line in axes.lines if line.get_markersize() == 8]
        assert marks == [[[steps[chosen], values[chosen]]]]
        np.testing.assert_allclose(axes.lines[0].get_ydata(), values)


def test_a_line_for_each_seed(check_layout):
    arms = {"2 layers": ([0, 60, 900], np.ones((3, 3))), "1 layer": ([0, 60, 900], np.full((2, 3), 3.6))}
    figure = draw_seeds_of_copying(arms, "loss (nats)", (0.16, "who knows places only"))
    check_layout(figure)
    (axes,) = figure.axes
    assert len(axes.lines) == 1 + 3 + 2
    assert axes.get_ylim()[1] > 3.6
    assert [text.get_text() for text in axes.get_legend().texts] == ["who knows places only", *arms]


def test_a_look_at_one_step(check_layout):
    """One sequence a b | c d e | c d e: d and e are foreseen at 5 and 6, from 3 and 4."""
    batch = RepeatedBlocks(np.array([[0, 1, 2, 3, 4, 2, 3, 4]]), np.array([3]), np.array([[False] * 6 + [True] * 2]))
    weights = np.zeros((2, 1, 7, 7))
    scores = [HeadScores(np.full((2, 1), value), np.full((2, 1), value / 2), 0.1) for value in (0.1, 0.9)]
    looks = {0: Look(Copying(3.4, 0.03), scores[0], weights), 60: Look(Copying(0.2, 0.97), scores[1], weights)}
    (pattern, curves), said = draw_head_in_training(looks, batch, 60, 1, 0)
    check_layout(pattern)
    check_layout(curves)
    assert [patch.get_xy() for patch in pattern.axes[0].patches] == [(3, 5), (4, 6)]
    assert [label.get_text() for label in pattern.axes[0].get_xticklabels()] == [*"abcdecd"]
    assert said == ("Step 60, layer 2, head 1: induction score 0.90, token before 0.45; 97% of the copies right.")
    with pytest.raises(ValueError, match="step is 30, expected one of 0, 60"):
        draw_head_in_training(looks, batch, 30, 1, 0)
