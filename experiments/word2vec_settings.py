"""What the exponent of the noise, the threshold of subsampling and NCE do, at equal work and at a plateau.

Skip-gram on the known language. Each arm is trained at four rates with few and with many passes. An arm with another
threshold reads the text so often that as many tokens are kept as in 4 and in 24 passes with the threshold 0.001.
"""

from functools import partial

import numpy as np

from experiments.result_table import make_table
from helpers.core.checks import check_choice
from helpers.data.vocab import SPECIALS, encode_rows
from helpers.data.windows import keep_probabilities
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.relations import analogies, similarity_pairs
from helpers.data.world.topics import world_grammar
from helpers.models.word2vec.evaluate import analogy_accuracy, similarity_correlation
from helpers.models.word2vec.training import train_word2vec

EXPONENTS = {f"exponent {a:g}": {"power": a} for a in (0.0, 0.5, 0.75, 1.0)}
NCE = {f"NCE {a:g}": {"power": a, "output": "nce"} for a in (0.75, 1.0)}
THRESHOLDS = {f"threshold {t}": {"subsampling": t} for t in (None, 0.01, 0.0001)}
ARMS = EXPONENTS | NCE | THRESHOLDS
WORK = {4: (0.05, 0.1, 0.2, 0.4), 24: (0.0125, 0.025, 0.05, 0.1)}  # passes with the threshold 0.001 → rates
SENTENCES, D, SEEDS = 20_000, 64, range(3)
COLUMNS = ["arm", "work", "rate", "seed", "passes", "kept", "analogies", "c_alone", "similarity"]
KEYS = [(arm, work, rate, seed) for arm in ARMS for work, rates in WORK.items() for rate in rates for seed in SEEDS]
# Without much subsampling the best rate is larger.
KEYS += [(arm, 24, 0.2, seed) for arm in ("threshold None", "threshold 0.01") for seed in SEEDS]
# The comparison of the first edition: the same 4 passes for every threshold.
KEYS += [("threshold 0.0001 at 4 passes", 4, rate, seed) for rate in WORK[4] for seed in SEEDS]


def measure_vectors(vocab, E):
    """All analogies, those that the nearest word to c alone answers, and Spearman's ρ with the true similarities."""
    questions, graded = encode_rows(vocab, analogies()), similarity_pairs(np.random.default_rng(5), 2000)
    right = [analogy_accuracy(E, questions, range(len(SPECIALS)), offset) for offset in (True, False)]
    rated, grades = encode_rows(vocab, [pair[:2] for pair in graded]).T, [grade for *_, grade in graded]
    return *right, similarity_correlation(E, *rated, grades)


def kept_tokens(corpus, threshold, V):
    """How many tokens of a pass are kept, on average."""
    counts = np.bincount(corpus.tokens, minlength=V)
    return counts.sum() if threshold is None else counts @ keep_probabilities(counts, threshold)


def rows_of(arm, work, rate, seed):
    """Train one table, and measure it."""
    name, _, passes = arm.partition(" at ")
    check_choice("arm", name, ARMS)
    vocab, options = world_grammar().vocab, {"subsampling": 1e-3} | ARMS[name]
    V, corpus = len(vocab), sample_corpus(world_grammar(), SENTENCES, np.random.default_rng(seed))
    a_pass = kept_tokens(corpus, options["subsampling"], V)
    passes = 4 if passes else round(work * kept_tokens(corpus, 1e-3, V) / a_pass)
    E = train_word2vec(corpus, V, np.random.default_rng(seed), D=D, epochs=passes, rate=rate, **options)[0].E
    return [(passes, float(passes * a_pass), *measure_vectors(vocab, E))]


if __name__ == "__main__":
    make_table("word2vec_settings", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
