"""The exercises of the Transformer: what a reader may write passes."""

import pytest

from helpers.layers.transformer.exercises import layer_norm_backward_exercise, layer_norm_exercise

EXERCISES = layer_norm_exercise, layer_norm_backward_exercise


def _solution(x, scale, shift):
    centred = x - x.mean(axis=-1, keepdims=True)
    return scale * centred / (centred.var(axis=-1, keepdims=True) + 1e-5) ** 0.5 + shift


def _solution_backward(dn, n, deviation):
    dx = dn - dn.mean(axis=-1, keepdims=True) - n * (dn * n).mean(axis=-1, keepdims=True)
    return dx / deviation


@pytest.mark.parametrize(("exercise", "function"), [*zip(EXERCISES, (_solution, _solution_backward), strict=True)])
def test_solutions_are_right(verdict, exercise, function):
    said = verdict(exercise, function)
    assert said[-1] == f"{function.__name__} is right."
    assert all(line.startswith("✓") for line in said[:-1])
