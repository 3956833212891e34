"""The valley has the curvatures that it promises, its gradient is right, and paths are those of torch.optim."""

import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.optimisers import adam, momentum, sgd
from helpers.core.overflow import NotFiniteError
from helpers.models.valley import loss_left, optimiser_path, squared_error, valley_data


@pytest.fixture
def data(rng):
    return valley_data(rng, N=16, ratio=9.0)


def test_the_curvatures_across_and_along(data):
    values, directions = np.linalg.eigh(data.x.T @ data.x / len(data.y))
    np.testing.assert_allclose(values, [1 / 9, 1])
    assert np.abs(directions).min() > 0.2, "the valley lies along no axis"
    _, gradient = squared_error(data.best, data.x, data.y)
    np.testing.assert_allclose(gradient, 0, atol=1e-12)
    assert np.linalg.norm(data.start - data.best) == pytest.approx(np.hypot(1, 4))


def test_loss_by_hand_and_gradient_by_differences(data):
    loss, gradient = squared_error(np.array([1.0, 2.0]), np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 4.0]))
    assert loss == pytest.approx((2**2 + 2**2) / 4)
    np.testing.assert_allclose(gradient, [2 / 2, (2 - 2) / 2])
    _, gradient = squared_error(data.start, data.x, data.y)
    differences = numerical_gradient(lambda w: squared_error(w, data.x, data.y)[0], data.start)
    assert relative_error(gradient, differences) < 1e-8


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (sgd(0.3), lambda w: torch.optim.SGD([w], lr=0.3)),
        (momentum(0.3), lambda w: torch.optim.SGD([w], lr=0.3, momentum=0.9)),
        (adam(0.3), lambda w: torch.optim.Adam([w], lr=0.3)),
    ],
)
def test_paths_equal_torch_step_by_step(data, ours, theirs):
    w = torch.tensor(data.start, requires_grad=True)
    stepper, x, y = theirs(w), torch.tensor(data.x), torch.tensor(data.y)
    for place in optimiser_path(data, ours, 30):
        np.testing.assert_allclose(place, w.detach().numpy(), rtol=1e-10)
        stepper.zero_grad()
        (((x @ w - y) ** 2).mean() / 2).backward()
        stepper.step()


@pytest.mark.parametrize(("rate", "arrives"), [(1.9, True), (2.1, False)])
def test_plain_descent_has_a_limit_of_two_over_the_curvature(data, rate, arrives):
    end = optimiser_path(data, sgd(rate), 200)[-1]
    assert (np.linalg.norm(end - data.best) < 1e-4) == arrives


def test_a_batch_of_all_is_no_other_path_and_small_ones_are_drawn(data):
    whole = optimiser_path(data, sgd(0.3), 5)
    np.testing.assert_allclose(optimiser_path(data, sgd(0.3), 5, 16, np.random.default_rng(0)), whole)
    few = [optimiser_path(data, sgd(0.3), 5, 2, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(few[0], few[1])
    assert not np.allclose(few[0], few[2])
    assert few[0].shape == (6, 2)


def test_what_is_left_of_the_loss_by_the_curvatures(data):
    # From the start, 1 across and 4 along: a step multiplies them by 1 − η and 1 − η / 9.
    left = (0.5**2 + (1 - 0.5 / 9) ** 2 * 16 / 9) / 2
    assert loss_left(data, sgd(0.5), 1) == pytest.approx(left)
    few = [loss_left(data, sgd(0.5), 3, 2, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert few[0] == few[1] != few[2]


def test_what_is_refused(data, rng):
    for wrong in ({"N": 2}, {"ratio": 0}, {"noise": -1}):
        with pytest.raises(ValueError, match="expected"):
            valley_data(rng, **wrong)
    with pytest.raises(ValueError, match="batch is 17"):
        optimiser_path(data, sgd(0.1), 5, 17, rng)
    with pytest.raises(ValueError, match="rng None"):
        optimiser_path(data, sgd(0.1), 5, 4)
    with pytest.raises(NotFiniteError, match="step "):
        optimiser_path(data, sgd(100.0), 500)
    with pytest.raises(ValueError, match="at least one example"):
        squared_error(data.best, data.x[:0], data.y[:0])
