"""Lists of neighbours say of what sort each neighbour is."""

import pytest
from matplotlib.colors import to_hex

from helpers.figures import neighbours
from helpers.figures.style import BLUE, ORANGE
from helpers.sliders.theme import INK

LISTS = {"dog": ["cat", "kennel", "rome"], "rome": ["paris", "italy", "dog"]}
KINDS = {"dog": "animal", "cat": "animal", "rome": "capital", "paris": "capital", "italy": "country"}
ROWS = {"dog": "dog", "kennel": "dog", "rome": "italy", "italy": "italy", "cat": "cat", "paris": "france"}
SHARES = {"same kind": [0.9, 0.5], "same row": [0.1, 0.3]}
GROUPED = {"dog": ["cat", "paris"], "paris": ["rome", "oslo"]}
GROUPS = {"dog": "animal", "cat": "animal", "paris": "capital", "rome": "capital"}

DRAWINGS = {
    "lists": lambda: neighbours.draw_neighbour_lists(LISTS),
    "grouped lists": lambda: neighbours.draw_neighbour_lists(GROUPED, GROUPS),
    "by window": lambda: neighbours.draw_neighbours_by_window(LISTS, KINDS, ROWS, [1, 4], SHARES, 1),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_by_window_they_say_of_what_sort_each_neighbour_is():
    top, bottom = DRAWINGS["by window"]().axes
    written = {text.get_text(): to_hex(text.get_color()) for text in top.texts}
    assert written == {"= cat": BLUE, "→ kennel": ORANGE, "rome": INK, "= paris": BLUE, "→ italy": ORANGE, "dog": INK}
    assert [list(line.get_ydata()) for line in bottom.lines[::2]] == list(SHARES.values())
    assert [line.get_xdata()[0] for line in bottom.lines[1::2]] == [4, 4]
    assert top.get_xlabel() == "neighbour, the nearest first (= same kind, → same row)"


def test_neighbours_of_which_nothing_is_known_stand_in_their_order():
    (axes,) = DRAWINGS["lists"]().axes
    places = {text.get_text(): text.get_position() for text in axes.texts}
    assert places == {"cat": (0, 0), "kennel": (1, 0), "rome": (2, 0), "paris": (0, 1), "italy": (1, 1), "dog": (2, 1)}
    assert {to_hex(text.get_color()) for text in axes.texts} == {INK}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dog", "rome"]
    assert axes.get_xlabel() == "neighbour, the nearest first"


def test_neighbours_of_another_group_are_marked():
    (axes,) = DRAWINGS["grouped lists"]().axes
    texts = {text.get_text(): (text.get_position(), to_hex(text.get_color())) for text in axes.texts}
    assert texts["cat"] == ((0, 0), INK)
    assert texts["✗ paris"] == ((1, 0), ORANGE)
    assert texts["rome"] == ((0, 1), INK)
    assert texts["✗ oslo"] == ((1, 1), ORANGE)  # in no group at all
