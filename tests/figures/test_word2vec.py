"""The drawings of word2vec are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import word2vec
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
    "noise": lambda: word2vec.draw_noise_distribution(TEXT, TEXT[::-1], {0: "the", 2: "dog"}),
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


def test_rates_draw_the_mean_of_the_seeds():
    axes = DRAWINGS["learning rates"]().axes[0]
    assert np.allclose(axes.lines[0].get_ydata(), [0.15, 0.45])
    assert [list(line.get_xdata()) for line in axes.lines] == [[0.1, 0.2], [0.2, 0.4]]
    assert [line.get_linestyle() for line in axes.lines] == ["--", "-"]


def test_measures_stand_beside_their_names():
    axes = DRAWINGS["measures"]().axes[0]
    assert [list(line.get_xdata()) for line in axes.lines] == [[0.5, 0.4], [0.8, 0.7]]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cbow", "skip-gram"]
