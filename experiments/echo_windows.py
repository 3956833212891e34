"""What does truncated backpropagation learn with each window: the echo of the symbol of six steps before.

Three arms read equally many symbols. "update each window" reads one stream, carries the state on, and makes an update
after each window, as is usual. "one update" reads sequences of 24 steps from a zero state and adds up the gradients of
all windows of a sequence. "read-out alone" is the control: the recurrent layer keeps its random weights.

Two shares are measured. `right` is that of the network as it was trained. `refitted` is that of a new read-out, fitted
by least squares to the states of the frozen cell: how much of the past the state holds, whatever the output layer does.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.core import adam, orthogonal
from helpers.core.optimisers import clip_by_norm
from helpers.core.params import zeros_like
from helpers.data.tasks.echo import echo
from helpers.layers.recurrent import rnn, zero_state
from helpers.models.reader import first_reader_state, init_reader, reader_accuracy, reader_loss
from helpers.models.truncation import truncated_loss

BATCH, LENGTH, DELAY, SYMBOLS, UNITS = 16, 24, 6, 4, 24
WINDOWS, SCALES, RATES, SEEDS = (3, 6, 7, 8, 24), (1.0, 0.5), (3e-4, 1e-3, 3e-3, 1e-2), range(3)
CHECKPOINTS = (100, 200, 400, 800, 1600)  # sequences of 24 steps that were read, times 16
COLUMNS = ["arm", "scale", "window", "rate", "seed", "steps", "right", "refitted"]
KEYS = list(product(("update each window",), SCALES, WINDOWS, RATES, SEEDS))
KEYS += list(product(("read-out alone",), SCALES, (LENGTH,), RATES, SEEDS))
KEYS += list(product(("one update",), (1.0,), WINDOWS, RATES, SEEDS))


def rows_of(arm, scale, window, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: sequences read, and both shares of right echoes on new sequences."""
    rng = np.random.default_rng(seed)
    params = init_reader(rng, "rnn", SYMBOLS, UNITS, SYMBOLS, W_hh=orthogonal(rng, UNITS, gain=scale))
    test = echo(np.random.default_rng(1000), 50, 200, DELAY, SYMBOLS, np.float64)
    optimiser, rows = adam(rate), []
    learned = optimiser.start(params)
    for n, grads in _gradients(arm, window, rng, max(checkpoints), lambda: params):  # noqa: B023 (the latest weights are wanted)
        params, learned = optimiser.step(params, clip_by_norm(grads, 1.0)[0], learned)
        if n in checkpoints:
            rows.append((n, reader_accuracy(params, *test), refitted(params.cell)))
    return rows


def refitted(cell, ridge=1e-9):
    """Fit a new read-out to the states of a frozen cell by least squares; return its share of right echoes."""
    batches = [echo(np.random.default_rng(seed), 20, 400, DELAY, SYMBOLS, np.float64) for seed in (1001, 1002)]
    sides = [(rnn(x, zero_state(20, cell), cell)[0][mask], targets[mask]) for x, targets, mask in batches]
    (h, wanted), (h_new, wanted_new) = [(np.column_stack([h, np.ones(len(h))]), y) for h, y in sides]
    W = np.linalg.solve(h.T @ h + ridge * np.eye(h.shape[1]), h.T @ np.eye(SYMBOLS)[wanted])
    return float(((h_new @ W).argmax(axis=-1) == wanted_new).mean())


def _gradients(arm, window, rng, sequences, current):
    """Yield the gradient of every update, and how many sequences have been read if one ends in its window, else 0."""
    if arm == "update each window":
        x, targets, mask = echo(rng, BATCH, LENGTH * sequences, DELAY, SYMBOLS, np.float64)
        state = first_reader_state(BATCH, current())
        for first in range(0, len(x), window):
            steps, end = slice(first, first + window), first + window
            if not mask[steps].any():  # at the very beginning there is nothing to echo
                _, _, state = reader_loss(current(), x[steps], targets[steps], None, state)
                continue
            _, grads, state = reader_loss(current(), x[steps], targets[steps], mask[steps], state, summed=True)
            yield (end // LENGTH if end // LENGTH > first // LENGTH else 0), grads
        return
    for n in range(1, sequences + 1):
        x, targets, mask = echo(rng, BATCH, LENGTH, DELAY, SYMBOLS, np.float64)
        _, grads, _ = truncated_loss(current(), x, targets, window, mask)
        yield n, grads._replace(cell=zeros_like(grads.cell)) if arm == "read-out alone" else grads


if __name__ == "__main__":
    make_table("echo_windows", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
