"""The lattice of CTC: its numbers are those of the layer, each comes when it is computed, and nothing meets."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.figures.ctc_lattice import (
    LATTICE_SYMBOLS,
    LATTICE_TARGETS,
    LATTICE_Y,
    draw_ctc_lattice,
    last_lattice_moment,
)
from helpers.layers.ctc import ctc_log_prob_by_enumeration, ctc_posterior

LAST = last_lattice_moment(len(LATTICE_Y))


def draw(target, moment, state=4):
    return draw_ctc_lattice(LATTICE_Y, LATTICE_SYMBOLS, target, moment, state)


def texts(figure):
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("target", LATTICE_TARGETS)
@pytest.mark.parametrize("moment", range(LAST + 1))
def test_nothing_meets_nothing_moves_and_every_sentence_names_what_is_chosen(target, moment, check_machine):
    told = set()
    for state in range(1, 6):
        figure, sentence = draw(target, moment, state)
        if state == 4:
            check_machine(figure)
        assert figure.get_figheight() == draw("ab", 0)[0].get_figheight()
        assert f"“{target}”" in sentence
        assert f"state {state}" in sentence
        told.add(sentence)
    assert len(told) == 5
    assert max(map(len, told)) < 110


def test_every_number_comes_when_it_is_computed():
    """Of state 4 at frame 3, by hand: α = (0.63 + 0.08 + 0.04) · 0.1; β of state 2 at frame 4 is 0.66."""
    for number, first in (("0.075", 3), ("0.660", 9)):
        shown = [number in texts(draw("ab", moment, 1)[0]) for moment in range(2 * len(LATTICE_Y) + 1)]
        assert shown.index(True) == first
        assert all(shown[first:])
    assert "= (0.63 + 0.08 + 0.04) · 0.1 = 0.075" in " ".join(texts(draw("ab", 3)[0]))
    assert "= 0.1 · 0.1 + 0.1 · 0.2 + 0.9 · 0.7 = 0.66" in " ".join(texts(draw("ab", 9, 2)[0]))


def test_between_equal_letters_the_blank_is_not_skipped():
    assert "α₂(2)" in " ".join(texts(draw("ab", 3)[0]))
    assert "α₂(2)" not in " ".join(texts(draw("aa", 3)[0]))


def test_in_the_end_the_probability_is_that_of_all_paths_and_the_gradient_is_y_minus_posterior():
    log_y = np.log(LATTICE_Y)
    for target, ids in (("ab", [1, 2]), ("aa", [1, 1])):
        P = np.exp(ctc_log_prob_by_enumeration(log_y, ids))
        assert f"P = Σ α β = {P:.3f}" in " ".join(texts(draw(target, LAST - 1)[0]))
        shown = texts(draw(target, LAST)[0])
        for number in (LATTICE_Y - ctc_posterior(log_y, ids)).ravel():
            assert f"{number:.2f}".replace("-", "−") in [*shown, "−0.00"]


def test_a_click_on_a_frame_or_a_node_goes_there():
    gids = {artist.get_gid() for artist in draw("ab", 2)[0].findobj() if artist.get_gid()}
    assert gids == {*(f"moment={t}" for t in range(1, 7)), *(f"state={s}" for s in range(1, 6))}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"moment": LAST + 1}, "moment is 15, expected 0 to 14"),
        ({"state": 0}, "state"),
        ({"state": 6}, "state"),
        ({"target": "ac"}, "a letter of the target"),
        ({"target": "aba"}, "there are 3 letters"),
        ({"target": ""}, "there are 0 letters"),
        ({"symbols": "–a"}, "there are 2 symbols"),
        ({"y": LATTICE_Y[:1]}, "no path of 1 frames says 'ab'"),
        ({"y": np.tile(LATTICE_Y, (2, 1))}, "12 frames"),
        ({"y": LATTICE_Y * np.nan}, "log_y"),
    ],
)
def test_what_is_no_lattice_is_refused(change, message):
    given = {"y": LATTICE_Y, "symbols": LATTICE_SYMBOLS, "target": "ab", "moment": 2, "state": 4} | change
    with pytest.raises(ValueError, match=message):
        draw_ctc_lattice(**given)
