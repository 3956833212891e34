"""Fits and splits are drawn where they are, labelled, and nothing is cut."""

import numpy as np
import pytest

from helpers.figures.scaling import draw_above_floor, draw_fits, draw_splits
from helpers.models.scaling_laws import (
    CHINCHILLA,
    PowerLaw,
    best_split,
    kaplan_split,
    power_law,
    twenty_tokens_a_weight,
)

X, LOSSES = np.array([2e4, 4e4, 8e4, 1.6e5]), np.array([3.4, 2.9, 2.2, 1.7])
LAWS = {"floor known": PowerLaw(1.27, 500, 0.55), "floor free": PowerLaw(0.5, 100, 0.4)}
HELD_OUT = np.array([3.3e5, 3.3e5]), np.array([1.45, 1.42])
TRAINED = {"GPT-3": (1.75e11, 3e11), "Chinchilla": (7e10, 1.4e12), "Llama 3 8B": (8e9, 1.5e13)}


def splits(C):
    return {
        "Kaplan": kaplan_split(C),
        "Chinchilla's law": best_split(CHINCHILLA, C),
        "20 tokens a weight": twenty_tokens_a_weight(C),
    }


def test_fits(check_layout):
    figure = draw_fits(X, LOSSES, LAWS, 1.27, HELD_OUT)
    check_layout(figure)
    (axes,) = figure.axes
    lines = {line.get_label(): line for line in axes.lines}
    for name, law in LAWS.items():
        x, y = lines[name].get_data()
        np.testing.assert_allclose(y, power_law(law, x))
        assert x[0] < X[0] < HELD_OUT[0][0] < x[-1]
    np.testing.assert_allclose(lines["fitted runs"].get_xydata(), np.transpose([X, LOSSES]))
    np.testing.assert_allclose(lines["held out"].get_xydata(), np.transpose(HELD_OUT))


@pytest.mark.parametrize("held_out", [None, HELD_OUT])
def test_above_the_floor_a_law_is_a_straight_line(held_out, check_layout):
    law = LAWS["floor known"]._replace(spread=0.1)
    figure = draw_above_floor(X, LOSSES, law, held_out)
    check_layout(figure)
    (axes,) = figure.axes
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    x, y = np.log(lines["floor known"]).T
    np.testing.assert_allclose(np.diff(y) / np.diff(x), -law.exponent)
    np.testing.assert_allclose(lines["fitted runs"], np.transpose([X, LOSSES - law.floor]))
    assert ("held out" in lines) == (held_out is not None)


@pytest.mark.parametrize("C", [1e17, 1e19, 1e21, 5.76e23, 1e26])
def test_splits_stand_on_the_line_of_their_budget(C, check_layout):
    figure = draw_splits(C, splits(C), TRAINED)
    check_layout(figure)
    (axes,) = figure.axes
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    for name, split in splits(C).items():
        ((N, D),) = lines[name]
        assert tuple(split) == (N, D)
        assert pytest.approx(C) == 6 * N * D
        assert axes.get_xlim()[0] < N < axes.get_xlim()[1]
        assert axes.get_ylim()[0] < D < axes.get_ylim()[1]
