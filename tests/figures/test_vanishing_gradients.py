"""The drawings of gradients that vanish are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import vanishing_gradients
from helpers.models.one_unit_rnn import OneUnitParams

NORMS = 0.8 ** np.arange(20)[::-1]
SURFACE = (np.linspace(0.5, 3, 11), np.linspace(-1, 1, 9), np.linspace(0, 2.9, 99).reshape(9, 11))
PATH = OneUnitParams(np.array([1.0, 1.5, 2.0]), np.array([0.0, 0.2, 0.4]))

DRAWINGS = {
    "gradient norms": lambda: vanishing_gradients.draw_gradient_norms(NORMS, title="tanh, spectral radius 1.0"),
    "transient": lambda: vanishing_gradients.draw_transient(NORMS, 0.8, 1.2),
    "initialisations": lambda: vanishing_gradients.draw_initialisations(
        {"a": NORMS * np.ones((3, 1)), "b": NORMS[None]}
    ),
    "contributions": lambda: vanishing_gradients.draw_contributions(NORMS / NORMS.sum()),
    "cliff": lambda: vanishing_gradients.draw_cliff(SURFACE, PATH, np.array([2.9, 1.0, 0.1])),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_gradient_norms_run_backwards_from_the_loss():
    (line,) = [
        line for line in vanishing_gradients.draw_gradient_norms(NORMS).axes[0].lines if line.get_marker() == "o"
    ]
    assert np.allclose(line.get_ydata(), 0.8 ** np.arange(20))  # 1 at the loss, smaller further back


def test_transient_draws_the_norm_between_the_bound_and_the_rate():
    lines = {
        line.get_label(): line.get_ydata() for line in vanishing_gradients.draw_transient(NORMS, 0.8, 1.2).axes[0].lines
    }
    n = np.arange(len(NORMS))
    assert np.allclose(lines["bound σⁿ"], 1.2**n)
    assert np.allclose(lines["norm ‖Wⁿ‖"], NORMS)
    assert np.allclose(lines["ρⁿ"], 0.8**n)


def test_the_walk_is_drawn_where_it_went():
    top, bottom = vanishing_gradients.draw_cliff(SURFACE, PATH, np.array([2.9, 1.0, 0.1])).axes
    assert any(np.allclose(line.get_xdata(), PATH.w) and np.allclose(line.get_ydata(), PATH.b) for line in top.lines)
    assert np.allclose(bottom.lines[0].get_ydata(), [2.9, 1.0, 0.1])
