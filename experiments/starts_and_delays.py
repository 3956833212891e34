"""Which first values learn to recall a letter after 20 or 40 steps, and what do they answer at other delays?

Three starts of a plain network of 32 units: an orthogonal W_hh times 1.25 with tanh; PyTorch's default, which draws
every number between ±1/√H, with tanh; the identity with ReLU. The first and the last are also trained on delays
that are drawn anew for every batch, from half the delay to three halves of it.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.recall_networks import trained_from
from experiments.result_table import make_table
from helpers.core.initial_values import identity, orthogonal
from helpers.core.params import map_params
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.models.reader import init_reader

H = 32
ARMS = ("orthogonal", "default", "identity", "orthogonal drawn", "identity drawn")
DELAYS = (20, 40)
RATES = (1e-3, 3e-3, 1e-2)
SEEDS = range(3)
CHECKPOINTS = (300, 600, 1200)
COLUMNS = ["arm", "delay", "rate", "seed", "steps", "right", "right_one_less", "right_one_more", "right_twice"]
KEYS = [key for key in product(ARMS, DELAYS, RATES, SEEDS) if not (key[0].endswith("drawn") and key[1] == 40)]


def draw(delay, rng, batch):
    """Draw sequences: ten distractors, a letter, and the delay."""
    return delayed_recall(rng, batch, delay + 11, delay)


def draw_any(delay, rng, batch):
    """Draw a delay from half of the given one to three halves, then sequences with it."""
    return draw(int(rng.integers(delay // 2, delay + delay // 2 + 1)), rng, batch)


def first_params(rng, arm):
    """Draw the first values of an arm, float32."""
    if arm.startswith("identity"):
        return init_reader(rng, "rnn", 6, H, 4, W_hh=identity(H, dtype=np.float32))
    params = init_reader(rng, "rnn", 6, H, 4, W_hh=orthogonal(rng, H, gain=1.25, dtype=np.float32))
    if arm != "default":
        return params

    def uniform(array):
        return (rng.uniform(-1, 1, array.shape) / np.sqrt(H)).astype(np.float32)

    drawn = map_params(uniform, params)
    two_biases = drawn.cell.b_h + uniform(drawn.cell.b_h)  # PyTorch adds one for the inputs and one for the state
    return drawn._replace(cell=drawn.cell._replace(b_h=two_biases))


def rows_of(arm, delay, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, the share of right answers at its delay, a step less, one more, twice."""
    tests = [draw(asked, np.random.default_rng(1000), 500) for asked in (delay, delay - 1, delay + 1, 2 * delay)]
    rng, options = np.random.default_rng(seed), {"activation": "relu" if arm.startswith("identity") else "tanh"}
    batches = partial(draw_any if arm.endswith("drawn") else draw, delay)
    return trained_from(first_params(rng, arm), rng, batches, rate, checkpoints, tests, **options)[1]


if __name__ == "__main__":
    make_table("starts_and_delays", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
