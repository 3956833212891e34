"""A jump that the measure makes: each token gets better evenly, and whole answers seem to come from nowhere."""

import numpy as np

from helpers.core.checks import as_array, as_floats, as_list, check_indices, check_integer, check_shape
from helpers.data.vocab import Corpus, sentence_numbers
from helpers.data.world import token_log_probabilities


def all_tokens_right(p, L):
    """p^L: the probability that all L tokens of an answer are right, if each is with p, whatever the others are.

    Parameters
    ----------
    p : float or ndarray
        From 0 to 1.
    L : int

    Raises
    ------
    ValueError
        When a number is out of range.
    """
    p = as_floats("p", p)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p spans {p.min()} to {p.max()}, expected probabilities")
    return p ** check_integer("L", L)


def first_tokens_right(grammar, outputs, most=12):
    """The share of outputs whose first n tokens can all be said, for n = 1 … most; of a shorter one, all of it.

    Parameters
    ----------
    grammar : Grammar
    outputs : list of array of int
        The tokens of each, without `<start>` and `<end>`.
    most : int

    Returns
    -------
    ndarray (most,)

    Raises
    ------
    ValueError
        When there is no output, or a token is not in the vocabulary.
    """
    outputs = [as_array("output", output) for output in as_list("outputs", outputs)]
    for output in outputs:
        check_shape("output", output, "tokens")
        if len(output):
            check_indices("output", output, len(grammar.vocab))
    if not outputs:
        raise ValueError("outputs is empty, expected at least one")
    most, lengths = check_integer("most", most), np.array([len(output) for output in outputs])
    made = Corpus(np.concatenate(outputs).astype(np.int32), np.cumsum([0, *lengths]))
    log_p, ends = token_log_probabilities(grammar, made)
    right = np.bincount(sentence_numbers(made), np.isfinite(log_p), minlength=len(outputs))
    whole = np.isfinite(ends) & (right == lengths)
    return np.array([(whole | (right >= n)).mean() for n in range(1, most + 1)])
