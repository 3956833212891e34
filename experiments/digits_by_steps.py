"""Is it the strokes, or the number of steps? Digits read by rows, by pixels, and in an order without strokes.

The shuffled arms read the same numbers in one fixed random order: eight steps of eight, or 64 of one. Where no cell is
named it is a GRU.
"""

from functools import partial

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from experiments.result_table import make_table
from helpers.data.digits import handwritten_digits, split_digits
from helpers.models.torch_shaped_reader import new_trained_reader, torch_reader_accuracy

SEEDS = range(3)
RATES = (1e-2, 3e-2)
ARMS = {"rows": 8, "rows shuffled": 8, "pixels": 1, "pixels shuffled": 1}  # → numbers at each step
ARMS |= {f"{read} {cell}": ARMS[read] for read in ("rows", "pixels") for cell in ("LSTM", "RNN")}
STRENGTHS = (0.3, 1.0, 10.0)
PIXELS, UNITS = 64, 48
COLUMNS = ["arm", "rate", "seed", "steps", "right"]
KEYS = [("linear", strength, seed, 0) for strength in STRENGTHS for seed in SEEDS]
KEYS += [(arm, rate, seed, 300) for arm in ARMS for rate in RATES for seed in SEEDS]
KEYS += [(arm, 0.03, seed, 900) for arm in ("pixels", "pixels LSTM", "pixels RNN") for seed in SEEDS]


def rows_of(arm, rate, seed, steps):
    """Train one network, or fit the linear layer with `rate` as its strength C; return one row."""
    torch.set_num_threads(1)
    parts = split_digits(handwritten_digits(), np.random.default_rng(seed))
    seen, unseen = ((part.rows.swapaxes(0, 1).reshape(-1, PIXELS), part.labels) for part in parts)
    if arm == "linear":
        return [(LogisticRegression(C=rate, max_iter=3000).fit(*seen).score(*unseen),)]
    order = np.random.default_rng(1).permutation(PIXELS) if "shuffled" in arm else np.arange(PIXELS)
    D, last_word = ARMS[arm], arm.split()[-1]
    cell = last_word.lower() if last_word in ("LSTM", "RNN") else "gru"
    read = [(pixels[:, order].reshape(len(labels), -1, D).swapaxes(0, 1), labels) for pixels, labels in (seen, unseen)]
    train, test = ((x, np.full(len(labels), PIXELS // D), labels) for x, labels in read)
    model = new_trained_reader(*train, D, UNITS, 10, steps=steps, rate=rate, seed=seed, cell=cell)
    return [(torch_reader_accuracy(model, *test),)]


if __name__ == "__main__":
    make_table("digits_by_steps", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
