"""espeak-ng speaks: the same each time, with the time of every word and sound; and what is said where it is missing."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.data.sound import cut_frames
from helpers.data.speech import SpeechMissingError, Utterance, Voice, can_speak, speak, speaking

TEXTS = ["four two seven", "six eight"]
VOICES = [Voice("en", "m1", 150, 50), Voice("en-gb-scotland", "f1", 180, 60)]


@pytest.fixture(scope="module")
def said():
    return speak(TEXTS, VOICES)


def test_words_and_sounds_have_their_times(said):
    assert can_speak()
    for utterance, text, voice in zip(said, TEXTS, VOICES, strict=True):
        assert isinstance(utterance, Utterance)
        assert (utterance.text, utterance.voice, utterance.words) == (text, voice, tuple(text.split()))
        assert utterance.wave.dtype == np.float32
        assert 0.1 < np.abs(utterance.wave).max() <= 1
        for times, parts in ((utterance.word_times, utterance.words), (utterance.phoneme_times, utterance.phonemes)):
            assert len(times) == len(parts)
            assert (np.diff(times) > 0).all()
            assert times[0] >= 0
            assert times[-1] < utterance.seconds
        assert set(utterance.word_times) <= set(utterance.phoneme_times)
    assert said[0].phonemes[:2] == ("f", "o@")
    assert said[0].phonemes[-5:] == ("s", "E", "v", "@", "n")


def test_a_sound_is_loud_when_its_time_has_come(said):
    """The long vowel of "two": its middle is louder than what stands before the "t"."""
    (utterance, _), sounds = said, said[0].phonemes
    two = sounds.index("u:")
    loud = np.abs(cut_frames(utterance.wave, 220, 220)).max(axis=1)
    at = [int(100 * time) for time in (utterance.phoneme_times[two] + 0.06, utterance.phoneme_times[two - 1] - 0.03)]
    assert loud[at[0]] > 5 * loud[at[1]]


def test_the_same_list_sounds_the_same_and_the_speed_is_heard(said):
    again = speak(TEXTS, VOICES, workers=1)
    for one, other in zip(said, again, strict=True):
        np.testing.assert_array_equal(one.wave, other.wave)
    (slow,) = speak(TEXTS[:1], [VOICES[0]._replace(speed=100)])
    assert slow.seconds > 1.2 * said[0].seconds


# Not installed; installed without anything in it; installed with a library that this machine cannot load.
@pytest.mark.parametrize("module", [None, {}, {"get_library_path": lambda: __file__}])
def test_where_it_is_missing_the_message_says_how_to_get_it(module, monkeypatch):
    there = None if module is None else SimpleNamespace(**module)
    monkeypatch.setitem(sys.modules, "espeakng_loader", there)
    assert not can_speak()
    with pytest.raises(SpeechMissingError, match="pip install espeakng-loader"):
        speak(TEXTS, VOICES)


def test_a_library_that_does_not_load_is_named_where_it_is_started(monkeypatch):
    monkeypatch.setitem(sys.modules, "espeakng_loader", SimpleNamespace(get_library_path=lambda: __file__))
    with pytest.raises(SpeechMissingError, match="espeak-ng does not run here"):
        speaking._start_espeak()


@pytest.mark.parametrize(
    ("texts", "voices", "message"),
    [
        (["one"], [], "1 texts and 0 voices"),
        ([" "], VOICES[:1], "a text is ' '"),
        (["one"], [Voice("en", "m1", 20, 50)], "expected a Voice with a speed from 80"),
        (["one"], ["m1"], "a voice is 'm1'"),
        (["one"], [Voice("xx", "m1", 160, 50)], r"espeak-ng has no voice 'xx\+m1'"),
    ],
)
def test_what_is_refused(texts, voices, message):
    with pytest.raises(ValueError, match=message):
        speak(texts, voices)
