"""The drawings of attention are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from helpers.figures import attention
from helpers.figures.style import BLUE, ORANGE

KEYS, GRID = np.array([0.5, 2.0, 3.0]), np.linspace(0, 4, 9)
WEIGHTS = np.array([0.2, 0.7, 0.1])
SIZES = [1, 4, 16]
ENTROPY = {"not scaled": np.array([[2.0, 1.0, 0.2]] * 3), "divided by √d_k": np.full((3, 3), 2.0)}
GRADIENT = {"not scaled": np.array([[0.3, 0.1, 1e-4]] * 3), "divided by √d_k": np.full((3, 3), 0.3)}
SOURCE, TARGET = ["the", "quick", "waitress", "sleeps", "<end>"], ["lurun", "solar", "mekas"]
MAP = np.array([[0, 0.1, 0.9, 0, 0], [0, 0.8, 0.2, 0, 0], [0.1, 0, 0, 0.6, 0.3]])
TRUTH = np.array([[0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 1, 0]], bool)
HEADS = np.stack([np.eye(5), np.roll(np.eye(5), 1, axis=0), np.full((5, 5), 0.2), np.eye(5)])

DRAWINGS = {
    "kernel": lambda: attention.draw_kernel_regression(KEYS, KEYS, GRID, GRID, GRID + 1, 1.5, WEIGHTS),
    "scaling": lambda: attention.draw_scaling(SIZES, ENTROPY, GRADIENT, 16, "not scaled", WEIGHTS),
    "alignment": lambda: attention.draw_alignment(MAP, TARGET, SOURCE, 1, TRUTH),
    "alignment, truth unknown": lambda: attention.draw_alignment(MAP, TARGET, SOURCE, 2),
    "long alignment": lambda: attention.draw_alignment(np.eye(16), ["particle"] * 16, ["firefighter"] * 16, 15),
    "heads": lambda: attention.draw_heads(HEADS, SOURCE, 1),
    "heads over letters": lambda: attention.draw_heads(HEADS, list("ab3ca"), 3),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_points_are_as_large_as_their_weights_and_the_query_is_on_the_estimate():
    upper, lower = DRAWINGS["kernel"]().axes
    (points,) = [item for item in upper.collections if isinstance(item, PathCollection)]
    assert np.allclose(points.get_offsets(), np.stack([KEYS, KEYS], axis=1))
    assert (np.argsort(points.get_sizes()) == np.argsort(WEIGHTS)).all()
    (diamond,) = [line for line in upper.lines if line.get_marker() == "D"]
    assert np.allclose(diamond.get_xydata(), [[1.5, 2.5]])
    assert np.allclose([bar.get_height() for bar in lower.patches], WEIGHTS)


def test_scaling_sorts_the_weights_and_marks_the_medians_of_the_chosen_kind():
    top, middle, bottom = DRAWINGS["scaling"]().axes
    assert np.allclose([bar.get_height() for bar in top.patches], [0.7, 0.2, 0.1])
    for axes, values in ((middle, ENTROPY), (bottom, GRADIENT)):
        lines = {line.get_label(): line.get_ydata() for line in axes.lines}
        assert all(np.allclose(lines[name], np.median(values[name], axis=0)) for name in values)
        (mark,) = [line for line in axes.lines if line.get_marker() == "o"]
        assert np.allclose(mark.get_xydata(), [[16, values["not scaled"][0, 2]]])
        assert to_hex(mark.get_color()) == BLUE
    assert bottom.get_ylim()[0] <= 1e-4  # the smallest gradient is on the axis


def test_alignment_frames_the_step_and_outlines_the_truth():
    upper, lower = DRAWINGS["alignment"]().axes
    assert np.allclose([bar.get_height() for bar in upper.patches], MAP[1])
    (marks,) = [line for line in upper.lines if to_hex(line.get_color()) == ORANGE]
    assert list(marks.get_xdata()) == [1.5]
    assert (marks.get_ydata() > 1).all()  # above every weight
    *outlines, frame = lower.patches
    assert {(int(o.get_x()), int(o.get_y())) for o in outlines} == {(2, 0), (1, 1), (3, 2)}
    assert (frame.get_y(), frame.get_width()) == (1, 5)
    assert np.allclose(lower.collections[0].get_array(), MAP)
    assert [label.get_text() for label in lower.get_yticklabels()] == TARGET
    assert lower.yaxis.get_inverted()
    assert "orange" not in DRAWINGS["alignment, truth unknown"]().axes[1].get_xlabel()


def test_heads_frame_the_chosen_one_and_draw_it_at_size():
    upper, lower = DRAWINGS["heads"]().axes
    assert len(upper.collections) == 4
    framed = [to_hex(patch.get_edgecolor()) == ORANGE for patch in upper.patches]
    assert framed == [False, True, False, False]
    assert np.allclose(lower.collections[0].get_array(), HEADS[1])
    assert lower.get_title() == "head 2"
    assert [label.get_text() for label in lower.get_xticklabels()] == SOURCE


def test_words_stand_on_end_and_letters_do_not():
    for name, rotation in (("heads", 90), ("heads over letters", 0)):
        labels = DRAWINGS[name]().axes[1].get_xticklabels()
        assert {label.get_rotation() for label in labels} == {rotation}
