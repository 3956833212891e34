"""Is it better to stack layers or to widen one, at an equal number of weights, and do residual connections help?

Two tasks: the language of a word, and the digit that a picture read row by row shows. All layers are GRUs without
dropout.
"""

from functools import partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.digits import handwritten_digits, split_digits
from helpers.data.places import place_words, split_places
from helpers.data.spelling import letters_of, spell
from helpers.models.torch_modules import count_weights, new_model
from helpers.models.torch_shaped_reader import TorchShapedReader, torch_reader_accuracy, train_torch_reader

SEEDS = range(3)
RATES = (3e-3, 1e-2, 3e-2)
TASKS = {"digits": 8, "words": 16}  # numbers for each step
BUDGETS = (10000,)  # weights of all recurrent layers
DEPTHS = {"1 layer": 1, "2 layers": 2, "2 residual": 2, "4 layers": 4, "4 residual": 4}
STEPS = {300: (DEPTHS, RATES), 1200: (("1 layer", "4 layers", "4 residual"), RATES[1:])}  # → arms, rates
COLUMNS = ["task", "budget", "arm", "rate", "seed", "steps", "width", "weights", "right_train", "right"]
KEYS = [
    (task, budget, arm, rate, seed, steps)
    for steps, (arms, rates) in STEPS.items()
    for task in TASKS
    for budget in BUDGETS
    for arm in arms
    for rate in rates
    for seed in SEEDS
]


def width_at(budget, D, layers):
    """The largest H at which so many GRU layers over D inputs have at most `budget` weights, biases included."""
    counts = lambda H: 3 * H * (D + H + 2) + (layers - 1) * 3 * H * (2 * H + 2)  # noqa: E731
    return max(H for H in range(1, 200) if counts(H) <= budget)


def data_of(task, seed):
    """Divide a task: -> sequences, lengths and labels to learn from, the same held out, and the size of the table."""
    rng = np.random.default_rng(seed)
    if task == "digits":
        parts = split_digits(handwritten_digits(), rng)
        sides = [(part.rows, np.full(len(part.labels), 8), part.labels) for part in parts]
        return *sides, 0
    parts = split_places(place_words(), rng)
    vocab = letters_of(parts[0].words)
    sides = [(*spell(vocab, part.words), part.labels) for part in parts]
    return *sides, len(vocab)


def rows_of(task, budget, arm, rate, seed, steps):
    """Train one network; return one row."""
    torch.set_num_threads(1)
    train, test, tokens = data_of(task, seed)
    D, layers, residual = TASKS[task], DEPTHS[arm], "residual" in arm
    H, V = width_at(budget, D, layers), 1 + int(train[2].max())
    shape = {"tokens": tokens, "layers": layers, "residual": residual}
    model = new_model(TorchShapedReader, D, H, V, seed=seed, **shape)
    train_torch_reader(model, *train, np.random.default_rng(seed), steps, rate=rate)
    shares = torch_reader_accuracy(model, *train), torch_reader_accuracy(model, *test)
    return [(H, count_weights(model.layers), *shares)]


if __name__ == "__main__":
    make_table("depth_at_equal_weights", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
