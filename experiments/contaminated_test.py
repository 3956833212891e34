"""What does a test say when its texts were in the training corpus? With the floor of the language known.

Of 4,800 training sentences some are replaced by copies of the 60 test sentences, each as often as the arm says. Rival
explanation: any sentences that come again make the model worse or better; so in the arms "others" 60 other sentences
are copied as often. Of the test, and of fresh sentences, the loss above what the truth assigns to just these
sentences: below 0 a model cannot come but by knowing them. Every training sentence is read twice. Three seeds.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.vocab import Corpus
from helpers.data.world import sample_corpus, world_grammar
from helpers.models.gpt_bert import GPT, Sizes, excess_loss, new_model, train_gpt

STEPS, TEST = 300, 60
COPIES = (0, 2, 8, 32)
WHOSE = ("test", "others")
COLUMNS = ["arm", "copies", "seed", "excess_test", "error_test", "excess_fresh", "error_fresh"]
KEYS = [(whose, copies, seed) for whose, copies, seed in product(WHOSE, COPIES, range(3)) if copies or whose == "test"]


def with_copies(corpus, copied, times):
    """Put each sentence of `copied` `times` times in the place of the corpus' last sentences."""
    if not times:
        return corpus
    kept = len(corpus.starts) - 1 - times * (len(copied.starts) - 1)
    tokens = np.concatenate([corpus.tokens[: corpus.starts[kept]], np.tile(copied.tokens, times)])
    lengths = np.concatenate([np.diff(corpus.starts)[:kept], np.tile(np.diff(copied.starts), times)])
    return Corpus(tokens, np.cumsum([0, *lengths]))


def rows_of(arm, copies, seed):
    """Train one GPT; return one row."""
    torch.set_num_threads(1)
    world, rng = world_grammar(), np.random.default_rng([8, seed])
    corpus, test, others, fresh = (sample_corpus(world, n, rng) for n in (16 * STEPS, TEST, TEST, 2000))
    corpus = with_copies(corpus, test if arm == "test" else others, copies)
    model = new_model(GPT, Sizes(len(world.vocab), D=64, layers=1, heads=4, T_max=40), seed=seed)
    train_gpt(model, corpus, np.random.default_rng(seed), STEPS)
    return [(*excess_loss(model.eval(), world, test), *excess_loss(model, world, fresh))]


if __name__ == "__main__":
    make_table("contaminated_test", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
