"""Valid calls of sound: from a wave to the features of its frames."""

import numpy as np

from helpers.data import sound
from tests.extreme_input.calls import DRAWN, Call, normal

RATE, POINTS = 22_050, 64


def _wave(rng):
    return {"wave": np.tanh(normal(rng, 900))}


def _no_noise_louder(arguments, result):
    return None if np.isfinite(result).all() else "noise that is no number"


CALLS = [
    Call(sound.cut_frames, lambda rng: {"wave": normal(rng, 9), "length": 4, "hop": 2}),
    Call(sound.frame_times, lambda rng: {"T": 3, "rate": RATE, "length": 4, "hop": 2}),
    Call(sound.hann_window, lambda rng: {"length": 5}),
    Call(
        sound.power_spectrum,
        lambda rng: {"frames": normal(rng, 3, 5), "window": rng.random(5), "points": 8},
    ),
    Call(sound.bin_frequencies, lambda rng: {"points": 8, "rate": RATE}),
    Call(sound.hertz_to_mel, lambda rng: {"f": 1000 * rng.random(4)}),
    Call(sound.mel_to_hertz, lambda rng: {"m": 1000 * rng.random(4)}),
    Call(sound.mel_filters, lambda rng: {"M": 3, "points": POINTS, "rate": RATE, "low": 100.0, "high": 8000.0}),
    Call(sound.log_mel, lambda rng: _wave(rng) | {"rate": RATE, "M": 3}),
    Call(sound.normalised, lambda rng: {"features": normal(rng, 5, 3)}),
    Call(sound.add_noise, lambda rng: _wave(rng) | {"decibels": 10.0, "rng": rng}, judge=_no_noise_louder, **DRAWN),
    Call(sound.halve_rate, lambda rng: {"wave": normal(rng, 9)}),
    Call(sound.wav_bytes, lambda rng: {"wave": normal(rng, 9), "rate": RATE}),
]
