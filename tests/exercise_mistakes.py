"""The mistakes that exercises foresee, as parameters of a test."""

import pytest


def mistakes_of(*exercises):
    """Give each exercise with each of its mistakes, named by the hint."""
    return [
        pytest.param(exercise, mistake, id=f"{exercise.name}: {mistake.hint}")
        for exercise in exercises
        for mistake in exercise.mistakes
    ]
