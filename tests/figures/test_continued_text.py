"""A continued text: a bar for every drawn word, with its probability and the number of words that were possible."""

import numpy as np

from helpers.decoding.writing import WrittenToken
from helpers.figures.continued_text import draw_continued_text

NAMES = ["a", "grandmothers", "c"]
WRITTEN = [
    WrittenToken(0, None, np.array([0.2, 0.8, 0.0]), 1, True),
    WrittenToken(1, None, np.array([0.25, 0.75, 0.0]), 0, False),
    WrittenToken(0, None, np.array([0.0, 0.0, 1.0]), 2, False),
]


def test_bars_are_the_probabilities_of_what_was_drawn(check_layout):
    figure = draw_continued_text(WRITTEN, NAMES, "temperature 1, all words, seed 1")
    check_layout(figure)
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [0.25, 1.0]
    assert axes.patches[0].get_facecolor() != axes.patches[1].get_facecolor()  # only the second was most probable
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["given", "0.25, 1 of 2", "1.00 of 1"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["grandmothers", "a", "c"]
    assert "seed 1" in axes.get_title(loc="left")
