import numpy as np

from helpers.core.exercises import check
from helpers.layers.embedding_exercises import table_gradient_exercise


def right_gradient(dx, ids, E):
    dE = np.zeros_like(E)
    for row, i in zip(dx, ids, strict=True):
        dE[i] += row
    return dE


def test_the_right_answer_is_right(capsys):
    check(table_gradient_exercise, right_gradient)
    assert capsys.readouterr().out.strip().endswith("is right.")


def test_the_obvious_line_is_caught(capsys):
    def with_fancy_index(dx, ids, E):
        dE = np.zeros_like(E)
        dE[ids] += dx
        return dE

    check(table_gradient_exercise, with_fancy_index)
    assert "only its last gradient" in capsys.readouterr().out
