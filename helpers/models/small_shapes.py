"""One small recurrent network for each shape of a sequence task, with a task on the letters a and b that it learns.

A shape is two things: at which steps something comes in, and at which steps an answer is asked for.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.core.numerics import softmax
from helpers.core.optimisers import adam
from helpers.core.training import train
from helpers.layers.embedding import one_hot
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.models.shaped_reader import deep_states, init_shaped_reader, shaped_reader, shaped_reader_backward

SHAPE_SYMBOLS = ("a", "b", "·")  # "·": nothing comes in
TASK_SHAPES = (
    "one to one",
    "one to many",
    "many to one",
    "many to many",
    "many, then many",
    "two directions",
    "two layers",
)
_T = 4


class ShapeTask(NamedTuple):
    """Every sequence of a small task, time first."""

    question: str  # what the network is asked
    ids: np.ndarray  # (T, N) of int, indices into SHAPE_SYMBOLS
    targets: np.ndarray  # (T, N) of int, indices into answers; 0 where nothing is asked
    asked: np.ndarray  # (T,) of bool, True = an answer is asked for at this step
    answers: tuple  # two words
    layers: int
    bidirectional: bool


def shape_task(shape):
    """Make all sequences of the task of a shape.

    Parameters
    ----------
    shape : str
        One of `TASK_SHAPES`.

    Returns
    -------
    ShapeTask

    Raises
    ------
    ValueError
        When the shape is unknown.
    """
    check_choice("shape", shape, TASK_SHAPES)
    letters = np.array(list(product((0, 1), repeat=_T))).T  # (T, 16)
    nothing = np.full_like(letters, 2)
    steps, no_yes = np.arange(_T), ("no", "yes")
    if shape == "one to one":
        one = letters[-1:, :2]
        return ShapeTask("Is it a b?", one, one, np.array([True]), no_yes, 1, False)
    if shape == "one to many":
        first = np.concatenate([letters[-1:, :2], nothing[1:, :2]])
        return ShapeTask(
            "Write on: a b a b or b a b a.", first, (first[:1] + steps[:, None]) % 2, steps >= 0, ("a", "b"), 1, False
        )
    if shape == "many to one":
        same = np.where(steps[:, None] == _T - 1, letters[0] == letters[-1], 0)
        return ShapeTask("Is the last letter the same as the first?", letters, same, steps == _T - 1, no_yes, 1, False)
    if shape == "many, then many":
        three = letters[1:, :8]
        ids, wanted = np.concatenate([three, nothing[:3, :8]]), np.concatenate([0 * three, three])
        return ShapeTask("Say again what was read.", ids, wanted, np.arange(6) > 2, ("a", "b"), 1, False)
    if shape == "two directions":
        following = np.concatenate([letters[1:] == 1, np.zeros_like(letters[:1])]).astype(int)
        return ShapeTask("Is the next letter a b?", letters, following, steps >= 0, no_yes, 1, True)
    before = np.concatenate([np.zeros_like(letters[:1]), letters[:-1] == 1]).astype(int)
    layers = 2 if shape == "two layers" else 1
    return ShapeTask("Was the letter before a b?", letters, before, steps >= 0, no_yes, layers, False)


def train_small_shape(shape, rng, H=3, steps=200, rate=0.05):
    """Train one RNN of tanh on all sequences of a shape at once, with Adam.

    Parameters
    ----------
    shape : str
    rng : numpy.random.Generator
    H, steps : int
    rate : float

    Returns
    -------
    params : helpers.models.shaped_reader.ShapedReaderParams
    history : History
    """
    check_integer("H", H)
    task = shape_task(shape)
    x = one_hot(task.ids, len(SHAPE_SYMBOLS))
    counts = np.broadcast_to(task.asked[:, None], task.ids.shape)

    def loss_and_grads(params):
        logits, cache = shaped_reader(x, params, read="every")
        loss, loss_cache = cross_entropy(logits, task.targets, counts)
        return loss, shaped_reader_backward(cross_entropy_backward(loss_cache), cache, params)[1]

    params = init_shaped_reader(rng, "rnn", len(SHAPE_SYMBOLS), H, 2, task.layers, task.bidirectional)
    return train(loss_and_grads, params, (() for _ in range(steps)), adam(rate), steps)


def small_shape_numbers(shape, params, sequence):
    """Run one sequence of the task: -> h of each layer, list of (T, H or 2H), and p of the answers, (T, 2)."""
    task = shape_task(shape)
    x = one_hot(task.ids[:, sequence : sequence + 1], len(SHAPE_SYMBOLS))
    states = [deep_states(x, params.layers[: layer + 1])[0][:, 0] for layer in range(task.layers)]
    logits, _ = shaped_reader(x, params, read="every")
    return states, softmax(logits)[:, 0]
