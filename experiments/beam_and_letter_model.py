"""Prefix beam search where the recogniser is weak: beam width by the weight of a language model of letters.

The recogniser has learned for 80 steps only, and reads speakers whom it has not heard. The model of letters has counted
the texts of the training set: it knows how the digits are written, and that each is as likely as another. The first
column of errors is that of the best path, which needs no search.
"""

from functools import cache, partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.speech import speech_set, text_of
from helpers.decoding.ctc import prefix_beam_search
from helpers.models.error_rates import character_error_rate, word_error_rate
from helpers.models.recogniser import (
    best_texts,
    letter_language_model,
    new_recogniser,
    recognise,
    train_recogniser,
)

STEPS, SAMPLE_RATE, FEW, END = 80, 4e-3, 100, 17
TESTS = (1, 4, 16)  # widths of the beam
WEIGHTS, SEEDS = (0.0, 0.25, 0.5, 1.0), range(3)
COLUMNS = ["weight", "seed", "width", "best_path", "characters", "words"]
KEYS = [(weight, seed) for seed in SEEDS for weight in WEIGHTS]


@cache
def read(seed):
    """Train a recogniser; return the texts of the test and what it makes of their sounds."""
    torch.set_num_threads(1)
    model, test = new_recogniser(seed), speech_set("new", FEW)
    train_recogniser(model, speech_set("train"), np.random.default_rng(seed), STEPS, SAMPLE_RATE)
    return test.texts, recognise(model, test.features)


def rows_of(weight, seed, tests=TESTS):
    """Search with one weight; return a row for each width."""
    texts, log_ys = read(seed)
    letters = letter_language_model(speech_set("train").texts)
    best_path, rows = character_error_rate(best_texts(log_ys), texts), []
    for width in tests:
        search = partial(prefix_beam_search, width=width, language_model=letters, weight=weight, end=END)
        found = [text_of(search(log_y)[0].tokens) for log_y in log_ys]
        rows.append((width, best_path, character_error_rate(found, texts), word_error_rate(found, texts)))
    return rows


if __name__ == "__main__":
    make_table("beam_and_letter_model", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
