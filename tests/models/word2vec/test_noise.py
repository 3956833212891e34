import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution

COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=200).filter(any)


def test_a_case_by_hand():
    np.testing.assert_allclose(noise_distribution([16, 1, 0]), [8 / 9, 1 / 9, 0])
    np.testing.assert_allclose(noise_distribution([16, 1, 0], power=1), [16 / 17, 1 / 17, 0])
    np.testing.assert_allclose(noise_distribution([16, 1, 0], power=0), [1 / 2, 1 / 2, 0])


@given(COUNTS, st.floats(0, 3))
def test_it_is_a_distribution_that_draws_only_words_that_occur(counts, power):
    q = noise_distribution(counts, power)
    assert q.sum() == pytest.approx(1)
    assert not q[np.array(counts) == 0].any()


def test_a_large_power_does_not_overflow():
    np.testing.assert_array_equal(noise_distribution([1e9, 1], power=300), [1, 0])


@settings(deadline=None)
@given(COUNTS, st.floats(0, 1))
def test_the_alias_table_holds_exactly_the_distribution(counts, power):
    q = noise_distribution(counts, power)
    kept, alias = alias_table(q)
    share = np.minimum(kept, 1)
    held = share + np.bincount(alias, 1 - share, minlength=len(q))
    np.testing.assert_allclose(held / len(q), q, atol=1e-12)
    assert not held[q == 0].any()


def test_draws_follow_the_distribution(rng):
    q = noise_distribution([50, 20, 0, 5, 1])
    n = 200_000
    words = draw_noise(rng, alias_table(q), (n // 4, 4))
    assert words.shape == (n // 4, 4)
    found = np.bincount(words.ravel(), minlength=5)
    assert found[2] == 0
    expected = n * q[q > 0]
    assert ((found[q > 0] - expected) ** 2 / expected).sum() < 16.3  # χ² with 3 degrees, p = 0.001
    again = draw_noise(np.random.default_rng(0), alias_table(q), (n // 4, 4))
    np.testing.assert_array_equal(words, again)


def test_log_frequency():
    np.testing.assert_allclose(log_frequency([1, 3, 0]), [np.log(1 / 4), np.log(3 / 4), -np.inf])


@pytest.mark.parametrize("make", [noise_distribution, log_frequency])
@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([], "counts has 0 numbers"),
        ([0, 0], "counts has 2 numbers, the smallest 0"),
        ([5, -1], "counts has 2 numbers, the smallest -1; expected none below 0 and one above"),
        ([np.nan], "counts has 1 of 1 values that are NaN"),
        (["a"], "counts has dtype <U1, expected numbers"),
        ([[1]], r"counts has shape \(1, 1\)"),
    ],
)
def test_bad_counts_are_named(make, counts, message):
    with pytest.raises(ValueError, match=message):
        make(counts)


@pytest.mark.parametrize("power", [-1, np.inf, np.nan])
def test_a_bad_power_is_named(power):
    with pytest.raises(ValueError, match=f"power is {power}"):
        noise_distribution([1], power)


@pytest.mark.parametrize(
    ("q", "message"),
    [
        ([], "q has sum 0"),
        ([0.1, 0.3], "q has sum 0.4"),
        ([1.5, -0.5], "q has sum 1 and smallest value -0.5, expected a distribution"),
        ([np.nan, 1], "q has 1 of 2 values that are NaN"),
        ([[0.5, 0.5]], r"q has shape \(1, 2\)"),
    ],
)
def test_an_alias_table_wants_a_distribution(q, message):
    with pytest.raises(ValueError, match=message):
        alias_table(q)
