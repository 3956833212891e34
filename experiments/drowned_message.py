"""Why does a network that starts with a small W_hh not learn to recall: is its message too small, or drowned?

A reader of one letter starts with an orthogonal W_hh times 0.25. *As it is*, it is trained as ever. With *the message
alone*, the cell gets the part of the gradient that depends on which letter came: the gradient of the batch less the
mean gradient of the same batch with each of the four letters in the letter's place, under the same answers.
*Balanced*, each text of a batch comes with each of the four letters and that letter's answer, so that the distractors
are no noise. Adam's eps and its rate change too.
"""

from functools import partial
from itertools import count, product

import numpy as np

from experiments.result_table import make_table
from helpers.core.initial_values import orthogonal, spectral_radius
from helpers.core.optimisers import adam
from helpers.core.params import map_params
from helpers.core.training import train
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.models.reader import init_reader, reader_accuracy, reader_loss

EPS = (1e-8, 1e-12, 1e-16, 1e-20)
# Arm → pairs of eps and rate.
ARMS = {
    "as it is": [*product(EPS, [1e-3]), *product((1e-8, 1e-20), (3e-3, 1e-2))],
    "message alone": [*product(EPS, [1e-3]), *product([1e-20], (3e-3, 1e-2))],
    "balanced": [*product((1e-8, 1e-20), [1e-3])],
}
DELAY = 20
SEEDS = range(3)
CHECKPOINTS = (300, 600)
SCALE, LETTERS = 0.25, 4
COLUMNS = ["arm", "eps", "rate", "seed", "steps", "loss", "right", "radius", "moved_letters", "moved_W_hh"]
KEYS = [(arm, *pair, seed) for arm, pairs in ARMS.items() for pair in pairs for seed in SEEDS]


def with_every_letter(x, at):
    """Lay the batch side by side with itself, each time with another letter at step `at`: shape (T, 4 B, D)."""
    batches = []
    for letter in np.eye(x.shape[2])[:LETTERS]:
        changed = x.copy()
        changed[at] = letter
        batches.append(changed)
    return np.concatenate(batches, axis=1)


def loss_and_message(params, x, targets, at):
    """Give the loss, and its gradient, in which the cell has the part that depends on the letter alone."""
    loss, grads, _ = reader_loss(params, x, targets)
    _, without, _ = reader_loss(params, with_every_letter(x, at), np.tile(targets, LETTERS))
    return loss, grads._replace(cell=map_params(np.subtract, grads.cell, without.cell))


def rows_of(arm, eps, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network, clipped to norm 1, in float64; return rows of what is measured on the way."""
    rng, T, steps = np.random.default_rng(seed), DELAY + 11, max(checkpoints)
    start = init_reader(rng, "rnn", 6, 32, LETTERS, W_hh=orthogonal(rng, 32, gain=SCALE))
    made, kept = count(), {}

    def loss_and_grads(params, x, targets):
        kept[next(made)] = params
        if arm == "message alone":
            return loss_and_message(params, x, targets, 10)
        if arm == "balanced":
            quarter = len(targets) // LETTERS
            x, targets = with_every_letter(x[:, :quarter], 10), np.repeat(np.arange(LETTERS), quarter)
        return reader_loss(params, x, targets)[:2]

    batches = (delayed_recall(rng, 32, T, DELAY, dtype=np.float64) for _ in range(steps))
    kept[steps], history = train(loss_and_grads, start, batches, adam(rate, eps=eps), steps, clip=1.0)
    test = delayed_recall(np.random.default_rng(1000), 500, T, DELAY, dtype=np.float64)
    return [_measured(n, kept[n], start, history.loss[n - 20 : n].mean(), test) for n in checkpoints]


def _measured(steps, params, start, loss, test):
    cell, first = params.cell, start.cell
    moved = [
        float(np.abs(a - b).mean()) for a, b in ((cell.W_xh[:LETTERS], first.W_xh[:LETTERS]), (cell.W_hh, first.W_hh))
    ]
    return (steps, float(loss), reader_accuracy(params, *test), spectral_radius(cell.W_hh), *moved)


if __name__ == "__main__":
    make_table("drowned_message", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
