"""A memory task from the known language: which pronoun follows the comma of a sentence, he, she or they?"""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_choice, check_indices, check_shape
from helpers.data.batches import pad
from helpers.data.vocab import END, PAD, SPECIALS, decode, encode
from helpers.data.world.grammar import sample_corpus

PRONOUNS = ("he", "she", "they")


class PronounQuestions(NamedTuple):
    """Sentences side by side, time first, with one question each, asked when the comma has been read."""

    words: np.ndarray  # (D,) of str, the words that occur, `<pad>` among them
    ids: np.ndarray  # (T, N) of int, indices into words
    targets: np.ndarray  # (T, N) of int, indices into the pronouns; 0 where nothing is asked
    asked: np.ndarray  # (T, N) of bool, True at the comma


def pronoun_questions(grammar, sentences, rng, pronouns=PRONOUNS):
    """Draw sentences and keep those that go on after a comma with a pronoun, as "the king does not …, he …" does.

    The pronoun agrees with the subject, which stands near the beginning, so a model must remember the subject.

    Parameters
    ----------
    grammar : Grammar
        Of the topic "people", where such sentences are.
    sentences : int
        How many are drawn; about one in thirty of that topic is kept.
    rng : numpy.random.Generator
    pronouns : sequence of str
        Which answers are kept: all three, or two of them.

    Returns
    -------
    PronounQuestions

    Raises
    ------
    ValueError
        When none of the sentences goes on like that.
    """
    for pronoun in as_list("pronouns", pronouns):
        check_choice("pronoun", pronoun, PRONOUNS)
    corpus = sample_corpus(grammar, sentences, rng)
    tokens, _ = pad(corpus, np.arange(sentences))
    comma, *answers = encode(grammar.vocab, [",", *pronouns])
    asked = np.zeros(tokens.shape, bool)
    asked[:-1] = (tokens[:-1] == comma) & np.isin(tokens[1:], answers)
    kept = asked.any(axis=0)
    if not kept.any():
        raise ValueError(f"none of {sentences} sentences has a comma and a pronoun after it, expected at least one")
    tokens, asked = tokens[:, kept], asked[:, kept]
    following = np.roll(tokens, -1, axis=0)
    targets = np.where(asked, (following[..., None] == answers).argmax(axis=-1), 0)
    known, ids = np.unique(tokens, return_inverse=True)
    return PronounQuestions(decode(grammar.vocab, known), ids.reshape(tokens.shape), targets, asked)


def sentences_in_a_row(questions, rows):
    """Put some of the sentences one after the other, with `<end>` after each, as one text is read.

    Parameters
    ----------
    questions : PronounQuestions
        One sentence in each column.
    rows : ndarray of int (n, B)
        Which columns follow each other: B texts of n sentences.

    Returns
    -------
    PronounQuestions
        One text in each column, shorter ones padded. `<end>` is the last of its words.

    Raises
    ------
    ValueError
        When a row names a sentence that is not there, or there is none.
    """
    check_indices("rows", rows, questions.ids.shape[1])
    rows = np.asarray(rows)
    _, B = check_shape("rows", rows, "n B")
    if not rows.size:
        raise ValueError(f"rows has shape {rows.shape}, expected at least one sentence in each of at least one text")
    pad, end = list(questions.words).index(SPECIALS[PAD]), len(questions.words)
    lengths = (questions.ids != pad).sum(axis=0) + 1
    T = lengths[rows].sum(axis=0).max()
    ids, targets, asked = np.full((T, B), pad), np.zeros((T, B), int), np.zeros((T, B), bool)
    for b, row in enumerate(rows.T):
        start = 0
        for n in row:
            words = slice(lengths[n] - 1)
            place = slice(start, start + lengths[n] - 1)
            ids[place, b], targets[place, b] = questions.ids[words, n], questions.targets[words, n]
            asked[place, b] = questions.asked[words, n]
            start += lengths[n]
            ids[start - 1, b] = end
    return PronounQuestions(np.append(questions.words, SPECIALS[END]), ids, targets, asked)
