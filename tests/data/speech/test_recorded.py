"""The recorded utterances: what a file of 45 kB keeps of sound, times and posteriors."""

import numpy as np

from helpers.core.ctc_paths import collapse
from helpers.data.speech import KNOWN_SPEAKERS, NEW_SPEAKERS, SPEECH_SYMBOLS, features_of, recorded_speech, text_of
from helpers.data.speech.recorded import compress, expand


def test_each_has_its_sound_its_times_and_posteriors_that_become_right():
    known, new = recorded_speech()
    assert (known.utterance.text, new.utterance.text) == ("four two seven", "three nine")
    assert known.utterance.voice.speaker in KNOWN_SPEAKERS
    assert new.utterance.voice.speaker in NEW_SPEAKERS
    for utterance, log_y in (known, new):
        assert " ".join(utterance.words) == utterance.text
        assert len(utterance.word_times) == len(utterance.words)
        assert len(utterance.phoneme_times) == len(utterance.phonemes)
        assert 0.1 < np.abs(utterance.wave).max() <= 1
        assert [*log_y] == [0, 30, 60, 90, 120, 180, 300]
        frames = len(features_of(utterance.wave, utterance.rate))
        for each in log_y.values():
            assert each.shape == (-(-frames // 3), len(SPEECH_SYMBOLS))
            np.testing.assert_allclose(np.exp(each).sum(axis=1), 1)
        said = [text_of(collapse(each.argmax(axis=1))) for each in log_y.values()]
        assert said[0] != utterance.text
        assert said[-1] == utterance.text


def test_eight_bits_keep_the_faint_more_exactly_than_the_loud():
    wave = np.linspace(-1, 1, 999).astype(np.float32)
    error = np.abs(expand(compress(wave)) - wave)
    assert (error <= 0.025 * np.abs(wave) + 2e-4).all()
    np.testing.assert_array_equal(expand(compress(np.array([-1.0, 0, 1]))), [-1, 0, 1])
