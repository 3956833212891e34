"""espeak-ng, a synthesiser of speech, called through ctypes: text in, samples and the time of every sound out.

PyPI's `espeakng-loader` brings the library with its voices. It is installed beside this package and no part of it:
espeak-ng has the licence GPL-3.0-or-later.

What it says depends on what it said before: its noise and its vibrato go on. So a text sounds the same only at the same
place of the same list, spoken by a new process; of some speakers not even there.
"""

import ctypes
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list
from helpers.core.processes import side_by_side
from helpers.data.speech.voices import Voice

SAMPLE_RATE = 22_050  # Hz
SAID_IN_TURN = 250  # utterances that one process says
_LONGEST = 500  # letters
_END, _WORD, _PHONEME = 0, 1, 7  # types of events
_SYNCHRONOUS, _WITH_PHONEMES, _UTF8 = 2, 1, 1
_SPEED, _PITCH = 1, 3


class SpeechMissingError(ValueError):
    """There is no espeak-ng here, or it does not know a voice."""


class Utterance(NamedTuple):
    """What was said, how it sounds, and when each part of it begins."""

    text: str
    voice: Voice
    wave: np.ndarray  # float32 (N,), between −1 and 1
    rate: int  # Hz
    words: tuple[str, ...]
    word_times: np.ndarray  # (W,) when the first sound of each word begins, s
    phonemes: tuple[str, ...]  # in espeak-ng's own letters: 'T' is the sound of "th"
    phoneme_times: np.ndarray  # (P,) when each begins, s

    @property
    def seconds(self):
        """How long it lasts."""
        return len(self.wave) / self.rate


def can_speak():
    """Say whether espeak-ng is installed, with a library that this machine can load."""
    try:
        import espeakng_loader

        ctypes.CDLL(espeakng_loader.get_library_path())
    except (ImportError, OSError, AttributeError):
        return False
    return True


def speak(texts, voices, workers=2, progress=None):
    """Say each text in its voice, in new processes.

    Parameters
    ----------
    texts : list of str
    voices : list of Voice
        One for each text.
    workers : int
        Processes at a time; the result is the same for any number.
    progress : str, optional
        The caption of a progress bar.

    Returns
    -------
    list of Utterance

    Raises
    ------
    SpeechMissingError
        When espeak-ng is not installed, or has no such voice. It is a ValueError.
    ValueError
        When a text is none or empty, or there is not one voice for each.
    """
    texts, voices = check_spoken(texts, voices)
    calls = [
        {"texts": texts[n : n + SAID_IN_TURN], "voices": voices[n : n + SAID_IN_TURN]}
        for n in range(0, len(texts), SAID_IN_TURN)
    ]
    return [each for part in side_by_side(say_in_turn, calls, workers, fresh=True, progress=progress) for each in part]


def check_spoken(texts, voices):
    """Refuse what cannot be said, and a machine that cannot speak; return two lists."""
    texts, voices = as_list("texts", texts), as_list("voices", voices)
    if len(texts) != len(voices) or not texts:
        raise ValueError(f"there are {len(texts)} texts and {len(voices)} voices, expected one voice for each text")
    for text in texts:
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST or "\0" in text:
            raise ValueError(f"a text is {repr(text)[:80]}, expected a str of 1 to {_LONGEST} letters")
    for voice in voices:
        good = isinstance(voice, tuple) and len(voice) == 4 and all(isinstance(name, str) for name in voice[:2])
        numbers = good and all(isinstance(number, int) and not isinstance(number, bool) for number in voice[2:])
        if not numbers or not 80 <= voice[2] <= 450 or not 0 <= voice[3] <= 99:
            wanted = "a Voice with a speed from 80 to 450 words a minute and a pitch from 0 to 99"
            raise ValueError(f"a voice is {repr(voice)[:120]}, expected {wanted}")
    if not can_speak():
        raise SpeechMissingError("espeak-ng is not installed, expected it: pip install espeakng-loader")
    return texts, [Voice(*voice) for voice in voices]


def say_in_turn(texts, voices):
    """Say all, one after the other, in this process; it should be new, and is of no use for another list.

    Returns
    -------
    list of Utterance
    """
    library, heard, events = _start_espeak()
    return [_say(library, heard, events, text, voice) for text, voice in zip(texts, voices, strict=True)]


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def _start_espeak():
    """The library, and the two lists that it adds its samples and its events to while it speaks."""
    import espeakng_loader

    heard, events = [], []

    def take(samples, count, told):
        if samples and count > 0:
            heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        n = 0
        while told[n].type != _END:
            events.append((told[n].type, told[n].sample, told[n].text_position, told[n].length, told[n].id.string))
            n += 1
        return 0

    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        library.take = _CALLBACK(take)  # kept, as the library calls it later
        path = espeakng_loader.get_data_path().encode()
        rate = library.espeak_Initialize(_SYNCHRONOUS, 0, path, _WITH_PHONEMES)
    except (OSError, RuntimeError, AttributeError) as error:
        raise SpeechMissingError(f"espeak-ng does not run here: {error}") from error
    if rate != SAMPLE_RATE:
        raise SpeechMissingError(f"espeak-ng has the rate {rate}, expected {SAMPLE_RATE}")
    library.espeak_SetSynthCallback(library.take)
    return library, heard, events


def _say(library, heard, events, text, voice):
    heard.clear()
    events.clear()
    name = f"{voice.accent}+{voice.speaker}"
    if library.espeak_SetVoiceByName(name.encode()) != 0:
        raise SpeechMissingError(f"espeak-ng has no voice {name!r}")
    library.espeak_SetParameter(_SPEED, voice.speed, 0)
    library.espeak_SetParameter(_PITCH, voice.pitch, 0)
    spoken = text.encode()
    library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, _UTF8, None, None)
    if not heard:
        raise SpeechMissingError(f"espeak-ng says nothing for {text!r}")
    wave = np.concatenate(heard).astype(np.float32) / 32768
    sounds = [
        (sample / SAMPLE_RATE, place, sound.decode("utf-8", "replace").strip("',"))
        for kind, sample, place, _, sound in events
        if kind == _PHONEME and sound and not sound.startswith(b"_")  # no pause
    ]
    first = {place: time for time, place, _ in reversed(sounds)}  # of each word: a "t" begins with a silence before it
    words = [
        (first.get(place, sample / SAMPLE_RATE), text[place - 1 : place - 1 + letters])
        for kind, sample, place, letters, _ in events
        if kind == _WORD
    ]
    times, phonemes = np.array([time for time, _, _ in sounds]), tuple(sound for *_, sound in sounds)
    word_times, texts = np.array([time for time, _ in words]), tuple(word for _, word in words)
    return Utterance(text, voice, wave, SAMPLE_RATE, texts, word_times, phonemes, times)
