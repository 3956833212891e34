import numpy as np
import pytest

from helpers.core.initial_values import (
    identity,
    largest_singular_value,
    non_normal,
    orthogonal,
    scaled_normal,
    spectral_radius,
    with_spectral_radius,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_scaled_normal_keeps_the_size_of_its_input(rng):
    W = scaled_normal(rng, (400, 100), scale=1.5)
    assert W.std() == pytest.approx(1.5 / np.sqrt(400), rel=0.02)  # 40,000 numbers: 4 σ is 1.4 %
    assert spectral_radius(scaled_normal(rng, (100, 100), scale=0.8)) == pytest.approx(0.8, rel=0.2)


@pytest.mark.parametrize("n", [1, 2, 7, 32])
def test_orthogonal_only_scales_lengths(rng, n):
    W = orthogonal(rng, n, gain=1.3)
    np.testing.assert_allclose(W @ W.T, 1.3**2 * np.eye(n), atol=1e-12)
    assert spectral_radius(W) == pytest.approx(1.3)
    assert largest_singular_value(W) == pytest.approx(1.3)


def test_every_rotation_is_equally_likely(rng):
    draws = np.array([orthogonal(rng, 2) for _ in range(2000)])
    # Each entry has mean 0 and mean square 1/2. Without the sign fix the first would have one sign only.
    assert np.abs(draws.mean(axis=0)).max() < 4 * np.sqrt(0.5 / 2000)
    np.testing.assert_allclose((draws**2).mean(axis=0), 0.5, atol=4 * np.sqrt(0.125 / 2000))
    assert np.linalg.det(draws).mean() == pytest.approx(0, abs=4 / np.sqrt(2000))


def test_identity():
    np.testing.assert_array_equal(identity(2, gain=0.5), [[0.5, 0], [0, 0.5]])


def test_non_normal_powers_grow_first_and_vanish_later():
    W = non_normal(2, radius=0.9, strength=2.0)
    np.testing.assert_array_equal(W, [[0.9, 2], [0, 0.9]])
    assert spectral_radius(W) == pytest.approx(0.9)
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(201)]
    assert max(norms) > 7
    assert norms[200] < 1e-5
    assert max(np.linalg.norm(np.linalg.matrix_power(non_normal(2, 0.9, 0), k), 2) for k in range(5)) == 1
    k = 7
    assert np.linalg.matrix_power(W, k)[0, 1] == pytest.approx(k * 0.9 ** (k - 1) * 2)


def test_spectral_radius_and_singular_value_by_hand():
    W = np.array([[0.0, 4.0], [1.0, 0.0]])  # eigenvalues ±2, singular values 4 and 1
    assert spectral_radius(W) == pytest.approx(2)
    assert largest_singular_value(W) == pytest.approx(4)


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.7])
def test_with_spectral_radius(rng, radius):
    W = scaled_normal(rng, (9, 9), dtype=np.float32)
    scaled = with_spectral_radius(W, radius)
    assert scaled.dtype == np.float32
    assert spectral_radius(scaled) == pytest.approx(radius, rel=1e-5)
    assert np.linalg.matrix_rank(np.stack([W.ravel(), scaled.ravel()]), tol=1e-4) == 1


def test_dtype_is_an_argument(rng):
    made = (scaled_normal(rng, (2, 2), dtype=np.float32), orthogonal(rng, 2, dtype=np.float32))
    made += (identity(2, dtype=np.float32), non_normal(2, 1, 1, dtype=np.float32))
    assert {W.dtype for W in made} == {np.dtype(np.float32)}


def test_bad_input(rng):
    with pytest.raises(ValueError, match="spectral radius 0"):
        with_spectral_radius(np.array([[0.0, 1.0], [0.0, 0.0]]), 1)
    with pytest.raises(ValueError, match="radius is -1"):
        with_spectral_radius(np.eye(2), -1)
    for wrong, message in (
        (np.zeros((2, 3)), "W has shape"),
        (np.zeros(3), "W has shape"),
        (np.eye(2) * np.nan, "NaN"),
    ):
        with pytest.raises(ValueError, match=message):
            spectral_radius(wrong)
        with pytest.raises(ValueError, match=message):
            largest_singular_value(wrong)
    with pytest.raises(ValueError, match="n is 0"):
        orthogonal(rng, 0)
