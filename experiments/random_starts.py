"""Is it the positions never seen that stop a Transformer beyond the lengths of its training?

It learns to translate sentences of 3 to 16 words, counted from 0, or counted from a number that is drawn anew for each
batch, so that every position that the test needs has been seen. The test has sentences of 3 to 20 words; short ones are
also counted from 8.
"""

import copy
from functools import cache, partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.models.seq2seq import mean_by_length
from helpers.models.seq2seq.training import batch_loss, train_seq2seq
from helpers.models.torch_modules import new_model
from helpers.models.transformer import Transformer, right_translations

FARTHEST = 15  # of the numbers from which a batch may be counted
ARMS = ("from 0", "random start")
STEPS = (400, 1200)
RATES = (5e-3, 2.5e-3, 1e-2)
SEEDS = range(3)
COLUMNS = ["arm", "steps", "rate", "seed", "right_3_14", "right_15_16", "right_17_20", "right_moved", "loss"]
KEYS = [(arm, n, rate, seed) for n, rate, seed, arm in product(STEPS, RATES, SEEDS, ARMS)]


@cache
def pairs_and_test():
    """Return the encoded pairs of training, the sizes of both vocabularies, and the batch of the test."""
    pairs = translation_pairs(10_000, np.random.default_rng(0), lengths=(3, 16))
    vocabs = pair_vocabs(pairs)
    rng = np.random.default_rng(1)
    test = [pair for n in range(3, 21) for pair in translation_pairs(100, rng, lengths=(n, n))]
    batch = pair_batch(encode_pairs(test, *vocabs), np.arange(len(test)))
    return encode_pairs(pairs, *vocabs), tuple(map(len, vocabs)), batch


def counted_from(model, start):
    """Return a model with the same weights whose first token stands at position `start`."""
    other = copy.copy(model)
    other._buffers = model._buffers | {"positions": model.positions[start:]}
    return other


def loss_from_random_starts(rng):
    """Make the loss of a batch whose sources and targets are counted from one number between 0 and FARTHEST."""
    return lambda model, batch: batch_loss(counted_from(model, int(rng.integers(FARTHEST + 1))), batch)


def right_by_length(model, batch):
    """Return the share of wholly right outputs for sources of 3, 4, …, 20 words."""
    return mean_by_length(right_translations(model, batch), batch)[1]


def rows_of(arm, steps, rate, seed):
    """Train one model and test it; return one row."""
    torch.set_num_threads(1)
    encoded, sizes, batch = pairs_and_test()
    model = new_model(Transformer, *sizes, 40, 128, seed=seed)
    loss = loss_from_random_starts(np.random.default_rng(100 + seed)) if arm == "random start" else batch_loss
    history = train_seq2seq(model, encoded, np.random.default_rng(seed), steps, 32, rate, loss=loss)
    right, moved = right_by_length(model, batch), right_by_length(counted_from(model, 8), batch)
    parts = [right[:12].mean(), right[12:14].mean(), right[14:].mean(), moved[:4].mean()]
    return [[*map(float, parts), float(history.loss[-20:].mean())]]


if __name__ == "__main__":
    make_table("random_starts", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
