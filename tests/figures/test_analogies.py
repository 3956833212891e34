"""The drawings of analogies are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures.analogies import draw_arrows, draw_beside_baseline
from helpers.figures.style import BLUE, GREEN, ORANGE

PAIRS = {("france", "paris"): ((0.5, 1.0), (0.7, 0.9)), ("italy", "rome"): ((-1.0, -0.5), (-0.6, -0.4))}
ROWS = {"country - capital": (np.array([1.0, 0.9, 0.8]), np.array([0.2, 0.4, 0.9])), "man - woman": ([1, 1], [0, 1])}


def arrows():
    return draw_arrows(PAIRS, ("italy", "rome"), (-0.5, -0.4), 0.6, 1.5, "50 %")


@pytest.mark.parametrize("draw", [arrows, lambda: draw_beside_baseline(ROWS)])
def test_axes_are_labelled_and_nothing_is_cut(draw, check_layout):
    check_layout(draw())


def test_arrows_mark_the_question_and_its_answer():
    axes = arrows().axes[0]
    drawn = [text for text in axes.texts if text.arrow_patch]
    assert [(arrow.xyann, arrow.xy) for arrow in drawn] == list(PAIRS.values())
    assert [to_hex(arrow.arrow_patch.get_edgecolor()) for arrow in drawn] == [BLUE, ORANGE]
    cross = axes.lines[-1]
    assert (cross.get_xdata()[0], cross.get_ydata()[0], cross.get_color()) == (-0.5, -0.4, GREEN)
    assert "60%" in axes.get_xlabel()


def test_names_are_left_out_while_they_would_lie_on_one_another():
    tiny = {names: tuple((x / 100, y / 100) for x, y in points) for names, points in PAIRS.items()}
    axes = draw_arrows(tiny, ("italy", "rome"), (0, 0), 0.6, 1.5).axes[0]
    assert not any(text.get_text() for text in axes.texts)


def test_every_seed_and_the_median_stand_beside_their_name():
    axes = draw_beside_baseline(ROWS).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(ROWS)
    drawn = [line.get_xdata().tolist() for line in axes.lines if len(line.get_xdata())]
    assert drawn == [[1.0, 0.9, 0.8], [0.9], [0.2, 0.4, 0.9], [0.4], [1, 1], [1], [0, 1], [0.5]]
