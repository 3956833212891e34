"""Which first scales of W_hh learn to recall a letter after 20 steps, at which rate, with inputs of which size?"""

from functools import partial
from itertools import product

import numpy as np

from experiments.recall_networks import trained_from
from experiments.result_table import make_table
from helpers.core.initial_values import orthogonal
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.models.reader import init_reader

DELAY, H = 20, 32
SCALES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
RATES = (1e-3, 3e-3, 1e-2, 3e-2)
# What W_xh ~ N(0, 1 / D) is multiplied by → how many seeds.
INPUTS = {1.0: 5, 0.25: 3}
CHECKPOINTS = (300, 600, 1200)
COLUMNS = ["inputs", "scale", "rate", "seed", "steps", "right"]
KEYS = [key for inputs, seeds in INPUTS.items() for key in product([inputs], SCALES, RATES, range(seeds))]


def draw(rng, batch):
    """Draw sequences: ten distractors, a letter, and the delay."""
    return delayed_recall(rng, batch, DELAY + 11, DELAY)


def rows_of(inputs, scale, rate, seed, checkpoints=CHECKPOINTS):
    """Train a tanh network from an orthogonal W_hh times a scale; return rows: steps, the share of right answers."""
    test = draw(np.random.default_rng(1000), 500)
    rng = np.random.default_rng(seed)
    W_hh = orthogonal(rng, H, gain=scale, dtype=np.float32)
    params = init_reader(rng, "rnn", 6, H, 4, W_hh=W_hh)
    params = params._replace(cell=params.cell._replace(W_xh=inputs * params.cell.W_xh))
    return trained_from(params, rng, draw, rate, checkpoints, [test])[1]


if __name__ == "__main__":
    make_table("rate_and_scale", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
