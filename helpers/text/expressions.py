"""Expressions of what can be said: a str is its words, a tuple its parts in order, a `Choice` one of its options."""

from typing import NamedTuple

from helpers.core.checks import check_positive


class Choice(NamedTuple):
    """One of some parts of an expression, with their relative weights."""

    options: tuple
    weights: tuple


def weighted(pairs):
    """One option of the pairs (weight, option), as likely as its share of the weights.

    Raises
    ------
    ValueError
        When there is no pair, or a weight is not a finite number above 0.
    """
    pairs = tuple(pairs)
    if not pairs:
        raise ValueError("a choice needs at least one option, got none")
    for weight, _ in pairs:
        check_positive("weight", weight)
    return Choice(tuple(option for _, option in pairs), tuple(weight for weight, _ in pairs))


def one_of(*options):
    """Any of the options, all equally likely."""
    return weighted((1, option) for option in options)


def zipf(options):
    """Any of the options, the one at rank r with a weight of 1/r, as word frequencies often are (Zipf's law)."""
    return weighted((1 / rank, option) for rank, option in enumerate(options, start=1))


def maybe(probability, part):
    """The part, or nothing.

    Raises
    ------
    ValueError
        When the probability is not between 0 and 1: what never or always comes needs no `maybe`.
    """
    if not 0 < probability < 1:
        raise ValueError(f"probability is {probability}, expected a number between 0 and 1")
    return weighted([(probability, part), (1 - probability, "")])
