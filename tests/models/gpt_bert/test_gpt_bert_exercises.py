"""The exercises of GPT and BERT accept what is right, and know the mistakes that they foresee."""

import pytest

from helpers.core.exercises import check
from helpers.models.gpt_bert import hide_words_exercise, next_token_loss_exercise
from tests.exercise_mistakes import mistakes_of

EXERCISES = hide_words_exercise, next_token_loss_exercise


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.name)
def test_the_right_function_is_right(exercise, capsys):
    check(exercise, exercise.values)
    assert "is right" in capsys.readouterr().out


@pytest.mark.parametrize(("exercise", "mistake"), mistakes_of(*EXERCISES))
def test_each_mistake_gets_its_hint(exercise, mistake, capsys):
    check(exercise, mistake.function)
    assert mistake.hint in capsys.readouterr().out
