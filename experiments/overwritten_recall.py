"""Which networks learn to name the last of several letters 40 steps later or more, and to overwrite more often still?

They are trained with one to six letters in a sequence. The first test is alike; the second has 20 letters in each
sequence, so more are overwritten than ever in training; the third asks 120 steps after the place where letters end.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.recall_networks import ARMS, Arm, trained
from experiments.result_table import make_table
from helpers.data.tasks.delayed_recall import overwritten_recall

LENGTH, DELAY, LETTERS = 80, 40, 6
ARMS_HERE = {name: arm for name, arm in ARMS.items() if name != "GRU bias 1"} | {"LSTM bias 5": Arm("lstm", 20, 5.0)}
RATES = {"rnn": (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), "gru": (3e-3, 1e-2, 3e-2), "lstm": (3e-3, 1e-2, 3e-2)}
SEEDS = range(5)
# Without gates it still gets better after 2,000 steps, so it goes on twice as long.
CHECKPOINTS = {name: (250, 500, 1000, 2000, *[4000] * (name == "RNN ReLU")) for name in ARMS_HERE}
COLUMNS = ["arm", "rate", "seed", "steps", "right", "right_20_letters", "right_wait_120"]
KEYS = [(name, *rest) for name, arm in ARMS_HERE.items() for rest in product(RATES[arm.cell], SEEDS)]


def draw(rng, batch):
    """Draw sequences of 80 steps: up to six letters in the first 40, none in the last 40."""
    return overwritten_recall(rng, batch, LENGTH, DELAY, LETTERS)


def rows_of(arm, rate, seed, checkpoints=None):
    """Train one network; return rows: steps, and the share of right answers on the three tests."""
    test = np.random.default_rng(1000)
    tests = [
        draw(test, 500),
        overwritten_recall(test, 500, LENGTH, DELAY, 20, 20),
        overwritten_recall(test, 500, LENGTH + 80, DELAY + 80, LETTERS),
    ]
    return trained(ARMS_HERE[arm], draw, rate, seed, checkpoints or CHECKPOINTS[arm], tests)[1]


if __name__ == "__main__":
    make_table("overwritten_recall", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
