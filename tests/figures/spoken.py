"""A sound for the tests of drawings: two hums, and what a network might believe of them."""

from collections import namedtuple

import numpy as np

SPEECH_SYMBOLS = ("-", " ", "o", "u", "r", "t", "w")
RATE = 22050

Spoken = namedtuple("Spoken", "text wave rate words word_times phonemes phoneme_times")


def two_words():
    """“our two”: a hum each, 1.2 s together."""
    t = np.arange(int(1.2 * RATE)) / RATE
    loud = np.where((t % 0.6) < 0.4, 0.3, 0.01)
    wave = loud * np.sign(np.sin(2 * np.pi * np.where(t < 0.6, 120, 180) * t))
    return Spoken("our two", wave, RATE, ["our", "two"], [0.05, 0.6], ["o", "r", "t", "u"], [0.05, 0.2, 0.6, 0.8])


def sharp_beliefs(T=38):
    """A letter at every fifth frame, the blank between: log_y (T, V) and times (T,)."""
    y = np.full((T, len(SPEECH_SYMBOLS)), 0.01)
    y[:, 0] = 1 - 0.01 * (len(SPEECH_SYMBOLS) - 1)
    for n, letter in enumerate(two_words().text):
        y[3 + 5 * n] = 0.02
        y[3 + 5 * n, SPEECH_SYMBOLS.index(letter)] = 1 - 0.02 * (len(SPEECH_SYMBOLS) - 1)
    return np.log(y), 0.03 + 0.03 * np.arange(T)
