"""The training loop: what a step is, worked out by hand, and what it refuses."""

import numpy as np
import pytest
import torch

from helpers.models.torch_training import rate_share, train_torch


def weight(*numbers):
    return torch.tensor(numbers, requires_grad=True)


def squares(w):
    """L = ½ |w|², whose gradient is w; what is written down is the first number."""
    while True:
        yield (w * w).sum() / 2, w[0]


def test_three_steps_of_gradient_descent_by_hand():
    w, seen = weight(3.0, 4.0), []
    optimiser = torch.optim.SGD([w], lr=0.5)
    history = train_torch(squares(w), optimiser, 3, warm_up=0, clip=1.0, each=lambda k: seen.append((k, w.tolist())))
    # The gradient has norm 5, so it is clipped to (0.6, 0.8); the rate is 0.5 twice, then half of it.
    assert [k for k, _ in seen] == [0, 1, 2]
    np.testing.assert_allclose([w for _, w in seen], [[3, 4], [2.7, 3.6], [2.4, 3.2]], rtol=1e-5)
    np.testing.assert_allclose(w.detach(), [2.25, 3], rtol=1e-5)
    np.testing.assert_allclose(history.loss, [3, 2.7, 2.4], rtol=1e-5)
    np.testing.assert_allclose(history.gradient_norm, [5, 4.5, 4], rtol=1e-5)


def test_a_small_gradient_is_not_clipped():
    w = weight(3.0, 4.0)
    train_torch(squares(w), torch.optim.SGD([w], lr=0.5), 1, clip=6.0)
    np.testing.assert_allclose(w.detach(), [1.5, 2], rtol=1e-5)


def test_the_rate_rises_and_falls():
    shares = [rate_share(k, 100) for k in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9] == shares[10] == 1
    assert shares[-1] == pytest.approx(1 / 90)
    assert [rate_share(k, 1) for k in (0, 1)] == [1, 0]
    np.testing.assert_allclose(np.diff(shares[10:]), -1 / 90)
    np.testing.assert_allclose([rate_share(k, 4, warm_up=0) for k in range(5)], [1, 1, 2 / 3, 1 / 3, 0])
    np.testing.assert_allclose([rate_share(k, 4, warm_up=0.5) for k in range(5)], [0.5, 1, 1, 0.5, 0])


def test_what_is_not_finite_is_named():
    w = weight(3.0, 4.0)

    def losses():
        yield (w * w).sum() / 2, w[0]
        yield (w * float("nan")).sum(), w[0]

    with pytest.raises(FloatingPointError, match="step 1: the loss is nan, the gradient norm nan"):
        train_torch(losses(), torch.optim.SGD([w], lr=0.1), 2)
    assert w.isfinite().all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"clip": -1}, "clip is -1"),
        ({"warm_up": 1}, "warm_up is 1, expected a share"),
        ({"warm_up": -0.1}, "warm_up is -0.1, expected a share"),
    ],
)
def test_it_refuses(wrong, message):
    w = weight(1.0)
    with pytest.raises(ValueError, match=message):
        train_torch(squares(w), torch.optim.SGD([w], lr=0.1), **{"steps": 1} | wrong)


def test_a_rate_that_float32_cannot_hold_is_refused_before_a_step():
    w = torch.nn.Parameter(torch.tensor([3.0]))
    with pytest.raises(ValueError, match=r"rate is 1e\+300"):
        train_torch(squares(w), torch.optim.SGD([w], lr=1e300), 1)
    assert w.item() == 3.0
