"""Is a bias that was put into a text found in its word vectors, is one found where none is, and is it a frequency?

In the known language half of the workers are made to own their tools with "his", half with "her", with a share of
0.5 + lean / 2. Lean 0 has no bias. The arm "all alike" lets all workers lean to "his" equally: no difference between
the groups is there, only between frequent and rare workers.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.core.checks import check_choice
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.leanings import redraw_pronouns
from helpers.data.world.topics import world_grammar
from helpers.data.world.words import PEOPLE, TOOLS
from helpers.models.word2vec.associations import association, association_test, pair_direction, without_direction
from helpers.models.word2vec.evaluate import rank_correlation
from helpers.models.word2vec.training import train_word2vec

ARMS = {"two groups": (1, -1), "all alike": (1, 1)}  # to which side each group leans
LEANS, PASSES, SEEDS = (0.0, 0.25, 0.5, 1.0), (12, 36), range(5)
SENTENCES, D, RATE = 20_000, 64, 0.1
COLUMNS = ["arm", "lean", "passes", "seed"]
COLUMNS += ["difference", "d", "p", "along_axis", "frequency", "removed", "told_removed"]
KEYS = [("two groups", *key) for key in product(LEANS, PASSES, SEEDS)]
KEYS += [("all alike", *key) for key in product(LEANS[2:], PASSES, SEEDS)]


def leaning_text(arm, lean, seed):
    """Draw a text; return it, the ids of both groups of workers, and the ids of words for men and for women."""
    check_choice("arm", arm, ARMS)
    ids = world_grammar().vocab.ids
    workers = np.array([ids[row.worker] for row in TOOLS])
    corpus = sample_corpus(world_grammar(), SENTENCES, np.random.default_rng(seed))
    groups, rng = (workers[::2], workers[1::2]), np.random.default_rng([seed, 1])
    for group, side in zip(groups, ARMS[arm], strict=True):
        corpus = redraw_pronouns(corpus, group, 0.5 + side * lean / 2, (ids["his"], ids["her"]), rng)
    pairs = [("he", "she"), ("his", "her"), *((row.male, row.female) for row in PEOPLE)]
    return corpus, groups, np.array([[ids[a], ids[b]] for a, b in pairs])


def rows_of(arm, lean, passes, seed):
    """Train one table, and measure the difference between the groups in three ways."""
    V = len(world_grammar().vocab)
    corpus, groups, pairs = leaning_text(arm, lean, seed)
    E = train_word2vec(corpus, V, np.random.default_rng(seed), D=D, epochs=passes, rate=RATE)[0].E
    s = [association(E, group, *pairs.T) for group in groups]
    axis = pair_direction(E, pairs)
    along = [E[group] @ axis / np.linalg.norm(E[group], axis=1) for group in groups]
    counts = np.bincount(corpus.tokens, minlength=V)[np.concatenate(groups)]
    rest = without_direction(E, axis)
    removed = [association(rest, group, *pairs.T) for group in groups]
    frequency = rank_correlation(np.concatenate(s), counts)
    difference = lambda one, other: float(one.mean() - other.mean())  # noqa: E731
    return [(*association_test(*s), difference(*along), frequency, difference(*removed), _told(rest, groups))]


def _told(E, groups):
    """The share of workers that stand nearer to the others of their own group than to the other group, by cosine."""
    unit = E / np.linalg.norm(E, axis=1, keepdims=True)
    right = []
    for own, other in (groups, groups[::-1]):
        for word in own:
            means = [unit[group[group != word]].mean(axis=0) @ unit[word] for group in (own, other)]
            right.append(means[0] > means[1])
    return float(np.mean(right))


if __name__ == "__main__":
    make_table("leaning_workers", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
