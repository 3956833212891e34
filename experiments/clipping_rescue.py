"""Does clipping rescue a network that explodes, or would a smaller rate, a smaller start or Adam do as well?

A ReLU network that starts from the identity reads windows of 50 letters of real English, the topics of Python's help,
and names each next letter. It learns by plain gradient descent. Beside it: smaller starts; clipping in the first 300
steps alone; Adam; and tanh from an orthogonal matrix.
"""

from collections.abc import Callable
from functools import partial
from itertools import count, product
from typing import NamedTuple

import numpy as np

from experiments.result_table import make_table
from helpers.core.initial_values import identity, orthogonal
from helpers.core.optimisers import adam, clip_by_norm, sgd
from helpers.core.overflow import NotFiniteError
from helpers.core.params import global_norm
from helpers.core.training import train
from helpers.data.english_letters import draw_letter_windows, english_letters
from helpers.models.reader import init_reader, reader_loss

RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


class Arm(NamedTuple):
    """One way to train."""

    activation: str = "relu"
    clip: float | None = None  # the threshold of the norm
    until: int = 1200  # the steps that are clipped
    scale: float = 1.0  # the first W_hh is multiplied by it
    optimiser: Callable = sgd
    rates: tuple = RATES


ARMS = {
    "no clipping": Arm(),
    "clipped": Arm(clip=1.0),
    "start 0.9": Arm(scale=0.9),
    "tanh": Arm("tanh"),
    "tanh clipped": Arm("tanh", clip=1.0),
    "start 0.5": Arm(scale=0.5, rates=(0.1, 0.3, 1.0, 3.0)),
    "Adam": Arm(optimiser=adam, rates=(1e-3, 3e-3, 1e-2)),
    "clipped at first": Arm(clip=1.0, until=300, rates=(1.0, 3.0)),
}
SEEDS = range(3)
CHECKPOINTS = (300, 1200)
LENGTH, BATCH, H, V = 50, 16, 64, 41
COLUMNS = ["arm", "rate", "seed", "steps", "nats", "largest_norm"]
KEYS = [(name, *rest) for name, arm in ARMS.items() for rest in product(arm.rates, SEEDS)]


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, nats a letter of the test (∞: it broke off), the largest norm so far."""
    activation, clip, until, scale, optimiser, _ = ARMS[arm]
    rng = np.random.default_rng(seed)
    test = draw_letter_windows(np.random.default_rng(1000), english_letters(V, "test"), 200, LENGTH, V)
    W_hh = identity(H, scale, np.float32) if activation == "relu" else orthogonal(rng, H, scale, np.float32)
    params = init_reader(rng, "rnn", V, H, V, W_hh=W_hh)
    made, norms, kept = count(), [], {}

    def loss_and_grads(params, x, targets):
        kept[next(made)] = params
        loss, grads, _ = reader_loss(params, x, targets, activation=activation)
        norms.append(float(global_norm(grads)))
        if clip is not None and len(norms) <= until:
            grads, _ = clip_by_norm(grads, clip)
        return loss, grads

    batches = (draw_letter_windows(rng, english_letters(V), BATCH, LENGTH, V) for _ in range(max(checkpoints)))
    try:
        kept[max(checkpoints)], _ = train(loss_and_grads, params, batches, optimiser(rate), max(checkpoints))
    except NotFiniteError:
        kept.pop(len(norms), None)
    return [(n, _nats(kept.get(n), test, activation), max(norms[:n])) for n in checkpoints]


def _nats(params, test, activation):
    return float("inf") if params is None else float(reader_loss(params, *test, activation=activation)[0])


if __name__ == "__main__":
    make_table("clipping_rescue", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
