"""Is skip-gram better than CBOW, on little text and on more, for rare and for frequent words?

Both with negative sampling on the known language, at five rates each, three texts of each size, and 10, 40 and 120
passes. Measured is Spearman's ρ between cosines and true similarities, for the rarer and the more frequent half of the
pairs of words.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.data.vocab import encode_rows
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.relations import similarity_pairs
from helpers.data.world.topics import world_grammar
from helpers.models.word2vec.evaluate import similarity_correlation
from helpers.models.word2vec.training import train_word2vec

RATES = {
    "skip-gram": (0.025, 0.05, 0.1, 0.2, 0.4),
    "cbow": (0.1, 0.2, 0.4, 0.8, 1.6),
}
SIZES, PASSES, SEEDS, D = (500, 4000), (10, 40, 120), range(3), 32
COLUMNS = ["arm", "rate", "seed", "sentences", "passes", "rare", "frequent", "both"]
KEYS = [
    (arm, rate, seed, n, passes)
    for arm in RATES
    for n, passes in product(SIZES, PASSES)
    for rate in RATES[arm]
    for seed in SEEDS
]


def rows_of(arm, rate, seed, sentences, passes):
    """Train one table, and measure ρ for rare pairs, frequent ones and both together."""
    vocab = world_grammar().vocab
    V, corpus = len(vocab), sample_corpus(world_grammar(), sentences, np.random.default_rng(seed))
    options = {"context": arm, "D": D, "epochs": passes, "rate": rate}
    try:
        E = train_word2vec(corpus, V, np.random.default_rng(seed), **options)[0].E
    except FloatingPointError:  # the rate is too large: such vectors know nothing
        return [(0.0, 0.0, 0.0)]
    graded = similarity_pairs(np.random.default_rng(5), 2000)
    rated, grades = encode_rows(vocab, [pair[:2] for pair in graded]).T, np.array([grade for *_, grade in graded])
    rarer = np.bincount(corpus.tokens, minlength=V)[rated].min(axis=0)  # of the two words of a pair
    middle = np.median(rarer[rarer > 0])
    parts = (rarer > 0) & (rarer <= middle), rarer > middle, rarer > 0
    return [tuple(similarity_correlation(E, *rated[:, part], grades[part]) for part in parts)]


if __name__ == "__main__":
    make_table("cbow_and_skip_gram", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
