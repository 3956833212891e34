"""Which parts of an LSTM does a task need that asks for overwriting, and how many steps does each network take?

The task is `latest_letter`: at every step, name the letter that was seen last. Networks of 8 units with all parts, or
without one or two of them: a gate that is left out stands at 1; without feedback W_hh stays 0, so that the gates and
the candidate read the input alone.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.core.params import zeros_like
from helpers.data.tasks.delayed_recall import latest_letter
from helpers.models.learning_curve import learning_curve
from helpers.models.reader import init_reader, reader_accuracy, reader_loss

ARMS = {
    "all": "",
    "no i": "i",
    "no f": "f",
    "no o": "o",
    "no feedback": "h",
    "no f no feedback": "fh",
}
RATES = (3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
SEEDS = range(5)
CHECKPOINTS = (20, 40, 75, 150, 300, 600, 2000)
LENGTHS = (20, 80)  # as in training, and four times as long
COLUMNS = ["arm", "rate", "seed", "steps", "loss_20", "right_20", "loss_80", "right_80"]
KEYS = list(product(ARMS, RATES, SEEDS))


def ablated_network(without, rate, seed, checkpoints):
    """Train one network; return params and rows: steps, then loss (nats) and share of right answers at each length."""
    rng, test = np.random.default_rng(seed), np.random.default_rng(1000)
    fixed = tuple(gate for gate in "ifo" if gate in without)
    params = init_reader(rng, "lstm", D=6, H=8, V=4, dtype=np.float32)
    if "h" in without:
        params = params._replace(cell=params.cell._replace(W_hh=zeros_like(params.cell.W_hh)))

    def loss_and_grads(params, *batch):
        loss, grads, _ = reader_loss(params, *batch, fixed=fixed)
        if "h" in without:
            grads = grads._replace(cell=grads.cell._replace(W_hh=zeros_like(grads.cell.W_hh)))
        return loss, grads

    new = [latest_letter(test, 500, length) for length in LENGTHS]

    def measure(params):
        both = (_mean_loss, reader_accuracy)
        return [float(function(params, *batch, fixed=fixed)) for batch in new for function in both]

    params, measured = learning_curve(
        loss_and_grads, params, lambda: latest_letter(rng, 32, 20), checkpoints, measure, rate
    )
    return params, [(steps, *row) for steps, row in measured.items()]


def _mean_loss(params, *batch, **options):
    return reader_loss(params, *batch, **options)[0]


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Make the rows of one network."""
    return ablated_network(ARMS[arm], rate, seed, checkpoints)[1]


if __name__ == "__main__":
    make_table("gates_ablation", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
