"""Does one cell count the open brackets when the network is only asked whether all are closed, and does it go on?

It is trained on strings of 40 symbols, up to 8 deep, and tested on longer and deeper ones. An LSTM of one unit and one
of six stand beside a GRU of one unit and one of seven, which has as many weights as six units of the LSTM have. That
an LSTM counts and a GRU does not is a finding of Weiss, Goldberg and Yahav (2018), "On the practical computational
power of finite precision RNNs for language recognition", https://arxiv.org/abs/1805.04908.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.data.tasks.brackets import brackets
from helpers.layers.recurrent.gru import gru, zero_gru_state
from helpers.layers.recurrent.lstm import lstm_gates, zero_lstm_state
from helpers.models.learning_curve import learning_curve
from helpers.models.reader import first_reader_state, init_reader, reader, reader_loss

ARMS = {"LSTM 1": ("lstm", 1), "LSTM 6": ("lstm", 6), "GRU 1": ("gru", 1), "GRU 7": ("gru", 7)}  # cell and units
RATES = (3e-3, 1e-2, 3e-2)
SEEDS = {"LSTM 1": range(8), "LSTM 6": range(8), "GRU 1": range(5), "GRU 7": range(3)}  # a GRU of seven is slow
CHECKPOINTS = (1000, 3000)
TESTS = ((40, 8), (80, 8), (160, 16), (320, 32))  # length and greatest depth
COLUMNS = ["arm", "rate", "seed", "steps", "length", "deepest", "right", "right_if_closed", "always_no", "correlation"]
KEYS = [(arm, *rest) for arm in ARMS for rest in product(RATES, SEEDS[arm])]


def closed_or_not(rng, batch=32, length=40, most=8):
    """Draw strings; the answer at each symbol is whether all brackets are closed."""
    x, depth = brackets(rng, batch, length, most)
    return x, (depth == 0).astype(int)


def memory(x, cell, params):
    """c of an LSTM, or h of a GRU, after every symbol: (T, B, H)."""
    if cell == "lstm":
        return lstm_gates(x, zero_lstm_state(x.shape[1], params), params).c
    return gru(x, zero_gru_state(x.shape[1], params), params)[0]


def counted(params, cell, length, most):
    """Test on new strings; the correlation is that of the depth with the unit whose memory follows it best."""
    x, depth = brackets(np.random.default_rng(1000), 300, length, most)
    logits, *_ = reader(x, first_reader_state(300, params), params)
    said, closed = logits.argmax(axis=-1), depth == 0
    units = memory(x, cell, params.cell).reshape(depth.size, -1).T
    follows = [abs(np.corrcoef(unit, depth.ravel())[0, 1]) for unit in units]
    shares = (said == closed).mean(), said[closed].mean(), 1 - closed.mean(), max(follows)
    return length, most, *map(float, shares)


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps and what `counted` finds, for each test."""
    rng, (cell, H) = np.random.default_rng(seed), ARMS[arm]
    params = init_reader(rng, cell, D=4, H=H, V=2, dtype=np.float32)
    _, measured = learning_curve(
        lambda params, *batch: reader_loss(params, *batch)[:2],
        params,
        lambda: closed_or_not(rng),
        checkpoints,
        lambda params: [counted(params, cell, *test) for test in TESTS],
        rate,
    )
    return [(steps, *row) for steps, rows in measured.items() for row in rows]


if __name__ == "__main__":
    make_table("counting_cell", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
