"""The exercises of attention ask for what the layer computes."""

import numpy as np
import pytest

from helpers.layers.attention import attention, look_up_backward
from helpers.layers.attention.exercises import look_up_exercise, scores_back_exercise


@pytest.mark.parametrize("seed", range(3))
def test_what_is_right_is_what_the_layer_does(seed):
    q, k, v = look_up_exercise.draw(np.random.default_rng(seed))
    for ours, theirs in zip(look_up_exercise.values(q, k, v), attention(q, k, v)[:2], strict=True):
        np.testing.assert_allclose(ours, theirs)
    dout, v, weights = scores_back_exercise.draw(np.random.default_rng(seed))
    np.testing.assert_allclose(scores_back_exercise.values(dout, v, weights), look_up_backward(dout, (v, weights))[0])
