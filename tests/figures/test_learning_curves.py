"""The drawings show every seed and the median, mark what they are asked to mark, and fit on their figures."""

import numpy as np
import pytest

from helpers.data.results import best_rates, curves_of_arms, read_results
from helpers.figures.learning_curves import draw_learning_curves, draw_share_map, draw_solved

STEPS = np.array([125, 250, 1000])
CURVES = {
    f"LSTM bias {bias}": (STEPS, np.array([[0.2, 0.5, 0.8], [0.3, 0.95, 1.0], [0.1, 0.4, 0.92]]) / bias)
    for bias in range(1, 6)
}
NAMES = list(CURVES)


def true_curves(name, value="right"):
    table = read_results(name)
    return curves_of_arms(table, value, best_rates(table, value))


DRAWINGS = {
    "four": lambda: draw_learning_curves({name: CURVES[name] for name in NAMES[:4]}),
    "chosen": lambda: draw_learning_curves(CURVES, chosen=NAMES[1:3], level=(0.25, "guess"), at=250),
    "loss": lambda: draw_learning_curves(CURVES, "loss (nats)", chosen=NAMES[:1], log=(-3, 1)),
    "ablation": lambda: draw_learning_curves(
        true_curves("gates_ablation", "right_20"),
        chosen=["all", "no f", "no feedback", "no f no feedback"],
        level=(0.25, "guess"),
    ),
    "map": lambda: draw_share_map([[0.1, 0.9], [1, 0]], ["all", "no f no feedback"], ["i", "o"], "arm", "gate"),
    "solved": lambda: draw_solved(true_curves("delayed_recall"), framed=(1, 2)),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_a_thin_line_for_each_seed_and_a_thick_median():
    (axes,) = draw_learning_curves({"LSTM bias 1": CURVES["LSTM bias 1"]}).axes
    lines = [(list(line.get_xdata()), list(line.get_ydata()), line.get_linewidth()) for line in axes.lines]
    *seeds, median = lines
    assert [y for _, y, _ in seeds] == CURVES["LSTM bias 1"][1].tolist()
    assert median[1] == [0.2, 0.5, 0.92]
    assert all(x == STEPS.tolist() for x, *_ in lines)
    assert max(width for *_, width in seeds) < median[2]
    assert axes.get_xscale() == "log"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["125", "250", "1,000"]


def test_of_the_others_only_the_median_is_drawn_in_grey():
    (axes,) = DRAWINGS["chosen"]().axes
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == ["LSTM bias 2", "LSTM bias 3", "the others"]
    grey = [line for line in axes.lines if line.get_color() == "#808080" and len(line.get_xdata())]
    assert [list(line.get_ydata()) for line in grey] == [
        np.median(CURVES[name][1], axis=0).tolist() for name in (NAMES[0], *NAMES[3:])
    ]


def test_the_level_and_the_steps_are_marked():
    (axes,) = DRAWINGS["chosen"]().axes
    assert [line for line in axes.lines if list(line.get_ydata()) == [0.25, 0.25]]
    assert [line for line in axes.lines if list(line.get_xdata()) == [250, 250]]
    assert [text.get_text() for text in axes.texts] == ["guess"]


def test_lines_are_told_apart_without_colour():
    (axes,) = DRAWINGS["four"]().axes
    medians = [line for line in axes.lines if line.get_label() in NAMES]
    assert len({(line.get_linestyle(), line.get_marker()) for line in medians}) == 4


def test_a_loss_has_a_logarithmic_axis():
    (axes,) = DRAWINGS["loss"]().axes
    assert axes.get_yscale() == "log"
    assert axes.get_ylim() == (1e-3, 10)
    (share,) = DRAWINGS["four"]().axes
    assert share.get_yscale() == "linear"


@pytest.mark.parametrize("chosen", [None, ["GRU"]])
def test_too_many_or_unknown_names_are_an_error(chosen):
    with pytest.raises(ValueError, match="expected up to 4 of LSTM bias 1, "):
        draw_learning_curves(CURVES, chosen=chosen)


def test_the_map_writes_each_share_in_its_cell():
    (axes,) = draw_share_map([[0.1, 0.9], [1, 0], [0.5, 0.25]], ["a", "b", "c"], ["x", "y"], framed=(2, 1)).axes
    texts = {text.get_position(): text.get_text() for text in axes.texts}
    assert texts[0.5, 0.5] == "0.10"
    assert texts[1.5, 0.5] == "0.90"
    assert texts[0.5, 1.5] == "1.00"
    assert axes.get_ylim() == (3, 0)  # the first row on top
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "c"]
    (frame,) = axes.patches
    assert frame.get_xy() == (1, 2)


def test_solved_counts_the_seeds_that_are_above_the_line():
    (axes,) = draw_solved({name: CURVES[name] for name in NAMES[:2]}, enough=0.9).axes
    texts = {text.get_position(): text.get_text() for text in axes.texts}
    assert [texts[x, 0.5] for x in (0.5, 1.5, 2.5)] == ["0 of 3", "1 of 3", "2 of 3"]
    assert texts[2.5, 1.5] == "0 of 3"
    shares = axes.collections[0].get_array().reshape(2, 3)
    np.testing.assert_allclose(shares, [[0, 1 / 3, 2 / 3], [0, 0, 0]])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["125", "250", "1,000"]
