"""Which language is a word of? A GRU that is read in several ways, beside counts of letters and of n-grams.

Held-out countries and languages are so in all fourteen languages. A seed is another division and another start. One
control reads the letters of each word in a random order. One network is larger, drops out more and trains longer.
"""

from functools import partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.places import place_words, split_places
from helpers.data.spelling import letters_of, spell
from helpers.models.ngram_classifier import train_ngram_classifier
from helpers.models.torch_modules import count_weights, new_model
from helpers.models.torch_shaped_reader import TorchShapedReader, torch_reader_accuracy, train_torch_reader

SEEDS = range(3)
RATES = (3e-3, 1e-2, 3e-2)
# Arm → how the states become one, both directions or one, units, dropout: at nearly equal numbers of weights, but for
# the wide one.
READERS = {
    "GRU last": ("last", False, 64, 0.3),
    "GRU padded": ("padded", False, 64, 0.3),
    "GRU mean": ("mean", False, 64, 0.3),
    "GRU maximum": ("maximum", False, 64, 0.3),
    "GRU both ends": ("ends", True, 41, 0.3),
    "GRU attention": ("attention", False, 64, 0.3),
}
CONTROLS = {"GRU shuffled": ("last", False, 64, 0.3), "GRU wide": ("maximum", True, 128, 0.5)}
COUNTERS = {"letters": 1, "n-grams 1-2": 2, "n-grams 1-3": 3, "n-grams 1-4": 4}
STRENGTHS = (3.0, 10.0, 30.0)
PARTS = (0.25, 0.5)  # of the words to learn from
COLUMNS = ["arm", "rate", "seed", "part", "steps", "words", "weights", "right_train", "right"]


def division(seed, part=1.0):
    """Divide the words: -> those to learn from, or a part of them, and those held out."""
    rng = np.random.default_rng(seed)
    train, test = split_places(place_words(), rng)
    rows = np.sort(rng.permutation(len(train.words))[: round(part * len(train.words))])
    return [train.words[i] for i in rows], train.labels[rows], test


def shuffled(words, seed):
    """Put the letters of each word into a random order."""
    rng = np.random.default_rng(seed)
    return ["".join(rng.permutation(list(word))) for word in words]


def rows_of(arm, rate, seed, part, steps):
    """Fit or train one classifier on one division; return one row. The rate of what counts is its strength."""
    words, labels, test = division(seed, part)
    if arm in COUNTERS:
        model = train_ngram_classifier(words, labels, 1, COUNTERS[arm], rate)
        weights = model[-1].coef_.size + model[-1].intercept_.size
        return [(len(words), weights, model.score(words, labels), model.score(test.words, test.labels))]
    torch.set_num_threads(1)
    read, both, H, dropout = (READERS | CONTROLS)[arm]
    if arm == "GRU shuffled":
        words, test = shuffled(words, seed), test._replace(words=shuffled(test.words, seed))
    vocab = letters_of(words)
    ids, lengths = spell(vocab, words)
    sizes = {"tokens": len(vocab), "read": read, "bidirectional": both, "dropout": dropout}
    model = new_model(TorchShapedReader, 24, H, len(test.languages), seed=seed, **sizes)
    train_torch_reader(model, ids, lengths, labels, np.random.default_rng(seed), steps, rate=rate)
    seen = torch_reader_accuracy(model, ids, lengths, labels)
    return [
        (len(words), count_weights(model), seen, torch_reader_accuracy(model, *spell(vocab, test.words), test.labels))
    ]


_CASES = [(arm, STRENGTHS, 1.0, 0) for arm in COUNTERS] + [("n-grams 1-4", STRENGTHS, part, 0) for part in PARTS]
_CASES += [(arm, RATES, 1.0, 300) for arm in READERS] + [("GRU last", RATES, part, 300) for part in PARTS]
_CASES += [("GRU last", RATES, 1.0, steps) for steps in (600,)]
_CASES += [("GRU shuffled", RATES, 1.0, 300), ("GRU wide", RATES[1:], 1.0, 600)]
KEYS = [(arm, rate, seed, part, steps) for arm, rates, part, steps in _CASES for seed in SEEDS for rate in rates]


if __name__ == "__main__":
    make_table("which_language", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
