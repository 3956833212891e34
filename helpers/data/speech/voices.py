"""Who speaks: accents and speakers of espeak-ng, some of whom are kept for the test."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_integer

ACCENTS = ("en", "en-gb-x-rp", "en-gb-scotland", "en-029")  # British, Received Pronunciation, Scottish, Caribbean
# None of those with "breath", such as f2, f3 and f5: their noise is never the same twice.
KNOWN_SPEAKERS = ("m1", "m2", "m3", "m4", "m5", "f1", "f4", "linda")
NEW_SPEAKERS = ("m7", "klatt4", "belinda", "Andrea")  # held out: no model hears them before the test
_SPEEDS, _PITCHES = (130, 200), (30, 70)
_MOST = 100_000


class Voice(NamedTuple):
    """One way to speak."""

    accent: str = "en"  # one of `ACCENTS`, or another English of espeak-ng
    speaker: str = "m1"  # one of espeak-ng's variants, which change the formants and the sound of the voice
    speed: int = 160  # words a minute
    pitch: int = 50  # 0 to 99


def draw_voices(count, rng, speakers=KNOWN_SPEAKERS):
    """Draw an accent, a speaker, a speed (130 to 200 words a minute) and a pitch (30 to 70) for each utterance.

    Parameters
    ----------
    count : int
    rng : numpy.random.Generator
    speakers : sequence of str

    Returns
    -------
    list of Voice
    """
    count, speakers = check_integer("count", count), as_list("speakers", speakers)
    if not all(isinstance(speaker, str) for speaker in speakers):
        raise ValueError(f"speakers is {repr(speakers)[:80]}, expected names of espeak-ng's variants")
    if count > _MOST or not speakers:
        raise ValueError(f"count is {count} with {len(speakers)} speakers, expected at most {_MOST} and some speaker")
    drawn = [rng.integers(len(ACCENTS), size=count), rng.integers(len(speakers), size=count)]
    drawn += [rng.integers(low, high + 1, count) for low, high in (_SPEEDS, _PITCHES)]
    rows = np.stack(drawn, axis=1).tolist()
    return [Voice(ACCENTS[accent], speakers[speaker], speed, pitch) for accent, speaker, speed, pitch in rows]
