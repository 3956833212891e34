import numpy as np
import pytest

from helpers.figures.sequence_beliefs import (
    draw_arms,
    draw_language_belief,
    draw_picture_belief,
    draw_review_belief,
    draw_written_words,
)

LANGUAGES = ["Czech", "German", "English", "Spanish", "Finnish", "French"]


def texts_of(axes):
    return [text.get_text() for text in axes.texts]


def test_the_language_of_a_word():
    p = np.full((3, 6), 0.1)
    p[0, 5], p[1, 1], p[2, 0] = 0.5, 0.5, 0.5
    figure, told = draw_language_belief("abc", p, LANGUAGES, 2)
    assert told == "After “ab”, with 1 to come: German, 50 %."
    shown = texts_of(figure.axes[0])
    assert shown.count("50") == 2
    assert shown.count("") == 5
    known = figure.axes[0].collections[0].get_array().reshape(-1, 3)
    assert known[:, 1].max() == 0.5
    assert not known[:, 2].any()
    assert "German" in [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert draw_language_belief("abc", p, LANGUAGES, 9)[1] == "After “abc”: Czech, 50 %."
    with pytest.raises(ValueError, match="probabilities has shape"):
        draw_language_belief("abcd", p, LANGUAGES, 2)
    with pytest.raises(ValueError, match="letters is 0"):
        draw_language_belief("abc", p, LANGUAGES, 0)


def test_a_long_word_ends_where_the_picture_does_and_its_language_is_still_named():
    p = np.zeros((14, 6))
    p[:13, :5], p[13, 5] = 0.2, 1
    figure, told = draw_language_belief("a" * 14, p, LANGUAGES, 14)
    assert told.endswith("French, 100 %.")
    assert "French" in [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(figure.axes[0].get_xticklabels()) == 12


def test_a_picture_read_row_by_row():
    picture, p = np.eye(8), np.full((8, 10), 0.05)
    p[:, 3] = 0.55
    figure, told = draw_picture_belief(picture, p, 2, 3)
    assert told == "After 2 rows of 8 the network says 3 with p = 0.55, which is right."
    assert [bar.get_width() for bar in figure.axes[1].patches] == p[1].tolist()
    assert figure.axes[0].collections[0].get_array().size == 16  # two rows
    assert draw_picture_belief(picture, p, 1, 7)[1].endswith("but it is a 7.")
    with pytest.raises(ValueError, match="at most 8 rows"):
        draw_picture_belief(picture, p, 9, 3)


def test_a_review():
    tokens = ["the", "food", "was", "not", "bad"]
    figure, told = draw_review_belief(tokens, np.linspace(0.1, 0.9, 5), 0.3, True)
    assert told == (
        "“not” before “bad”: the review is good. The network that reads gives p(good) = 0.90, "
        "the mean of the words 0.30."
    )
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == tokens
    assert draw_review_belief(["good"], np.ones(1), 0.5, True)[1].startswith("No “not”")
    with pytest.raises(ValueError, match="after_each has shape"):
        draw_review_belief(tokens, np.ones(4), 0.5, True)


def test_arms():
    shares = {"1": np.array([0.7, 0.8, 0.9]), "2": np.array([0.6, 0.65, 0.7])}
    figure = draw_arms(shares, "2", texts={"1": "H = 4", "2": "H = 3"})
    lines = figure.axes[0].get_lines()
    assert lines[1].get_xdata() == [0.8]
    assert lines[2].get_xdata().tolist() == [0.6, 0.65, 0.7]
    assert lines[0].get_color() != lines[2].get_color()
    with pytest.raises(ValueError, match="chosen is '3'"):
        draw_arms(shares, "3")


def test_written_words():
    figure, told = draw_written_words(["abc", "", "a" * 20], [0.5, 0.25, 0.0], "Czech")
    assert told == "Czech was asked for. On average the judge gives these words p(Czech) = 0.25."
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["abc", "(nothing)", "a" * 14 + "…"]
    with pytest.raises(ValueError, match="probabilities has shape"):
        draw_written_words(["abc"], [0.5, 0.5], "Czech")
