import numpy as np
import pytest
from matplotlib.text import Text

from helpers.figures.table_rows import READING_STEPS, draw_changed_number, draw_picked_rows

WORDS, E = ["cat", "dog", "fish"], np.array([[0.2, -1.3, 0.5], [0.3, -1.2, 0.4], [-0.5, 0.8, -0.1]])
WANTED = np.array([0.2, -0.3, 0.5])


def texts(read, step):
    figure, sentence = draw_picked_rows(WORDS, E, read, WANTED, step)
    return [text.get_text() for text in figure.findobj(Text)], sentence, figure


def test_the_picked_row_is_shown_and_only_its_gradient():
    shown, _, _ = texts(["dog"], 5)
    assert shown.count("0.30") == 2  # in the table, and read
    assert shown.count("−0.90") == 2  # of e, and of its row
    assert shown.count("0.00") == 6  # two rows of three
    assert "−0.90" not in texts(["dog"], 3)[0]


def test_a_row_that_is_read_twice_gets_both_gradients():
    shown, sentence, _ = texts(["dog", "dog"], 5)
    assert shown.count("−0.45") == 2
    assert shown.count("−0.90") == 1
    assert "added" in sentence


def test_after_the_step_rows_have_moved():
    assert "0.25" in texts(["cat", "fish"], 6)[0]


def test_all_steps_are_of_one_height_and_differ():
    for read in (["cat"], ["dog", "dog"]):
        seen = [texts(read, step) for step in range(READING_STEPS + 1)]
        assert len({figure.get_figheight() for *_, figure in seen}) == 1
        assert len({sentence for _, sentence, _ in seen}) == READING_STEPS + 1


@pytest.mark.parametrize(("read", "step"), [(["cow"], 0), (["cat"], 7), ([], 0), (["cat"] * 3, 0)])
def test_what_cannot_be_drawn_is_refused(read, step):
    with pytest.raises(ValueError, match="expected one or two"):
        draw_picked_rows(WORDS, E, read, WANTED, step)


def test_the_sentence_says_which_rows_have_moved():
    assert "the row of “dog” has moved, and nothing else" in texts(["dog", "dog"], 6)[1]
    assert "the rows of “cat” and “fish” have moved" in texts(["cat", "fish"], 6)[1]


def test_every_choice_of_words_changes_every_sentence():
    choices = (["cat"], ["dog"], ["fish"], ["dog", "dog"], ["cat", "fish"])
    for step in range(READING_STEPS + 1):
        assert len({texts(read, step)[1] for read in choices}) == len(choices)


def test_a_changed_number_changes_row_and_cosines():
    figure, sentence = draw_changed_number(WORDS, E, "dog", 1, 1.5)
    shown = [text.get_text() for text in figure.findobj(Text)]
    assert "1.50" in shown
    assert "−1.20" not in shown
    assert shown.count("0.67") == 2  # of dog and fish, in both their rows
    assert sentence.endswith("0.67 with fish: the nearest word to dog is fish.")
    assert E[1, 1] == -1.2  # the table that was given stays as it is


def test_the_nearest_word_is_never_the_word_itself():
    assert draw_changed_number(WORDS, E, "dog", 1, -1.2)[1].endswith("the nearest word to dog is cat.")


@pytest.mark.parametrize(("word", "place"), [("cow", 0), ("dog", 3), ("dog", -1)])
def test_a_number_that_is_not_there_is_refused(word, place):
    with pytest.raises(ValueError, match="expected one of"):
        draw_changed_number(WORDS, E, word, place, 0.0)
