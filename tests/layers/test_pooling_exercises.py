import numpy as np
import pytest

from helpers.core.exercises import check
from helpers.layers.pooling_exercises import masked_mean_backward_exercise, masked_mean_exercise


def right_mean(h, mask):
    return (h * mask[..., None]).sum(axis=0) / mask.sum(axis=0)[:, None]


def right_backward(ds, mask):
    return mask[..., None] * ds / mask.sum(axis=0)[:, None]


@pytest.mark.parametrize(
    ("exercise", "function"), [(masked_mean_exercise, right_mean), (masked_mean_backward_exercise, right_backward)]
)
def test_the_right_answer_is_right(exercise, function, capsys):
    check(exercise, function)
    assert capsys.readouterr().out.strip().endswith("is right.")


def test_the_draws_have_padding():
    for seed in range(3):
        _, mask = masked_mean_exercise.draw(np.random.default_rng(seed))
        assert not mask.all()
        assert mask[0].all()
