"""A recogniser of spoken digits as it learns: its errors, its blanks, when it writes, and what noise does to it.

One arm learns from clean speech, the other one from the same utterances with white noise at 0 to 30 decibels. Errors
are of characters, by the best path: of known speakers, of speakers whom neither has heard, and of known speakers in
noise. The lag is that of a word's first letter behind its true onset, in ms, over the words of the known speakers'
utterances that were read without a mistake.
"""

from functools import cache, partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.speech import BLANK, speech_set
from helpers.models.error_rates import character_error_rate
from helpers.models.recogniser import best_texts, new_recogniser, onset_lags, recognise, train_recogniser

STEPS, CHECKPOINTS = 300, (60, 90, 120, 200, 300)
RATES, SEEDS = (4e-3, 2e-3, 8e-3), range(3)
ARMS = {"clean": None, "noisy": (0, 30)}  # decibels of what it learns from
NOISE, FEW = (20, 10, 0), 100  # decibels of the tests, and their utterances
COLUMNS = ["arm", "rate", "seed", "steps", "doubt", "known", "new", *(f"noise_{each}" for each in NOISE), "blanks"]
COLUMNS += ["words", "lag", "lag_spread"]
KEYS = [(arm, rate, seed) for rate in RATES for arm in ARMS for seed in SEEDS]
read_set = cache(speech_set)


class EnoughError(Exception):
    """The last checkpoint that was asked for."""


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one recogniser; return a row for each checkpoint."""
    torch.set_num_threads(1)
    model, rows = new_recogniser(seed), []
    tests = [read_set("known"), read_set("new"), *(read_set("known", FEW, decibels) for decibels in NOISE)]

    def look(step):
        if step in checkpoints:
            rows.append((step, *_measured(model, tests)))
        if step == max(checkpoints):
            raise EnoughError

    try:
        data = read_set("train", None, ARMS[arm])
        train_recogniser(model, data, np.random.default_rng(seed), STEPS, rate, each=look)
        look(STEPS)
    except EnoughError:
        return rows


def _measured(model, tests):
    known, *others = [recognise(model, data.features) for data in tests]
    errors = [character_error_rate(best_texts(y), data.texts) for y, data in zip([known, *others], tests, strict=True)]
    path = np.concatenate([log_y.argmax(axis=1) for log_y in known])
    nats = [-log_y.max(axis=1).mean() for log_y in known]
    lags = onset_lags(known, tests[0])
    median, spread = (np.median(lags), lags.std()) if len(lags) else (0.0, 0.0)
    return (float(np.mean(nats)), *errors, float((path == BLANK).mean()), len(lags), float(median), float(spread))


if __name__ == "__main__":
    make_table("recogniser_by_steps", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
