"""Vectors that are trained beside vectors that are counted, from the same windows of the same text.

Three ways: skip-gram with negative sampling, an SVD of the shifted positive PMI (Levy and Goldberg 2014), and GloVe,
each in several settings. Two texts: "whole", every token and fixed windows, noise of exponent 1; and "subsampled",
frequent words subsampled, near words counting more, exponent 0.75. What training draws anew at each pass, the counts
have as a mean over draws. GloVe sees no pair that never meets, unless something is added to each count: that is its
control. "GloVe flat" weighs all pairs alike, as an SVD does; "SVD unclipped" keeps what is below 0. Kept is E, and
E + W for GloVe.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from experiments.word2vec_settings import measure_vectors
from helpers.core.checks import check_choice
from helpers.data.cooccurrence import cooccurrence_counts
from helpers.data.windows import keep_probabilities, subsample
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.topics import world_grammar
from helpers.models.count_vectors import pmi, positive_pmi, svd_vectors
from helpers.models.glove import train_glove
from helpers.models.word2vec.training import train_word2vec

TEXTS = {"whole": 1.0, "subsampled": 0.75}  # → the exponent of the noise, and of the contexts of PMI
RATES = {"whole": (0.0125, 0.025, 0.05), "subsampled": (0.025, 0.05, 0.1)}
SHIFTS, POWERS, ADDED, STEPS = (1, 5), (0.0, 0.5, 1.0), (0, 1), (60, 200)
SENTENCES, D, WINDOW, DRAWS, SEEDS = 20_000, 64, 5, 12, range(3)
COLUMNS = ["arm", "text", "setting", "amount", "seed", "analogies", "c_alone", "similarity"]
KEYS = [
    (arm, text, setting, amount, seed)
    for text in TEXTS
    for arm, settings, amounts in (
        ("skip-gram", RATES[text], (8, 24)),  # rate, passes
        ("SVD", POWERS, SHIFTS),  # power of the singular values, k
        ("GloVe", ADDED, STEPS),  # what is added to each count, steps of Adam
        ("GloVe flat", (1,), STEPS),  # all pairs weigh the same
        ("SVD unclipped", POWERS[1:2], (1,)),  # PMI of counts + 1, below 0 too
    )
    for setting, amount in product(map(float, settings), amounts)
    for seed in SEEDS
]


def counts_of(corpus, text, V, seed):
    """Count pairs as training meets them: (V, V)."""
    check_choice("text", text, TEXTS)
    if text == "whole":
        return cooccurrence_counts(corpus, V, WINDOW)
    keep, rng = keep_probabilities(np.bincount(corpus.tokens, minlength=V), 1e-3), np.random.default_rng([seed, 2])
    counts = np.zeros((V, V))
    for part in (subsample(corpus, keep, rng) for _ in range(DRAWS)):
        # A reach from 1 … 5 at random, so a distance of n counts (6 − n) / 5.
        counts += sum(cooccurrence_counts(part, V, window) for window in range(1, WINDOW + 1)) / WINDOW
    return counts / DRAWS


def rows_of(arm, text, setting, amount, seed):
    """Make one table of vectors, and measure it."""
    vocab = world_grammar().vocab
    V, corpus = len(vocab), sample_corpus(world_grammar(), SENTENCES, np.random.default_rng(seed))
    rng, power = np.random.default_rng(seed), TEXTS[text]
    if arm == "skip-gram":
        drawn = {"subsampling": None, "dynamic": False} if text == "whole" else {}
        options = drawn | {"power": power, "window": WINDOW, "rate": setting}
        E = train_word2vec(corpus, V, rng, D=D, epochs=amount, **options)[0].E
    else:
        counts = counts_of(corpus, text, V, seed)
        met = np.flatnonzero(counts.sum(axis=1))
        some = counts[np.ix_(met, met)]
        if arm == "SVD":
            short = svd_vectors(positive_pmi(some, amount, power), D, setting)
        elif arm == "SVD unclipped":
            short = svd_vectors(pmi(some + 1, power), D, setting)
        else:
            x_max = 1 if arm == "GloVe flat" else 10
            params, _ = train_glove(rng, (some + setting).astype(np.float32), D, amount, x_max=x_max)
            short = (params.E + params.W).astype(np.float64)
        E = 1e-3 * rng.standard_normal((V, D))  # of the words that the text does not have
        E[met] = short
    return [measure_vectors(vocab, E)]


if __name__ == "__main__":
    make_table("count_or_train", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
