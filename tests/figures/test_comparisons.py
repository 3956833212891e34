"""The drawings that chapters share are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import comparisons

SIZES = [2**n for n in range(7, 17)]
COST = ({"one-hot": np.array(SIZES) * 256.0, "look-up": np.full(10, 512.0)}, {"one-hot": np.array(SIZES) * 1e-6})
CURVE = np.array([[1.0, 0.9, 0.5], [0.9, 0.7, 0.1], [1.0, 0.8, 0.3]])

DRAWINGS = {
    "cost": lambda: comparisons.draw_cost(SIZES, *COST, 3),
    "accuracy": lambda: comparisons.draw_accuracy_by_labels(
        [5, 10, 20], {"from scratch": np.linspace(0.3, 0.6, 12).reshape(3, 4), "frozen": np.full((3, 4), 0.7)}, 0.99
    ),
    "values": lambda: comparisons.draw_values_of_seeds({"like dog": [0.7, 0.8], "like hammer": [0.2, 0.3]}, "cosine"),
    "curve": lambda: comparisons.draw_length_curve([3, 4, 5], {"one context": CURVE}),
    "curve, marked": lambda: comparisons.draw_length_curve([3, 4, 5], {"one context": CURVE, "new": CURVE}, 4, 4),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_cost_draws_the_numbers_and_marks_the_chosen_size():
    memory, seconds = DRAWINGS["cost"]().axes
    curve, mark, *_ = memory.lines
    assert np.allclose(curve.get_ydata(), COST[0]["one-hot"])
    assert (mark.get_xdata(), mark.get_ydata()) == (1024, 1024 * 256)
    assert np.allclose(seconds.lines[0].get_ydata(), COST[1]["one-hot"])
    assert memory.get_xscale() == memory.get_yscale() == seconds.get_xscale() == seconds.get_yscale() == "log"


def test_accuracy_is_the_mean_of_the_seeds_within_their_spread():
    axes = DRAWINGS["accuracy"]().axes[0]
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    values = np.linspace(0.3, 0.6, 12).reshape(3, 4)
    assert np.allclose(lines["from scratch"], values.mean(axis=1))
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert np.isclose([band.min(), band.max()], [0.3, 0.6]).all()
    assert axes.lines[0].get_ydata()[0] == 0.99


def test_every_seed_is_a_row_of_points_and_the_line_is_the_median():
    (axes,) = comparisons.draw_length_curve([3, 4, 5], {"one context": CURVE}).axes
    points = [list(line.get_ydata()) for line in axes.lines if line.get_linestyle() == "None"]
    (middle,) = [list(line.get_ydata()) for line in axes.lines if line.get_linestyle() != "None"]
    assert points == CURVE.tolist()
    assert middle == [1, 0.8, 0.3]


def test_a_model_looks_the_same_in_every_chapter():
    def looks(*names):
        (axes,) = comparisons.draw_length_curve([3, 4, 5], dict.fromkeys(names, CURVE)).axes
        lines = [line for line in axes.lines if line.get_label() in names]
        return {line.get_label(): (line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines}

    alone, together = looks("additive attention"), looks("new", "one context", "additive attention", "other")
    assert alone["additive attention"] == together["additive attention"]
    assert len(set(together.values())) == 4


def test_the_chosen_length_is_marked_and_unseen_lengths_are_shaded():
    (plain,) = DRAWINGS["curve"]().axes
    assert not plain.texts
    assert not plain.patches
    (axes,) = comparisons.draw_length_curve([3, 4, 5], {"one context": CURVE}, length=4, longest=4).axes
    assert [list(line.get_ydata()) for line in axes.lines if list(line.get_xdata()) == [4, 4]] == [[0, 1]]
    (ring,) = [line for line in axes.lines if line.get_fillstyle() == "none"]
    assert ring.get_xydata() == pytest.approx(np.array([[4, 0.8]]))
    assert axes.texts[0].get_text() == "longer than in training"
    assert len(axes.patches) == 1


def test_every_seed_is_a_point_and_the_bar_is_their_median():
    figure = comparisons.draw_values_of_seeds({"one": [0.1, 0.2, 0.9], "two": [0.5, 0.5, 0.4]}, "share")
    bar, points, *_ = figure.axes[0].lines
    assert list(bar.get_ydata()) == [0.2, 0.2]
    assert list(points.get_ydata()) == [0.1, 0.2, 0.9]
