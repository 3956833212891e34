"""The tree of codes: what flows, where the path goes, and how far the questions have come."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.figures.code_tree import draw_tree_flow, tell_tree_flow, tree_places
from helpers.figures.style import ORANGE
from helpers.models.word2vec.huffman import huffman_codes

CODES = huffman_codes([5, 3, 1, 1])  # 0, 11, 100, 101
WORDS = ["the", "dog", "bites", "man"]
P = np.array([0.4, 0.3, 0.1, 0.2])


@pytest.mark.parametrize("asked", range(4))
def test_axes_are_labelled_and_nothing_is_cut(asked, check_layout):
    check_layout(draw_tree_flow(CODES, WORDS, P, 3, asked, "word"))


def lines(asked, chosen=3):
    return [line for line in draw_tree_flow(CODES, WORDS, P, chosen, asked).axes[0].lines if len(line.get_xdata()) == 3]


def test_the_path_is_marked_as_far_as_it_was_walked():
    for asked in range(4):
        marked = sorted(
            (line for line in lines(asked) if line.get_color() == ORANGE), key=lambda line: line.get_xdata()[0]
        )
        assert [tuple(line.get_xdata()) for line in marked] == [(n, n, n + 1) for n in range(asked)]
        for before, after in pairwise(marked):
            assert after.get_ydata()[0] == before.get_ydata()[-1]  # each way begins where the last one ended


def test_a_line_is_as_wide_as_what_flows_along_it():
    flow = {}
    for line in lines(3):
        flow.setdefault(line.get_xdata()[0], []).append(line.get_linewidth() - 0.7)
    first, second, third = (np.sort(flow[n]) for n in range(3))
    assert np.isclose(first[1] / first[0], 0.6 / 0.4)
    assert np.allclose(second / third[1], [0.3 / 0.2, 0.3 / 0.2])
    assert np.isclose(third[1] / third[0], 2)


def test_what_lies_further_is_dotted_and_has_no_number():
    assert [sum(line.get_linestyle() == ":" for line in lines(asked)) for asked in range(4)] == [6, 4, 2, 0]
    texts = [text.get_text() for text in draw_tree_flow(CODES, WORDS, P, 3, 2).axes[0].texts]
    assert {"the  0.400", "dog  0.300", "bites", "man", "0.60", "0.50"} == {*texts}


def test_the_sentence_multiplies_the_ways():
    said = tell_tree_flow(CODES, WORDS, P, 3, 3, "dogs")
    assert said.startswith("Towards “man” after “dogs”: 0.60 · 0.50 · 0.67 = 0.200. 4 of 4 words")
    assert "1 of 4 words are reached, with 0.40" in tell_tree_flow(CODES, WORDS, P, 3, 1, "dogs")
    assert "1.00" in tell_tree_flow(CODES, WORDS, P, 3, 0, "dogs")


def test_tree_has_a_node_between_its_two_ways():
    places = tree_places(CODES)
    assert places[(1, 0)] == (2, (places[(1, 0, 0)][1] + places[(1, 0, 1)][1]) / 2)
    assert sorted(places[code] for code in CODES) == [(1, 0), (2, 3), (3, 1), (3, 2)]


@pytest.mark.parametrize("asked", [-1, 4])
def test_there_are_no_more_questions_than_bits(asked):
    with pytest.raises(ValueError, match=f"asked is {asked}, expected 0 to 3"):
        draw_tree_flow(CODES, WORDS, P, 3, asked)
