"""Drawing outputs at random, and three ways to make the improbable less probable, or impossible."""

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_positive, check_shape, is_number
from helpers.core.numerics import log_softmax, softmax
from helpers.decoding.greedy import follow
from helpers.decoding.interface import ABOVE_ZERO


def temperature(log_probs, T):
    """log softmax(log P / T): T < 1 sharpens the distribution, T > 1 flattens it, T = 1 leaves it as it is.

    Parameters
    ----------
    log_probs : ndarray (..., V)
        −inf stands for an impossible token, and stays.
    T : float
        Above 0. Towards 0 it becomes greedy search.

    Returns
    -------
    ndarray
        The shape and dtype of log_probs; probabilities that sum to 1.

    Raises
    ------
    ValueError
        When log_probs are no floats or hold NaN or +inf, T is not above 0, or so small that log P / T overflows.
    """
    _check_log_probs(log_probs)
    check_positive("T", T)
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return log_softmax((log_probs - log_probs.max(axis=-1, keepdims=True)) / float(T))
    except FloatingPointError as error:
        raise ValueError(f"T is {T}: log P / T does not fit into {log_probs.dtype} ({error})") from None


def top_k(log_probs, k):
    """Leave the k most probable tokens, and share the rest of the probability among them in proportion.

    Parameters
    ----------
    log_probs : ndarray (..., V)
    k : int
        Of equally probable tokens the lower come first.

    Returns
    -------
    ndarray
        The shape and dtype of log_probs, −inf for the others.

    Raises
    ------
    ValueError
        When log_probs are no floats, or k is no integer above 0.

    References
    ----------
    Fan, Lewis and Dauphin 2018, "Hierarchical Neural Story Generation", https://arxiv.org/abs/1805.04833
    """
    _check_log_probs(log_probs)
    k = check_integer("k", k)
    return _keep_best(log_probs, np.arange(log_probs.shape[-1]) < k)


def top_p(log_probs, p):
    """Nucleus: leave the smallest set of most probable tokens that has probability p or more.

    Parameters
    ----------
    log_probs : ndarray (..., V)
    p : float
        Above 0 and at most 1. Of equally probable tokens the lower come first.

    Returns
    -------
    ndarray
        The shape and dtype of log_probs, −inf for the others; probabilities that sum to 1.

    Raises
    ------
    ValueError
        When log_probs are no floats, or p is not above 0 and at most 1.

    References
    ----------
    Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", https://arxiv.org/abs/1904.09751
    """
    _check_log_probs(log_probs)
    if not is_number(p) or not 0 < p <= 1:
        raise ValueError(f"p is {p}, expected a number above 0 and at most 1")
    if p == 1:  # where a sum of many numbers may reach 1 too early
        return log_softmax(log_probs)
    probs = softmax(log_probs.astype(np.float64))
    sums = np.cumsum(-np.sort(-probs, axis=-1), axis=-1)  # (..., V), the most probable first
    before = np.concatenate([np.zeros_like(sums[..., :1]), sums[..., :-1]], axis=-1)
    return _keep_best(log_probs, before < p)  # a token is needed as long as those before it do not reach p


def sample_outputs(step, state, start, end, max_length, rng, T=1.0, k=None, p=None, alpha=1.0):
    """y_t ~ P(y | y_1 … y_{t−1}, source), an output at random for each source.

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
    rng : numpy.random.Generator
        All sources draw from it in turn.
    T, k, p : optional
        Change the distribution by `temperature`, then by `top_k`, then by `top_p`.
    alpha : float
        The exponent of the score, log P / length^α.

    Returns
    -------
    list of list of Hypothesis
        For each source one hypothesis. Its log_prob is what the model gives it, not the changed distribution.

    Raises
    ------
    ValueError
        When sizes are impossible, or the model gives no log-probabilities.
    """

    def choose(log_probs):
        log_probs = temperature(log_probs, T)
        log_probs = log_probs if k is None else top_k(log_probs, k)
        return sample_tokens(rng, log_probs if p is None else top_p(log_probs, p))

    return follow(step, state, start, end, max_length, choose, alpha)


def sample_tokens(rng, log_probs):
    """A token (N,) from each row of log_probs (N, V): the first at which the summed probability passes u ~ U(0, 1).

    It raises a ValueError when a row holds NaN or +inf, or has no possible token.
    """
    _check_log_probs(log_probs)
    check_shape("log_probs", log_probs, "N V")
    if (largest := log_probs.max(initial=0)) > ABOVE_ZERO:
        raise ValueError(f"the largest of log_probs is {largest}, expected at most 0")
    sums = np.cumsum(np.exp(log_probs.astype(np.float64)), axis=1)
    u = rng.random((len(sums), 1)) * sums[:, -1:]  # below the last sum, whatever rounding made of it
    return (sums > u).argmax(axis=1)


def _keep_best(log_probs, mask):
    """Renormalise with −inf wherever `mask` (..., V), over the tokens from most to least probable, is False."""
    order = np.argsort(-log_probs, axis=-1, kind="stable")
    kept = np.zeros(log_probs.shape, bool)
    np.put_along_axis(kept, order, np.broadcast_to(mask, log_probs.shape), axis=-1)
    return log_softmax(np.where(kept, log_probs, log_probs.dtype.type(-np.inf)))


def _check_log_probs(log_probs):
    check_floats(log_probs=log_probs)
    *_, V = check_shape("log_probs", log_probs, "... V")
    check_integer("V", V)
    largest = log_probs.max(axis=-1)  # NaN where the row holds one
    if not ((largest > -np.inf) & (largest < np.inf)).all():
        wrong = "NaN, with +inf or with nothing but −inf"
        raise ValueError(f"log_probs has a row with {wrong}, expected a possible token in each")
