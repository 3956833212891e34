"""Fits find the law that made the points; with a free floor a bend is taken for a lower floor."""

import numpy as np
import pytest
from scipy import stats

from helpers.models.scaling_laws import (
    PowerLaw,
    fit_power_law,
    fit_with_free_floor,
    local_exponents,
    power_law,
    predicted_range,
    prediction_interval,
)

X = np.array([1.0, 3.0, 10.0, 40.0])


def test_the_law_by_hand():
    assert power_law(PowerLaw(1.0, 8.0, 0.5), 4.0) == 5.0
    np.testing.assert_allclose(power_law(PowerLaw(1.0, 8.0, 1.0), np.array([2.0, 4.0])), [5, 3])


def test_the_points_of_a_law_give_it_back():
    losses = power_law(PowerLaw(1.5, 2.0, 0.3), X)
    law = fit_power_law(X, losses, 1.5)
    np.testing.assert_allclose(law, [1.5, 2.0, 0.3, 0], atol=1e-12)
    free = fit_with_free_floor(X, losses)
    np.testing.assert_allclose(free[:3], [1.5, 2.0, 0.3], rtol=0.01)
    np.testing.assert_allclose(local_exponents(X, losses, 1.5), 0.3)
    np.testing.assert_allclose(local_exponents(X[:2], losses[:2], 1.5), [0.3])


def test_the_line_is_that_of_numpy(rng):
    losses = power_law(PowerLaw(1.0, 2.0, 0.4), X) * np.exp(0.1 * rng.standard_normal(4))
    law = fit_power_law(X, losses, 0.5)
    slope, constant = np.polyfit(np.log(X), np.log(losses - 0.5), 1)
    np.testing.assert_allclose([law.exponent, np.log(law.scale)], [-slope, constant])
    left = np.log(losses - 0.5) - slope * np.log(X) - constant
    assert law.spread == pytest.approx(np.sqrt((left**2).sum() / 2))


def test_a_law_that_is_given_without_a_spread_foresees_one_loss():
    law = PowerLaw(1.0, 8.0, 0.5)
    assert predicted_range(law, 4.0) == (5, 5)
    assert predicted_range(law._replace(spread=np.log(2)), 4.0, factor=1) == pytest.approx((3, 9))


def test_the_range_holds_most_new_points(rng):
    """With many points the spread is known well, and two of it hold 95 of 100 new ones."""
    x, truth = np.exp(rng.uniform(0, 5, 400)), PowerLaw(1.0, 2.0, 0.4)

    def drawn(x):
        return 1 + (power_law(truth, x) - 1) * np.exp(0.2 * rng.standard_normal(len(x)))

    least, most = predicted_range(fit_power_law(x, drawn(x), 1.0), x)
    new = drawn(x)
    assert 0.91 < ((least < new) & (new < most)).mean() < 0.98


def test_the_interval_holds_95_of_100_new_points(rng):
    """Twelve points are few: the line itself is uncertain, most of all far away."""
    truth, inside = PowerLaw(1.0, 2.0, 0.4), []
    x = np.tile(X, 3)
    for _ in range(400):
        noise = np.exp(0.2 * rng.standard_normal(13))
        losses = 1 + (power_law(truth, x) - 1) * noise[:12]
        least, most = prediction_interval(x, losses, 1.0, 120.0)
        inside.append(least < 1 + (power_law(truth, 120.0) - 1) * noise[12] < most)
    assert 0.92 < np.mean(inside) < 0.98


@pytest.mark.parametrize("n", [3, 4, 5, 8, 13])
def test_the_interval_is_that_of_a_line_in_logarithms(n, rng):
    x = np.geomspace(1, 50, n)
    losses = 1 + 2 * x**-0.4 * np.exp(0.1 * rng.standard_normal(n))
    u, v = np.log(x), np.log(losses - 1)
    line, squares, *_ = np.polyfit(u, v, 1, full=True)
    lever = 1 + 1 / n + (np.log(90) - u.mean()) ** 2 / ((u - u.mean()) ** 2).sum()
    half = stats.t.ppf(0.975, n - 2) * np.sqrt(squares[0] / (n - 2) * lever)
    wanted = 1 + np.exp(np.polyval(line, np.log(90)) + np.array([-half, half]))
    np.testing.assert_allclose(prediction_interval(x, losses, 1.0, 90.0), wanted, rtol=1e-9)


def test_a_bend_is_taken_for_a_lower_floor():
    """Losses above the floor that fall ever faster: the free floor ends below the true one, and so do predictions."""
    x = np.array([1.0, 2.0, 4.0, 8.0])
    losses = 1.27 + np.exp(0.6 - 0.25 * np.log(x) - 0.35 * np.log(x) ** 2 / 2)
    assert (np.diff(local_exponents(x, losses, 1.27)) > 0).all()
    free = fit_with_free_floor(x, losses)
    assert free.floor < 1.27
    assert power_law(free, 64.0) < 1.27


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_power_law(X, np.ones(4), 1.0), "expected all above the floor, 1.0"),
        (lambda: fit_power_law(X, np.array([4.0, 3.0, 2.0, 0.5]), 1.0), "smallest number 0.5, expected all above"),
        (lambda: fit_power_law(X[:2], np.ones(2), 0.5), "expected at least 3 numbers"),
        (lambda: fit_power_law(np.ones(4), np.ones(4), 0.5), "not all the same"),
        (lambda: fit_power_law(-X, np.ones(4), 0.5), "above 0"),
        (lambda: fit_power_law(np.append(X[:3], np.inf), np.ones(4), 0.5), "x has 1 of 4 values"),
        (lambda: fit_with_free_floor(X, np.zeros(4)), "smallest number 0.0, expected all above 0"),
        (lambda: power_law(PowerLaw(1, 1, 1), np.array([0.0])), "x has the smallest number 0.0"),
        (lambda: local_exponents(X[::-1], np.full(4, 2.0), 1.0), "sizes that rise"),
        (lambda: local_exponents(X, np.array([4.0, 3.0, 2.0, 1.0]), 1.0), "expected losses above the floor"),
        (lambda: predicted_range(PowerLaw(1, 1, 1), X, 0), "factor is 0"),
    ],
)
def test_it_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
