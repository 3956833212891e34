"""Real words, spoken by espeak-ng: strings of digits in many voices, with the time of every word and sound."""

from helpers.data.speech.digit_words import BLANK, DIGIT_WORDS, SPEECH_SYMBOLS, digit_texts, letter_ids, text_of
from helpers.data.speech.recorded import RecordedSpeech, recorded_speech
from helpers.data.speech.speaking import SAMPLE_RATE, SpeechMissingError, Utterance, can_speak, speak
from helpers.data.speech.speech_sets import SpeechSet, features_of, speech_set
from helpers.data.speech.voices import ACCENTS, KNOWN_SPEAKERS, NEW_SPEAKERS, Voice, draw_voices

__all__ = [
    "ACCENTS",
    "BLANK",
    "DIGIT_WORDS",
    "KNOWN_SPEAKERS",
    "NEW_SPEAKERS",
    "SAMPLE_RATE",
    "SPEECH_SYMBOLS",
    "RecordedSpeech",
    "SpeechMissingError",
    "SpeechSet",
    "Utterance",
    "Voice",
    "can_speak",
    "digit_texts",
    "draw_voices",
    "features_of",
    "letter_ids",
    "recorded_speech",
    "speak",
    "speech_set",
    "text_of",
]
