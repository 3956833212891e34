"""The drawings of an unrolled RNN are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures import unrolled_rnn
from helpers.figures.style import BLUE, GREY, ORANGE
from helpers.models.scalar_rnn import scalar_rnn_params, trace_scalar_rnn

TARGETS = np.array([1.0, 1.0, 0.0])
TRACE = trace_scalar_rnn(np.ones(3), TARGETS, scalar_rnn_params())
LAST = trace_scalar_rnn(np.ones(3), TARGETS, scalar_rnn_params(), np.array([False, False, True]))
HEAVY = trace_scalar_rnn(-np.ones(3), TARGETS, scalar_rnn_params(0.5, -1.5, -1))
STOPS = 6 * 3 + 3


def draw(which, position):
    return unrolled_rnn.draw_unrolled(which, position, "ABC", unrolled_rnn.stops(which)[position].equation)


@pytest.mark.parametrize("position", range(STOPS))
def test_no_number_of_any_stop_is_cut_or_meets_another(position, check_machine):
    for trace in (TRACE, LAST, HEAVY):
        check_machine(draw(trace, position))


def labelled(figure, start):
    return {a.get_label(): a for a in figure.artists if a.get_label().startswith(start)}


def written(figure, kind, t):
    """The texts inside the box of a node, from top to bottom."""
    frame = labelled(figure, f"part {kind}{t}")[f"part {kind}{t}"].get_path().get_extents()
    texts = [(a.get_position(), a.get_text()) for a in figure.artists if hasattr(a, "get_text")]
    return [text for (x, y), text in sorted(texts, key=lambda each: -each[0][1]) if frame.contains(x, y)]


def arrows_of(figure, colour=None):
    arrows = labelled(figure, "arrow ").values()
    return [arrow for arrow in arrows if colour is None or to_hex(arrow.get_edgecolor()) == colour]


def test_the_equations_of_the_stops():
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
    start, middle, end = (draw(TRACE, p) for p in (0, 4, 14))
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
        figure = draw(LAST, position)
        assert written(figure, "L", 1) == written(figure, "L", 2) == ["–"]
    assert written(figure, "L", 3) == ["0.4606"]
    assert written(draw(LAST, 0), "L", 3) == []


def test_the_numbers_that_enter_stand_on_their_edges():
    for position, colour, numbers in ((4, BLUE, {"1", "0.7616"}), (14, ORANGE, {"−0.0573", "0.0757"})):
        figure = draw(TRACE, position)
        assert len(arrows_of(figure)) == 15
        now = arrows_of(figure, colour)
        assert len(now) == 2
        assert min(a.get_linewidth() for a in now) > 2 * max(a.get_linewidth() for a in arrows_of(figure, GREY))
        inside = {text for t in (1, 2, 3) for kind in "xahyL" for text in written(figure, kind, t)}
        texts = [a.get_text() for a in figure.artists if hasattr(a, "get_text")]
        assert numbers <= {*texts}
        assert all(texts.count(n) == 1 for n in numbers - inside)
        frames = labelled(figure, "part ")
        heavy = max(frames, key=lambda name: getattr(frames[name], "get_linewidth", lambda: 0)())
        assert heavy == {4: "part a2", 14: "part h2"}[position]


def test_an_arrow_of_the_way_back_points_back():
    for position, down in ((5, False), (15, True)):  # between a_2 and h_2
        (head,) = labelled(draw(TRACE, position), "head arrow a2 h2").values()
        tip, *base = head.get_xy()[:3]
        assert (tip[1] < base[0][1]) == down
        assert to_hex(head.get_facecolor()) == (ORANGE if down else BLUE)


@pytest.mark.parametrize("position", range(STOPS))
def test_the_folded_network_is_whole_at_every_stop(position, check_machine):
    for which in (TRACE, LAST, HEAVY):
        stop = unrolled_rnn.stops(which)[position]
        check_machine(unrolled_rnn.draw_folded(which, position, "ABC", stop.equation))


def test_the_folded_network_adds_up_what_its_weights_are_asked_for():
    texts = [a.get_text() for a in unrolled_rnn.draw_folded(TRACE, -1, "ABC").artists if hasattr(a, "get_text")]
    for grad in (*TRACE.grads.cell[:2], TRACE.grads.output.W):
        assert f"{grad.item():.4f}".replace("-", "−") in texts
