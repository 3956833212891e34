"""Which networks learn to name a letter 40 steps later, and how many steps of training does each one take?"""

from functools import partial
from itertools import product

import numpy as np

from experiments.recall_networks import ARMS, RATES, trained
from experiments.result_table import make_table
from helpers.data.tasks.delayed_recall import delayed_recall

DELAY = 40
SEEDS = range(10)
CHECKPOINTS = (125, 250, 500, 1000)
COLUMNS = ["arm", "rate", "seed", "steps", "right"]
KEYS = list(product(ARMS, RATES, SEEDS))


def draw(rng, batch):
    """Draw sequences: ten distractors, a letter, and the delay."""
    return delayed_recall(rng, batch, DELAY + 11, DELAY)


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, and the share of right answers."""
    test = draw(np.random.default_rng(1000), 500)
    return trained(ARMS[arm], draw, rate, seed, checkpoints, [test])[1]


if __name__ == "__main__":
    make_table("delayed_recall", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
