"""The exercises of the loss: other ways to write the same pass, and an overflow is told."""

import numpy as np
import pytest

from helpers.core.numerics import softmax
from helpers.layers.losses_exercises import softmax_exercise, softmax_loss_backward_exercise


def backward(z, targets):
    p = softmax(z)
    p[np.arange(len(z)), targets] -= 1
    return p / len(z)


@pytest.mark.parametrize(
    ("exercise", "function"), [(softmax_exercise, softmax), (softmax_loss_backward_exercise, backward)]
)
def test_right_functions_pass(verdict, exercise, function):
    said = verdict(exercise, function)
    assert said[-1] == f"{function.__name__} is right."
    assert all(line.startswith("✓") for line in said[:-1])


def naive(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def test_a_softmax_that_overflows_is_told_why(verdict):
    with np.errstate(all="ignore"):
        said = verdict(softmax_exercise, naive)
    assert said[-2].startswith("✗ values: p (it holds NaN or infinity)")
    assert said[-1].startswith("  Hint: e to the 1000 is too large")


def test_other_ways_to_write_the_same(verdict):
    assert verdict(softmax_exercise, lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1)[:, None]))[-1].endswith(
        "is right."
    )
    loop = verdict(
        softmax_loss_backward_exercise,
        lambda z, t: np.array([(softmax(row) - np.eye(len(row))[k]) / len(z) for row, k in zip(z, t, strict=True)]),
    )
    assert loop[-1].endswith("is right.")
