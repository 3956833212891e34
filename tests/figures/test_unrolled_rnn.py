"""The drawings of an unrolled RNN are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

from helpers.figures import unrolled_rnn
from helpers.figures.style import BLUE, GREEN, ORANGE
from helpers.models.scalar_rnn import scalar_rnn_params, trace_scalar_rnn

TARGETS = np.array([1.0, 1.0, 0.0])
TRACE = trace_scalar_rnn(np.ones(3), TARGETS, scalar_rnn_params())
LAST = trace_scalar_rnn(np.ones(3), TARGETS, scalar_rnn_params(), np.array([False, False, True]))
HEAVY = trace_scalar_rnn(-np.ones(3), TARGETS, scalar_rnn_params(0.5, -1.5, -1))
STOPS = 6 * 3 + 3
SIZES = np.tril(np.arange(1.0, 37).reshape(6, 6))
SHARES, COSINES = np.linspace(0.2, 1, 6), np.linspace(-0.1, 1, 6)


def draw(which, position):
    return unrolled_rnn.draw_unrolled(which, position, "ABC", unrolled_rnn.stops(which)[position].equation)


DRAWINGS = {
    f"trace {n}, {p}": lambda w=w, p=p: draw(w, p) for n, w in enumerate((TRACE, LAST, HEAVY)) for p in range(STOPS)
}
DRAWINGS["truncation"] = lambda: unrolled_rnn.draw_truncation(SIZES, 2, SHARES, COSINES, "window 2")
DRAWINGS["learned"] = lambda: unrolled_rnn.draw_accuracy_by_window(
    [1, 4, 8], np.array([[0.2, 0.3, 1], [0.2, 0.4, 0.9]]), 4, 0.25
)


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def written(axes, kind, t):
    """The texts inside the box of a node."""
    places = [(text.get_text(), *text.get_position()) for text in axes.texts]
    return [text for text, x, y in places if x == t and abs(y - unrolled_rnn._ROWS[kind]) < 0.2]


def arrows_of(axes, colour=None):
    arrows = [text for text in axes.texts if isinstance(text, Annotation)]
    return [a for a in arrows if colour is None or to_hex(a.arrow_patch.get_edgecolor()) == colour]


def test_the_equations_of_the_cursor():
    equations = [stop.equation for stop in unrolled_rnn.stops(TRACE)]
    assert len(equations) == STOPS
    assert equations[4] == "a₂ = 1 × 1 + 1 × 0.7616 = 1.7616"
    assert equations[5] == "h₂ = tanh(1.7616) = 0.9427"
    assert equations[6] == "y₂ = 1 × 0.9427,  L₂ = ½ (y₂ − 1)² = 0.0016"
    assert equations[10] == "∂L/∂y₃ = y₃ − 0 = 0.9597"
    assert equations[11] == "∂L/∂h₃ = 1 × 0.9597 = 0.9597"  # nothing comes after the last step
    assert equations[14] == "∂L/∂h₂ = 1 × (−0.0573) + 1 × 0.0757 = 0.0184"
    assert equations[15] == "∂L/∂a₂ = 0.0184 × (1 − 0.9427²) = 0.0020"
    assert equations[-1] == "∂L/∂W_hh = 0 + 0.0016 + 0.0714 = 0.0729"
    only = [stop.equation for stop in unrolled_rnn.stops(LAST)]
    assert "L₂ does not count" in only[6]
    assert only[13] == "∂L/∂y₂ = 0: L₂ does not count"
    assert unrolled_rnn.stops(HEAVY)[1].equation == "a₁ = 0.5 × (−1) + (−1.5) × 0 = −0.5000"


def test_the_edges_of_the_two_ways_into_a_state_and_out_of_it():
    into, back = unrolled_rnn.stops(TRACE)[4], unrolled_rnn.stops(TRACE)[14]
    assert list(into.edges) == [(("x", 2), ("a", 2)), (("h", 1), ("a", 2))]
    assert list(back.edges) == [(("y", 2), ("h", 2)), (("a", 3), ("h", 2))]
    assert (into.nodes, back.nodes) == ((("a", 2),), (("h", 2),))


def test_the_last_equations_are_the_gradients_of_the_weights():
    for which in (TRACE, LAST, HEAVY):
        for stop, grad in zip(unrolled_rnn.stops(which)[-2:], which.grads.cell[:2], strict=True):
            assert sum(stop.edges.values()) == pytest.approx(grad.item())
            assert stop.equation.endswith(f"= {grad.item():.4f}".replace("-", "−"))


def test_numbers_appear_only_when_the_cursor_has_come_to_them():
    (start,), (middle,), (end,) = (draw(TRACE, p).axes for p in (0, 4, 14))
    assert written(start, "h", 0) == ["0"]
    assert written(start, "x", 3) == ["1"]
    assert written(start, "a", 1) == written(middle, "h", 2) == written(middle, "a", 3) == []
    assert written(middle, "a", 2) == ["1.7616"]
    assert written(middle, "h", 1) == ["0.7616"]
    assert written(end, "h", 2) == ["0.9427", "0.0184"]
    assert written(end, "a", 2) == ["1.7616"]  # its gradient comes next
    assert written(end, "L", 3) == ["0.4606"]


def test_a_loss_that_does_not_count_shows_a_dash_from_the_start():
    for position in (0, 6, STOPS - 1):
        (axes,) = draw(LAST, position).axes
        assert written(axes, "L", 1) == written(axes, "L", 2) == ["–"]
    assert written(axes, "L", 3) == ["0.4606"]
    assert written(draw(LAST, 0).axes[0], "L", 3) == []


def test_the_numbers_that_enter_stand_on_their_edges():
    for position, colour, numbers in ((4, BLUE, {"1", "0.7616"}), (14, ORANGE, {"−0.0573", "0.0757"})):
        (axes,) = draw(TRACE, position).axes
        assert len(arrows_of(axes)) == 15
        assert len(arrows_of(axes, colour)) == 2
        boxes = {text.get_text() for text in axes.texts if text.get_bbox_patch()}
        assert boxes == numbers
        marked = [patch for patch in axes.patches if to_hex(patch.get_edgecolor()) == colour]
        assert [patch.get_x() + patch.get_width() / 2 for patch in marked] == [pytest.approx(2)]


def test_an_arrow_of_the_way_back_points_back():
    for position, down in ((5, False), (15, True)):  # between a_2 and h_2
        (axes,) = draw(TRACE, position).axes
        (arrow,) = arrows_of(axes, ORANGE if down else BLUE)
        assert (arrow.xy[1] < arrow.xyann[1]) == down


def test_truncation_colours_what_is_kept():
    top, bottom = DRAWINGS["truncation"]().axes
    mesh = top.collections[0].get_array()
    assert to_hex(mesh[1, 0, :3]) == to_hex(mesh[5, 4, :3]) == BLUE
    assert to_hex(mesh[2, 1, :3]) == to_hex(mesh[5, 0, :3]) == ORANGE
    assert mesh[0, 1, 3] == 0  # nothing is asked of later steps
    assert mesh[5, 5, 3] == 1
    assert mesh[1, 0, 3] < mesh[4, 4, 3] < 1  # the larger the stronger
    assert [(patch.get_x(), patch.get_width()) for patch in top.patches] == [(0.5, 2), (2.5, 2), (4.5, 2)]
    curves = {line.get_label(): line for line in bottom.lines}
    np.testing.assert_array_equal(curves["share kept"].get_ydata(), SHARES)
    np.testing.assert_array_equal(curves["cosine with the full gradient"].get_ydata(), COSINES)
    assert curves["cosine with the full gradient"].get_color() == GREEN
    assert bottom.lines[-1].get_xdata()[0] == 2


def test_learned_draws_the_median_over_the_seeds():
    axes = DRAWINGS["learned"]().axes[0]
    np.testing.assert_allclose(axes.lines[-1].get_ydata(), [0.2, 0.35, 0.95])
    assert axes.lines[1].get_xdata()[0] == 4
