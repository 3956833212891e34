"""Three mistakes that raise no error, at three rates: a mask that leaks, no scale, and targets that are not shifted.

The Transformer has one head of 40 numbers, and translates sentences of 3 to 16 words as in chapter 12. Its outputs are
written by itself: with the right words given, a mask that leaks would be tested with the leak.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.random_starts import pairs_and_test
from experiments.result_table import make_table
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.models.transformer import LOSSES, TransformerRun, right_translations

RATES = (2.5e-3, 5e-3, 1e-2)
SEEDS = range(3)
COLUMNS = ["arm", "steps", "rate", "seed", "loss", "right"]
KEYS = [(arm, 200, rate, seed) for rate, seed, arm in product(RATES, SEEDS, LOSSES)]
KEYS += [(arm, 800, 2.5e-3, seed) for seed, arm in product(SEEDS, LOSSES)]


def rows_of(arm, steps, rate, seed):
    """Train one model; return one row: the mean loss of its last 20 steps in nats, and the share of right outputs."""
    torch.set_num_threads(1)
    encoded, sizes, _ = pairs_and_test()
    run = TransformerRun(seed, 40, 128, {"heads": 1}, steps=steps, rate=rate, loss=arm)
    model = run.new(encoded, *sizes)
    history = run.train(model, encoded, *sizes)
    vocabs = pair_vocabs(translation_pairs(10_000, np.random.default_rng(0), lengths=(3, 16)))
    new = encode_pairs(translation_pairs(500, np.random.default_rng(1), lengths=(3, 16)), *vocabs)
    right = right_translations(model, pair_batch(new, np.arange(500)))
    return [[float(history.loss[-20:].mean()), float(right.mean())]]


if __name__ == "__main__":
    make_table("silent_mistakes", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
