"""From which starts does a plain network learn to recall after 40 steps, with Pascanu's regulariser and without?"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.core.initial_values import orthogonal, spectral_radius
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.models.learning_curve import learning_curve
from helpers.models.reader import init_reader, reader_accuracy
from helpers.models.regularised_reader import regularised_reader_loss

DELAY, H = 40, 32
SCALES = (0.25, 0.5, 1.0, 1.25)
STRENGTHS = (0.0, 0.1, 1.0)
RATES = (1e-3, 3e-3, 1e-2)
SEEDS = range(3)
CHECKPOINTS = (300, 600)
COLUMNS = ["strength", "scale", "rate", "seed", "steps", "right", "radius"]
KEYS = list(product(STRENGTHS, SCALES, RATES, SEEDS))


def draw(rng, batch):
    """Draw sequences: ten distractors, a letter, and the delay."""
    return delayed_recall(rng, batch, DELAY + 11, DELAY)


def rows_of(strength, scale, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, the share of right answers, and the spectral radius of W_hh."""
    test, rng = draw(np.random.default_rng(1000), 500), np.random.default_rng(seed)
    start = init_reader(rng, "rnn", 6, H, 4, W_hh=orthogonal(rng, H, gain=scale, dtype=np.float32))

    def measure(params):
        return reader_accuracy(params, *test), float(spectral_radius(params.cell.W_hh))

    loss_and_grads = partial(regularised_reader_loss, strength=strength)
    _, measured = learning_curve(loss_and_grads, start, lambda: draw(rng, 32), checkpoints, measure, rate)
    return [(steps, *row) for steps, row in measured.items()]


if __name__ == "__main__":
    make_table("gradient_regulariser", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
