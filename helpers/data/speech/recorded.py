"""Two recorded utterances, the same on every machine: their sound, their times, and what recognisers made of them.

`tools/record_speech.py` has made the file: espeak-ng 1.52 spoke, eight bits of each sample were kept (μ-law, as the
telephone has them), and a recogniser that was trained by `train_recogniser` read them after some numbers of steps.
"""

import io
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from helpers.data.speech.speaking import Utterance
from helpers.data.speech.voices import Voice

_MU = 255


class RecordedSpeech(NamedTuple):
    """An utterance, and what recognisers made of it."""

    utterance: Utterance
    log_y: dict  # {steps of training: log-probabilities of the symbols at each output frame, (T', 17)}


def recorded_speech():
    """Read the recorded utterances, one of a speaker whom the recogniser knew, one of a new speaker.

    Returns
    -------
    list of RecordedSpeech
    """
    with np.load(io.BytesIO((files(__package__) / "recorded.npz").read_bytes()), allow_pickle=False) as kept:
        arrays = dict(kept)
    found = []
    for n, text in enumerate(arrays["texts"].tolist()):
        parts = {name: arrays[f"{name}_{n}"] for name in ("wave", "words", "word_times", "phonemes", "phoneme_times")}
        accent, speaker, speed, pitch = arrays["voices"][n].tolist()
        utterance = Utterance(
            text=text,
            voice=Voice(accent, speaker, int(speed), int(pitch)),
            wave=expand(parts["wave"]),
            rate=int(arrays["rate"]),
            words=tuple(parts["words"].tolist()),
            word_times=parts["word_times"],
            phonemes=tuple(parts["phonemes"].tolist()),
            phoneme_times=parts["phoneme_times"],
        )
        log_y = {int(steps): _normal(arrays[f"log_y_{n}_{steps}"]) for steps in arrays["steps"]}
        found.append(RecordedSpeech(utterance, log_y))
    return found


def compress(wave):
    """sign(x) log(1 + 255 |x|) / log 256 in eight bits: the faint samples are kept more exactly than the loud ones."""
    return np.round(127 * np.sign(wave) * np.log1p(_MU * np.abs(wave)) / np.log1p(_MU)).astype(np.int8)


def expand(kept):
    """The wave, float32: `compress` backwards."""
    share = np.abs(kept.astype(np.float32)) / 127
    return (np.sign(kept) * np.expm1(share * np.log1p(_MU)) / _MU).astype(np.float32)


def _normal(log_y):
    """float64 whose rows are probabilities again: three digits were kept."""
    wide = log_y.astype(np.float64)
    return wide - np.logaddexp.reduce(wide, axis=1, keepdims=True)
