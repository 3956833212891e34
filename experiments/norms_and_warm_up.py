"""Pre-norm and post-norm, with and without warm-up, at several rates: the loss of a Transformer of four layers.

The task is the translation of chapter 12. With warm-up the rate rises over half of the steps; without, it is highest at
the first. After that it falls to zero in a straight line, in all arms.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.random_starts import pairs_and_test
from experiments.result_table import make_table
from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.torch_modules import new_model
from helpers.models.transformer import Transformer

ARMS = ("pre-norm", "pre-norm + warm-up", "post-norm", "post-norm + warm-up")
RATES = (5e-4, 1e-3, 2e-3, 5e-3)
STEPS = (80, 320)
SEEDS = range(3)
COLUMNS = ["arm", "steps", "rate", "seed", "loss"]
KEYS = [(arm, n, rate, seed) for n, seed, rate, arm in product(STEPS, SEEDS, RATES, ARMS)]


def rows_of(arm, steps, rate, seed):
    """Train one model; return one row: the mean loss of its last ten steps, in nats a token."""
    torch.set_num_threads(1)
    encoded, sizes, _ = pairs_and_test()
    model = new_model(Transformer, *sizes, 40, 128, layers=4, norm_first=arm.startswith("pre"), seed=seed)
    warm_up = 0.5 if arm.endswith("warm-up") else 0.0
    history = train_seq2seq(model, encoded, np.random.default_rng(seed), steps, 32, rate, warm_up=warm_up)
    return [[float(history.loss[-10:].mean())]]


if __name__ == "__main__":
    make_table("norms_and_warm_up", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
