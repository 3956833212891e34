"""How often is the heaviest weight of a translator on the true word? Two rates, three seeds, two numbers of steps.

The translator is that of the chapter on attention. Its source sentences have 3 to 16 words, the tested ones 12.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.source_target_pairs import encode_pairs, pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.models.seq2seq import Seq2Seq, new_model, said_elsewhere, train_seq2seq

RATES = (5e-3, 1e-2)
SEEDS = range(3)
STEPS = (400, 800)
TESTED = 300  # sentences
COLUMNS = ["rate", "seed", "steps", "on_the_true_word", "near", "right", "elsewhere"]
KEYS = list(product(RATES, SEEDS, STEPS))


def rows_of(rate, seed, steps, tested=TESTED):
    """Train one translator; return one row, as `helpers.models.seq2seq.looking_back.Elsewhere` names its numbers."""
    torch.set_num_threads(1)
    pairs = translation_pairs(10_000, np.random.default_rng(0), lengths=(3, 16))
    vocabs = pair_vocabs(pairs)
    model = new_model(Seq2Seq, *map(len, vocabs), 32, 48, seed=seed, bidirectional=True, attention="additive")
    train_seq2seq(model, encode_pairs(pairs, *vocabs), np.random.default_rng(seed), steps, batch=32, rate=rate)
    return [tuple(said_elsewhere(model, translation_pairs(tested, np.random.default_rng(5), (12, 12)), *vocabs))]


if __name__ == "__main__":
    make_table("alignment_rates", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
