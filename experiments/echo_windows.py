"""Which windows of truncated backpropagation learn to echo the symbol of six steps before, from which start?

Three arms read equally many symbols. "one update" reads sequences of 24 steps from a zero state and adds up the
gradients of all windows of a sequence. "update a window" reads one stream, carries the state on, and makes an update
after each window, as is usual. "read-out alone" is the control: the recurrent layer keeps its random weights.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.core import adam, orthogonal
from helpers.core.optimisers import clip_by_norm
from helpers.core.params import zeros_like
from helpers.data.tasks.echo import echo
from helpers.models.reader import first_reader_state, init_reader, reader_accuracy, reader_loss
from helpers.models.truncation import truncated_loss

BATCH, LENGTH, DELAY, SYMBOLS, UNITS = 16, 24, 6, 4, 24
WINDOWS, SCALES, RATES, SEEDS = (3, 6, 8, 24), (0.5, 1.0), (3e-3, 1e-2, 3e-2), range(3)
CHECKPOINTS = (400, 800)  # sequences of 24 steps that were read, times 16
COLUMNS = ["arm", "scale", "window", "rate", "seed", "steps", "right"]
TRAINED = list(product(("one update", "update a window"), SCALES, WINDOWS, RATES, SEEDS))
KEYS = TRAINED + list(product(("read-out alone",), SCALES, (LENGTH,), RATES, SEEDS))


def rows_of(arm, scale, window, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, and the share of right echoes on 200 steps of 50 new sequences."""
    rng = np.random.default_rng(seed)
    params = init_reader(rng, "rnn", SYMBOLS, UNITS, SYMBOLS, W_hh=orthogonal(rng, UNITS, gain=scale))
    test = echo(np.random.default_rng(1000), 50, 200, DELAY, SYMBOLS, np.float64)
    optimiser, rows = adam(rate), []
    learned = optimiser.start(params)
    for n, grads in _gradients(arm, window, rng, max(checkpoints), lambda: params):  # noqa: B023 (the latest weights are wanted)
        params, learned = optimiser.step(params, clip_by_norm(grads, 1.0)[0], learned)
        if n in checkpoints:
            rows.append((n, reader_accuracy(params, *test)))
    return rows


def _gradients(arm, window, rng, sequences, current):
    """Yield the gradient of every update, and how many sequences are read when they end with it (else 0)."""
    if arm == "update a window":
        x, targets, mask = echo(rng, BATCH, LENGTH * sequences, DELAY, SYMBOLS, np.float64)
        state = first_reader_state(BATCH, current())
        for first in range(0, len(x), window):
            steps, end = slice(first, first + window), first + window
            if not mask[steps].any():  # at the very beginning there is nothing to echo
                _, _, state = reader_loss(current(), x[steps], targets[steps], None, state)
                continue
            _, grads, state = reader_loss(current(), x[steps], targets[steps], mask[steps], state, summed=True)
            yield (0 if end % LENGTH else end // LENGTH), grads
        return
    for n in range(1, sequences + 1):
        x, targets, mask = echo(rng, BATCH, LENGTH, DELAY, SYMBOLS, np.float64)
        _, grads, _ = truncated_loss(current(), x, targets, window, mask)
        yield n, grads._replace(cell=zeros_like(grads.cell)) if arm == "read-out alone" else grads


if __name__ == "__main__":
    make_table("echo_windows", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
