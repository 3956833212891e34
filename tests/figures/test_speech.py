"""Speech under a cursor: nothing is cut, what is to come is covered, and the sentence says what was written so far."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers.figures.speech import draw_hearing
from tests.figures.spoken import SPEECH_SYMBOLS, sharp_beliefs, two_words

LAST = 12


def draw(step, log_y=None, **changed):
    beliefs, times = sharp_beliefs()
    given = {"utterance": two_words(), "log_y": beliefs if log_y is None else log_y, "times": times} | changed
    return draw_hearing(symbols=SPEECH_SYMBOLS, step=step, last=LAST, trained=500, **given)


@pytest.mark.parametrize("step", [0, 5, LAST])
def test_nothing_is_cut_and_nothing_moves(step, check_layout):
    panels, sentence = draw(step)
    for panel in panels:
        check_layout(panel)
        assert panel.get_figheight() == draw(1)[0][0].get_figheight()
    assert sentence.startswith(f"{0.1 * step:.2f} s of 1.20 s: ")
    assert "After 500 steps" in sentence


def test_the_sentence_says_what_was_heard_and_written():
    assert "nothing is said yet. " in draw(0)[1]
    assert draw(0)[1].endswith("the network has written nothing.")
    assert draw(4)[1].endswith("you hear “our”. After 500 steps of training the network has written “ou”.")
    assert draw(8)[1].endswith("you hear “two”. After 500 steps of training the network has written “our t”.")
    assert draw(LAST)[1].endswith("all is said. After 500 steps of training the network has written “our two”.")


def test_what_is_to_come_is_covered():
    for step in (3, 9):
        covers = [p for panel in draw(step)[0] for a in panel.axes for p in a.patches if isinstance(p, Rectangle)]
        assert [cover.get_x() for cover in covers] == pytest.approx([0.1 * step] * 4)
        assert [cover.get_x() + cover.get_width() for cover in covers] == pytest.approx([1.2] * 4)


def test_the_lattice_shows_the_state_that_is_reached():
    (image,) = draw(LAST)[0][1].axes[1].get_images()
    reached = image.get_array()  # states, frames
    assert reached.shape == (2 * 7 + 1, 38)
    np.testing.assert_allclose(reached.sum(axis=0), 1)
    assert reached[:, 3].argmax() == 1
    assert reached[:, 38 - 5].argmax() == 13


def test_a_text_that_no_path_says_has_an_empty_lattice():
    log_y, times = (part[:6] for part in sharp_beliefs())
    (image,) = draw(LAST, log_y, times=times)[0][1].axes[1].get_images()
    assert not image.get_array().any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": LAST + 1}, "step is 13, expected 0 to 12"),
        ({"step": -1}, "step"),
        ({"times": np.zeros(3)}, "times"),
        ({"log_y": sharp_beliefs()[0][:, :5]}, "there are 7 symbols, expected 5"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draw(**{"step": 1} | change)
