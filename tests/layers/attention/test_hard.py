import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.numerics import softmax
from helpers.layers.attention.hard import expected_loss, expected_loss_backward, reinforce, reinforce_spread


@pytest.fixture
def case():
    rng = np.random.default_rng(0)
    return rng.standard_normal(6), rng.gamma(1.0, size=6)


def test_two_places_by_hand():
    L, weights = expected_loss(np.log([3.0, 1.0]), np.array([2.0, 6.0]))
    assert pytest.approx(3) == L
    np.testing.assert_allclose(weights, [0.75, 0.25])
    np.testing.assert_allclose(expected_loss_backward(weights, np.array([2.0, 6.0])), [-0.75, 0.75])
    np.testing.assert_allclose(reinforce(weights, np.array([2.0, 6.0]), [0, 1], 1.0), [[0.25, -0.25], [-3.75, 3.75]])


def test_the_gradient_is_that_of_differences_and_of_torch(case):
    scores, losses = case
    _, weights = expected_loss(scores, losses)
    exact = expected_loss_backward(weights, losses)
    assert relative_error(exact, numerical_gradient(lambda s: expected_loss(s, losses)[0], scores)) < 1e-7
    leaf = torch.tensor(scores, requires_grad=True)
    (torch.softmax(leaf, 0) @ torch.tensor(losses)).backward()
    np.testing.assert_allclose(exact, leaf.grad, atol=1e-14)


@pytest.mark.parametrize("baseline", [0.0, 0.7, -3.0])
def test_the_mean_of_all_estimates_is_the_exact_gradient(case, baseline):
    scores, losses = case
    weights = softmax(scores)
    estimates = reinforce(weights, losses, np.arange(6), baseline)
    exact = expected_loss_backward(weights, losses)
    np.testing.assert_allclose(weights @ estimates, exact, atol=1e-15)
    spread = reinforce_spread(weights, losses, baseline)
    assert spread.square == pytest.approx((exact**2).sum())
    assert spread.variance == pytest.approx(weights @ (estimates**2).sum(axis=1) - spread.square)


def test_the_variance_is_that_of_drawn_estimates_and_a_baseline_makes_it_smaller(case):
    scores, losses = case
    L, weights = expected_loss(scores, losses + 3)
    drawn = np.random.default_rng(1).choice(6, size=40_000, p=weights)
    estimates = reinforce(weights, losses + 3, drawn)
    assert estimates.var(axis=0).sum() == pytest.approx(reinforce_spread(weights, losses + 3).variance, rel=0.03)
    assert reinforce_spread(weights, losses + 3, L).variance < reinforce_spread(weights, losses + 3).variance / 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.array([0.7, 0.7]), np.ones(2), [0]), "weights sum to 1.4"),
        ((np.array([0.5, 0.5]), np.ones(3), [0]), "losses has shape"),
        ((np.array([0.5, 0.5]), np.ones(2), [2]), "drawn spans 2 to 2"),
        ((np.array([0.5, 0.5]), np.ones(2), [0.0]), "drawn has dtype"),
        ((np.array([0.5, 0.5]), np.ones(2), [0], np.nan), "baseline is nan"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        reinforce(*arguments)
