"""The most probable path of a target through its lattice: which symbol is said at which frame."""

import numpy as np

from helpers.core.checks import check_indices
from helpers.core.ctc_paths import check_log_y, frames_needed, with_blanks


def ctc_alignment(log_y, target, blank=0):
    """argmax Π_t y_t(path_t) over the paths that say the target: the forward variable with max in place of the sum.

    Parameters
    ----------
    log_y : ndarray (T, V)
        Log-probabilities of the symbols at every frame.
    target : sequence of int (U,)
        Without blanks.
    blank : int

    Returns
    -------
    states : ndarray of int64 (T,)
        The state at every frame: an even one is a blank, and 2u + 1 says letter u.
    log_prob : float
        log P(path), at most log P(target).

    Raises
    ------
    ValueError
        When no path says the target, shapes do not fit, or the target has a blank or an unknown symbol.

    References
    ----------
    Viterbi 1967, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm",
    https://doi.org/10.1109/TIT.1967.1054010
    """
    T, V = check_log_y(log_y, blank)
    labels = with_blanks(target, blank)
    check_indices("target", labels, V)
    S, needed = len(labels), frames_needed(target)
    if not T or needed > T:
        raise ValueError(f"the target needs {max(needed, 1)} frames, and log_y has {T}")
    may_skip = np.append([False, False], labels[2:] != labels[:-2])[:S]
    best = np.full(S + 2, -np.inf)  # log of the best path into each state; two states before the first
    best[2] = 0
    steps = np.zeros((T, S), np.int64)  # by how many states the best path came
    for t in range(T):
        came = np.stack([best[2:], best[1:-1], np.where(may_skip, best[:-2], -np.inf)])
        steps[t] = came.argmax(axis=0)
        best[2:] = came.max(axis=0) + log_y[t, labels]
    states = np.empty(T, np.int64)
    state = S - 1 if S == 1 or best[-1] >= best[-2] else S - 2
    log_prob = float(best[2 + state])
    if np.isneginf(log_prob):
        raise ValueError("no path that says the target has a probability above 0")
    for t in reversed(range(T)):
        states[t] = state
        state -= steps[t, state]
    return states, log_prob
