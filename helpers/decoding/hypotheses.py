"""Hypotheses, their scores and the normalisation by length; and whether a search missed a better output."""

import math
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_indices, check_integer, check_number, check_positive
from helpers.decoding.interface import count_rows, next_log_probs, select_rows


class Hypothesis(NamedTuple):
    """An output of the model for one source."""

    tokens: tuple[int, ...]  # what was generated: without `<start>`, with `<end>` if it came
    log_prob: float  # log P(tokens | source), nats
    score: float  # log_prob / length**alpha


def length_score(log_prob, length, alpha):
    """log P / length^α, by which hypotheses of different lengths are compared.

    Every further token makes log P fall, so with α = 0 short outputs win. log P is negative: dividing it by a larger
    number brings it nearer to 0, so α > 0 favours longer outputs. With α = 1 it is the mean over the tokens, and
    α < 0 favours shorter ones still.

    Parameters
    ----------
    log_prob : float or ndarray
        Nats, at most 0.
    length : int
        The generated tokens, `<end>` included.
    alpha : float

    Raises
    ------
    ValueError
        When length^α does not fit into a float.

    References
    ----------
    Wu et al. 2016, "Google's Neural Machine Translation System", https://arxiv.org/abs/1609.08144, section 7, has
    another penalty with the same purpose.
    """
    check_alpha(alpha, length)
    return log_prob / float(length) ** float(alpha)


def best_reachable(log_prob, length, max_length, alpha):
    """The highest score that a hypothesis of `length` tokens, still open, may yet end with.

    Going on, its log P can only fall, so the best it can hope for is to keep it, with tokens of probability 1 up to
    its end. What length would then be best? As log P ≤ 0, log P / L^α rises with L for α > 0, and falls for α < 0. So
    the bound is reached at `max_length` for α > 0, and at the very next token for α < 0; for α = 0 it is log P itself.
    """
    best_length = max_length if alpha > 0 else length + 1
    return length_score(log_prob, best_length, alpha)


def make_hypothesis(tokens, log_prob, alpha):
    """Close a sequence of tokens: a `Hypothesis` with its score."""
    tokens = tuple(int(token) for token in tokens)
    return Hypothesis(tokens, float(log_prob), float(length_score(log_prob, len(tokens), alpha)))


def best_first(hypotheses, count=None):
    """Sort by score, keep the best `count`; equal scores in a fixed order, the shorter and then the lower tokens first.

    Returns
    -------
    list of Hypothesis
    """
    return sorted(hypotheses, key=lambda each: (-each.score, len(each.tokens), each.tokens))[:count]


def without_end(tokens, end):
    """The tokens before `<end>`."""
    tokens = tuple(as_list("tokens", tokens))
    return tokens[: tokens.index(end)] if end in tokens else tokens


_LARGEST_LOG = 600.0  # ln of the largest length^α: what is divided by it keeps its digits


def check_alpha(alpha, length=1):
    """Refuse an exponent that is not finite, or one for which length^α or its inverse does not fit into a float.

    Parameters
    ----------
    alpha : float
    length : int
        The longest that may come.

    Raises
    ------
    ValueError
    """
    check_number("alpha", alpha)
    check_positive("length", length)
    if abs(alpha) * math.log(length) > _LARGEST_LOG:
        most = _LARGEST_LOG / math.log(length)
        raise ValueError(f"alpha is {alpha}, expected at most ±{most:.3g}: {length}^alpha does not fit into a float")


def score_of(step, state, start, outputs, alpha=1.0):
    """log P(y | source) = Σ_t log P(y_t | y_1 … y_{t−1}, source), by teacher forcing.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.interface`.
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
    start = check_integer("start", start, least=0)
    if not all(hasattr(each, "__len__") for each in (outputs, *(outputs if hasattr(outputs, "__len__") else ()))):
        raise ValueError(f"outputs is {outputs!r}, expected a sequence of tokens for each source")
    lengths = np.array([len(output) for output in outputs], int)
    if len(lengths) != count_rows(state) or not lengths.all():
        wanted = f"expected {count_rows(state)} sources, each with at least one token"
        raise ValueError(f"outputs have lengths {lengths.tolist()}, {wanted}")
    check_alpha(alpha, int(lengths.max()))
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
