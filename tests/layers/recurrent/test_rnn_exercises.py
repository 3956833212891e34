"""The exercises of the plain layer accept the right function, and give each mistake its hint."""

import pytest

from helpers.core.exercises import check
from helpers.layers.recurrent.rnn_exercises import rnn_back_exercise, rnn_forward_exercise


@pytest.mark.parametrize("exercise", [rnn_forward_exercise, rnn_back_exercise], ids=lambda e: e.name)
def test_right_is_right_and_each_mistake_has_its_hint(exercise, capsys):
    check(exercise, exercise.values)
    assert capsys.readouterr().out.endswith("is right.\n")
    for mistake in exercise.mistakes:
        check(exercise, mistake.function)
        assert f"Hint: {mistake.hint}" in capsys.readouterr().out
