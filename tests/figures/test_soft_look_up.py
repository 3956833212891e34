"""The machine of one query: its numbers are those of the layer, each comes when it is computed, and nothing meets."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.figures.soft_look_up import (
    LOOK_UP_KEYS,
    LOOK_UP_QUERIES,
    LOOK_UP_VALUES,
    LOOK_UP_WORDS,
    draw_soft_look_up,
    last_moment,
)
from helpers.layers.attention import attention

MACHINE = LOOK_UP_WORDS, LOOK_UP_QUERIES, LOOK_UP_KEYS, LOOK_UP_VALUES
MOMENTS = range(last_moment(LOOK_UP_WORDS) + 1)


def draw(asks, moment):
    return draw_soft_look_up(*MACHINE, asks, moment)


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("asks", LOOK_UP_WORDS)
def test_nothing_meets_nothing_moves_and_every_sentence_is_another(asks, check_machine):
    drawn = [draw(asks, moment) for moment in MOMENTS]
    for figure, _ in drawn:
        check_machine(figure)
    assert len({figure.get_figheight() for figure, _ in drawn}) == 1
    said = [sentence for _, sentence in drawn]
    assert len(set(said)) == len(said)
    assert max(map(len, said)) < 130


@pytest.mark.parametrize("moment", MOMENTS)
def test_each_word_that_asks_has_a_sentence_of_its_own(moment):
    assert len({draw(asks, moment)[1] for asks in LOOK_UP_WORDS}) == len(LOOK_UP_WORDS)


def test_the_numbers_are_those_of_the_layer():
    out, weights, _ = attention(*MACHINE[1:])
    for t, asks in enumerate(LOOK_UP_WORDS):
        shown = texts(draw(asks, MOMENTS[-1])[0])
        for number in (*weights[t], *out[t]):
            assert f"{abs(number):.2f}" in [text.replace("−", "") for text in shown]


def test_numbers_come_when_they_are_computed():
    for number, first in (("3.46", 1), ("1.73", 3), ("0.75", 8), ("3.12", 9)):  # of "her", by hand below
        assert next(moment for moment in MOMENTS if number in texts(draw("her", moment)[0])) == first
    e = np.exp(np.array([6, 0, 3, 0, 0, 0, 0]) / np.sqrt(3))
    assert (e / e.sum()).round(2).tolist()[0] == 0.75
    assert round(float(e @ [4, 0, 2, -4, 0, -2, 0] / e.sum()), 2) == 3.12


def test_what_is_said():
    assert draw("her", 3)[1] == "“her” asks “her”: the score is 1.73, 1 fits better so far."
    assert draw("and", 8)[1].endswith("all scores are equal, so each of the 7 words gets the weight 0.14.")
    assert draw("it", 9)[1].startswith("“it” reads mostly “dog”, ")
    assert draw("feeds", 9)[1].startswith("“feeds” reads “Ann” and “dog” alike")
    assert "all words alike" in draw("and", 9)[1]


def test_a_click_on_a_word_or_its_key_lets_it_ask():
    gids = {artist.get_gid() for artist in draw("her", 2)[0].findobj() if artist.get_gid()}
    assert gids == {f"asks={word}" for word in LOOK_UP_WORDS}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"asks": "cat"}, "asks"),
        ({"moment": 10}, "moment is 10, expected 0 to 9"),
        ({"moment": -1}, "moment"),
        ({"words": LOOK_UP_WORDS[:-1]}, "expected 7 different"),
        ({"words": ("it",) * 7}, "expected 7 different"),
        ({"k": LOOK_UP_KEYS[:, :2]}, "k has shape"),
        ({"v": LOOK_UP_VALUES * np.nan}, "v "),
    ],
)
def test_what_is_no_look_up_is_refused(change, message):
    names = ("words", "q", "k", "v")
    given = dict(zip(names, MACHINE, strict=True)) | {"asks": "her", "moment": 2} | change
    with pytest.raises(ValueError, match=message):
        draw_soft_look_up(**given)
