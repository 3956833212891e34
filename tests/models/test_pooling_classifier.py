import numpy as np
import pytest

from helpers.core.gradient_check import check_gradients
from helpers.data.tasks.digit_among_letters import SYMBOLS, which_digit
from helpers.models.pooling_classifier import (
    init_pooling_classifier,
    pooling_classifier,
    pooling_classifier_loss,
    train_pooling_classifier,
)


@pytest.mark.parametrize(("T", "B", "D", "H", "V"), [(1, 1, 1, 1, 1), (4, 3, 2, 3, 4)])
def test_gradients(T, B, D, H, V):
    rng = np.random.default_rng(0)
    params, x, targets = init_pooling_classifier(rng, D, V, H), rng.standard_normal((T, B, D)), rng.integers(V, size=B)
    _, grads = pooling_classifier_loss(params, x, targets)
    errors = check_gradients(lambda p: pooling_classifier_loss(p, x, targets)[0], params, grads)
    assert max(errors.values()) < 1e-6 or max(np.abs(grads.output.b)) == 0  # one thing to name has no gradient


def test_the_answer_is_read_from_the_weighted_mean_of_the_states():
    rng = np.random.default_rng(1)
    params = init_pooling_classifier(rng, 3, 4, 5)
    logits, weights, values, _ = pooling_classifier(rng.standard_normal((6, 2, 3)), params)
    assert (weights.shape, values.shape) == ((2, 1, 6), (2, 6, 10))
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    mean = np.einsum("bs,bsc->bc", weights[:, 0], values)
    np.testing.assert_allclose(logits, mean @ params.output.W + params.output.b)


def test_it_learns_which_digit():
    rng = np.random.default_rng(0)

    def draw():
        return which_digit(rng, 32, 6)

    params, history = train_pooling_classifier(
        init_pooling_classifier(rng, len(SYMBOLS), 4, 8, np.float32), draw, steps=200
    )
    assert history.loss[-1] < 0.1 * history.loss[0]
    x, targets = draw()
    assert (pooling_classifier(x, params)[0].argmax(axis=-1) == targets).mean() > 0.95
