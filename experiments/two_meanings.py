"""Two words are written as one. What vector does it get, and do the words around it tell which one was meant?

A table is counted from text in which the second word of a pair is replaced by the first: pseudowords, as Schütze (1992)
made them, whose meanings are known. Three texts, three pairs.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.data.cooccurrence import cooccurrence_counts
from helpers.data.vocab import Corpus
from helpers.data.world import CATEGORIES, sample_corpus, world_grammar
from helpers.layers.embedding import cosine_similarities
from helpers.models.context_vectors import context_means
from helpers.models.count_vectors import positive_pmi, svd_vectors

PAIRS = ("paris/cat", "king/pasta", "dog/hammer")
COLUMNS = ["pair", "seed", "share_first", "to_first", "to_second", "to_others", "apart", "right", "right_shuffled"]
KEYS = [*product(PAIRS, range(3))]


def table_of(corpus, V):
    """16 numbers for each word, from the words at most two places away."""
    return svd_vectors(positive_pmi(cooccurrence_counts(corpus, V, window=2)), D=16)


def rows_of(pair, seed):
    """Return one row of a pair in one text.

    Which share of the pseudoword was the first word; the mean cosines of its vector with the other words of both
    kinds, and with all other words; the mean cosine of each word's own vector with the other's kind, before they were
    written as one; the share of the occurrences whose context is nearer to that of the right kind, and the same
    with contexts that belong to other occurrences.
    """
    vocab = world_grammar().vocab
    words = pair.split("/")
    corpus = sample_corpus(world_grammar(), 50_000, np.random.default_rng(seed))
    first, second = (vocab.ids[word] for word in words)
    merged = Corpus(np.where(corpus.tokens == second, first, corpus.tokens), corpus.starts)
    E, before = table_of(merged, len(vocab)), table_of(corpus, len(vocab))
    kinds = [
        [vocab.ids[other] for members in CATEGORIES.values() if word in members for other in members if other != word]
        for word in words
    ]
    rest = [vocab.ids[word] for members in CATEGORIES.values() if not {*words} & {*members} for word in members]
    cosines = cosine_similarities(E[first], E)
    apart = cosine_similarities(before[[first, second]], before)
    told, shuffled = _told_apart(corpus, merged, E, (first, second), kinds, np.random.default_rng(seed))
    share = (corpus.tokens == first).sum() / (merged.tokens == first).sum()
    means = (float(cosines[ids].mean()) for ids in (*kinds, rest))
    return [(float(share), *means, float((apart[0][kinds[1]].mean() + apart[1][kinds[0]].mean()) / 2), told, shuffled)]


def _told_apart(corpus, merged, E, pair, kinds, rng):
    """The share of the occurrences whose context is nearer to the mean context of the right kind."""
    places = np.flatnonzero(merged.tokens == pair[0])
    contexts = context_means(merged, E, 2, places)
    centres = [context_means(merged, E, 2, np.flatnonzero(np.isin(merged.tokens, ids))).mean(axis=0) for ids in kinds]
    answers = cosine_similarities(contexts, np.array(centres)).argmax(axis=1)
    right = corpus.tokens[places] == np.array(pair)[answers]
    shuffled = corpus.tokens[places] == np.array(pair)[rng.permutation(answers)]
    return float(right.mean()), float(shuffled.mean())


if __name__ == "__main__":
    make_table("two_meanings", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
