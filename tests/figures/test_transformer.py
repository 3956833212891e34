"""The drawings of the Transformer are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures import transformer as drawings
from helpers.figures.style import BLUE, GREY, ORANGE
from helpers.layers.transformer.positions import sinusoids

TOKENS = ["<pad>", "the", "firefighter", "sleeps", "<end>"]
VISIBLE = np.tri(5, dtype=bool)
VISIBLE[:, 0] = False
WEIGHTS = VISIBLE / np.maximum(1, VISIBLE.sum(axis=1, keepdims=True))
P = sinusoids(50, 32)
LOSSES = {"no mistake": np.array([3.0, 2, 1]), "leak the mask": np.array([3.5, 1, 0]), "drop the scale": np.ones(3)}
RIGHT = {"no mistake": 1.0, "leak the mask": 0.0, "drop the scale": 0.4}
LENGTHS = [1, 10, 100, 1000]
PANELS = {
    "multiply–adds": {"attention": np.array([1e3, 1e4, 2e5, 9e9]), "GRU": np.array([2e3, 2e4, 2e5, 2e6])},
    "steps": {"attention": np.full(4, 6), "GRU": np.array(LENGTHS)},
}

DRAWINGS = {
    "mask": lambda: drawings.draw_mask(VISIBLE, WEIGHTS, TOKENS, 3),
    "mask, nothing visible": lambda: drawings.draw_mask(VISIBLE, WEIGHTS, TOKENS, 0),
    "no mask": lambda: drawings.draw_mask(VISIBLE | True, np.full((5, 5), 0.2), TOKENS, 4),
    "positions": lambda: drawings.draw_positions(P, 20, [0, 4, 8, 12]),
    "mistake": lambda: drawings.draw_mistake(LOSSES, RIGHT, "leak the mask"),
    "no mistake": lambda: drawings.draw_mistake(LOSSES, RIGHT, "no mistake"),
    "growth": lambda: drawings.draw_growth(LENGTHS, PANELS, "length (tokens)", 100),
    "growth, one panel": lambda: drawings.draw_growth(LENGTHS, {"n": {"a": np.ones(4)}}, "length (tokens)"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_the_name_of_a_row_sets_the_query_to_its_number():
    lower = drawings.draw_mask(VISIBLE, WEIGHTS, TOKENS, 3, "query").axes[1]
    assert [name.get_gid() for name in lower.get_yticklabels()] == [f"query={n}" for n in range(1, len(TOKENS) + 1)]


def test_a_mask_crosses_out_what_is_hidden_and_frames_the_query():
    upper, lower = DRAWINGS["mask"]().axes
    assert np.allclose([bar.get_height() for bar in upper.patches], WEIGHTS[3])
    (crosses,) = upper.lines
    assert (crosses.get_xdata() == [0.5, 4.5]).all()
    assert upper.get_title() == "query 4: sleeps"
    (hidden,) = lower.lines
    rows, columns = np.nonzero(~VISIBLE)
    assert (hidden.get_xydata() == np.stack([columns, rows], axis=1) + 0.5).all()
    assert np.allclose(lower.collections[0].get_array(), WEIGHTS)
    (frame,) = lower.patches
    assert (frame.get_y(), frame.get_width()) == (3, 5)


def test_positions_mark_the_row_and_draw_its_products():
    upper, lower = DRAWINGS["positions"]().axes
    curves = {line.get_label(): line.get_ydata() for line in upper.lines if len(line.get_ydata()) == 50}
    assert list(curves) == ["i = 0", "i = 4", "i = 8", "i = 12"]
    assert np.allclose(curves["i = 8"], P[:, 16])
    marks = [line.get_xydata()[0] for line in upper.lines if line.get_marker() == "o"]
    assert np.allclose(marks, [[20, P[20, 2 * i]] for i in (0, 4, 8, 12)])
    assert np.allclose(lower.lines[0].get_ydata(), P @ P[20])
    assert np.allclose(lower.lines[1].get_xydata(), [[20, 16]])


def test_a_mistake_is_drawn_beside_no_mistake():
    upper, lower = DRAWINGS["mistake"]().axes
    lines = {line.get_label(): line.get_ydata() for line in upper.lines}
    assert list(lines) == ["no mistake", "leak the mask"]
    assert all((lines[name] == LOSSES[name]).all() for name in lines)
    assert [bar.get_width() for bar in lower.patches] == list(RIGHT.values())
    assert [to_hex(bar.get_facecolor()) for bar in lower.patches] == [GREY, ORANGE, GREY]
    assert [text.get_text() for text in lower.texts] == ["100%", "0%", "40%"]
    upper, lower = DRAWINGS["no mistake"]().axes
    assert [line.get_label() for line in upper.lines] == ["no mistake"]
    assert to_hex(lower.patches[0].get_facecolor()) == BLUE


def test_growth_marks_the_length_on_every_curve():
    for axes, curves in zip(DRAWINGS["growth"]().axes, PANELS.values(), strict=True):
        drawn = {line.get_label(): line.get_ydata() for line in axes.lines}
        assert all((drawn[name] == curves[name]).all() for name in curves)
        marks = [line.get_xydata()[0].tolist() for line in axes.lines if line.get_marker() == "o"]
        assert marks == [[100, values[2]] for values in curves.values()]
        low, high = axes.get_ylim()
        assert low <= min(v.min() for v in curves.values())
        assert high >= max(v.max() for v in curves.values())
