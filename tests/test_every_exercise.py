"""Every exercise of the book: what it takes as right passes, and each foreseen mistake gets its own hint."""

import importlib
import pkgutil

import pytest

import helpers
from helpers.core.exercises import Exercise

NAMES = sorted(
    module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers.") if module.name.endswith("exercises")
)
EXERCISES = [
    pytest.param(value, id=name)
    for module in map(importlib.import_module, NAMES)
    for name, value in vars(module).items()
    if isinstance(value, Exercise) and name.endswith("_exercise")
]
MISTAKES = [
    pytest.param(exercise.values[0], mistake, id=f"{exercise.id}: {mistake.hint}")
    for exercise in EXERCISES
    for mistake in exercise.values[0].mistakes
]


def test_the_exercises_of_all_packages_are_found():
    found = {exercise.id for exercise in EXERCISES}
    assert {"softmax_exercise", "lstm_step_exercise", "beam_step_exercise", "hide_words_exercise"} <= found
    assert len(found) == len(EXERCISES)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_the_equations_give_is_right(verdict, exercise):
    said = verdict(exercise, exercise.values or exercise.gradients)
    assert said[-1].endswith("is right.")
    assert all(line.startswith("✓") for line in said[:-1])


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_each_mistake_gets_its_own_hint_and_no_other(verdict, exercise, mistake):
    said = verdict(exercise, mistake.function)
    assert said[-2].startswith("✗")
    assert said[-1] == f"  Hint: {mistake.hint}"
