"""One to many: a language goes in, a word comes out. Where should the language go in, and what if it does not?

A classifier that counts n-grams, and has seen other words, says of which language each word that was drawn is.
"""

from functools import partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.places import place_words, split_places
from helpers.data.spelling import letters_of, spell, written
from helpers.models.ngram_classifier import train_ngram_classifier
from helpers.models.one_to_many import WIRINGS
from helpers.models.torch_modules import new_model
from helpers.models.torch_one_to_many import TorchOneToMany, one_to_many_nats, train_one_to_many, write_from_labels

SEEDS = range(3)
RATES = (3e-3, 1e-2, 3e-2)
STEPS, EACH = 300, 30  # training steps; words drawn for each language
COLUMNS = ["arm", "rate", "seed", "steps", "nats", "right", "right_real", "right_copied"]
KEYS = [(arm, rate, seed) for seed in SEEDS for arm in WIRINGS for rate in RATES]


def rows_of(arm, rate, seed, steps=STEPS):
    """Train one network and judge what it writes; return one row.

    Held-out nats a letter; the share of drawn words that the judge takes for the language that was asked for, the same
    for real words, and the share of drawn words that are words of the training.
    """
    torch.set_num_threads(1)
    train, test = split_places(place_words(), np.random.default_rng(seed), held_out=0.5)  # the judge learns from half
    judge = train_ngram_classifier(test.words, test.labels, 1, 2)
    vocab = letters_of(train.words)
    ids, _ = spell(vocab, train.words, start=True)
    model = new_model(TorchOneToMany, len(train.languages), len(vocab), 16, 64, wiring=arm, seed=seed)
    train_one_to_many(model, ids, train.labels, np.random.default_rng(seed), steps, rate=rate)
    labels = np.repeat(np.arange(len(train.languages)), EACH)
    rows = write_from_labels(model, labels, np.random.default_rng(seed))
    drawn = [written(vocab, row) for row in rows]
    copied = np.mean([word in {*train.words} for word in drawn])
    nats = one_to_many_nats(model, spell(vocab, test.words, start=True)[0], test.labels)
    return [(steps, nats, judge.score(drawn, labels), judge.score(train.words, train.labels), float(copied))]


if __name__ == "__main__":
    make_table("where_the_label_goes", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
