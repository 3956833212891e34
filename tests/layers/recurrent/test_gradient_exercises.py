"""The exercise on clipping shows both of its cases."""

import numpy as np

from helpers.layers.recurrent.gradient_exercises import clip_both_exercise


def test_clipping_is_drawn_both_above_and_below_the_threshold():
    draws = [clip_both_exercise.draw(np.random.default_rng(seed)) for seed in range(3)]
    above = [np.sqrt((dW**2).sum() + (db**2).sum()) > threshold for dW, db, threshold in draws]
    assert {*above} == {True, False}
