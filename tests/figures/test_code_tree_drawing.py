"""The drawing of a tree of codes shows the tree, and marks the path to one word."""

from itertools import pairwise

import pytest

from helpers.figures.style import ORANGE
from helpers.figures.word2vec import draw_tree, tree_places
from helpers.models.word2vec.huffman import huffman_codes

CODES = huffman_codes([5, 3, 1, 1])  # 0, 11, 100, 101
WORDS = ["the", "dog", "bites", "man"]


@pytest.fixture
def figure():
    return draw_tree(CODES, WORDS, 3, [0.9, 0.25, 0.75])


def test_axes_are_labelled_and_nothing_is_cut(figure, check_layout):
    check_layout(figure)


def test_tree_marks_the_path_and_only_it(figure):
    axes = figure.axes[0]
    assert len(axes.lines) == 6  # one way to each node but the root
    marked = sorted((line for line in axes.lines if line.get_color() == ORANGE), key=lambda line: line.get_xdata()[0])
    assert [tuple(line.get_xdata()) for line in marked] == [(0, 0, 1), (1, 1, 2), (2, 2, 3)]
    for before, after in pairwise(marked):
        assert after.get_ydata()[0] == before.get_ydata()[-1]  # each way begins where the last one ended
    labels = {text.get_text(): text for text in axes.texts}
    assert {"1: 0.90", "0: 0.25", "1: 0.75"} < set(labels)
    assert labels["man"].xy == (3, marked[-1].get_ydata()[-1])
    assert [word for word in WORDS if labels[word].get_weight() == "bold"] == ["man"]


def test_tree_has_a_node_between_its_two_ways():
    places = tree_places(CODES)
    assert places[(1, 0)] == (2, (places[(1, 0, 0)][1] + places[(1, 0, 1)][1]) / 2)
    assert sorted(places[code] for code in CODES) == [(1, 0), (2, 3), (3, 1), (3, 2)]
