"""Sentences about journeys, with the part that each word plays, and questions whose answer stands in the sentence."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.data.vocab import END, START, Corpus, decode_sentences, encode
from helpers.data.world import sample_corpus, world_grammar

TAGS = ("other", "traveller", "from", "to")
_AT_ONCE = 2000  # sentences about countries that are drawn together; one in 13 is about a journey
_VERB = {"travel", "travels", "travelled"}
# How a question is asked, in words of the small world, and which tag its answer has.
QUESTIONS = {"who ?": "traveller", "from ?": "from", "to ?": "to"}


class Journeys(NamedTuple):
    """Sentences such as "today the king travels from rome to oslo"."""

    corpus: Corpus
    tags: list  # of each sentence, the numbers of its words' tags in TAGS: ndarray (words,)


class Questions(NamedTuple):
    """`<start>` question `<end>` sentence `<end>`, and where in it the answer stands."""

    tokens: np.ndarray  # (T, N) of int32, time first, padding last
    mask: np.ndarray  # (T, N) of bool
    first: np.ndarray  # (N,) the place of the answer's first token
    last: np.ndarray  # (N,) and of its last


def sample_journeys(rng, N):
    """Draw N sentences about journeys, with the part of each word: who travels, from where, to where.

    The word alone does not tell the part of a place: every place is left as often as it is reached.

    Parameters
    ----------
    rng : numpy.random.Generator
    N : int

    Returns
    -------
    Journeys
    """
    check_integer("N", N)
    grammar, found = world_grammar("countries"), []
    while len(found) < N:
        texts = decode_sentences(grammar.vocab, sample_corpus(grammar, _AT_ONCE, rng))
        found += [words for words in map(str.split, texts) if _VERB & {*words}]
    found = found[:N]
    tokens = np.concatenate([encode(grammar.vocab, words) for words in found])
    return Journeys(Corpus(tokens, np.cumsum([0, *map(len, found)])), [_tags(words) for words in found])


def _tags(words):
    tags = np.zeros(len(words), int)
    verb = next(t for t, word in enumerate(words) if word in _VERB)
    end = verb - (words[verb - 1] == "will")
    tags[words.index("the") : end] = TAGS.index("traveller")
    tags[words.index("from", verb) + 1] = TAGS.index("from")
    tags[words.index("to", verb) + 1] = TAGS.index("to")
    return tags


def ask_questions(journeys, rng):
    """Put a question before each sentence: who travels, from where, or to where? The answer is a span of the sentence.

    Parameters
    ----------
    journeys : Journeys
    rng : numpy.random.Generator
        Draws the questions.

    Returns
    -------
    Questions
    """
    vocab, (tokens, starts) = world_grammar().vocab, journeys.corpus
    chosen = rng.integers(len(QUESTIONS), size=len(journeys.tags))
    rows, spans = [], []
    for n, (tags, number) in enumerate(zip(journeys.tags, chosen, strict=True)):
        question, tag = [*QUESTIONS.items()][number]
        before = [START, *encode(vocab, question.split()), END]
        rows.append([*before, *tokens[starts[n] : starts[n + 1]], END])
        there = len(before) + np.flatnonzero(tags == TAGS.index(tag))
        spans.append((there[0], there[-1]))
    lengths = np.array([*map(len, rows)])
    mask = np.arange(lengths.max())[:, None] < lengths
    padded = np.zeros(mask.shape, np.int32)
    padded.T[mask.T] = np.concatenate(rows)
    first, last = np.array(spans).T
    return Questions(padded, mask, first, last)
