"""Which heads do the copying, in three trainings of two layers that have an induction head at step 900?

Each head is taken out. Then what one head of layer 1 wrote is read in one place alone (path patching), for the head of
layer 1 that is missed most.
"""

from copy import deepcopy
from functools import partial

import numpy as np
import torch

from experiments.induction_by_layers import MIDDLE, T, V
from experiments.result_table import make_table
from helpers.data.tasks.repeated_blocks import repeated_blocks
from helpers.models.gpt_bert import Sizes, new_model
from helpers.models.induction import (
    attention_only,
    copying,
    copying_by_path,
    head_scores,
    train_copying,
    without_head_of,
)

CHECKPOINTS = (30, 900)
HEADS = ((0, 0), (0, 1), (1, 0), (1, 1))  # layer, head
READ_IN = ("queries", "keys", "values", "output")
COLUMNS = ["rate", "seed", "steps", "induction", "right", "right_without_11", "right_without_12", "right_without_21"]
COLUMNS += ["right_without_22", "right_queries", "right_keys", "right_values", "right_output"]
KEYS = [(MIDDLE, 0), (MIDDLE, 1), (5e-3, 0)]


def rows_of(rate, seed, checkpoints=CHECKPOINTS):
    """Train one model; return rows: steps, the largest induction score, and the shares of copies that are right."""
    torch.set_num_threads(1)
    model = new_model(attention_only, Sizes(V, D=32, layers=2, heads=2, T_max=T), seed=seed)
    test, rows = repeated_blocks(np.random.default_rng(1000), 500, T, V), []

    def measure(step):
        if step in checkpoints:
            without = []
            for head in HEADS:
                less = deepcopy(model)
                less.load_state_dict(without_head_of(model, *head))
                without.append(copying(less, test).right)
            note = int(np.argmin(without[:2]))
            by_path = [copying_by_path(model, test, note, [place]).right for place in READ_IN]
            largest = float(head_scores(model, test).induction.max())
            rows.append((step, largest, copying(model, test).right, *without, *by_path))

    train_copying(model, np.random.default_rng(seed), max(checkpoints), rate=rate, each=measure, T=T)
    return rows


if __name__ == "__main__":
    make_table("copying_heads", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
