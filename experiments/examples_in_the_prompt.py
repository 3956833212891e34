"""Zero and few examples in the prompt: do examples tell a GPT which task is meant, and can it then do it?

The corpus of arm "lists" is half sentences of the small world and half lists of pairs of one relation, "france paris ,
italy rome"; in arm "other lists" the pairs of a list are of relations drawn anew for each pair, so that no pair tells
anything about the next. Some countries and animals stand in no list, only in sentences. The prompt: 0, 1, 2 or 4
examples, then one of those words. What comes next? Three seeds.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.tasks.lists_of_pairs import LISTED, pair_lists, prompts
from helpers.data.vocab import Corpus
from helpers.data.world import RELATIONS, sample_corpus, world_grammar
from helpers.models.gpt_bert import PretrainingRun, Sizes, gpt_next

HELD = {"france", "japan", "spain", "poland", "dog", "cow", "frog"}
TESTS = (0, 1, 2, 4)  # examples in the prompt
STEPS, MIDDLE, LAYERS = 1000, 5e-3, 2
COLUMNS = ["arm", "rate", "trained", "seed", "examples", "right", "right_held", "right_kind_held"]
ARMS = ("lists", "other lists")
KEYS = [
    *((arm, MIDDLE, STEPS, seed) for arm, seed in product(ARMS, range(3))),
]


def mixed_corpus(arm, N, rng):
    """Half sentences, half lists, shuffled."""
    sentences, lists = sample_corpus(world_grammar(), N // 2, rng), pair_lists(rng, N // 2, without=HELD)
    if arm == "other lists":
        lists = shuffled_pairs(lists, rng)
    texts = np.split(sentences.tokens, sentences.starts[1:-1]) + np.split(lists.tokens, lists.starts[1:-1])
    order = rng.permutation(len(texts))
    return Corpus(np.concatenate([texts[n] for n in order]), np.cumsum([0, *(len(texts[n]) for n in order)]))


def shuffled_pairs(lists, rng):
    """The same pairs, dealt out anew: which pairs stand together in a list is chance."""
    texts = lists.tokens.reshape(-1, 14)  # five pairs and four commas
    tokens = texts.copy()
    pairs = np.stack([texts[:, 0::3], texts[:, 1::3]], axis=-1).reshape(-1, 2)
    pairs = pairs[rng.permutation(len(pairs))].reshape(len(texts), 5, 2)
    tokens[:, 0::3], tokens[:, 1::3] = pairs[..., 0], pairs[..., 1]
    return Corpus(tokens.ravel(), lists.starts)


def rows_of(arm, rate, trained, seed):
    """Train one GPT; return a row for each number of examples.

    The share of prompts whose answer it finds most probable: about words that stand in lists, and about words that
    stand in sentences only; of these also how often the answer is of the right kind (a capital, where one is asked).
    """
    torch.set_num_threads(1)
    world = world_grammar()
    corpus = mixed_corpus(arm, 32 * trained, np.random.default_rng([4, seed]))
    sizes = Sizes(len(world.vocab), D=64, layers=LAYERS, heads=4, T_max=40)
    run = PretrainingRun("gpt", sizes, trained, seed=seed, rate=rate)
    model = run.new(world.vocab, corpus)
    run.train(model, world.vocab, corpus)
    kind_of = {b: name for names in LISTED.values() for name in names for _, b in RELATIONS[name]}
    rows, listed = [], {a for names in LISTED.values() for a, _ in RELATIONS[names[0]]} - HELD
    some = {*sorted(listed)[::3]}
    for examples in TESTS:
        right, kind = {}, {}
        for asked in (some, HELD):
            made = [each for draw in range(5) for each in prompts(np.random.default_rng(draw), examples, asked, HELD)]
            said = [world.vocab.tokens[gpt_next(model, world.vocab, each.words)[-1].argmax()] for each in made]
            pairs = [*zip(said, (each.answer for each in made), strict=True)]
            right[len(right)] = float(np.mean([a == b for a, b in pairs]))
            kind[len(kind)] = float(np.mean([kind_of.get(a) == kind_of[b] for a, b in pairs]))
        rows.append((examples, right[0], right[1], kind[1]))
    return rows


if __name__ == "__main__":
    make_table("examples_in_the_prompt", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
