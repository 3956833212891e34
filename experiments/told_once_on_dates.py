"""Told the context once, or at every step, on dates: at three rates, and at the best one with twice as many steps.

The dates, the units and the batches are those of the page. The rate rises over the first tenth of the steps and then
falls to zero, so each number of steps is a training of its own. The shortest is there to be made again by a test.
"""

from functools import partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs, split_pairs
from helpers.data.tasks.dates import STYLES, date_pairs
from helpers.models.seq2seq import Seq2SeqRun, exact_match, teacher_forced

SEEDS = range(3)
RATES = (1e-2, 3e-2, 3e-3)
ARMS = {"once": "first state", "every step": "every step"}
COLUMNS = ["arm", "rate", "budget", "seed", "loss", "right"]
BEST = RATES[0]  # of both arms, with seed 0
KEYS = [(arm, rate, 1300, 0) for rate in RATES for arm in ARMS]
KEYS += [(arm, BEST, 1300, seed) for seed in SEEDS[1:] for arm in ARMS]
KEYS += [(arm, BEST, 100, 0) for arm in ARMS]
KEYS += [(arm, BEST, 2600, seed) for seed in SEEDS for arm in ARMS]


def rows_of(arm, rate, budget, seed):
    """Train one model; return the loss of the last 20 steps, and the share of new dates that are right as a whole."""
    torch.set_num_threads(1)
    plain = [style for style in STYLES if style.weekday == "none"]
    ways = [way for way in plain if way.order != "year first" or way.day != "words"]
    pairs = date_pairs(9000, np.random.default_rng(8), ways)
    train, test = split_pairs(pairs, 0.1, np.random.default_rng(9))
    vocabs = pair_vocabs(pairs)
    encoded, tested = encode_pairs(train, *vocabs), encode_pairs(test, *vocabs)
    tested = pair_batch(tested, np.arange(len(test)))
    options = {"context": "last", "use": ARMS[arm]}
    run = Seq2SeqRun(seed, H=64, options=options, steps=budget, rate=rate)
    model = run.new(encoded, *map(len, vocabs))
    history = run.train(model, encoded, *map(len, vocabs))
    right = exact_match(teacher_forced(model, tested), tested).mean()
    return [(float(history.loss[-20:].mean()), float(right))]


if __name__ == "__main__":
    make_table("told_once_on_dates", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
