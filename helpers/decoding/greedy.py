"""One token at a time: following any choice of the next token, and the greedy one."""

import numpy as np

from helpers.decoding.hypotheses import check_alpha, make_hypothesis
from helpers.decoding.interface import check_search, count_rows, next_log_probs, select_rows


def follow(step, state, start, end, max_length, choose, alpha=1.0):
    """Choose a token, read it, choose the next, until `<end>` or `max_length`.

    Parameters
    ----------
    step : function
        The model, see `helpers.decoding.interface`.
    state : nest
        What the model knows before `<start>`, a row for each of B sources.
    start, end : int
        The tokens `<start>` and `<end>`; an `end` of −1 never comes.
    max_length : int
        Tokens to generate at most, `<end>` included.
    choose : function
        log_probs (N, V) -> tokens (N,).
    alpha : float
        The exponent of the score.

    Returns
    -------
    list of list of Hypothesis
        For each source one hypothesis.

    Raises
    ------
    ValueError
        When the sizes are impossible, or the model gives no log-probabilities.
    """
    start, end, max_length = check_search(start, end, max_length)
    check_alpha(alpha, max_length)
    B = count_rows(state)
    outputs, log_prob = [[] for _ in range(B)], np.zeros(B)
    sources, tokens = np.arange(B), np.full(B, start)  # of the outputs that are still open
    for _ in range(max_length):
        log_probs, state = next_log_probs(step, tokens, state)
        tokens = choose(log_probs)
        log_prob[sources] += log_probs[np.arange(len(tokens)), tokens]
        for source, token in zip(sources, tokens, strict=True):
            outputs[source].append(token)
        (still_open,) = np.nonzero(tokens != end)
        if not len(still_open):
            break
        if len(still_open) < len(tokens):
            sources, tokens, state = sources[still_open], tokens[still_open], select_rows(state, still_open)
    return [[make_hypothesis(*output, alpha)] for output in zip(outputs, log_prob, strict=True)]


def greedy(step, state, start, end, max_length, alpha=1.0):
    """y_t = argmax P(y | y_1 … y_{t−1}, source); of equal ones the lowest token.

    The most probable token at each step does not make the most probable sequence.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.interface`.
    state : nest
        What the model knows before `<start>`, a row for each of B sources.
    start, end : int
        The tokens `<start>` and `<end>`; an `end` of −1 never comes.
    max_length : int
        Tokens to generate at most, `<end>` included.
    alpha : float
        The exponent of the score, log P / length^α. It changes no token here.

    Returns
    -------
    list of list of Hypothesis
        For each source one hypothesis.

    Raises
    ------
    ValueError
        When the sizes are impossible, or the model gives no log-probabilities.
    """
    return follow(step, state, start, end, max_length, lambda log_probs: log_probs.argmax(axis=1), alpha)
