"""Pairs of sentences for next-sentence prediction: the second of a text about one thing, or of another text.

The sentences of the known language are independent of each other, so nothing follows from one but what it is about.
A text is therefore a run of sentences about one thing of the small world: a king, an owl, a country, a tool. The true
next sentence is another one about the same thing, a false one is about something else. In BERT's own training too,
the false one came from another document and could be recognised by its subject.
"""

from itertools import count
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_finite, check_shape
from helpers.data.batches import pad
from helpers.data.vocab import PAD, check_corpus, sentence_numbers
from helpers.data.world.relations import ROWS


class SentencePairs(NamedTuple):
    """Numbers of sentences, and whether the second belongs to the first."""

    first: np.ndarray  # (N,)
    second: np.ndarray  # (N,)
    is_next: np.ndarray  # (N,) of bool


class TwoSentences(NamedTuple):
    """`<start>` first `<end>` second `<end>`, side by side, time first."""

    tokens: np.ndarray  # (T, B) of int32
    mask: np.ndarray  # (T, B) of bool, True where a token is
    segments: np.ndarray  # (T, B) of int32, 0 up to and with the first `<end>`, then 1


def about_what(vocab, corpus):
    """The number of the thing that each sentence is about, (sentences,): that of its first word with a number, or −1.

    Words that stand in one row of the tables of `helpers.data.world.words`, such as king, queen and palace, have one
    number.
    """
    numbers = {}
    counter = count()
    of_word = np.full(len(vocab), -1)
    for word, row in ROWS.items():
        if row not in numbers:
            numbers[row] = next(counter)
        if word in vocab:
            of_word[vocab.ids[word]] = numbers[row]
    check_corpus(corpus, len(vocab))
    things = of_word[corpus.tokens]
    named = np.flatnonzero(things >= 0)
    sentences, at = np.unique(sentence_numbers(corpus)[named], return_index=True)
    about = np.full(len(corpus.starts) - 1, -1)
    about[sentences] = things[named[at]]
    return about


def next_sentence_pairs(about, rng):
    """Give every sentence that is about something a second one: with p = ½ about the same, else about something else.

    Parameters
    ----------
    about : ndarray of int (sentences,)
        From `about_what`.
    rng : numpy.random.Generator

    Returns
    -------
    SentencePairs
        In random order; things with a single sentence are left out.

    Raises
    ------
    ValueError
        When fewer than two things have two sentences or more.
    """
    check_shape("about", about, "sentences")
    check_finite("about", about)
    order = rng.permutation(len(about))
    order = order[np.argsort(np.asarray(about)[order], kind="stable")]  # thing by thing, in random order within
    thing = np.asarray(about)[order]
    _, group, sizes = np.unique(thing, return_inverse=True, return_counts=True)
    kept = (thing >= 0) & (sizes[group] > 1)
    order, thing = order[kept], thing[kept]
    things, group, sizes = np.unique(thing, return_inverse=True, return_counts=True)
    if len(things) < 2:
        raise ValueError(f"{len(things)} things have two sentences or more, expected at least two")
    N, starts, place = len(order), (np.cumsum(sizes) - sizes)[group], np.arange(len(order))
    size = sizes[group]
    same = starts + (place - starts + rng.integers(1, size)) % size  # any sentence of the group but this one
    other = (starts + size + rng.integers(N - size)) % N  # any that is not in the group
    is_next = rng.random(N) < 0.5
    mixed = rng.permutation(N)
    second = order[np.where(is_next, same, other)]
    return SentencePairs(order[mixed], second[mixed], is_next[mixed])


def pad_two(corpus, first, second):
    """Stand pairs of sentences side by side: `<start>` first `<end>` second `<end>`.

    Parameters
    ----------
    corpus : Corpus
    first, second : ndarray of int (B,)
        Numbers of sentences.

    Returns
    -------
    TwoSentences

    Raises
    ------
    ValueError
        When the numbers are none of sentences.
    """
    (B,) = check_shape("first", first, "B")
    check_shape("second", second, "B", B=B)
    a, a_mask = pad(corpus, first, start=True, end=True)
    b, b_mask = pad(corpus, second, end=True)
    a_lengths, b_lengths = a_mask.sum(axis=0), b_mask.sum(axis=0)
    T = (a_lengths + b_lengths).max()
    t = np.arange(T)[:, None]
    tokens = np.full((T, B), PAD, dtype=np.int32)
    tokens[: len(a)][a_mask] = a[a_mask]
    in_second = (t >= a_lengths) & (t < a_lengths + b_lengths)
    tokens.T[in_second.T] = b.T[b_mask.T]  # pair by pair, as the places are written
    return TwoSentences(tokens, t < a_lengths + b_lengths, in_second.astype(np.int32))
