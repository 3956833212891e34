"""The lattice of CTC: all paths that say one target, summed in log space by forward and backward variables.

The states of the lattice are the target with a blank around each letter, S = 2U + 1 of them. A path is in one state at
every frame. It starts in one of the first two and ends in one of the last two; from frame to frame it stays, moves on
by one, or skips a blank that stands between two different letters.
"""

import numpy as np

from helpers.core.checks import check_floats, check_indices, check_shape
from helpers.core.ctc_paths import check_log_y, collapse, with_blanks
from helpers.core.numerics import logsumexp, softmax

_MOST_PATHS = 2_000_000
_ABOVE_ZERO = 1e-3  # what rounding may add to log 1


def ctc_alpha_step(log_alpha, log_y_t, labels):
    """α_t(s) = (α_{t−1}(s) + α_{t−1}(s−1) + α_{t−1}(s−2) where s may be skipped to) · y_t(label of s), in logarithms.

    State s may be skipped to where its label is not that of s − 2. Two blanks are equal, and so are repeated letters.

    Parameters
    ----------
    log_alpha : ndarray (S,)
        log α_{t−1}.
    log_y_t : ndarray (V,)
        The log-probability of each symbol at frame t.
    labels : ndarray of int (S,)
        The symbol of each state, from `with_blanks`.

    Returns
    -------
    ndarray (S,)
        log α_t.

    Raises
    ------
    ValueError
        When shapes do not fit, a label is no symbol, or a number is no log-probability.
    """
    labels = _check_step("log_alpha", log_alpha, log_y_t, labels)
    stay = log_alpha
    move = _shifted(log_alpha, 1)
    skip = np.where(_may_be_skipped_to(labels), _shifted(log_alpha, 2), -np.inf)
    return logsumexp(np.stack([stay, move, skip]), axis=0) + log_y_t[labels]


def ctc_beta_step(log_beta, log_y_t, labels):
    """β_{t−1}(s) = Σ over the states s' that follow s, which are s, s + 1 and perhaps s + 2, of β_t(s') · y_t(s').

    Parameters as for `ctc_alpha_step`: log β_t (S,) -> log β_{t−1} (S,).
    """
    labels = _check_step("log_beta", log_beta, log_y_t, labels)
    later = log_beta + log_y_t[labels]
    stay = later
    move = _shifted(later, -1)
    skip = _shifted(np.where(_may_be_skipped_to(labels), later, -np.inf), -2)
    return logsumexp(np.stack([stay, move, skip]), axis=0)


def ctc_log_alpha(log_y, target, blank=0):
    """log α_t(s): what all beginnings that are in state s at frame t have together, frame t included.

    Before the first frame everything is in the first blank, so that a path begins there or moves to the first letter.

    Parameters
    ----------
    log_y : ndarray (T, V)
        Log-probabilities of the symbols at every frame.
    target : sequence of int (U,)
        Without blanks; it may be empty.
    blank : int

    Returns
    -------
    ndarray (T, S)
        −inf where no beginning leads.

    Raises
    ------
    ValueError
        When shapes do not fit, the target has a blank or an unknown symbol, or a number is no log-probability.
    """
    labels = _check_lattice(log_y, target, blank)
    log_alpha = np.full((len(log_y), len(labels)), -np.inf, log_y.dtype)
    before = _first_state(labels, log_y.dtype)
    for t, log_y_t in enumerate(log_y):
        log_alpha[t] = before = ctc_alpha_step(before, log_y_t, labels)
    return log_alpha


def ctc_log_beta(log_y, target, blank=0):
    """log β_t(s): what all ends that come after state s at frame t have together, frame t not included.

    So α_t(s) β_t(s) is the probability of all paths that are in state s at frame t, and its sum over s is P(target) at
    every t. (The paper of 2006 counts y_t in both, and divides by it.) Parameters and result as for `ctc_log_alpha`.
    """
    labels = _check_lattice(log_y, target, blank)
    log_beta = np.full((len(log_y), len(labels)), -np.inf, log_y.dtype)
    log_beta[-1:, -2:] = 0  # a path may end in the last blank, or in the last letter
    for t in reversed(range(len(log_y) - 1)):
        log_beta[t] = ctc_beta_step(log_beta[t + 1], log_y[t + 1], labels)
    return log_beta


