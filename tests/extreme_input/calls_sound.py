"""Valid calls of sound: from a wave to the features of its frames."""

import numpy as np

from helpers.core.edit_distance import edit_distance_row
from helpers.core.numerics import log_softmax
from helpers.data import shaped_noise, sound, speech, waves
from helpers.models import recogniser
from tests.extreme_input.calls import DRAWN, Call, normal

SAMPLE_RATE, POINTS = 22_050, 64


def _wave(rng):
    return {"wave": np.tanh(normal(rng, 900))}


def _model():
    return recogniser.new_recogniser(0, D=3, H=4)


def _spoken(rng):
    return speech.SpeechSet([normal(rng, 12, 3)], ["one"], [np.array([0.05])], [speech.Voice()])


def _log_y(rng):
    return log_softmax(normal(rng, 6, 17))


def _asked(**arguments):
    return np.exp(recogniser.letter_language_model(**arguments)((3, 4)))


def _no_noise_louder(arguments, result):
    return None if np.isfinite(result).all() else "noise that is no number"


CALLS = [
    Call(
        edit_distance_row,
        lambda rng: {"above": np.array([1, 0, 1, 2]), "token": 1, "truth": (0, 1, 1)},
    ),
    Call(speech.digit_texts, lambda rng: {"count": 3, "rng": rng, "least": 2, "most": 3}, **DRAWN),
    Call(speech.draw_voices, lambda rng: {"count": 3, "rng": rng, "speakers": ("m1", "f1")}, **DRAWN),
    Call(speech.letter_ids, lambda rng: {"text": "one"}),
    Call(speech.text_of, lambda rng: {"ids": np.array([2, 3])}),
    Call(speech.features_of, lambda rng: _wave(rng) | {"rate": SAMPLE_RATE}, rounds=True),
    Call(recogniser.new_recogniser, lambda rng: {"seed": 0, "D": 3, "H": 4}, **DRAWN),
    Call(recogniser.recognise, lambda rng: {"model": _model(), "features": [normal(rng, 7, 3)], "batch": 2}),
    Call(
        recogniser.train_recogniser,
        lambda rng: {"model": _model(), "data": _spoken(rng), "rng": rng, "steps": 2, "rate": 1e-3, "batch": 1},
        **DRAWN,
    ),
    Call(recogniser.best_texts, lambda rng: {"log_ys": [_log_y(rng)]}),
    Call(recogniser.output_times, lambda rng: {"T": 4, "rate": SAMPLE_RATE, "stride": 3}),
    Call(recogniser.spikes_of, lambda rng: {"log_y": _log_y(rng), "rate": SAMPLE_RATE, "stride": 3}),
    Call(recogniser.onset_lags, lambda rng: {"log_ys": [_log_y(rng)], "data": _spoken(rng)}),
    Call(recogniser.letter_language_model, lambda rng: {"texts": ["one two"], "order": 3}, via=_asked),
    Call(sound.cut_frames, lambda rng: {"wave": normal(rng, 9), "length": 4, "hop": 2}),
    Call(sound.frame_times, lambda rng: {"T": 3, "rate": SAMPLE_RATE, "length": 4, "hop": 2}),
    Call(sound.hann_window, lambda rng: {"length": 5}),
    Call(
        sound.power_spectrum,
        lambda rng: {"frames": normal(rng, 3, 5), "window": rng.random(5), "points": 8},
    ),
    Call(sound.bin_frequencies, lambda rng: {"points": 8, "rate": SAMPLE_RATE}),
    Call(sound.hertz_to_mel, lambda rng: {"f": 1000 * rng.random(4)}),
    Call(sound.mel_to_hertz, lambda rng: {"m": 1000 * rng.random(4)}),
    Call(sound.mel_filters, lambda rng: {"M": 3, "points": POINTS, "rate": SAMPLE_RATE, "low": 100.0, "high": 8000.0}),
    Call(sound.log_mel, lambda rng: _wave(rng) | {"rate": SAMPLE_RATE, "M": 3}),
    Call(sound.normalised, lambda rng: {"features": normal(rng, 5, 3)}),
    Call(waves.add_noise, lambda rng: _wave(rng) | {"decibels": 10.0, "rng": rng}, judge=_no_noise_louder, **DRAWN),
    Call(waves.halve_rate, lambda rng: {"wave": normal(rng, 9)}),
    Call(waves.wav_bytes, lambda rng: {"wave": normal(rng, 9), "rate": SAMPLE_RATE}),
    Call(
        shaped_noise.shaped_noise,
        lambda rng: {"features": normal(rng, 2, 3), "rate": SAMPLE_RATE, "rng": rng},
        judge=_no_noise_louder,
        **DRAWN,
    ),
]
