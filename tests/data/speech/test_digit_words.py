"""Texts of digits, and their letters as ids."""

import numpy as np
import pytest

from helpers.data.speech import ACCENTS, BLANK, KNOWN_SPEAKERS, NEW_SPEAKERS, SPEECH_SYMBOLS, draw_voices, text_of
from helpers.data.speech.digit_words import DIGIT_WORDS, digit_texts, letter_ids


def test_every_length_and_every_digit_is_drawn():
    texts = [text.split() for text in digit_texts(2000, np.random.default_rng(0), 2, 5)]
    lengths = [len(text) for text in texts]
    assert set(lengths) == {2, 3, 4, 5}
    assert all(abs(lengths.count(length) - 500) < 80 for length in (2, 3, 4, 5))
    words = [word for text in texts for word in text]
    assert set(words) == {*DIGIT_WORDS}
    assert all(abs(words.count(word) / len(words) - 0.1) < 0.02 for word in DIGIT_WORDS)


def test_all_texts_may_have_one_length():
    assert {len(text.split()) for text in digit_texts(50, np.random.default_rng(0), 3, 3)} == {3}


def test_letters_have_ids_and_come_back():
    assert ("-", " ", *"efghinorstuvwxz") == SPEECH_SYMBOLS
    assert (len(SPEECH_SYMBOLS), SPEECH_SYMBOLS[BLANK]) == (17, "-")
    np.testing.assert_array_equal(letter_ids("e f"), [2, 1, 3])
    assert text_of(letter_ids("four two seven")) == "four two seven"
    assert (text_of([]), text_of(())) == ("", "")


def test_voices_are_of_the_speakers_asked_for():
    voices = draw_voices(400, np.random.default_rng(0))
    assert {voice.accent for voice in voices} == {*ACCENTS}
    assert {voice.speaker for voice in voices} == {*KNOWN_SPEAKERS}
    assert not {*KNOWN_SPEAKERS} & {*NEW_SPEAKERS}
    assert {voice.speaker for voice in draw_voices(99, np.random.default_rng(0), NEW_SPEAKERS)} == {*NEW_SPEAKERS}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: letter_ids("ten a"), "text has 'a'"),
        (lambda: letter_ids(5), "text is 5, expected a str"),
        (lambda: text_of([3, 0]), "ids has a blank"),
        (lambda: text_of([17]), "ids spans 17 to 17"),
        (lambda: digit_texts(3, np.random.default_rng(0), 4, 2), "least is 4 and most is 2"),
        (lambda: draw_voices(3, np.random.default_rng(0), []), "with 0 speakers"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
