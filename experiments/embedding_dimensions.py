"""How low does the loss of a next-word table go with D numbers for each word, and what are its neighbours?

The same 50,000 sentences of the known language at every step, Adam, three rates and three seeds for each D, up to 1,200
steps. The loss is measured above the bigram floor, below which no model that sees one word can be.
"""

from functools import cache, partial

import numpy as np

from experiments.result_table import make_table
from helpers.data.batches import token_stream
from helpers.data.world import CATEGORIES, sample_corpus, world_grammar
from helpers.models.learning_curve import learning_curve
from helpers.models.next_word import bigram_floor, count_pairs, counted_loss, init_next_word
from helpers.models.word_neighbours import neighbour_kinds

SIZES = (2, 3, 4, 16, 64)
RATES = (0.02, 0.05, 0.1)
CHECKPOINTS = (75, 150, 300, 600, 1200)
COLUMNS = ["arm", "rate", "seed", "steps", "above", "right_kind", "right_adult", "right_young"]
KEYS = [(D, rate, seed) for seed in range(3) for D in SIZES for rate in RATES]


@cache
def counted_text():
    """Return the counts of all pairs, the bigram floor, and the ids and kinds of the words whose kind is known."""
    grammar = world_grammar()
    corpus = sample_corpus(grammar, 50_000, np.random.default_rng(1))
    counts = count_pairs(token_stream(corpus), len(grammar.vocab), np.float32)
    kind = {word: name for name, words in CATEGORIES.items() for word in words}
    return counts, bigram_floor(counts), [grammar.vocab.ids[word] for word in kind], np.array([*kind.values()])


def rows_of(D, rate, seed, checkpoints=CHECKPOINTS):
    """Train one table; return a row for each number of steps.

    Nats above the floor; the share of neighbours of a word's own kind; of the neighbours of the adult animals, the
    share that are adult animals, and the share that are young ones.
    """
    counts, floor, ids, kinds = counted_text()

    def measure(params):
        near = neighbour_kinds(params.E[ids], kinds)
        of_adults = near[kinds == "animal"]
        above = counted_loss(params, counts)[0] - floor
        shares = (near == kinds[:, None], of_adults == "animal", of_adults == "young animal")
        return above, *(float(share.mean()) for share in shares)

    start = init_next_word(np.random.default_rng(seed), len(counts), D, dtype=np.float32)
    _, measured = learning_curve(
        lambda params: counted_loss(params, counts), start, tuple, checkpoints, measure, rate, clip=None
    )
    return [(steps, *row) for steps, row in measured.items()]


if __name__ == "__main__":
    make_table("embedding_dimensions", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
