"""The message that goes back through fifty boxes: its numbers, its drawing at every step, and its sentence."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.core.initial_values import largest_singular_value
from helpers.figures import gradient_messages as messages


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def widths(figure):
    artists = [artist for artist in figure.findobj() if str(artist.get_label()).startswith("arrow h")]
    return {artist.get_label(): artist.get_linewidth() for artist in artists}


@pytest.mark.parametrize("matrix", messages.MATRICES)
def test_the_message_is_what_the_jacobians_say(matrix):
    W, activation = messages.MATRICES[matrix]
    message = messages.trace_message(matrix)
    assert message.size[0] == pytest.approx(1)
    assert (message.size <= largest_singular_value(W) ** np.arange(50) * (1 + 1e-9)).all()
    if activation == "identity":
        back = [np.array([0.6, 0.8]) @ np.linalg.matrix_power(W.T, n) for n in range(50)]
        np.testing.assert_allclose(message.dh, back)


@pytest.mark.parametrize("matrix", messages.MATRICES)
@pytest.mark.parametrize("back", [0, 1, 12, 50])
def test_no_text_meets_another_and_nothing_moves(matrix, back, check_machine, check_layout):
    figure = messages.draw_message_boxes(matrix, back)
    check_machine(figure)
    assert figure.get_figheight() == messages.draw_message_boxes(matrix, 0).get_figheight()
    check_layout(messages.draw_message_size(matrix, back))


def test_a_box_has_its_size_as_number_and_width():
    drawn = messages.draw_message_boxes("1.1 × rotation", 50)
    assert {"1.00", "1.10", "1.21", "97", "10²"} <= {*texts(drawn)}
    assert "1.21" not in texts(messages.draw_message_boxes("1.1 × rotation", 2))
    grown, shrunk = widths(drawn), widths(messages.draw_message_boxes("0.9 × rotation", 50))
    assert grown["arrow h0 h1"] > grown["arrow h48 h49"] > shrunk["arrow h0 h1"]


def test_the_sentence_says_the_size_and_where_it_was_largest():
    assert "not set out" in messages.tell_message("rotation", 0)
    assert "16 steps back, the message has size 0.19" in messages.tell_message("0.9 × rotation", 17)
    assert "It was largest after 4: 2.7" in messages.tell_message("0.8 and a corner", 50)


@pytest.mark.parametrize("draw", [messages.draw_message_boxes, messages.draw_message_size, messages.tell_message])
def test_what_there_is_not_is_refused(draw):
    with pytest.raises(ValueError, match="back is 51, expected at most 50"):
        draw("rotation", 51)
    with pytest.raises(ValueError, match="matrix"):
        draw("no such", 1)


def test_the_log_shows_both_runs_up_to_the_step(check_layout):
    logs = {"a": (np.linspace(4, 2, 30), np.ones(30)), "b": (np.full(30, 1e9), np.full(30, 1e12))}
    figure = messages.draw_training_log(logs, 10)
    check_layout(figure)
    top, bottom = figure.axes
    assert [len(line.get_ydata()) for line in top.lines] == [11, 11]
    assert top.lines[1].get_ydata().max() == 10
    assert bottom.lines[1].get_ydata().max() == 1e6


def test_counts_of_seeds_are_written_as_counts(check_layout):
    figure = messages.draw_counts_of_seeds(np.array([[0, 5], [3, 1]]), 5, [0.5, 1.0], [0.001, 0.01], (0, 1))
    check_layout(figure)
    assert {"0 of 5", "5 of 5", "3 of 5", "0.5", "0.001"} <= {*texts(figure)}
