"""What the model gives an output that is there already: was it the search that missed it, or the model?"""

import numpy as np

from helpers.core.checks import check_indices, check_integer
from helpers.decoding.hypotheses import check_alpha, make_hypothesis
from helpers.decoding.model import next_log_probs
from helpers.decoding.state import count_rows, select_rows


def score_of(step, state, start, outputs, alpha=1.0):
    """log P(y | source) = Σ_t log P(y_t | y_1 … y_{t−1}, source), by teacher forcing.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.model`.
    state : nest
        What the model knows before `<start>`, a row for each of B sources.
    start : int
        The token `<start>`.
    outputs : sequence of B sequences of int
        For each source its tokens, at least one: without `<start>`, and with `<end>` if the output has ended.
    alpha : float
        The exponent of the score, log P / length^α.

    Returns
    -------
    list of Hypothesis
        One for each source.

    Raises
    ------
    ValueError
        When there is not one output for each source, an output is empty or has an unknown token, or the model gives no
        log-probabilities.
    """
    check_integer("start", start, least=0)
    check_alpha(alpha)
    lengths = np.array([len(output) for output in outputs], int)
    if len(lengths) != count_rows(state) or not lengths.all():
        wanted = f"expected {count_rows(state)} sources, each with at least one token"
        raise ValueError(f"outputs have lengths {lengths.tolist()}, {wanted}")
    log_prob = np.zeros(len(lengths))
    sources, tokens = np.arange(len(lengths)), np.full(len(lengths), start)
    for t in range(lengths.max()):
        (rows,) = np.nonzero(lengths[sources] > t)
        sources, tokens = sources[rows], tokens[rows]
        log_probs, state = next_log_probs(step, tokens, select_rows(state, rows))
        tokens = np.array([outputs[source][t] for source in sources])
        check_indices("outputs", tokens, log_probs.shape[1])
        log_prob[sources] += log_probs[np.arange(len(tokens)), tokens]
    return [make_hypothesis(*each, alpha) for each in zip(outputs, log_prob, strict=True)]


def is_search_error(found, truth):
    """Whether the model itself prefers the truth to what was found: a better search would have found something else.

    Where the output is wrong and this is False, the error is the model's: it prefers what was found.

    Parameters
    ----------
    found, truth : Hypothesis
        With scores of the same exponent; the truth's is from `score_of`.
    """
    return found.tokens != truth.tokens and truth.score > found.score
