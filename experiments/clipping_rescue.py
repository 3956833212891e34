"""Does clipping rescue a network that explodes, or would a smaller rate or a smaller start do as well?

A ReLU network that starts from the identity reads windows of 50 letters of real English, the topics of Python's help,
and names each next letter. It learns by plain gradient descent. Beside it: a smaller start, and tanh from an orthogonal
matrix.
"""

from functools import partial
from itertools import count, product

import numpy as np

from experiments.result_table import make_table
from helpers.core.initial_values import identity, orthogonal
from helpers.core.optimisers import sgd
from helpers.core.overflow import NotFiniteError
from helpers.core.params import global_norm
from helpers.core.training import train
from helpers.data.english_letters import draw_letter_windows, english_letters
from helpers.models.reader import init_reader, reader_loss

# Arm → the activation, the threshold of the norm, and the number that the first W_hh is multiplied by.
ARMS = {
    "no clipping": ("relu", None, 1.0),
    "clipped": ("relu", 1.0, 1.0),
    "start 0.9": ("relu", None, 0.9),
    "tanh": ("tanh", None, 1.0),
    "tanh clipped": ("tanh", 1.0, 1.0),
}
RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SEEDS = range(3)
CHECKPOINTS = (300, 1200)
LENGTH, BATCH, H, V = 50, 16, 64, 41
COLUMNS = ["arm", "rate", "seed", "steps", "nats", "largest_norm"]
KEYS = list(product(ARMS, RATES, SEEDS))


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return rows: steps, nats a letter of the test (∞: it broke off), the largest norm so far."""
    activation, clip, scale = ARMS[arm]
    rng = np.random.default_rng(seed)
    test = draw_letter_windows(np.random.default_rng(1000), english_letters(V, "test"), 200, LENGTH, V)
    W_hh = identity(H, scale, np.float32) if activation == "relu" else orthogonal(rng, H, scale, np.float32)
    params = init_reader(rng, "rnn", V, H, V, W_hh=W_hh)
    made, norms, kept = count(), [], {}

    def loss_and_grads(params, x, targets):
        kept[next(made)] = params
        loss, grads, _ = reader_loss(params, x, targets, activation=activation)
        norms.append(float(global_norm(grads)))
        return loss, grads

    batches = (draw_letter_windows(rng, english_letters(V), BATCH, LENGTH, V) for _ in range(max(checkpoints)))
    try:
        kept[max(checkpoints)], _ = train(loss_and_grads, params, batches, sgd(rate), max(checkpoints), clip)
    except NotFiniteError:
        kept.pop(len(norms), None)
    return [(n, _nats(kept.get(n), test, activation), max(norms[:n])) for n in checkpoints]


def _nats(params, test, activation):
    return float("inf") if params is None else float(reader_loss(params, *test, activation=activation)[0])


if __name__ == "__main__":
    make_table("clipping_rescue", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
