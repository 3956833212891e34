"""The drawings of word2vec are labelled, fit on their figures, and show the numbers they were given."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures import word2vec
from helpers.figures.style import BLUE, GREEN, ORANGE
from helpers.models.word2vec.huffman import huffman_codes

CODES = huffman_codes([5, 3, 1, 1])  # 0, 11, 100, 101
WORDS = ["the", "dog", "bites", "man"]
TEXT = np.array([0.5, 0.3, 0.15, 0.05])
PAIRS = {("france", "paris"): ((0.5, 1.0), (0.7, 0.9)), ("italy", "rome"): ((-1.0, -0.5), (-0.6, -0.4))}
CURVES = {
    ("skip-gram", "rare"): ([0.1, 0.2], np.array([[0.1, 0.2], [0.4, 0.5]])),
    ("cbow", "frequent"): ([0.2, 0.4], np.full((2, 2), 0.6)),
}
SCORES = {"cbow": {"told": 0.5, "held out": 0.8}, "skip-gram": {"told": 0.4, "held out": 0.7}}

DRAWINGS = {
    "code tree": lambda: word2vec.draw_code_tree(CODES, WORDS, 3, [0.9, 0.25, 0.75]),
    "noise": lambda: word2vec.draw_noise_distribution(TEXT, TEXT[::-1], {0: "the", 2: "dog"}),
    "analogy": lambda: word2vec.draw_analogy(PAIRS, ("italy", "rome"), (-0.5, -0.4), 0.6, 1.5, "50 %"),
    "learning rates": lambda: word2vec.draw_learning_rates({"500 sentences": CURVES, "4,000 sentences": CURVES}),
    "measures": lambda: word2vec.draw_measures(SCORES, "share of right answers"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_noise_stands_beside_the_text():
    axes = DRAWINGS["noise"]().axes[0]
    assert np.allclose(axes.lines[0].get_ydata(), TEXT)
    assert np.allclose(axes.lines[1].get_ydata(), TEXT[::-1])
    assert [(text.get_text(), text.xy) for text in axes.texts] == [("the", (1, 0.05)), ("dog", (3, 0.3))]


def test_arrows_mark_the_question_and_its_answer():
    axes = DRAWINGS["analogy"]().axes[0]
    arrows = [text for text in axes.texts if text.arrow_patch]
    assert [(arrow.xyann, arrow.xy) for arrow in arrows] == list(PAIRS.values())
    assert [to_hex(arrow.arrow_patch.get_edgecolor()) for arrow in arrows] == [BLUE, ORANGE]
    cross = axes.lines[-1]
    assert (cross.get_xdata()[0], cross.get_ydata()[0], cross.get_color()) == (-0.5, -0.4, GREEN)
    assert "60%" in axes.get_xlabel()


def test_rates_draw_the_mean_of_the_seeds():
    axes = DRAWINGS["learning rates"]().axes[0]
    assert np.allclose(axes.lines[0].get_ydata(), [0.15, 0.45])
    assert [list(line.get_xdata()) for line in axes.lines] == [[0.1, 0.2], [0.2, 0.4]]
    assert [line.get_linestyle() for line in axes.lines] == ["--", "-"]


def test_names_are_left_out_while_they_would_lie_on_one_another():
    tiny = {names: tuple((x / 100, y / 100) for x, y in points) for names, points in PAIRS.items()}
    axes = word2vec.draw_analogy(tiny, ("italy", "rome"), (0, 0), 0.6, 1.5).axes[0]
    assert not any(text.get_text() for text in axes.texts)


def test_measures_stand_beside_their_names():
    axes = DRAWINGS["measures"]().axes[0]
    assert [list(line.get_xdata()) for line in axes.lines] == [[0.5, 0.4], [0.8, 0.7]]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cbow", "skip-gram"]


def test_tree_marks_the_path_and_only_it():
    axes = DRAWINGS["code tree"]().axes[0]
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
    places = word2vec.tree_places(CODES)
    assert places[(1, 0)] == (2, (places[(1, 0, 0)][1] + places[(1, 0, 1)][1]) / 2)
    assert sorted(places[code] for code in CODES) == [(1, 0), (2, 3), (3, 1), (3, 2)]
