"""The exercises on scale ask for what the book computes."""

import numpy as np
import pytest

from helpers.models.data_parallel import ring_all_reduce, whole_gradient_exercise
from helpers.models.gpt_costs import ModelShape, gpt_weights_exercise, parameter_count
from helpers.models.scaling_laws import fit_law_exercise, fit_power_law


@pytest.mark.parametrize("seed", range(3))
def test_the_weights_of_a_gpt(seed):
    V, D, layers, T_max = map(int, gpt_weights_exercise.draw(np.random.default_rng(seed)))
    shape = ModelShape(V, D, layers, 1, 1, 4 * D, T_max)
    assert gpt_weights_exercise.values(V, D, layers, T_max) == parameter_count(shape)


@pytest.mark.parametrize("seed", range(3))
def test_the_fitted_law(seed):
    x, losses, floor = fit_law_exercise.draw(np.random.default_rng(seed))
    law = fit_power_law(x, losses, float(floor))
    np.testing.assert_allclose(fit_law_exercise.values(x, losses, floor), [law.scale, law.exponent])


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_of_the_whole_batch(seed):
    """Sums and counts that go round the ring give it too."""
    means, counts = whole_gradient_exercise.draw(np.random.default_rng(seed))
    P, N = means.shape
    sent = np.zeros((P, P * (N + 1)))
    sent[:, : N + 1] = np.column_stack([counts[:, None] * means, counts])
    total = ring_all_reduce(sent)[-1].values.reshape(P, -1)[:, : N + 1]
    for each in total:
        np.testing.assert_allclose(whole_gradient_exercise.values(means, counts), each[:N] / each[N])
