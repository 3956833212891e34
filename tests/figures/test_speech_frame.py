"""A frame of speech: the samples and the spectrum are its own, nothing is cut, and the window takes the leak away."""

import numpy as np
import pytest

from helpers.data.sound import FRAME, HOP
from helpers.figures.speech_frame import WINDOWS, draw_speech_frame
from tests.figures.spoken import two_words


def lines(panel):
    return [line.get_ydata() for line in panel.axes[0].lines]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("frame", [0, 40, 117])
def test_nothing_is_cut_and_the_sentence_names_the_frame(frame, window, check_layout):
    panels, sentence = draw_speech_frame(two_words(), frame, window)
    for panel in panels:
        check_layout(panel)
    assert sentence.startswith(f"Frame {frame}, at {frame * HOP / 22050:.2f} s, ")
    assert ("Hann" in sentence) == (window == "Hann")


def test_the_samples_are_those_of_the_frame():
    spoken = two_words()
    samples, windowed, _ = lines(draw_speech_frame(spoken, 10, "none")[0][0])
    np.testing.assert_array_equal(samples, spoken.wave[10 * HOP : 10 * HOP + FRAME])
    np.testing.assert_array_equal(samples, windowed)
    assert lines(draw_speech_frame(spoken, 10, "Hann")[0][0])[1][0] == 0


def test_the_sentence_names_the_sound_and_the_loudest_frequency():
    """The second hum is a square wave of 180 Hz."""
    said = draw_speech_frame(two_words(), 85, "Hann")[1]
    assert "in the sound [u], under Hann's window: most of its power is near " in said
    assert 160 <= int(said.split()[-2]) <= 200
    assert "before the first sound" in draw_speech_frame(two_words(), 0, "none")[1]


def test_the_window_takes_the_leak_away():
    """A pure tone between two columns of the spectrum: far from it, Hann's window leaves much less power."""
    t = np.arange(22050) / 22050
    tone = two_words()._replace(wave=0.3 * np.sin(2 * np.pi * 1010 * t))
    far = [lines(draw_speech_frame(tone, 20, window)[0][1])[0][250:300].mean() for window in WINDOWS]
    assert far[0] < far[1] - 15  # dB


@pytest.mark.parametrize(("frame", "window", "message"), [(118, "Hann", "expected 0 to 117"), (0, "Hamming", "window")])
def test_what_is_not_there_is_refused(frame, window, message):
    with pytest.raises(ValueError, match=message):
        draw_speech_frame(two_words(), frame, window)
