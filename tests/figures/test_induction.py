"""The pattern of a head and the curves of copying are drawn where they are, and nothing is cut."""

import numpy as np
import pytest

from helpers.figures.induction import draw_copying, draw_head_pattern


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