def ctc_log_prob(log_y, target, blank=0):
    """log P(target) = log (α_T(S − 1) + α_T(S)): all paths end in the last letter or in the blank after it.

    Parameters as for `ctc_log_alpha`. A float, in nats; −inf where no path says the target.
    """
    log_alpha = ctc_log_alpha(log_y, target, blank)
    if not len(log_y):  # before any frame the empty target is certain
        return 0.0 if len(target) == 0 else -np.inf
    return float(logsumexp(log_alpha[-1, -2:]))


def ctc_occupancy(log_y, target, blank=0):
    """γ_t(s) = α_t(s) β_t(s) / P(target): how probable it is to be in state s at frame t, given what was said.

    Parameters as for `ctc_log_alpha`.

    Returns
    -------
    ndarray (T, S)
        Each row sums to 1; it is 0 where no path says the target.
    """
    return softmax(ctc_log_alpha(log_y, target, blank) + ctc_log_beta(log_y, target, blank))


def ctc_posterior(log_y, target, blank=0):
    """posterior_t(k) = Σ of γ_t(s) over the states s whose label is k: what is said at frame t, knowing the target.

    Parameters as for `ctc_log_alpha`.

    Returns
    -------
    ndarray (T, V)
        Each row sums to 1; it is 0 where no path says the target.
    """
    gamma = ctc_occupancy(log_y, target, blank)
    posterior = np.zeros_like(log_y)
    for s, label in enumerate(with_blanks(target, blank)):
        posterior[:, label] += gamma[:, s]
    return posterior


def ctc_log_prob_by_enumeration(log_y, target, blank=0):
    """log P(target) = log Σ Π_t y_t(path_t) over every one of the V^T paths that collapses to the target.

    It says what CTC means, and takes so long that it is for a few frames. Parameters as for `ctc_log_alpha`.

    Raises
    ------
    ValueError
        As `ctc_log_alpha`; and when there are over two million paths.
    """
    _check_lattice(log_y, target, blank)
    T, V = log_y.shape
    if V**T > _MOST_PATHS:
        raise ValueError(f"log_y has {T} frames of {V} symbols, {V}^{T} paths, expected at most {_MOST_PATHS}")
    says = [path for path in np.ndindex(*[V] * T) if np.array_equal(collapse(path, blank), target)]
    if not says:
        return -np.inf
    return float(logsumexp(log_y[np.arange(T), np.array(says, int)].sum(axis=1)))


def _may_be_skipped_to(labels):
    """Say for each state whether a path may come from two states before: past a blank, between different letters."""
    differs = np.zeros(len(labels), bool)
    differs[2:] = labels[2:] != labels[:-2]  # never for a blank, which has a blank two states before
    return differs


def _shifted(x, places):
    """x[s − places], and −inf where there is none."""
    shifted = np.full_like(x, -np.inf)
    if places > 0:
        shifted[places:] = x[:-places]
    else:
        shifted[:places] = x[-places:]
    return shifted


def _first_state(labels, dtype):
    start = np.full(len(labels), -np.inf, dtype)
    start[0] = 0
    return start


def _check_step(name, variables, log_y_t, labels):
    check_floats(log_y_t=log_y_t, **{name: variables})
    (V,) = check_shape("log_y_t", log_y_t, "V")
    (S,) = check_shape("labels", labels, "S")
    check_shape(name, variables, "S", S=S)
    check_indices("labels", labels, V)
    _check_log_probs("log_y_t", log_y_t)
    _check_log_probs(name, variables)
    return np.asarray(labels)


def _check_lattice(log_y, target, blank):
    """The labels (S,) of the states."""
    _, V = check_log_y(log_y, blank)
    labels = with_blanks(target, blank)
    check_indices("target", labels, V)
    return labels


def _check_log_probs(name, array):
    """Refuse NaN, and numbers above 0 by more than rounding."""
    wrong = array.size - np.count_nonzero(array <= _ABOVE_ZERO)
    if wrong:
        largest = np.max(array)
        raise ValueError(f"{name} has {wrong} of {array.size} values that are no log-probabilities, such as {largest}")
