from typing import NamedTuple

import numpy as np
import pytest

from helpers.core.gradient_check import check_gradients, compare_gradients, numerical_gradient, relative_error


class Pair(NamedTuple):
    a: np.ndarray
    b: np.ndarray


def loss(p):
    return float((p.a**3).sum() + np.sin(p.b).sum() * p.a[0])


def gradients(p):
    da = 3 * p.a**2
    da[0] += np.sin(p.b).sum()
    return Pair(da, np.cos(p.b) * p.a[0])


@pytest.fixture
def params():
    rng = np.random.default_rng(0)
    return Pair(rng.standard_normal(3), rng.standard_normal((2, 2)))


def test_it_finds_the_gradient_of_a_known_function():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2, rtol=1e-8)
    assert numerical_gradient(lambda x: float(x) ** 2, np.array(3.0)) == pytest.approx(6)


def test_right_gradients_pass_and_wrong_ones_are_named(params):
    grads = gradients(params)
    errors = check_gradients(loss, params, grads)
    assert list(errors) == ["a", "b"]
    assert max(errors.values()) < 1e-8
    wrong = check_gradients(loss, params, Pair(grads.a, grads.b * 1.001))
    assert wrong["a"] < 1e-8
    assert wrong["b"] == pytest.approx(1e-3, rel=1e-2)


def test_nothing_is_changed(params):
    kept = Pair(params.a.copy(), params.b.copy())
    check_gradients(loss, params, gradients(params))
    numerical_gradient(lambda a: float((a**2).sum()), params.a)
    np.testing.assert_array_equal(params.a, kept.a)
    np.testing.assert_array_equal(params.b, kept.b)
    params.a.flags.writeable = False
    numerical_gradient(lambda a: float((a**2).sum()), params.a)


def test_relative_error():
    assert relative_error(np.array([1.0, 100.0]), np.array([2.0, 100.0])) == 0.01
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert relative_error(np.zeros(2), np.ones(2)) == 1
    assert np.isnan(relative_error(np.array([np.nan, 1.0]), np.ones(2)))
    assert compare_gradients(Pair(np.ones(1), np.ones(2)), Pair(np.ones(1), np.full(2, 2.0))) == {"a": 0, "b": 0.5}
    with pytest.raises(ValueError, match="cannot compare shapes"):
        relative_error(np.zeros((2, 1)), np.zeros(2))


def test_bad_input():
    with pytest.raises(ValueError, match="float32, expected float64"):
        numerical_gradient(np.sum, np.zeros(2, np.float32))
    with pytest.raises(ValueError, match="step is 0"):
        numerical_gradient(np.sum, np.zeros(2), step=0)
    with pytest.raises(ValueError, match="loss has shape"):
        numerical_gradient(lambda a: a, np.zeros(2))
