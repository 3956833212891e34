"""Does copying need two layers of attention? How it comes, step by step, with one layer and with two.

Models of attention alone foresee random tokens that end with a block that stood there before, at a distance that is
drawn for each sequence: see `repeated_blocks`. Of the copied tokens: the share that is foreseen, the loss, and the
largest induction score of all heads. Rival explanations: one layer has too few weights, so a wider one with as many
heads as two layers have; it is too slow, so twice as many steps; or it cannot copy at all, so one layer with one
distance for all sequences, where the place alone tells what comes. Three rates, three seeds.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.tasks.repeated_blocks import repeated_blocks
from helpers.models.gpt_bert import Sizes, new_model
from helpers.models.induction import attention_only, copying, head_scores, train_copying

V, T, MIDDLE = 32, 24, 1e-2
ARMS = {  # layers, D, heads, and the options of the blocks
    "2 layers": (2, 32, 2, {}),
    "1 layer": (1, 32, 2, {}),
    "1 layer 64 wide": (1, 64, 4, {}),
    "1 layer one distance": (1, 32, 2, {"distance": 12}),
}
RATES = {arm: (5e-3, MIDDLE, 2e-2) if arm in ("2 layers", "1 layer") else (MIDDLE,) for arm in ARMS}
EVERY, LATER = tuple(range(0, 901, 60)), (1200, 1500, 1800)
CHECKPOINTS = {
    "2 layers": (*EVERY, *LATER),
    "1 layer": (*EVERY, *LATER),
    "1 layer 64 wide": EVERY,
    "1 layer one distance": EVERY[:6],
}
COLUMNS = ["arm", "rate", "seed", "steps", "right", "loss", "induction", "previous"]
KEYS = [
    (arm, rate, seed)
    for rate, arm, seed in product((MIDDLE, 5e-3, 2e-2), ARMS, range(3))
    if rate in RATES[arm]
]  # fmt: skip


def rows_of(arm, rate, seed, checkpoints=None):
    """Train one model; return rows: steps, copied tokens that are foreseen, their loss, the largest scores."""
    torch.set_num_threads(1)
    layers, D, heads, blocks = ARMS[arm]
    checkpoints = CHECKPOINTS[arm] if checkpoints is None else checkpoints
    model = new_model(attention_only, Sizes(V, D=D, layers=layers, heads=heads, T_max=T), seed=seed)
    test, rows = repeated_blocks(np.random.default_rng(1000), 500, T, V, **blocks), []

    def measure(step):
        if step in checkpoints:
            found, scores = copying(model, test), head_scores(model, test)
            largest = float(scores.induction.max()), float(scores.previous.max())
            rows.append((step, found.right, found.loss, *largest))

    train_copying(model, np.random.default_rng(seed), max(checkpoints), rate=rate, each=measure, T=T, **blocks)
    return rows


if __name__ == "__main__":
    make_table("induction_by_layers", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
