from typing import NamedTuple

import numpy as np
import pytest
import torch

from helpers.core.optimisers import adam, momentum, sgd


class Pair(NamedTuple):
    a: np.ndarray
    b: np.ndarray


CASES = {
    "sgd": (sgd(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "momentum": (momentum(0.05, 0.8), lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8)),
    "adam": (adam(0.02), lambda p: torch.optim.Adam(p, lr=0.02)),
    "adam's settings": (adam(0.1, 0.5, 0.9, 1e-3), lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-3)),
}


@pytest.mark.parametrize("name", CASES)
def test_two_hundred_steps_equal_torch(name):
    ours, theirs = CASES[name]
    rng = np.random.default_rng(0)
    params = Pair(rng.standard_normal((2, 3)), rng.standard_normal(3))
    tensors = [torch.tensor(p) for p in params]
    optimiser, state = theirs(tensors), ours.start(params)
    for _ in range(200):
        grads = Pair(rng.standard_normal((2, 3)), rng.standard_normal(3))
        for tensor, g in zip(tensors, grads, strict=True):
            tensor.grad = torch.tensor(g)
        optimiser.step()
        params, state = ours.step(params, grads, state)
    for p, tensor in zip(params, tensors, strict=True):
        np.testing.assert_allclose(p, tensor.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("make", [sgd, momentum, adam])
def test_a_step_changes_nothing_it_is_given_and_keeps_dtype(make):
    optimiser = make(np.float64(0.1))
    params, grads = (Pair(np.full(2, n, np.float32), np.full(1, n, np.float32)) for n in (1, 2))
    state = optimiser.start(params)
    once = optimiser.step(params, grads, state)
    again = optimiser.step(params, grads, state)
    assert params.a[0] == 1
    assert grads.a[0] == 2
    np.testing.assert_array_equal(once[0].a, again[0].a)
    assert once[0].a[0] < 1
    assert once[0].a.dtype == np.float32


def test_adams_first_step_is_its_rate():
    params, _ = adam(0.1).step(np.zeros(2), np.array([1e-3, -1e3]), adam(0.1).start(np.zeros(2)))
    np.testing.assert_allclose(params, [-0.1, 0.1], rtol=1e-4)


@pytest.mark.parametrize("make", [sgd, momentum, adam])
@pytest.mark.parametrize("rate", [0, -1, np.nan])
def test_a_bad_rate_is_an_error(make, rate):
    with pytest.raises(ValueError, match="rate is"):
        make(rate)


@pytest.mark.parametrize("share", [-0.1, 1, np.nan])
def test_a_bad_share_is_an_error(share):
    with pytest.raises(ValueError, match="beta is"):
        momentum(0.1, share)
    with pytest.raises(ValueError, match="beta1 is"):
        adam(0.1, beta1=share)
    with pytest.raises(ValueError, match="beta2 is"):
        adam(0.1, beta2=share)
