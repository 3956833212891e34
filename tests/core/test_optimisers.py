from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.core.optimisers import adam, clip_by_norm, clip_by_value, momentum, sgd
from helpers.core.params import global_norm


class Pair(NamedTuple):
    a: np.ndarray
    b: np.ndarray


some = arrays(np.float64, st.integers(1, 6), elements=st.floats(-1e6, 1e6, allow_subnormal=False))


@settings(deadline=None)
@given(st.builds(Pair, some, some), st.floats(1e-3, 1e3))
def test_clipping_by_norm_keeps_the_direction_and_caps_the_norm(grads, threshold):
    clipped, norm = clip_by_norm(grads, threshold)
    assert isinstance(clipped, Pair)
    assert norm == global_norm(grads)
    assert global_norm(clipped) == pytest.approx(min(norm, threshold), rel=1e-12)
    for g, c in zip(grads, clipped, strict=True):
        np.testing.assert_allclose(c, g * min(1, threshold / norm) if norm else g, rtol=1e-12)


def test_clipping_by_hand():
    grads = Pair(np.array([3.0]), np.array([-4.0]))
    clipped, norm = clip_by_norm(grads, 1)
    assert norm == 5
    np.testing.assert_allclose(np.concatenate(clipped), [0.6, -0.8])
    assert clip_by_norm(grads, 5)[0] is grads
    np.testing.assert_array_equal(np.concatenate(clip_by_value(grads, 3.5)), [3, -3.5])


def test_clipping_by_value_turns_the_direction():
    g = np.array([1.0, 10.0])
    c = clip_by_value(g, 1.0)
    assert np.arctan2(*c[::-1]) == pytest.approx(np.pi / 4)
    np.testing.assert_array_equal(g, [1, 10])


@settings(deadline=None)
@given(st.builds(Pair, some, some), st.floats(1e-3, 1e3))
def test_clipping_equals_torch(grads, threshold):
    params = [torch.zeros(len(g), dtype=torch.float64) for g in grads]
    for p, g in zip(params, grads, strict=True):
        p.grad = torch.tensor(g)
    torch.nn.utils.clip_grad_value_(params, threshold)
    np.testing.assert_array_equal(np.concatenate(clip_by_value(grads, threshold)), torch.cat([p.grad for p in params]))


def test_clipping_keeps_the_dtype_even_where_the_factor_is_tiny():
    g = np.full(4, 1e38, np.float32)
    clipped, norm = clip_by_norm(g, 1e-6)
    assert norm == pytest.approx(2e38)
    assert clipped.dtype == np.float32
    np.testing.assert_allclose(clipped, 5e-7, rtol=1e-6)
    assert clip_by_value(g, np.float64(1)).dtype == np.float32


@pytest.mark.parametrize("threshold", [0, -1, np.nan, np.inf])
def test_a_bad_threshold_is_an_error(threshold):
    with pytest.raises(ValueError, match="threshold is"):
        clip_by_norm(np.ones(2), threshold)
    with pytest.raises(ValueError, match="limit is"):
        clip_by_value(np.ones(2), threshold)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_is_an_error(wrong):
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(FloatingPointError, match="gradient norm is"):
            clip(Pair(np.ones(2), np.array([wrong])), 1.0)


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
