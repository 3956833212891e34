"""The exercises on gradients accept a right function, and give each mistake its hint."""

import numpy as np
import pytest

from helpers.core.exercises import check
from helpers.layers.recurrent.gradient_exercises import clip_both_exercise, one_step_back_exercise


@pytest.mark.parametrize("exercise", [one_step_back_exercise, clip_both_exercise], ids=lambda e: e.name)
def test_right_is_right_and_each_mistake_has_its_hint(exercise, capsys):
    check(exercise, exercise.values)
    assert capsys.readouterr().out.endswith("is right.\n")
    for mistake in exercise.mistakes:
        check(exercise, mistake.function)
        assert f"Hint: {mistake.hint}" in capsys.readouterr().out


def test_clipping_is_drawn_both_above_and_below_the_threshold():
    draws = [clip_both_exercise.draw(np.random.default_rng(seed)) for seed in range(3)]
    above = [np.sqrt((dW**2).sum() + (db**2).sum()) > threshold for dW, db, threshold in draws]
    assert {*above} == {True, False}
