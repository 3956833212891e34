"""The curve and the losses of every size: what is drawn, and the four things that may be said."""

import numpy as np
import pytest

from helpers.figures.polynomial_curves import draw_polynomial
from helpers.models.polynomial_fit import fit_polynomial, mean_squared_error, noisy_points, polynomial_at

SIZES = range(1, 13)


def points(count, seed=0):
    draw = np.random.default_rng(seed)
    return noisy_points(draw, count), noisy_points(draw, 60)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [16, 48])
def test_the_fit_and_the_losses(count, size, check_layout):
    training, validation = points(count)
    figures, said = draw_polynomial(training, validation, size, SIZES)
    for figure in figures:
        check_layout(figure)
    losses = [[mean_squared_error(fit_polynomial(training, n), data) for n in SIZES] for data in (training, validation)]
    fitted = next(line for line in figures[0].axes[0].lines if line.get_label() == "fitted")
    x, y = fitted.get_data()
    np.testing.assert_allclose(y, np.clip(polynomial_at(fit_polynomial(training, size), x), -9, 9))
    best = int(np.argmin(losses[1])) + 1
    assert said.startswith(f"{size} parameters: loss {losses[0][size - 1]:.3f} in training")
    if size == best:
        assert said.endswith("No other size has a lower validation loss.")
    elif size < best:
        assert f"Too small: {best} parameters do better on both." in said
        assert losses[0][best - 1] < losses[0][size - 1]
        assert losses[1][best - 1] < losses[1][size - 1]
    else:
        clearly = losses[1][size - 1] > 1.5 * losses[1][best - 1]
        assert ("Overfitting" if clearly else "No gain") in said
