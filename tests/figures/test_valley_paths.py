"""The path through the valley: what is drawn, and what the sentence says of slow, arriving and diverging steps."""

import numpy as np
import pytest

from helpers.core.optimisers import adam, momentum, sgd
from helpers.figures.valley_paths import draw_valley_path
from helpers.models.valley import optimiser_path, squared_error, valley_data

DATA = valley_data(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("optimiser", "told"),
    [
        (sgd(0.03), "after 60 steps the loss is still"),
        (sgd(1.8), "from step 24 on, the loss stays within 0.01 of the bottom."),
        (sgd(2.2), "the loss grows from 0.82 to 1.6 × 10⁹ above the bottom."),
        (momentum(0.1), "from step"),
        (adam(0.3), "from step"),
    ],
)
def test_paths_are_drawn_and_told(optimiser, told, check_layout):
    path = optimiser_path(DATA, optimiser, 60)
    figures, said = draw_valley_path(DATA, path, "mine")
    for figure in figures:
        check_layout(figure)
    assert said.startswith(f"mine: {told}")
    drawn, losses = figures[0].axes[0].lines[0], figures[1].axes[0].lines[-1]
    np.testing.assert_array_equal(drawn.get_xydata(), path)
    above = np.array([squared_error(w, DATA.x, DATA.y)[0] for w in path]) - squared_error(DATA.best, DATA.x, DATA.y)[0]
    np.testing.assert_allclose(losses.get_ydata(), np.clip(above, 1e-5, 1e3))


def test_a_path_that_begins_at_the_bottom():
    _, said = draw_valley_path(DATA, np.array([DATA.best, DATA.best]), "still")
    assert said == "still: from step 0 on, the loss stays within 0.01 of the bottom."


def test_both_axes_have_one_scale():
    (figure, _), _ = draw_valley_path(DATA, optimiser_path(DATA, sgd(0.1), 3), "mine")
    assert figure.axes[0].get_aspect() == 1
