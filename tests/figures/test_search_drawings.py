"""The drawings of what a search finds show the numbers they were given."""

import numpy as np
import pytest

from helpers.decoding.hypotheses import length_score
from helpers.figures import beam_search, length_curve

PRODUCTS = {name: np.cumprod(np.full(900, 0.4, name), dtype=name) for name in ("float16", "float32", "float64")}
HYPOTHESES = {"short": (-2.0, 3), "long": (-3.0, 6)}
ALPHAS = np.linspace(0, 2, 9)
BARS = {"once": [0.0, 0.25], "again": [1.0, 0.5]}
CURVE = np.array([[1.0, 0.9, 0.5], [0.9, 0.7, 0.1], [1.0, 0.8, 0.3]])

DRAWINGS = {
    "products": lambda: beam_search.draw_products(PRODUCTS),
    "products, none 0": lambda: beam_search.draw_products({"float64": np.cumprod(np.full(900, 0.9))}),
    "scores": lambda: beam_search.draw_length_scores(HYPOTHESES, 0.5, ALPHAS, "long"),
    "panels": lambda: beam_search.draw_panels(
        [1, 5, 100], {"log P (nats)": {"found": [-3, -2, -1]}, "right": {"a": [1] * 3}}
    ),
    "bars": lambda: beam_search.draw_bars(["one", "other"], BARS, "right (share)", "how it is made"),
    "curve": lambda: length_curve.draw_length_curve([3, 4, 5], {"one context": CURVE}),
    "curve, marked": lambda: length_curve.draw_length_curve([3, 4, 5], {"one context": CURVE, "new": CURVE}, 4, 4),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_products_end_where_they_underflow():
    (axes,) = beam_search.draw_products(PRODUCTS).axes
    lines = [line for line in axes.lines if line.get_linestyle() != "None"]
    for line, values in zip(lines, PRODUCTS.values(), strict=True):
        held = len(line.get_xdata())
        assert values[held - 1] > 0 == values[held]
        np.testing.assert_allclose(line.get_ydata(), np.log10(values[:held].astype(float)))
    assert lines[1].get_label() == f"float32: 0 from {len(lines[1].get_xdata()) + 1} tokens on"
    assert len(axes.lines) == 2 * len(PRODUCTS)  # each has its cross


def test_products_end_where_rounding_holds_them_up():
    values = np.cumprod(np.full(300, 0.9, "float16"), dtype="float16")
    held = beam_search.held_until(values)
    assert values[held - 2] > values[held - 1] == values[held] == values[-1] > 0
    (axes,) = beam_search.draw_products({"float16": values}).axes
    assert axes.lines[-1].get_label() == f"float16: stuck from {held + 1} tokens on"


def test_products_that_are_held_to_the_end():
    (axes,) = DRAWINGS["products, none 0"]().axes
    assert axes.lines[0].get_label() == "float64: not yet lost"
    assert len(axes.lines) == 1
    assert beam_search.held_until(np.array([0.5, 0.25])) == 2


def test_scores_are_those_of_the_search_and_the_winner_is_marked():
    (axes,) = beam_search.draw_length_scores(HYPOTHESES, 0.5, ALPHAS, "long").axes
    lines = {line.get_label(): line for line in axes.lines}
    for name, (log_prob, length) in HYPOTHESES.items():
        np.testing.assert_allclose(lines[name].get_ydata(), [length_score(log_prob, length, a) for a in ALPHAS])
    (mark,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert mark.get_xydata() == pytest.approx(np.array([[0.5, length_score(-3.0, 6, 0.5)]]))
    assert mark.get_color() == lines["long"].get_color() != lines["short"].get_color()


def test_every_panel_has_its_lines_and_the_places_their_names():
    panels = {"log P (nats)": {"found": [-3, -2], "truth": [-1, -1]}, "right (share)": {"right": [0.5, 0.2]}}
    top, bottom = beam_search.draw_panels([1, 100], panels).axes
    assert [list(line.get_ydata()) for line in top.lines] == [[-3, -2], [-1, -1]]
    assert (top.get_ylabel(), bottom.get_ylabel(), bottom.get_xlabel()) == (*panels, "beam width")
    assert [label.get_text() for label in bottom.get_xticklabels()] == ["1", "100"]
    assert (top.get_legend() is None, bottom.get_legend() is None) == (False, True)


def test_bars_have_their_heights_stand_side_by_side_and_begin_at_0():
    (axes,) = DRAWINGS["bars"]().axes
    for bars, (name, shares) in zip(axes.containers, BARS.items(), strict=True):
        assert (bars.get_label(), [bar.get_height() for bar in bars]) == (name, shares)
        assert {bar.get_y() for bar in bars} == {0}
    first, second = ([(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars] for bars in axes.containers)
    assert first[0][1] <= second[0][0] < second[0][1] < first[1][0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["one", "other"]
    assert [text.get_text() for text in axes.texts] == ["0.00", "0.25", "1.00", "0.50"]
    assert (axes.get_ylim()[0], axes.get_ylabel(), axes.get_xlabel()) == (0, "right (share)", "how it is made")


def test_every_seed_is_a_row_of_points_and_the_line_is_the_median():
    (axes,) = length_curve.draw_length_curve([3, 4, 5], {"one context": CURVE}).axes
    points = [list(line.get_ydata()) for line in axes.lines if line.get_linestyle() == "None"]
    (middle,) = [list(line.get_ydata()) for line in axes.lines if line.get_linestyle() != "None"]
    assert points == CURVE.tolist()
    assert middle == [1, 0.8, 0.3]


def test_a_model_looks_the_same_in_every_chapter():
    def looks(*names):
        (axes,) = length_curve.draw_length_curve([3, 4, 5], dict.fromkeys(names, CURVE)).axes
        lines = [line for line in axes.lines if line.get_label() in names]
        return {line.get_label(): (line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines}

    alone, together = looks("additive attention"), looks("new", "one context", "additive attention", "other")
    assert alone["additive attention"] == together["additive attention"]
    assert len(set(together.values())) == 4


def test_the_chosen_length_is_marked_and_unseen_lengths_are_shaded():
    (plain,) = DRAWINGS["curve"]().axes
    assert not plain.texts
    assert not plain.patches
    (axes,) = length_curve.draw_length_curve([3, 4, 5], {"one context": CURVE}, length=4, longest=4).axes
    assert [list(line.get_ydata()) for line in axes.lines if list(line.get_xdata()) == [4, 4]] == [[0, 1]]
    (ring,) = [line for line in axes.lines if line.get_fillstyle() == "none"]
    assert ring.get_xydata() == pytest.approx(np.array([[4, 0.8]]))
    assert axes.texts[0].get_text() == "longer than in training"
    assert len(axes.patches) == 1
