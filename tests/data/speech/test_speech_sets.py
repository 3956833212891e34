"""Sets of utterances: the features of what is spoken, made once, kept whole or not at all."""

import numpy as np
import pytest

from helpers.data.sound import log_mel, normalised
from helpers.data.speech import KNOWN_SPEAKERS, NEW_SPEAKERS, Voice, speak, speech_set, speech_sets

TEXTS, VOICES = ["one two", "six", "four"], [Voice("en", "m1"), Voice("en", "f1"), Voice("en", "m1")]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "not there yet" / "cache"
    monkeypatch.setattr(speech_sets, "_cache_folder", lambda: folder)
    return folder


def test_the_features_are_those_of_what_is_spoken(cache):
    made, said = speech_sets.featured(TEXTS, VOICES), speak(TEXTS, VOICES)
    for features, times, utterance in zip(made.features, made.word_times, said, strict=True):
        assert features.dtype == np.float32
        np.testing.assert_allclose(features, normalised(log_mel(utterance.wave, utterance.rate)), atol=5e-3)
        np.testing.assert_array_equal(times, utterance.word_times)
    assert (made.texts, made.voices) == (TEXTS, VOICES)


def test_it_is_made_once_and_again_where_it_was_cut_short(cache, monkeypatch):
    first = speech_sets.featured(TEXTS, VOICES)
    (file,) = cache.iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(speech_sets, "side_by_side", None)  # nobody speaks
        again = speech_sets.featured(TEXTS, VOICES)
        with pytest.raises(TypeError):
            speech_sets.featured(TEXTS[::-1], VOICES)
    file.write_bytes(file.read_bytes()[:1000])
    anew = speech_sets.featured(TEXTS, VOICES)
    for made in (again, anew):
        for one, other in zip(first.features, made.features, strict=True):
            np.testing.assert_array_equal(one, other)
    assert len(list(cache.iterdir())) == 1


def test_where_nothing_can_be_kept_it_is_made_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(speech_sets, "_cache_folder", lambda: tmp_path / "file")
    assert len(speech_sets.featured(TEXTS, VOICES).features) == 3


def test_a_smaller_set_is_the_beginning_of_the_whole_and_new_speakers_are_new(cache):
    known, new = speech_set("known", 3), speech_set("new", 2)
    assert [len(field) for field in known] == [3] * 4
    np.testing.assert_array_equal(known.features[1], speech_set("known", 2).features[1])
    assert {voice.speaker for voice in known.voices} <= {*KNOWN_SPEAKERS}
    assert {voice.speaker for voice in new.voices} <= {*NEW_SPEAKERS}
    for text, times in zip(known.texts, known.word_times, strict=True):
        assert len(text.split()) == len(times)


def test_noise_is_added_to_the_wave(cache):
    clean, soft, loud = (speech_sets.featured(TEXTS, VOICES, decibels) for decibels in (None, 40, (0, 0)))
    apart = [np.abs(clean.features[0] - each.features[0]).mean() for each in (soft, loud)]
    assert 0.01 < 2 * apart[0] < apart[1]
    np.testing.assert_array_equal(speech_sets.featured(TEXTS, VOICES, 0).features[1], loud.features[1])


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"decibels is \(9, 1\), expected one number, or two in order"):
        speech_set("new", decibels=(9, 1))
    with pytest.raises(ValueError, match="which is 'old', expected one of 'train', 'known', 'new'"):
        speech_set("old")
    with pytest.raises(ValueError, match="count is 201, expected at most the 200"):
        speech_set("new", 201)
