"""Does one cell count the open brackets when the network is only asked whether all are closed, and does it go on?

It is trained on strings of 40 symbols, up to 8 deep, and tested on longer and deeper ones.
"""

from functools import partial

import numpy as np

from experiments.result_table import make_table
from helpers.data.tasks.brackets import brackets
from helpers.layers.recurrent.lstm import lstm_gates, zero_lstm_state
from helpers.models.learning_curve import learning_curve
from helpers.models.reader import first_reader_state, init_reader, reader, reader_loss

SEEDS = range(8)
CHECKPOINTS = (300, 1000)
TESTS = ((40, 8), (80, 8), (160, 16), (320, 32))  # length and greatest depth
COLUMNS = ["seed", "steps", "length", "deepest", "right", "right_if_closed", "always_no", "correlation"]
KEYS = [(seed,) for seed in SEEDS]


def closed_or_not(rng, batch=32, length=40, most=8):
    """Draw strings; the answer at each symbol is whether all brackets are closed."""
    x, depth = brackets(rng, batch, length, most)
    return x, (depth == 0).astype(int)


def counted(params, length, most):
    """Test on new strings; the correlation is that of the depth with the cell that follows it best."""
    x, depth = brackets(np.random.default_rng(1000), 300, length, most)
    logits, *_ = reader(x, first_reader_state(300, params), params)
    said, closed = logits.argmax(axis=-1), depth == 0
    c = lstm_gates(x, zero_lstm_state(300, params.cell), params.cell).c
    follows = [abs(np.corrcoef(c[..., unit].ravel(), depth.ravel())[0, 1]) for unit in range(c.shape[-1])]
    shares = (said == closed).mean(), said[closed].mean(), 1 - closed.mean(), max(follows)
    return length, most, *map(float, shares)


def rows_of(seed, checkpoints=CHECKPOINTS):
    """Train one network of 6 units; return rows: steps and what `counted` finds, for each test."""
    rng = np.random.default_rng(seed)
    params = init_reader(rng, "lstm", D=4, H=6, V=2, dtype=np.float32)
    _, measured = learning_curve(
        lambda params, *batch: reader_loss(params, *batch)[:2],
        params,
        lambda: closed_or_not(rng),
        checkpoints,
        lambda params: [counted(params, *test) for test in TESTS],
        rate=1e-2,
    )
    return [(steps, *row) for steps, rows in measured.items() for row in rows]


if __name__ == "__main__":
    make_table("counting_cell", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
