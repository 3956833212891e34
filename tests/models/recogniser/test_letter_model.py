"""The language model of letters: a distribution, right for what was seen, as the search asks for it."""

import numpy as np
import pytest

from helpers.core.numerics import log_softmax
from helpers.data.speech import BLANK, SPEECH_SYMBOLS, letter_ids, text_of
from helpers.decoding.ctc import prefix_beam_search
from helpers.models.recogniser import letter_language_model

TEXTS = ["one two", "two one", "two two", "four two"] * 5
END = len(SPEECH_SYMBOLS)


def test_all_that_may_come_next_sums_to_one():
    model = letter_language_model(TEXTS)
    for prefix in ((), tuple(letter_ids("on")), tuple(letter_ids("xxgs zero"))):
        P = np.exp(model(prefix))
        assert P.shape == (END + 1,)
        P[BLANK] = 0
        assert P.sum() == pytest.approx(1, abs=1e-2)  # <unk> has a little


def test_it_knows_what_follows():
    model = letter_language_model(TEXTS)
    assert model(tuple(letter_ids("on")))[:END].argmax() == letter_ids("e")[0]
    assert SPEECH_SYMBOLS[model(tuple(letter_ids("tw")))[1:END].argmax() + 1] == "o"
    assert model(tuple(letter_ids("one two")))[1:].argmax() == END - 1
    assert np.exp(model(())[letter_ids("t")[0]]) > 0.4


def test_it_reads_as_many_letters_as_its_order_says():
    model, (e,) = letter_language_model(["one", "inx"] * 5, order=3), letter_ids("e")
    after = {said: np.exp(model(tuple(letter_ids(said)))[e]) for said in ("on", "in", "hon", "shon")}
    assert after["on"] > 0.7 > 0.2 > after["in"]
    assert after["on"] == after["hon"] == after["shon"]


def test_it_decides_between_what_sounds_alike():
    """The frames slightly prefer "wo", which no text has."""
    logits = np.zeros((3, len(SPEECH_SYMBOLS)))
    logits[0, [BLANK, letter_ids("t")[0]]] = 9.1, 9.0
    logits[1, letter_ids("w")] = 20
    logits[2, letter_ids("o")] = 20
    log_y = log_softmax(logits)
    assert text_of(prefix_beam_search(log_y, 8)[0].tokens) == "wo"
    best = prefix_beam_search(log_y, 8, language_model=letter_language_model(TEXTS), weight=0.5, end=END)[0]
    assert text_of(best.tokens) == "two"


def test_what_is_refused():
    cases = (([], 3, "order is 3 for 0 texts"), (["ten q"], 3, "'q'"), (["one"], 21, "order is 21"))
    for texts, order, message in cases:
        with pytest.raises(ValueError, match=message):
            letter_language_model(texts, order)
