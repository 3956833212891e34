"""An exercise of the embedding table: its gradient, a scatter-add."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient
from helpers.layers.embedding import embedding_backward


def _draw(rng):
    N, V, D = 6, *rng.permutation([5, 4]).tolist()
    ids = rng.permutation([0, 0, 0, 1, 1, 3])  # one row is read three times, one twice, and some are not read
    return rng.standard_normal((N, D)), ids, rng.standard_normal((V, D))


def _scatter_add(dx, ids, E):
    return embedding_backward(dx, (ids,), E)


def _by_differences(dx, ids, E):
    return numerical_gradient(lambda table: float((dx * table[ids]).sum()), E)


def _last_one_stays(dx, ids, E):
    dE = np.zeros_like(E)
    dE[ids] = dx
    return dE


def _first_one_stays(dx, ids, E):
    return _last_one_stays(dx[::-1], ids[::-1], E)


def _mean_of_each_row(dx, ids, E):
    return _scatter_add(dx, ids, E) / np.maximum(np.bincount(ids, minlength=len(E)), 1)[:, None]


table_gradient_exercise = Exercise(
    name="table_gradient",
    shapes={"dE": "V D"},
    draw=_draw,
    values=_scatter_add,
    gradients=_by_differences,
    mistakes=(
        Mistake(
            "where an id occurs twice, only its last gradient has arrived: `dE[ids] += dx` writes each row once. "
            "A loop over the ids adds them all.",
            _last_one_stays,
        ),
        Mistake("where an id occurs twice, only its first gradient has arrived: add them all.", _first_one_stays),
        Mistake("the gradients of a row are added, not averaged.", _mean_of_each_row),
        Mistake(
            "the gradient begins at 0, not at the table: np.zeros_like(E).",
            lambda dx, ids, E: E + _scatter_add(dx, ids, E),
        ),
        Mistake("the sign is turned: a gradient is no step.", lambda dx, ids, E: -_scatter_add(dx, ids, E)),
        Mistake(
            "every word's gradient has come to every row: add it to the row of its id only.",
            lambda dx, _, E: np.broadcast_to(dx.sum(axis=0), E.shape),
        ),
    ),
)
