import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.core.projection import principal_axes, project


def test_by_hand():
    """Four points, spread 3 along one diagonal and 1 along the other: shares 0.9 and 0.1."""
    X = np.array([[3.0, 3.0], [-3.0, -3.0], [1.0, -1.0], [-1.0, 1.0]]) + np.array([5, 7])
    axes = principal_axes(X, 2)
    np.testing.assert_allclose(np.abs(axes), np.sqrt(0.5) * np.ones((2, 2)))
    points, share = project(X, axes[:1])
    assert share == pytest.approx(0.9)
    np.testing.assert_allclose(points[:, 0] * np.sign(axes[0, 0]), [18**0.5, -(18**0.5), 0, 0], atol=1e-12)


@given(st.integers(2, 12), st.integers(2, 6), st.integers(0, 99))
def test_axes_are_orthonormal_and_no_other_plane_shows_more(N, D, seed):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N, D))
    axes = principal_axes(X, 2)
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-9)
    assert (np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1) > 0).all()
    points, share = project(X, axes)
    other, _ = np.linalg.qr(rng.standard_normal((D, 2)))
    assert share >= project(X, other.T)[1] - 1e-12
    assert share <= 1 + 1e-12
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-9)
    values = np.sort(np.linalg.eigvalsh(np.cov(X.T)))[::-1]
    assert share == pytest.approx(values[:2].sum() / values.sum())


def test_dtype_and_a_cloud_without_variance():
    X = np.ones((4, 3), np.float32)
    points, share = project(X, np.eye(3, dtype=np.float32)[:2])
    assert points.dtype == np.float32
    assert share == 0


def test_bad_input():
    X = np.ones((4, 3))
    with pytest.raises(ValueError, match="expected at most 3"):
        principal_axes(X, 4)
    with pytest.raises(ValueError, match="NaN"):
        principal_axes(np.full((4, 3), np.nan))
    with pytest.raises(ValueError, match="X has shape"):
        principal_axes(np.ones(4))
    with pytest.raises(ValueError, match="axes has shape"):
        project(X, np.ones((2, 4)))
