"""Name the topic of a sentence from few labels, with GPT, with BERT and from scratch: which vector is read?

The classifier reads the mean of the words' vectors, the first token's or the last token's. The two models are
pretrained as in `one_question_for_both`, for a quarter of its steps, one for each seed; the one from scratch has BERT's
trunk with its first weights. Four seeds, which have their own labelled sentences too; three rates; and from scratch
also three times the steps.
"""

from functools import cache, partial
from itertools import product

import numpy as np
import torch

from experiments.one_question_for_both import RATES, pretrained
from experiments.result_table import make_table
from helpers.data.vocab import Corpus
from helpers.data.world import TOPICS, sample_corpus, world_grammar
from helpers.models.gpt_bert import BERT, Classifier, Sizes, accuracy, new_model, train_classifier

ARMS = ("BERT", "GPT", "from scratch")
READS = ("mean", "first", "last")
LABELS = (5, 20, 80)
PRETRAINING, STEPS, MIDDLE = 650, 30, 3e-3
COLUMNS = ["arm", "read", "labels", "rate", "trained", "seed", "right"]
KEYS = [
    *product(ARMS, READS, LABELS, (1e-3, MIDDLE, 1e-2), (STEPS,), range(4)),
    *product(["from scratch"], READS, [80], (MIDDLE,), (3 * STEPS,), range(4)),
]


@cache
def labelled(seed, each):
    """Sentences of the five topics, `each` of each, and their topics."""
    parts = [
        sample_corpus(world_grammar(topic), each, np.random.default_rng([seed, n])) for n, topic in enumerate(TOPICS)
    ]
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    tokens = np.concatenate([part.tokens for part in parts])
    return Corpus(tokens, np.cumsum([0, *lengths])), np.repeat(np.arange(len(TOPICS)), each)


def model_of(arm, seed):
    """Return the model whose trunk is tuned."""
    if arm in ("BERT", "GPT"):
        return pretrained(arm.lower(), RATES[arm.lower()], PRETRAINING, seed)
    sizes = Sizes(len(world_grammar().vocab), D=64, layers=1, heads=4, T_max=40)
    return new_model(BERT, sizes, seed=50 + seed)


def rows_of(arm, read, labels, rate, trained, seed):
    """Tune one classifier; return one row: the share of 500 other sentences that it names right."""
    torch.set_num_threads(1)
    data, targets = labelled(seed, labels // len(TOPICS))
    torch.manual_seed(seed)
    classifier = Classifier(model_of(arm, seed), len(TOPICS), read=read)
    epochs = trained // -(-labels // 16)  # as many steps, whatever the number of labels
    train_classifier(classifier, data, targets, np.random.default_rng(seed), epochs, rate=rate)
    return [(accuracy(classifier, *labelled(99, 100)),)]


if __name__ == "__main__":
    make_table("topics_by_read_out", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
