import numpy as np

from helpers.core.exercises import check
from helpers.layers.embedding_exercises import table_gradient_exercise


def right_gradient(dx, ids, E):
    dE = np.zeros_like(E)
    for row, i in zip(dx, ids, strict=True):
        dE[i] += row
    return dE


def test_the_right_answer_is_right_and_every_mistake_gets_its_own_hint(capsys):
    check(table_gradient_exercise, right_gradient)
    assert capsys.readouterr().out.strip().endswith("is right.")
    for mistake in table_gradient_exercise.mistakes:
        check(table_gradient_exercise, mistake.function)
        assert mistake.hint in capsys.readouterr().out


def test_the_obvious_line_is_caught(capsys):
    def with_fancy_index(dx, ids, E):
        dE = np.zeros_like(E)
        dE[ids] += dx
        return dE

    check(table_gradient_exercise, with_fancy_index)
    assert "only its last gradient" in capsys.readouterr().out
