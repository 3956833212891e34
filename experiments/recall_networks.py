"""The networks that are compared at remembering: equal numbers of weights, each with its own first values."""

from typing import NamedTuple

import numpy as np

from helpers.core.initial_values import identity
from helpers.models.learning_curve import learning_curve
from helpers.models.reader import init_reader, reader_accuracy, reader_loss


class Arm(NamedTuple):
    """One kind of network."""

    cell: str
    H: int  # so that all have the same number of weights, within one in a hundred
    bias: float = 0.0  # of the gate that keeps: z of the GRU, f of the LSTM
    options: dict = {}  # noqa: RUF012  # of the cell; nothing changes it


ARMS = {
    "RNN tanh": Arm("rnn", 42),
    "RNN ReLU": Arm("rnn", 42, options={"activation": "relu"}),
    "GRU bias 0": Arm("gru", 23),
    "GRU bias 1": Arm("gru", 23, 1.0),
    "GRU bias 3": Arm("gru", 23, 3.0),
    "LSTM bias 1": Arm("lstm", 20, 1.0),
    "LSTM bias 3": Arm("lstm", 20, 3.0),
}
RATES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)


def first_params(rng, arm):
    """Draw the first values: W_hh of the RNN is orthogonal with tanh, and the identity with ReLU."""
    cell, H, bias, options = arm
    W_hh = identity(H, dtype=np.float32) if options.get("activation") == "relu" else None
    params = init_reader(rng, cell, 6, H, 4, np.float32, W_hh)
    if cell != "rnn":
        params.cell[-1][H : 2 * H] = bias
    return params


def trained(arm, draw, rate, seed, checkpoints, tests):
    """Train one network on draw(rng, 32); return params and rows: steps, and the share of right answers on each test.

    The tests are batches (x, targets).
    """
    rng = np.random.default_rng(seed)
    return trained_from(first_params(rng, arm), rng, draw, rate, checkpoints, tests, **arm.options)


def trained_from(params, rng, draw, rate, checkpoints, tests, **options):
    """As `trained`, from given first values and a generator that goes on."""

    def loss_and_grads(params, *batch):
        loss, grads, _ = reader_loss(params, *batch, **options)
        return loss, grads

    def measure(params):
        return [reader_accuracy(params, *test, **options) for test in tests]

    params, measured = learning_curve(loss_and_grads, params, lambda: draw(rng, 32), checkpoints, measure, rate)
    return params, [(steps, *row) for steps, row in measured.items()]
