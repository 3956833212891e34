"""How does the loss fall with the width of a GPT and the text it reads, in a language whose floor is known?

GPTs of one layer and several widths read the known language for a number of steps, each sentence once; the rate rises
and falls within those steps, so each number of steps is a training of its own. Of each: weights, tokens read, the loss
above the floor on fresh sentences with its standard error, and of texts that it writes the share whose first n words
are all right. Each width is trained at its own best of three rates after 300 steps of one seed; then three seeds. The
longest runs are held out: no law is fitted to them, one is to foresee them.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.vocab import END, START
from helpers.data.world import entropy, sample_corpus, world_grammar
from helpers.decoding import sample_outputs, without_end
from helpers.models.gpt_bert import (
    GPT,
    Sizes,
    cached_step,
    count_weights,
    excess_loss,
    new_model,
    start_cache,
    train_gpt,
)
from helpers.models.scaling_laws import first_tokens_right

HEADS = 4
RATES = {4: 4e-2, 8: 4e-2, 16: 2e-2, 32: 1e-2, 64: 5e-3}  # each width's best of the three
TRIED, SHORT = (0.5, 1, 2), 300
STEPS, HELD_OUT = (75, 150, 300, 600), 1200
LARGEST = (32, 64)
LENGTHS = (1, 2, 4, 8, 12)
COLUMNS = ["width", "rate", "seed", "trained", "weights", "tokens", "excess", "error", *(f"right_{n}" for n in LENGTHS)]
KEYS = [*dict.fromkeys([
    *((width, factor * RATES[width], 0, SHORT) for width, factor in product(RATES, TRIED)),
    *((width, RATES[width], seed, steps) for seed, width, steps in product(range(3), RATES, STEPS)),
    *((width, RATES[width], seed, HELD_OUT) for seed, width in product(range(3), LARGEST)),
])]  # fmt: skip


def rows_of(width, rate, seed, trained):
    """Train one GPT; return one row."""
    torch.set_num_threads(1)
    world, rng = world_grammar(), np.random.default_rng([5, seed])
    corpus = sample_corpus(world, 32 * trained, rng)
    model = new_model(GPT, Sizes(len(world.vocab), D=width, layers=1, heads=HEADS, T_max=40), seed=seed)
    train_gpt(model, corpus, np.random.default_rng(seed), trained, rate=rate)
    above = excess_loss(model.eval(), world, sample_corpus(world, 2000, np.random.default_rng(6)))
    drawn = sample_outputs(cached_step(model), start_cache(model, 500), START, END, 39, np.random.default_rng(7))
    right = first_tokens_right(world, [np.array(without_end(one.tokens, END), int) for (one,) in drawn], max(LENGTHS))
    read = round(32 * trained * entropy(world).expected_length)
    return [(count_weights(model), read, above.mean, above.error, *(float(right[n - 1]) for n in LENGTHS))]


if __name__ == "__main__":
    make_table("loss_by_size_and_tokens", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
