import pytest

from helpers.core import check
from helpers.models.seq2seq.exercises import beam_step_exercise, context_backward_exercise
from tests.exercise_mistakes import mistakes_of

EXERCISES = (context_backward_exercise, beam_step_exercise)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_right_function_passes(exercise, capsys):
    check(exercise, exercise.values)
    assert "is right" in capsys.readouterr().out


@pytest.mark.parametrize(("exercise", "mistake"), mistakes_of(*EXERCISES))
def test_each_mistake_gets_its_hint(exercise, mistake, capsys):
    check(exercise, mistake.function)
    assert mistake.hint in capsys.readouterr().out
