"""The best split is that of a search over all, and the published ones are what their papers say."""

import numpy as np
import pytest

from helpers.models.scaling_laws import (
    CHINCHILLA,
    CHINCHILLA_AGAIN,
    SizeLaw,
    best_split,
    kaplan_split,
    size_law,
    twenty_tokens_a_weight,
)


@pytest.mark.parametrize("law", [CHINCHILLA, CHINCHILLA_AGAIN, SizeLaw(0.5, 3.0, 0.5, 70.0, 0.2)])
@pytest.mark.parametrize("C", [1e9, 5.76e23])
def test_no_other_split_is_better(law, C):
    N, D = best_split(law, C)
    assert pytest.approx(C, rel=1e-12) == 6 * N * D
    others = [size_law(law, N * factor, D / factor) for factor in np.exp(np.linspace(-3, 3, 61))]
    assert int(np.argmin(others)) == 30
    assert size_law(law, N, D) == pytest.approx(min(others))


def test_the_law_by_hand():
    assert size_law(SizeLaw(1.0, 4.0, 0.5, 9.0, 1.0), 16, 3) == 1 + 1 + 3


def test_chinchilla():
    """Their budget, 5.76e23, and what they chose: 70 billion weights, 1.4 trillion tokens."""
    N, D = twenty_tokens_a_weight(5.76e23)
    assert pytest.approx(70e9, rel=0.02) == N
    assert pytest.approx(1.4e12, rel=0.02) == D
    by_law = best_split(CHINCHILLA, 5.76e23)
    assert 30e9 < by_law.weights < 70e9  # their third approach says less than the other two: table A3
    again = best_split(CHINCHILLA_AGAIN, 5.76e23)
    assert again.tokens / again.weights == pytest.approx(20, rel=0.3)


def test_kaplan_puts_more_into_the_size():
    for C, factor in ((1e21, 1), (1e24, 3)):
        assert kaplan_split(C).weights > factor * best_split(CHINCHILLA, C).weights
    small, large = kaplan_split(1e20), kaplan_split(1e23)
    assert large.weights / small.weights == pytest.approx(1000**0.73)
    assert large.tokens / small.tokens == pytest.approx(1000**0.27)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: best_split(CHINCHILLA, 0), "operations is 0"),
        (lambda: best_split(CHINCHILLA._replace(alpha=-1), 1e9), "alpha is -1"),
        (lambda: size_law(CHINCHILLA, -1, 1), "weights is -1"),
        (lambda: kaplan_split(float("nan")), "operations is nan"),
        (lambda: twenty_tokens_a_weight(-1), "operations is -1"),
        (lambda: best_split(SizeLaw(1, 1e300, 1e-3, 1, 1e-3), 1e9), "float"),
        (lambda: kaplan_split(5e-324), "the split has 0.0 weights .* that floats can hold"),
    ],
)
def test_it_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
