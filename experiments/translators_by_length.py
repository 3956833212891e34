"""How many new sentences are translated without a mistake, by their length: one context, attention, a Transformer.

All translate the language of `helpers.data.tasks.translation`, from sentences of 3 to 16 words. Rival explanations of
"one context is the bottleneck" are arms: a smaller and a larger context, an encoder that reads from both ends, ten
times as many sentences, both together, and four to eight times as many steps. The arms have about as many weights as
the first, but for the smaller and the larger contexts.
"""

from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.models.seq2seq import Seq2Seq, batch_loss, count_weights, exact_match, mean_by_length, teacher_forced
from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.torch_modules import as_tensors, new_model
from helpers.models.transformer import Transformer


class Arm(NamedTuple):
    """One kind of translator, and on how many sentences it is trained."""

    kind: type
    sizes: tuple  # E and H of Seq2Seq; D and the width of the feed-forward network of the Transformer
    options: dict = {}  # noqa: RUF012 it is only read
    sentences: int = 10_000


LAST = {"context": "last"}
BOTH_ENDS = {"bidirectional": True}
ARMS = {
    "one context 96": Arm(Seq2Seq, (32, 96), LAST),
    "one context 48": Arm(Seq2Seq, (32, 48), LAST),
    "one context 192": Arm(Seq2Seq, (32, 192), LAST),
    "both ends": Arm(Seq2Seq, (32, 72), BOTH_ENDS),
    "more sentences": Arm(Seq2Seq, (32, 96), LAST, 100_000),
    "192 and more sentences": Arm(Seq2Seq, (32, 192), LAST, 100_000),
    "attention": Arm(Seq2Seq, (32, 48), {**BOTH_ENDS, "attention": "additive"}),
    "Transformer": Arm(Transformer, (40, 128), {"heads": 1}),
}
RATES = (2e-3, 5e-3, 1e-2)
SEEDS = range(3)
STEPS = (500, 2000)
LONGEST = {  # arm: the best rates of 2,000 steps, for 4,000
    "one context 96": (5e-3, 1e-2),
    "one context 48": (1e-2,),
    "one context 192": (5e-3,),
    "both ends": (5e-3,),
    "more sentences": (1e-2, 5e-3),
    "192 and more sentences": (5e-3, 1e-2),
    "attention": (1e-2,),
    "Transformer": (1e-2,),
}
LENGTHS = range(3, 21)  # those above 16 are longer than any in training
TESTED = 100  # sentences of each length
COLUMNS = ["arm", "rate", "seed", "steps", "weights", "loss", "new_loss", *(f"right_{n}" for n in LENGTHS)]
KEYS = [(*key, steps) for steps, key in product(STEPS, product(ARMS, RATES, SEEDS)) if "192 and" not in key[0]]
KEYS += [(arm, rate, seed, 4000) for seed in SEEDS for arm, rates in LONGEST.items() for rate in rates]


def rows_of(arm, rate, seed, steps, tested=TESTED):
    """Train one translator; return one row.

    The row: its weights, the loss of the last 50 steps, the loss on new sentences of 3 to 16 words (nats a token), and
    the share of new sentences of each length without a mistake. With the right words given, a sentence is without a
    mistake exactly if it is when the translator's own words go back.
    """
    torch.set_num_threads(1)
    kind, sizes, options, sentences = ARMS[arm]
    vocabs = pair_vocabs(translation_pairs(10_000, np.random.default_rng(0), lengths=(3, 16)))
    encoded = encode_pairs(translation_pairs(sentences, np.random.default_rng(0), lengths=(3, 16)), *vocabs)
    model = new_model(kind, *map(len, vocabs), *sizes, seed=seed, **options)
    history = train_seq2seq(model, encoded, np.random.default_rng(seed), steps, batch=32, rate=rate)
    rng = np.random.default_rng(4)
    pairs = [pair for n in LENGTHS for pair in translation_pairs(tested, rng, (n, n))]
    test = pair_batch(encode_pairs(pairs, *vocabs), np.arange(len(pairs)))
    right = mean_by_length(exact_match(teacher_forced(model, test), test), test)[1]
    known = pair_batch(encode_pairs(pairs[: 14 * tested], *vocabs), np.arange(14 * tested))
    with torch.no_grad():
        new_loss = batch_loss(model, as_tensors(known)).item()
    return [(count_weights(model), float(np.mean(history.loss[-50:])), new_loss, *map(float, right))]


if __name__ == "__main__":
    make_table("translators_by_length", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
