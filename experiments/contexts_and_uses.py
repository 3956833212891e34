"""Three ways to make the context and two ways to use it, while the networks learn: short sentences to translate.

Every way at three rates and three seeds. The rate rises over the first tenth of the steps and then falls to zero; on
the way the network is looked at.
"""

from functools import partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs, split_pairs
from helpers.data.tasks.translation import translation_pairs
from helpers.models.seq2seq import CONTEXTS, USES, Seq2SeqRun, exact_match, teacher_forced

SEEDS = range(3)
RATES = (1e-2, 3e-2, 3e-3)
LENGTHS, PAIRS, TESTED = (3, 6), 4000, 200
CHECKPOINTS = (100, 200, 400)
COLUMNS = ["arm", "rate", "seed", "steps", "loss", "right"]
ARMS = {f"{use}: {context}": {"context": context, "use": use} for use in USES for context in CONTEXTS}
KEYS = [(arm, rate, seed) for rate in RATES for seed in SEEDS for arm in ARMS]


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one way; return the loss of the last 20 steps, and the share of new sentences that are right as a whole."""
    torch.set_num_threads(1)
    pairs = translation_pairs(PAIRS, np.random.default_rng(seed), LENGTHS)
    train, test = split_pairs(pairs, 0.1, np.random.default_rng(seed))
    vocabs = pair_vocabs(pairs)
    encoded = encode_pairs(train, *vocabs)
    tested = pair_batch(encode_pairs(test[:TESTED], *vocabs), np.arange(TESTED))
    rows, model = {}, None

    def look(k):
        if k in checkpoints:
            rows[k] = float(exact_match(teacher_forced(model, tested), tested).mean())

    run = Seq2SeqRun(seed, H=32, E=16, options=ARMS[arm], steps=CHECKPOINTS[-1], batch=16, rate=rate)
    model = run.new(encoded, *map(len, vocabs))
    history = run.train(model, encoded, *map(len, vocabs), each=look)
    look(CHECKPOINTS[-1])
    return [(k, float(history.loss[k - 20 : k].mean()), right) for k, right in rows.items()]


if __name__ == "__main__":
    make_table("contexts_and_uses", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
