import numpy as np
import pytest

from helpers.figures.norm_of_vectors import NORMS, draw_norm, normed_vector

X = np.array([3.0, 1.0, -1.0, -2.0, 0.5, 1.5])


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize(("shift", "stretch"), [(0.0, 1.0), (4.0, 1.0), (-4.0, 2.0), (2.0, 0.5)])
def test_it_says_whether_the_norm_is_the_same(norm, shift, stretch, check_layout):
    figure, said = draw_norm(X, norm, shift, stretch)
    check_layout(figure)
    assert ("the same" in said) == (norm == "LayerNorm" or shift == 0)
    moved, y = normed_vector(X, norm, shift, stretch)
    np.testing.assert_allclose(moved, stretch * X + shift)
    np.testing.assert_allclose(np.mean(y**2), 1, atol=1e-4)
    bars = [bar.get_height() for bar in figure.axes[1].patches]
    np.testing.assert_allclose(bars, y)
    if norm == "LayerNorm":
        assert "mean 0.00, size 1.00" in said


def test_bad_arguments():
    with pytest.raises(ValueError, match="norm is 'batch'"):
        draw_norm(X, "batch")
    with pytest.raises(ValueError, match="x has shape"):
        draw_norm(X[None], "LayerNorm")
    with pytest.raises(ValueError, match="stretch"):
        draw_norm(X, "LayerNorm", stretch=np.inf)
