import numpy as np

from helpers.core.exercises import check
from helpers.models.count_exercises import positive_pmi_exercise


def right_table(counts):
    p = counts / counts.sum()
    chance = p.sum(axis=1, keepdims=True) * p.sum(axis=0)
    return np.maximum(np.log(np.maximum(p, 1e-300) / chance), 0)


def test_the_right_answer_is_right(capsys):
    check(positive_pmi_exercise, right_table)
    assert capsys.readouterr().out.strip().endswith("is right.")


def test_every_draw_has_a_pair_that_is_never_met():
    assert all((positive_pmi_exercise.draw(np.random.default_rng(seed))[0] == 0).any() for seed in range(3))
