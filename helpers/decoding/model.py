"""The one interface between a model and the search.

A model is a function ``step(tokens, state) -> log_probs, state``. It reads one more token of each of N hypotheses and
gives the log-probabilities of what comes next. `tokens` is an array of int64 (N,), `log_probs` a NumPy array or a
torch tensor (N, V), and `state` a nest (see `helpers.decoding.state`). What a step gives for one row must not depend
on the other rows.
"""

import numpy as np

from helpers.core.checks import check_integer, check_shape

ABOVE_ZERO = 1e-3  # what rounding may add to log 1: more of it shows that these are no log-probabilities


def next_log_probs(step, tokens, state):
    """Let the model read one token of each hypothesis.

    Returns
    -------
    log_probs : ndarray (N, V)
        At most 0. −inf stands for a token that is impossible here.
    state : nest

    Raises
    ------
    ValueError
        When the shape is another, or a row holds NaN, a number above 0, or nothing but −inf. Whether the
        probabilities sum to 1 is not checked: it would cost as much as the search.
    """
    log_probs, state = step(tokens, state)
    if hasattr(log_probs, "detach"):  # a tensor
        log_probs = log_probs.detach().cpu().numpy()
    check_shape("log_probs", log_probs, "N V", N=len(tokens))
    largest = log_probs.max(axis=1)  # NaN where the row holds one
    if not (largest <= ABOVE_ZERO).all() or np.isneginf(largest).any():
        wrong = largest[~((largest <= ABOVE_ZERO) & np.isfinite(largest))][0]
        raise ValueError(f"the largest of a row of log_probs is {wrong}, expected at most 0, and above −inf")
    return (np.minimum(log_probs, 0) if largest.max() > 0 else log_probs), state


def check_search(start, end, max_length):
    """Refuse a search that cannot begin or that never ends.

    Raises
    ------
    ValueError
    """
    check_integer("start", start, least=0)
    check_integer("end", end, least=-1)
    check_integer("max_length", max_length)
