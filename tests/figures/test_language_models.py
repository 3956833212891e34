import pytest
from matplotlib.colors import to_hex

from helpers.figures.language_models import draw_cut_text, draw_nats_against
from helpers.figures.style import GREY, ORANGE


def test_levels_are_named_in_the_legend():
    figure = draw_nats_against([1, 2], {"a": [3.0, 2.0]}, 2, "steps", [(2.5, "count")], "nats a word")
    (axes,) = figure.axes
    assert axes.get_ylabel() == "nats a word"
    assert {text.get_text() for text in axes.get_legend().get_texts()} == {"a", "count"}
    with pytest.raises(ValueError, match="chosen is 3"):
        draw_nats_against([1, 2], {"a": [3.0, 2.0]}, 3, "steps")


def test_marked_tokens_have_their_colour():
    figure = draw_cut_text(["a", "b", "c"], marked=[False, True, False])
    edges = [to_hex(patch.get_edgecolor()) for patch in figure.axes[0].patches[1::2]]
    assert edges == [to_hex(GREY), to_hex(ORANGE), to_hex(GREY)]
    with pytest.raises(ValueError, match="marked has 2 members, expected one for each of 3"):
        draw_cut_text(["a", "b", "c"], marked=[True, False])


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="need 2 lines, expected at most 1"):
        draw_cut_text(["word"] * 15, 1)
