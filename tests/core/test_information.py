"""Entropy, cross-entropy and KL: cases by hand, SciPy and torch, the inequality, and what is no distribution."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy

from helpers.core.information import cross_entropy_of, entropy_of, kl_divergence

FAIR, SURE = np.array([0.5, 0.5]), np.array([1.0, 0.0])


def test_coins_by_hand():
    assert entropy_of(FAIR) == pytest.approx(np.log(2))
    assert entropy_of(SURE) == 0
    assert np.signbit(entropy_of(SURE)) == 0, "never −0.0"
    assert cross_entropy_of(SURE, FAIR) == pytest.approx(np.log(2))
    assert cross_entropy_of(FAIR, np.array([0.25, 0.75])) == pytest.approx(-0.5 * np.log(0.25) - 0.5 * np.log(0.75))
    assert kl_divergence(FAIR, np.array([0.25, 0.75])) == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))


def test_what_the_model_holds_for_impossible_is_an_infinite_surprise():
    assert cross_entropy_of(FAIR, SURE) == np.inf
    assert kl_divergence(FAIR, SURE) == np.inf
    assert kl_divergence(SURE, SURE) == 0


def test_many_rows_equal_scipy_and_torch(rng):
    p, q = rng.dirichlet(np.ones(5), size=(2, 3, 4))
    np.testing.assert_allclose(entropy_of(p), scipy_entropy(p, axis=-1), rtol=1e-12)
    np.testing.assert_allclose(kl_divergence(p, q), scipy_entropy(p, q, axis=-1), rtol=1e-10)
    theirs = torch.nn.functional.kl_div(torch.log(torch.tensor(q)), torch.tensor(p), reduction="none").sum(-1)
    np.testing.assert_allclose(kl_divergence(p, q), theirs, rtol=1e-10)
    np.testing.assert_allclose(cross_entropy_of(p, q), entropy_of(p) + kl_divergence(p, q), rtol=1e-12)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 10), st.floats(0, 1))
def test_cross_entropy_is_never_below_entropy(seed, spread, mixed):
    p, q = np.random.default_rng(seed).dirichlet(np.full(4, spread), size=2)
    q = mixed * p + (1 - mixed) * q  # near p too
    assert cross_entropy_of(p, q) >= entropy_of(p) - 1e-9
    assert kl_divergence(p, q) >= 0
    assert kl_divergence(p, p) == 0


@pytest.mark.parametrize("function", [entropy_of, lambda p: cross_entropy_of(FAIR, p), lambda p: kl_divergence(p, p)])
@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.5, -0.5], [np.nan, 1], [], 1.0, ["a", "b"], [0.2, 0.3]])
def test_what_is_no_distribution_is_refused(function, wrong):
    with pytest.raises(ValueError, match=r"p |q |expected"):
        function(wrong)


def test_two_distributions_have_one_shape():
    with pytest.raises(ValueError, match=r"p has shape \(2,\) and q \(3,\)"):
        cross_entropy_of(FAIR, np.array([0.2, 0.3, 0.5]))
