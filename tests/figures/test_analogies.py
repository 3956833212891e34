"""The drawings of analogies are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures.analogies import draw_arrows, draw_beside_baseline, draw_learned_arrows, tell_gain
from helpers.figures.style import BLUE, GREEN, ORANGE

PAIRS = {("france", "paris"): ((0.5, 1.0), (0.7, 0.9)), ("italy", "rome"): ((-1.0, -0.5), (-0.6, -0.4))}
ROWS = {"country - capital": (np.array([1.0, 0.9, 0.8]), np.array([0.2, 0.4, 0.9])), "man - woman": ([1, 1], [0, 1])}


def arrows():
    return draw_arrows(PAIRS, ("italy", "rome"), (-0.5, -0.4), 0.6, 1.5, "50 %")


def learned(moment=1.0):
    """Four points in a plane of five dimensions: two parallel arrows along one axis, far apart along another."""
    last = np.zeros((2, 2, 5))
    last[1, :, 3], last[:, 1, 1] = 4.0, 1.0
    return draw_learned_arrows(list(PAIRS), moment * last, last, "50 %")


@pytest.mark.parametrize("draw", [arrows, learned, lambda: draw_beside_baseline(ROWS)])
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


def test_learned_arrows_lie_in_the_plane_of_the_end_and_the_first_answers_the_second():
    axes = learned().axes[0]
    (a, b), (c, d) = (np.array([arrow.xyann, arrow.xy]) for arrow in axes.texts if arrow.arrow_patch)
    np.testing.assert_allclose(np.stack([b - a, d - c]), [[0, 1], [0, 1]], atol=1e-12)
    np.testing.assert_allclose(c - a, [4, 0], atol=1e-12)
    cross = axes.lines[-1]
    np.testing.assert_allclose([cross.get_xdata()[0], cross.get_ydata()[0]], c + b - a)
    assert "100%" in axes.get_xlabel()
    assert axes.get_xlim()[1] == pytest.approx(1.35 * 2)
    assert learned(0.5).axes[0].get_xlim() == axes.get_xlim()  # the axes stand still while the points move


def test_what_lies_outside_the_plane_of_the_end_is_not_drawn_but_lowers_the_share():
    last = np.random.default_rng(0).standard_normal((2, 2, 5)) * [0, 1, 0, 2, 0]
    now = last.copy()
    now[0, 0, 0] = 9
    drawn = [draw_learned_arrows(list(PAIRS), moment, last).axes[0] for moment in (last, now)]
    ends = [[(*arrow.xyann, *arrow.xy) for arrow in axes.texts if arrow.arrow_patch] for axes in drawn]
    np.testing.assert_allclose(ends[1], ends[0], atol=1e-12)
    assert "100%" in drawn[0].get_xlabel()
    assert "100%" not in drawn[1].get_xlabel()


def test_a_gain_is_one_of_every_seed():
    rows = {
        "always": (np.array([0.9, 0.8]), np.array([0.5, 0.6])),
        "once": (np.array([0.9, 0.8]), np.array([0.5, 0.75])),
    }
    said = tell_gain({"told": rows, "held out": {"once": rows["once"]}})
    assert said == "the arrow gains more than 0.1 in all texts, told: always; held out: none."
