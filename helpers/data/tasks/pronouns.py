"""A memory task from the known language: which pronoun follows the comma of a sentence, he, she or they?"""

from typing import NamedTuple

import numpy as np

from helpers.data.batches import pad
from helpers.data.vocab import decode, encode
from helpers.data.world.grammar import sample_corpus

PRONOUNS = ("he", "she", "they")


class PronounQuestions(NamedTuple):
    """Sentences side by side, time first, with one question each, asked when the comma has been read."""

    words: np.ndarray  # (D,) of str, the words that occur, `<pad>` among them
    ids: np.ndarray  # (T, N) of int, indices into words
    targets: np.ndarray  # (T, N) of int, indices into PRONOUNS; 0 where nothing is asked
    asked: np.ndarray  # (T, N) of bool, True at the comma


def pronoun_questions(grammar, sentences, rng):
    """Draw sentences and keep those that go on after a comma with a pronoun, as "the king does not …, he …" does.

    The pronoun agrees with the subject, which stands near the beginning, so a model must remember the subject.

    Parameters
    ----------
    grammar : Grammar
        Of the topic "people", where such sentences are.
    sentences : int
        How many are drawn; about one in thirty of that topic is kept.
    rng : numpy.random.Generator

    Returns
    -------
    PronounQuestions

    Raises
    ------
    ValueError
        When none of the sentences goes on like that.
    """
    corpus = sample_corpus(grammar, sentences, rng)
    tokens, _ = pad(corpus, np.arange(sentences))
    comma, *pronouns = encode(grammar.vocab, [",", *PRONOUNS])
    asked = np.zeros(tokens.shape, bool)
    asked[:-1] = (tokens[:-1] == comma) & np.isin(tokens[1:], pronouns)
    kept = asked.any(axis=0)
    if not kept.any():
        raise ValueError(f"none of {sentences} sentences has a comma and a pronoun after it, expected at least one")
    tokens, asked = tokens[:, kept], asked[:, kept]
    following = np.roll(tokens, -1, axis=0)
    targets = np.where(asked, (following[..., None] == pronouns).argmax(axis=-1), 0)
    known, ids = np.unique(tokens, return_inverse=True)
    return PronounQuestions(decode(grammar.vocab, known), ids.reshape(tokens.shape), targets, asked)
