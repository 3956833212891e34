"""Texts that list pairs of one relation of the small world, "france paris , italy rome": the examples are the task."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.data.vocab import Corpus, encode
from helpers.data.world.relations import RELATIONS
from helpers.data.world.topics import world_grammar

# From the same word several tasks are possible, so that only the examples tell which is meant.
LISTED = {
    "country": ("country - capital", "country - language", "country - dish"),
    "animal": ("animal - young", "animal - sound", "animal - home"),
}


class Prompt(NamedTuple):
    """Examples, a word that is asked about, and the answer."""

    words: list  # of str: "france", "paris", ",", …, "italy"
    answer: str
    others: list  # the answers to the same word in the other relations


def pair_lists(rng, N, pairs=5, without=()):
    """Draw N texts, each with `pairs` different pairs of one relation, a comma between two.

    Parameters
    ----------
    rng : numpy.random.Generator
    N, pairs : int
    without : collection of str
        Words about which no list says anything; the sentences of the world do.

    Returns
    -------
    Corpus
    """
    check_integer("N", N)
    check_integer("pairs", pairs)
    known = {name: [pair for pair in RELATIONS[name] if pair[0] not in without] for name in _names()}
    texts = []
    for number in rng.integers(len(known), size=N):
        table = known[_names()[number]]
        texts.append(_listed([table[n] for n in rng.permutation(len(table))[:pairs]]))
    ids = encode(world_grammar().vocab, [word for text in texts for word in text])
    return Corpus(ids, np.cumsum([0, *map(len, texts)]))


def prompts(rng, examples, asked, without=()):
    """Make a prompt for every relation of every word asked about: `examples` pairs of others, then the word.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the examples, none of which is about a word in `asked`.
    examples : int
        0 gives the word alone.
    asked : collection of str
        Such as those that `pair_lists` was to leave out.
    without : collection of str
        Words that are in no example either.

    Returns
    -------
    list of Prompt
    """
    check_integer("examples", examples, least=0)
    made = []
    for names in LISTED.values():
        answers = {name: dict(RELATIONS[name]) for name in names}
        for word in (word for word in answers[names[0]] if word in asked):
            for name in names:
                table = [pair for pair in RELATIONS[name] if pair[0] not in {*asked, *without}]
                shown = [table[n] for n in rng.permutation(len(table))[:examples]]
                text = [*_listed(shown), ","] * bool(shown) + [word]
                others = [answers[other][word] for other in names if other != name]
                made.append(Prompt(text, answers[name][word], others))
    return made


def _names():
    return [name for names in LISTED.values() for name in names]


def _listed(pairs):
    words = [word for pair in pairs for word in (*pair, ",")]
    return words[:-1]
