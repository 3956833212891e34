"""Does next-sentence prediction help? Take apart the task, the pairs that are read, and the vector that is read out.

Three BERTs on the sentences about tools, at one budget: on single sentences; on pairs, asked for hidden words only;
and on pairs, asked also whether the second is the next. Then a linear layer on the frozen trunk learns from 80 labelled
sentences which tool they are about; it reads the mean of the words' vectors, or the first token's. Also: what hidden
words cost above the floor, in single sentences and in the second sentence of a pair. Four seeds.

The pairs are made by the function that makes the labels of the tools (`about_what`): to judge a pair is to compare two
of those labels. So the task trains for exactly what the linear layer is then asked.
"""

from copy import deepcopy
from functools import cache, partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.masking import MaskRule
from helpers.data.next_sentence import about_what, next_sentence_pairs, pad_two
from helpers.data.world import sample_corpus, world_grammar
from helpers.models.gpt_bert import (
    Classifier,
    PretrainingRun,
    Sizes,
    accuracy,
    masked_loss,
    next_accuracy,
    train_classifier,
)

ARMS = {"single": "bert", "pairs": "bert on pairs, words only", "pairs and task": "bert on pairs"}
COLUMNS = ["arm", "trained", "seed", "right_mean", "right_first", "words", "right_pairs"]
KEYS = [*product(ARMS, (600,), range(4))]
TASK = MaskRule(0.15, 1, 0)  # hidden words, always masked


@cache
def asked():
    """300 fresh sentences and the numbers of their tools."""
    tools = world_grammar("tools")
    corpus = sample_corpus(tools, 300, np.random.default_rng(12))
    return corpus, about_what(tools.vocab, corpus)


def rows_of(arm, trained, seed):
    """Train one BERT; return one row.

    The shares of tools named right by both read-outs, nats above the floor for each hidden word of single sentences,
    and the share of pairs judged right (chance is one half, and 0.5 stands where the task was not trained).
    """
    torch.set_num_threads(1)
    tools = world_grammar("tools")
    corpus = sample_corpus(tools, 32 * trained, np.random.default_rng([1, seed]))
    sizes = Sizes(len(tools.vocab), D=64, layers=1, heads=4, T_max=40)
    run = PretrainingRun(ARMS[arm], sizes, trained, seed=seed)
    model = run.new(tools.vocab, corpus)
    run.train(model, tools.vocab, corpus)
    right_pairs = _pairs_right(model, tools, seed) if arm == "pairs and task" else 0.5
    if arm != "single":  # it reads each sentence as a first one
        model = deepcopy(model)
        with torch.no_grad():
            model.trunk.positions.weight += model.trunk.segments.weight[0]
    few = sample_corpus(tools, 100, np.random.default_rng(13))
    words = masked_loss(model, tools, few, np.random.default_rng(14), TASK).excess.mean
    return [(_tool_named(model, seed, "mean"), _tool_named(model, seed, "first"), words, right_pairs)]


def _pairs_right(model, tools, seed):
    more = sample_corpus(tools, 1000, np.random.default_rng([2, seed]))
    pairs = next_sentence_pairs(about_what(tools.vocab, more), np.random.default_rng(seed))
    return next_accuracy(model, pad_two(more, pairs.first, pairs.second), pairs.is_next)


def _tool_named(model, seed, read):
    tools = world_grammar("tools")
    corpus, about = asked()
    things = np.unique(about)
    known = sample_corpus(tools, 80, np.random.default_rng([3, seed]))
    targets = np.searchsorted(things, about_what(tools.vocab, known))
    torch.manual_seed(seed)
    classifier = Classifier(model, len(things), frozen=True, read=read)
    train_classifier(classifier, known, targets, np.random.default_rng(seed), epochs=12, rate=1e-2)
    return accuracy(classifier, corpus, np.searchsorted(things, about))


if __name__ == "__main__":
    make_table("next_sentence_task", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
