"""What the newer parts of a Transformer buy in the small: RMSNorm, SwiGLU, rotary positions, grouped queries, and all.

The task is the translation of chapter 12. All arms have about as many weights: where a part has fewer, the feed-forward
networks are wider, and SwiGLU, which has three matrices, is narrower.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.random_starts import pairs_and_test
from experiments.result_table import make_table
from helpers.models.seq2seq import exact_match, mean_by_length, teacher_forced
from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.torch_modules import count_weights, new_model
from helpers.models.transformer.newer_parts import Parts, TransformerOfParts

ARMS = {
    "as in 2017": Parts(),
    "RMSNorm": Parts(rms_norm=True),
    "SwiGLU": Parts(H=87, swiglu=True),
    "rotary": Parts(rotary=True),
    "grouped queries": Parts(H=158, key_heads=2),
    "all four": Parts(H=108, key_heads=2, rms_norm=True, swiglu=True, rotary=True),
}
RATES = (2.5e-3, 5e-3, 1e-2)
SEEDS = range(3)
COLUMNS = ["arm", "steps", "rate", "seed", "weights", "loss", "right_3_16", "right_17_20"]
KEYS = [(arm, 200, rate, seed) for rate, seed, arm in product(RATES, SEEDS, ARMS)]
KEYS += [(arm, 400, 5e-3, seed) for seed, arm in product(SEEDS, ARMS)]


def rows_of(arm, steps, rate, seed):
    """Train one model and test it; return one row: weights, mean loss of the last 20 steps in nats, right outputs.

    With the right words given, a sentence is without a mistake exactly if it is when the model's own words go back.
    """
    torch.set_num_threads(1)
    encoded, sizes, batch = pairs_and_test()
    model = new_model(TransformerOfParts, *sizes, 40, ARMS[arm], seed=seed)
    history = train_seq2seq(model, encoded, np.random.default_rng(seed), steps, 32, rate)
    right = mean_by_length(exact_match(teacher_forced(model, batch), batch), batch)[1]
    return [[count_weights(model), *map(float, (history.loss[-20:].mean(), right[:14].mean(), right[14:].mean()))]]


if __name__ == "__main__":
    make_table("parts_since_2017", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
