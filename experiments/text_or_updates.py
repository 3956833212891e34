"""Does a GPT gain from more text, or from more updates of its weights?

With one batch, more text is also more updates. Here one of the three is held: 300 updates of 8 to 128 sentences, 9,600
sentences in 75 to 1,200 updates, and 75 to 1,200 updates of 32 sentences. GPTs of one layer, the known language, each
sentence once; five rates and three seeds of each, as the best rate changes with the batch and the updates. Of each:
tokens read and the loss above the floor on fresh sentences with its standard error.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.world import entropy, sample_corpus, world_grammar
from helpers.models.gpt_bert import GPT, Sizes, excess_loss, new_model, train_gpt

RATES = {4: 4e-2, 8: 4e-2, 16: 2e-2, 32: 1e-2, 64: 5e-3}  # the best in `loss_by_size_and_tokens`, 300 updates of 32
TIMES = (0.25, 0.5, 1, 2, 4)
SAME_UPDATES = tuple((300, batch) for batch in (8, 16, 32, 64, 128))
SAME_TEXT = ((75, 128), (150, 64), (600, 16), (1200, 8))
SAME_BATCH = tuple((updates, 32) for updates in (75, 150, 600, 1200))
COLUMNS = ["width", "updates", "batch", "rate", "seed", "tokens", "excess", "error"]
KEYS = [
    (width, updates, batch, times * RATES[width], seed)
    for widths, runs in (((32, 64), SAME_UPDATES + SAME_TEXT + SAME_BATCH), ((4, 8, 16), SAME_UPDATES))
    for width, (updates, batch), times, seed in product(widths, runs, TIMES, range(3))
]


def rows_of(width, updates, batch, rate, seed):
    """Train one GPT; return one row."""
    torch.set_num_threads(1)
    world = world_grammar()
    corpus = sample_corpus(world, batch * updates, np.random.default_rng([5, seed]))
    model = new_model(GPT, Sizes(len(world.vocab), D=width, layers=1, heads=4, T_max=40), seed=seed)
    train_gpt(model, corpus, np.random.default_rng(seed), updates, batch=batch, rate=rate)
    above = excess_loss(model.eval(), world, sample_corpus(world, 2000, np.random.default_rng(6)))
    return [(round(batch * updates * entropy(world).expected_length), above.mean, above.error)]


if __name__ == "__main__":
    make_table("text_or_updates", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
