"""Name the topic of a sentence from few labels: which embedding table helps, and what else could explain it?

The classifier reads the mean of the embeddings. Tables: random numbers; a table that was trained to predict the next
word, with its rows as they are and with its rows shuffled; and tables that were counted, without training. Without any
table the same classifier is softmax regression on the bag of words. Ten seeds, each with its own labelled sentences and
first weights; the trained tables also differ in their first weights; three rates. All tables come from one text.
"""

from functools import cache, partial
from itertools import product

import numpy as np

from experiments.embedding_dimensions import counted_text
from experiments.result_table import make_table
from helpers.data.cooccurrence import cooccurrence_counts
from helpers.data.vocab import SPECIALS
from helpers.data.world import TOPICS, sample_corpus, world_grammar
from helpers.models.bag_classifier import bag_accuracy, bag_classifier_loss, init_bag_classifier, mean_bags
from helpers.models.count_vectors import positive_pmi, svd_vectors
from helpers.models.learning_curve import learning_curve
from helpers.models.next_word import train_next_word

D = 16
ARMS = {  # name: (its table, frozen)
    "from scratch": ("random", False),
    "learned: frozen": ("learned", True),
    "learned: tuned": ("learned", False),
    "rows shuffled: frozen": ("shuffled", True),
    "counted: frozen": ("PMI, both sides", True),
    "counted: tuned": ("PMI, both sides", False),
    "counted next word: frozen": ("PMI, next word", True),
    "logarithms: frozen": ("logarithms, both sides", True),
    "bag of words": ("one-hot", True),
}
LABELS = (5, 10, 20, 40, 80, 160)
RATES = (0.01, 0.03, 0.1)
CHECKPOINTS = (300,)  # the means after 150 are within 0.01 of these
COLUMNS = ["arm", "labels", "rate", "seed", "steps", "right"]
KEYS = [*product(ARMS, LABELS, RATES, range(10))]


@cache
def counted_table(counted):
    """Make a table without training, as large as the learned ones: of PMI or of logarithms, one side or both."""
    grammar = world_grammar()
    V = len(grammar.vocab)
    if counted.endswith("both sides"):
        counts = cooccurrence_counts(sample_corpus(grammar, 50_000, np.random.default_rng(1)), V, window=2)
    else:
        counts = counted_text()[0].astype(float)
        counts[: len(SPECIALS)] = 0
    vectors = svd_vectors(positive_pmi(counts) if counted.startswith("PMI") else np.log1p(counts), D)
    return vectors * (learned_table(0).std() / vectors.std())


@cache
def learned_table(seed):
    """Train a table to predict the next word."""
    return train_next_word(np.random.default_rng(seed), counted_text()[0], D)[0].E


def table_of(kind, seed):
    """Return the table that a classifier starts from, in float32."""
    rng = np.random.default_rng((5, seed))
    if kind in ("learned", "shuffled"):
        table = learned_table(seed)
        return rng.permutation(table) if kind == "shuffled" else table
    if kind == "random":
        return (0.1 * rng.standard_normal((len(world_grammar().vocab), D))).astype(np.float32)
    if kind == "one-hot":
        return np.eye(len(world_grammar().vocab), dtype=np.float32)
    return counted_table(kind).astype(np.float32)


@cache
def labelled(seed, labels):
    """Sentences as mean bags, and their topics; each topic as often."""
    rng, each = np.random.default_rng(seed), labels // len(TOPICS)
    V = len(world_grammar().vocab)
    bags = [mean_bags(sample_corpus(world_grammar(topic), each, rng), V, np.float32) for topic in TOPICS]
    return np.concatenate(bags), np.repeat(np.arange(len(TOPICS)), each)


def trained(arm, labels, rate, seed, checkpoints, measure):
    """Train one classifier; return what `measure` gives for its weights, by steps."""
    table, frozen = ARMS[arm]
    x, targets = labelled(seed, labels)
    scale = 0 if table == "one-hot" else 0.1  # a word that no label has shown then says nothing
    start = init_bag_classifier(np.random.default_rng((6, seed)), table_of(table, seed), len(TOPICS), scale)
    _, measured = learning_curve(
        lambda params: bag_classifier_loss(params, x, targets, frozen),
        start,
        tuple,
        checkpoints,
        measure,
        rate,
        clip=None,
    )
    return measured


def right_share(params):
    """The share of 1,000 other sentences that a classifier names right."""
    return float(bag_accuracy(params, *labelled(99, 1000)))


def rows_of(arm, labels, rate, seed, checkpoints=CHECKPOINTS):
    """Train one classifier; return the share of 1,000 other sentences that it names right, by steps."""
    return [*trained(arm, labels, rate, seed, checkpoints, right_share).items()]


if __name__ == "__main__":
    make_table("few_labels", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
