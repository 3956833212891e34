"""Where should the biases of an LSTM start when something must be kept for 40 or for 200 steps?

Equal forget biases stand against those of Tallec and Ollivier (2018), "Can recurrent neural networks warp time?",
https://arxiv.org/abs/1804.11188: b_f = ln U(1, T − 1) for each unit, and b_i = −b_f, where T is the longest time that
counts, so that the units keep for many different times. What helps in it? Two arms have one half of it each: b_f alone
with b_i = 0, and b_i alone with the usual b_f = 1. A third has both halves without the spread: b_f = 5, b_i = −5.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.recall_networks import Arm, first_params, trained_from
from experiments.result_table import make_table
from helpers.data.tasks.delayed_recall import delayed_recall

# The biases of f and i; None: b_f, or b_i = −b_f, as the paper draws them.
ARMS = {
    "bias 1": (1.0, 0.0),
    "bias 3": (3.0, 0.0),
    "bias 5": (5.0, 0.0),
    "chrono": (None, None),
    "chrono f": (None, 0.0),
    "chrono i": (1.0, None),
    "5 and -5": (5.0, -5.0),
}
UNITS = 20
RATES = (3e-3, 1e-2, 3e-2)
DELAYS = (40, 200)
SEEDS = range(3)
CHECKPOINTS = (125, 250, 500)
COLUMNS = ["arm", "delay", "rate", "seed", "steps", "right"]
KEYS = [key for delay in DELAYS for key in product(ARMS, [delay], RATES, SEEDS)]


def started(rng, arm, delay):
    """Draw the first values."""
    b_f, b_i = ARMS[arm]
    params = first_params(rng, Arm("lstm", UNITS))
    if None in (b_f, b_i):
        drawn = np.log(rng.uniform(1, delay - 1, UNITS))
        b_f, b_i = drawn if b_f is None else b_f, -drawn if b_i is None else b_i
    params.cell.b_h[:UNITS], params.cell.b_h[UNITS : 2 * UNITS] = b_i, b_f
    return params


def rows_of(arm, delay, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, and the share of right answers."""

    def draw(rng, batch):
        return delayed_recall(rng, batch, delay + 11, delay)

    rng, test = np.random.default_rng(seed), draw(np.random.default_rng(1000), 300)
    params = started(rng, arm, delay)
    return trained_from(params, rng, draw, rate, checkpoints, [test])[1]


if __name__ == "__main__":
    make_table("chrono_start", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
