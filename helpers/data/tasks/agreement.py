"""The agreement task: the verb at the end agrees with the subject, and another noun may stand between the two."""

from typing import NamedTuple

import numpy as np

_NOUNS = {"dog": "sleeps", "dogs": "sleep", "cat": "sleeps", "cats": "sleep"}
AGREEMENT_WORDS = ("the", "dog", "dogs", "cat", "cats", "near", "sleeps", "sleep")


class AgreementSentences(NamedTuple):
    """Every sentence of the task, time first; the target of each word is the next one."""

    ids: np.ndarray  # (T, N) of int, indices into AGREEMENT_WORDS
    targets: np.ndarray  # (T, N) of int
    mask: np.ndarray  # (T, N) of bool, True = counts: False where a shorter sentence has ended


def agreement_sentences():
    """Return all 20 sentences: "the dogs sleep", "the dogs near the cat sleep", and so on.

    After "the dogs near the cat", the word before the verb speaks for "sleeps" and the subject for "sleep": a model is
    right only if it remembers the subject.

    Returns
    -------
    AgreementSentences
        With T = 5 words before the last one.
    """
    short = [f"the {subject} {verb}" for subject, verb in _NOUNS.items()]
    long = [f"the {subject} near the {other} {verb}" for subject, verb in _NOUNS.items() for other in _NOUNS]
    sentences = [[AGREEMENT_WORDS.index(word) for word in sentence.split()] for sentence in short + long]
    T = max(map(len, sentences)) - 1
    ids, targets = np.zeros((2, T, len(sentences)), int)
    mask = np.zeros((T, len(sentences)), bool)
    for n, sentence in enumerate(sentences):
        steps = len(sentence) - 1
        ids[:steps, n], targets[:steps, n], mask[:steps, n] = sentence[:-1], sentence[1:], True
    return AgreementSentences(ids, targets, mask)
