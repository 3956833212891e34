"""Sets of spoken digits for a recogniser: made once, and kept in the user's cache."""

import hashlib
import io
import os
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import platformdirs

from helpers.core.checks import check_choice, check_integer, check_number
from helpers.core.processes import side_by_side
from helpers.data import sound, waves
from helpers.data.speech import digit_words, speaking, voices
from helpers.data.speech.digit_words import digit_texts
from helpers.data.speech.speaking import SAID_IN_TURN, SAMPLE_RATE, check_spoken, say_in_turn
from helpers.data.speech.voices import KNOWN_SPEAKERS, NEW_SPEAKERS, draw_voices

# Which → how many utterances, the seed of texts and voices, who speaks.
SETS = {"train": (2000, 0, KNOWN_SPEAKERS), "known": (200, 1, KNOWN_SPEAKERS), "new": (200, 2, NEW_SPEAKERS)}


class SpeechSet(NamedTuple):
    """Utterances as a recogniser reads them; each field is a list with an item for each."""

    features: list  # of float32 (T, 40), normalised
    texts: list
    word_times: list  # of (W,): when each word of the text begins, s
    voices: list


def speech_set(which, count=None, decibels=None, workers=2):
    """Make a set of spoken digit strings, or read it, where it was made before.

    Parameters
    ----------
    which : "train", "known" or "new"
        2,000 utterances to learn from; 200 others of the same speakers; 200 of speakers whom no model has heard.
    count : int, optional
        Fewer utterances, the first ones.
    decibels : float or (float, float), optional
        White noise at this signal-to-noise ratio is added to each utterance; of two numbers, at a ratio between them
        that is drawn for each.
    workers : int
        Processes at a time, while they are made.

    Returns
    -------
    SpeechSet

    Raises
    ------
    SpeechMissingError
        When espeak-ng is not installed. It is a ValueError.
    """
    check_choice("which", which, SETS)
    most, seed, speakers = SETS[which]
    count = most if count is None else check_integer("count", count)
    if count > most:
        raise ValueError(f"count is {count}, expected at most the {most} utterances of {which!r}")
    rng = np.random.default_rng(seed)
    texts, spoken_by = digit_texts(most, rng), draw_voices(most, rng, speakers)
    whole = min(
        most, -(-count // SAID_IN_TURN) * SAID_IN_TURN
    )  # an utterance depends on those before it in its process
    made = featured(texts[:whole], spoken_by[:whole], decibels, workers)
    return SpeechSet(*(field[:count] for field in made))


def featured(texts, spoken_by, decibels=None, workers=2):
    """Say each text in its voice and keep the features, not the sound; the same list is made once, and then read.

    Parameters and errors are those of `helpers.data.speech.speak` and of `speech_set`.

    Returns
    -------
    SpeechSet
    """
    texts, spoken_by = check_spoken(texts, spoken_by)
    noise = _noise_range(decibels)
    path = _cache_folder() / f"speech-{_key(texts, spoken_by, noise)}.npz"
    arrays = _read(path)
    if arrays is None:
        chunks = range(0, len(texts), SAID_IN_TURN)
        calls = [
            {"texts": texts[n : n + SAID_IN_TURN], "voices": spoken_by[n : n + SAID_IN_TURN], "noise": noise}
            for n in chunks
        ]
        parts = side_by_side(feature_arrays, calls, workers, fresh=True, progress="espeak-ng speaks")
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        _write(path, arrays)
    features = np.split(arrays["features"].astype(np.float32), np.cumsum(arrays["frames"])[:-1])
    times = np.split(arrays["word_times"], np.cumsum(arrays["words"])[:-1])
    return SpeechSet(features, texts, times, spoken_by)


def feature_arrays(texts, voices, noise=None):
    """In a new process: say all, and return the features of all in one array, and how many belong to each.

    float16 keeps three digits of a number near 1, and half the space.
    """
    said = say_in_turn(texts, voices)
    heard = [utterance.wave for utterance in said]
    if noise is not None:
        rng = np.random.default_rng(len(repr(texts)))  # another for each list
        heard = [waves.add_noise(wave, rng.uniform(*noise), rng) for wave in heard]
    features = [features_of(wave, SAMPLE_RATE).astype(np.float16) for wave in heard]
    return {
        "features": np.concatenate(features),
        "frames": np.array([len(each) for each in features]),
        "word_times": np.concatenate([utterance.word_times for utterance in said]),
        "words": np.array([len(utterance.words) for utterance in said]),
    }


def features_of(wave, rate):
    """normalised(log_mel(wave)): float (T, 40), what a recogniser reads of a wave."""
    return sound.normalised(sound.log_mel(wave, rate))


def _cache_folder():
    return Path(platformdirs.user_cache_dir("unrolled", appauthor=False))


def _noise_range(decibels):
    """None, or the least and the most decibels."""
    if decibels is None:
        return None
    noise = np.asarray(decibels, dtype=object).ravel().tolist()
    for number in noise:
        check_number("decibels", number)
    if len(noise) not in (1, 2) or not -100 <= noise[0] <= noise[-1] <= 100:
        raise ValueError(f"decibels is {decibels!r}, expected one number, or two in order, from -100 to 100")
    return float(noise[0]), float(noise[-1])


def _key(texts, spoken_by, noise):
    """What the features depend on: what is said, espeak-ng, and how we call it and make features."""
    digest = hashlib.sha256(repr((texts, [tuple(voice) for voice in spoken_by], noise)).encode())
    digest.update(metadata.version("espeakng-loader").encode())
    for module in (sound, waves, digit_words, speaking, voices):
        digest.update(Path(module.__file__).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:24]


def _read(path):
    """The arrays that were kept, or None; what was cut short is made again."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in ("features", "frames", "word_times", "words")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    good = len(arrays["features"]) == arrays["frames"].sum() and len(arrays["word_times"]) == arrays["words"].sum()
    return arrays if good else None


def _write(path, arrays):
    """Keep arrays whole or not at all; where nothing can be written, they are made again next time."""
    written = io.BytesIO()
    np.savez(written, **arrays)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partly = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(written.getvalue())
        os.replace(partly, path)
    except OSError:
        return
