"""Polynomials: what a size can fit, NumPy's own fit, and the two losses as the size grows."""

import numpy as np
import pytest

from helpers.models.polynomial_fit import (
    NOISE,
    Points,
    fit_polynomial,
    losses_by_size,
    mean_squared_error,
    noisy_points,
    polynomial_at,
    true_curve,
)


def test_a_parabola_is_found_again():
    x = np.linspace(-1, 1, 7)
    weights = fit_polynomial(Points(x, 2 - x + 3 * x**2), 3)
    np.testing.assert_allclose(polynomial_at(weights, np.array([[0.3], [-2.0]])), [[1.97], [16.0]])
    # 3x² = 1 + 2 (3x² − 1) / 2, and (3x² − 1) / 2 is the third Legendre polynomial
    np.testing.assert_allclose(weights, [3, -1, 2], atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_fit_is_that_of_numpy(rng, size):
    points = noisy_points(rng, 30)
    theirs = np.polynomial.Polynomial.fit(points.x, points.y, size - 1)
    np.testing.assert_allclose(polynomial_at(fit_polynomial(points, size), points.x), theirs(points.x), atol=1e-9)


def test_the_points_lie_around_the_curve(rng):
    points = noisy_points(rng, 20_000)
    assert np.abs(points.x).max() <= 1
    away = points.y - true_curve(points.x)
    assert away.std() == pytest.approx(NOISE, rel=0.03)
    assert abs(away.mean()) < 0.01
    assert true_curve(0.5) == pytest.approx(1)


def test_training_loss_falls_with_the_size_and_validation_loss_rises_again(rng):
    training, validation = noisy_points(rng, 16), noisy_points(rng, 500)
    fits = [fit_polynomial(training, size) for size in range(1, 17)]
    seen = np.array([mean_squared_error(weights, training) for weights in fits])
    new = np.array([mean_squared_error(weights, validation) for weights in fits])
    assert (np.diff(seen) < 1e-9).all()
    assert seen[-1] < 1e-6
    assert new.argmin() in range(3, 8)
    assert new[-1] > 5 * new.min()


def test_losses_of_many_sizes_are_those_of_each():
    losses = losses_by_size(np.random.default_rng(5), [1, 4], [9, 20])
    draw = np.random.default_rng(5)
    training, validation = noisy_points(draw, 9), noisy_points(draw, 20)
    fits = [fit_polynomial(training, size) for size in (1, 4)]
    np.testing.assert_allclose(
        losses, [[mean_squared_error(w, points) for w in fits] for points in (training, validation)]
    )
    for sizes, counts in (([], [3]), ([1], []), ([0], [3]), ([1], [0])):
        with pytest.raises(ValueError, match="expected"):
            losses_by_size(draw, sizes, counts)


def test_a_loss_by_hand():
    assert mean_squared_error(np.array([1.0]), Points(np.array([0.0, 0.5]), np.array([1.0, 3.0]))) == 2


def test_what_is_refused(rng):
    good = noisy_points(rng, 4)
    for wrong in ({"N": 0}, {"N": 3, "noise": 0.0}):
        with pytest.raises(ValueError, match="expected"):
            noisy_points(rng, **wrong)
    for points, size in [(good, 0), (Points(good.x[:0], good.y[:0]), 2), (good._replace(y=good.y[:2]), 2),
                         (good._replace(x=good.x * np.nan), 2)]:  # fmt: skip
        with pytest.raises(ValueError, match=r"expected|shape"):
            fit_polynomial(points, size)
