"""The best split of a budget: how many weights, and how many tokens, for C = 6 N D operations."""

from typing import NamedTuple

from helpers.core.checks import check_positive


class SizeLaw(NamedTuple):
    """L(N, D) = floor + A / N^α + B / D^β, with N weights and D tokens, each read once."""

    floor: float
    A: float
    alpha: float
    B: float
    beta: float


class Split(NamedTuple):
    """A budget, split."""

    weights: float  # N
    tokens: float  # D


# Hoffmann et al. 2022, "Training Compute-Optimal Large Language Models", section 3.3, approach 3,
# https://arxiv.org/abs/2203.15556
CHINCHILLA = SizeLaw(1.69, 406.4, 0.34, 410.7, 0.28)
# The same runs, fitted again: Besiroglu et al. 2024, "Chinchilla Scaling: A replication attempt",
# https://arxiv.org/abs/2404.10102
CHINCHILLA_AGAIN = SizeLaw(1.8172, 482.01, 0.3478, 2085.43, 0.3658)

_PETAFLOP_DAY = 1e15 * 24 * 3600
_KAPLAN_WEIGHTS, _KAPLAN_EXPONENT = 1.3e9, 0.73


def size_law(law, weights, tokens):
    """L(N, D) = floor + A / N^α + B / D^β.

    Raises
    ------
    ValueError
        When a number is not above 0.
    """
    for name, value in {"weights": weights, "tokens": tokens, **law._asdict()}.items():
        check_positive(name, value)
    floor, A, alpha, B, beta = map(float, law)
    return floor + A * float(weights) ** -alpha + B * float(tokens) ** -beta


def best_split(law, operations):
    """The N and D with the smallest L(N, D) among all with 6 N D = C.

    Where the derivative is zero, α A N^−α = β B D^−β: so N = G (C / 6)^(β / (α + β)), G = (α A / β B)^(1 / (α + β)).

    Parameters
    ----------
    law : SizeLaw
    operations : float
        C.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        When a number is not above 0, or the split cannot be held by a float.

    References
    ----------
    Hoffmann et al. 2022, equation 4, https://arxiv.org/abs/2203.15556
    """
    for name, value in {"operations": operations, **law._asdict()}.items():
        check_positive(name, value)
    _, A, alpha, B, beta = map(float, law)
    pairs = float(operations) / 6
    try:
        weights = (alpha * A / (beta * B)) ** (1 / (alpha + beta)) * pairs ** (beta / (alpha + beta))
        return _as_split(weights, pairs)
    except (OverflowError, ZeroDivisionError):
        raise ValueError(f"law is {law}, whose best split for C = {operations} no float can hold") from None


def kaplan_split(operations):
    """N = 1.3 · 10⁹ C^0.73, with C in petaflop/s-days: most of a budget goes into the size, and D = C / 6 N.

    References
    ----------
    Kaplan et al. 2020, "Scaling Laws for Neural Language Models", appendix A, https://arxiv.org/abs/2001.08361
    """
    check_positive("operations", operations)
    weights = _KAPLAN_WEIGHTS * (float(operations) / _PETAFLOP_DAY) ** _KAPLAN_EXPONENT
    return _as_split(weights, float(operations) / 6)


def twenty_tokens_a_weight(operations):
    """D = 20 N, the rule of thumb that Chinchilla's own size stands for: N = √(C / 120).

    References
    ----------
    Hoffmann et al. 2022, table 3: 70 billion weights, 1.4 trillion tokens, https://arxiv.org/abs/2203.15556
    """
    check_positive("operations", operations)
    return _as_split((float(operations) / 120) ** 0.5, float(operations) / 6)


def _as_split(weights, pairs):
    if not 0 < weights < float("inf") or not pairs / weights < float("inf"):
        raise ValueError(f"the split has {weights} weights for {pairs} pairs, expected numbers that floats can hold")
    return Split(weights, pairs / weights)
