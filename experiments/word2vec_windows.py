"""Does a wide window change what neighbours are, or does it only train more, as it makes more pairs of a text?

Skip-gram with negative sampling on the known language, with fixed windows. "equal passes" reads the text four times
with each window; "equal pairs" reads it so often that all windows make as many pairs as the widest does in four
passes; "three times" makes three times as many.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.core.checks import check_choice
from helpers.data.vocab import encode_rows
from helpers.data.windows import keep_probabilities, subsample
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.relations import CATEGORIES, ROWS, similarity_pairs
from helpers.data.world.topics import world_grammar
from helpers.models.word2vec.evaluate import neighbours, similarity_correlation
from helpers.models.word2vec.fast.blocks import window_reach
from helpers.models.word2vec.training import train_word2vec

WINDOWS, RATES, SEEDS = (1, 2, 3, 5, 8), (0.05, 0.1), range(3)
CONTROLS = ("equal passes", "equal pairs", "three times")
SENTENCES, D, PASSES, THRESHOLD = 20_000, 64, 4, 1e-3
COLUMNS = ["window", "control", "rate", "seed", "passes", "pairs", "same_kind", "same_row", "similarity"]
KEYS = list(product(WINDOWS, CONTROLS, RATES, SEEDS))
KIND = {word: name for name, members in CATEGORIES.items() for word in members}


def pairs_of_a_pass(corpus, window, V):
    """How many skip-gram pairs one pass over the subsampled text makes."""
    keep = keep_probabilities(np.bincount(corpus.tokens, minlength=V), THRESHOLD)
    left, right = window_reach(subsample(corpus, keep, np.random.default_rng(0)).starts, window)
    return int(left.sum() + right.sum())


def passes_of(corpus, window, control, V):
    """How often the text is read."""
    check_choice("control", control, CONTROLS)
    if control == "equal passes":
        return PASSES
    wanted = PASSES * pairs_of_a_pass(corpus, max(WINDOWS), V) * (3 if control == "three times" else 1)
    return round(wanted / pairs_of_a_pass(corpus, window, V))


def neighbour_sorts(vocab, E, n=4):
    """Of the n neighbours of each word that is of a kind: the share of the same kind, and of another in its row."""
    couples = [(a, b) for a in KIND if a in ROWS for b, _ in neighbours(vocab, E, a, n)]
    kind = np.array([KIND.get(b) == KIND[a] for a, b in couples])
    row = np.array([ROWS.get(b) == ROWS[a] for a, b in couples])
    return float(kind.mean()), float((row & ~kind).mean())


def rows_of(window, control, rate, seed):
    """Train one table, and say of what sort its neighbours are."""
    vocab = world_grammar().vocab
    V, corpus = len(vocab), sample_corpus(world_grammar(), SENTENCES, np.random.default_rng(seed))
    passes = passes_of(corpus, window, control, V)
    options = {"window": window, "dynamic": False, "subsampling": THRESHOLD}
    E = train_word2vec(corpus, V, np.random.default_rng(seed), D=D, epochs=passes, rate=rate, **options)[0].E
    graded = similarity_pairs(np.random.default_rng(5), 2000)
    similarity = similarity_correlation(E, *encode_rows(vocab, [g[:2] for g in graded]).T, [g[2] for g in graded])
    return [(passes, passes * pairs_of_a_pass(corpus, window, V), *neighbour_sorts(vocab, E), similarity)]


if __name__ == "__main__":
    make_table("word2vec_windows", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
