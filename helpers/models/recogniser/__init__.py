"""A recogniser of speech: features of frames in, a letter or the blank for every 30 ms out, trained with CTC."""

from helpers.models.recogniser.letter_model import letter_language_model
from helpers.models.recogniser.spikes import Spike, onset_lags, output_times, spikes_of
from helpers.models.recogniser.torch_model import (
    Recogniser,
    best_texts,
    new_recogniser,
    recognise,
    train_recogniser,
)

__all__ = [
    "Recogniser",
    "Spike",
    "best_texts",
    "letter_language_model",
    "new_recogniser",
    "onset_lags",
    "output_times",
    "recognise",
    "spikes_of",
    "train_recogniser",
]
