"""Exhaustive search: every output there is."""

from typing import NamedTuple

import numpy as np

from helpers.decoding.hypotheses import best_first, check_alpha, make_hypothesis
from helpers.decoding.interface import check_search, count_rows, next_log_probs, select_rows

_MOST = 1_000_000  # outputs that are open at once


class _OpenOutput(NamedTuple):
    """An output that has not ended."""

    source: int
    tokens: tuple[int, ...]
    log_prob: float


def exhaustive_search(step, state, start, end, max_length, alpha=1.0):
    """Follow every token of every output, and rank them all by log P / length^α.

    There are about V^max_length outputs, so this is for small vocabularies and short outputs: to see what the other
    searches miss.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.interface`.
    state : nest
        What the model knows before `<start>`, a row for each of B sources.
    start, end : int
        The tokens `<start>` and `<end>`; an `end` of −1 never comes.
    max_length : int
        Tokens to generate at most, `<end>` included; outputs that are still open then count as finished.
    alpha : float
        The exponent of the score.

    Returns
    -------
    list of list of Hypothesis
        For each source all outputs whose probability is not 0, best first.

    Raises
    ------
    ValueError
        When the sizes are impossible, the model gives no log-probabilities, or there are over a million open outputs.
    """
    start, end, max_length = check_search(start, end, max_length)
    check_alpha(alpha, max_length)
    outputs = [_OpenOutput(source, (), 0.0) for source in range(count_rows(state))]
    finished = [[] for _ in outputs]
    tokens = np.full(len(outputs), start)
    for length in range(1, max_length + 1):
        log_probs, state = next_log_probs(step, tokens, state)
        rows, chosen = np.nonzero(log_probs > -np.inf)
        if len(rows) > _MOST:
            raise ValueError(f"there are {len(rows)} outputs of {length} tokens, expected at most {_MOST}")
        outputs = [_extend(outputs[row], token, log_probs[row, token]) for row, token in zip(rows, chosen, strict=True)]
        done = (chosen == end) | (length == max_length)
        for number in np.flatnonzero(done):
            source, output, log_prob = outputs[number]
            finished[source].append(make_hypothesis(output, log_prob, alpha))
        outputs = [outputs[number] for number in np.flatnonzero(~done)]
        if not outputs:
            break
        tokens, state = chosen[~done], select_rows(state, rows[~done])
    return [best_first(hypotheses) for hypotheses in finished]


def _extend(output, token, log_prob):
    return _OpenOutput(output.source, (*output.tokens, int(token)), output.log_prob + float(log_prob))
