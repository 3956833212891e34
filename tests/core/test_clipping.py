from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.core.optimisers import clip_by_norm, clip_by_value
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


def test_a_case_by_hand():
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
def test_they_equal_torch(grads, threshold):
    params = [torch.zeros(len(g), dtype=torch.float64) for g in grads]
    for p, g in zip(params, grads, strict=True):
        p.grad = torch.tensor(g)
    torch.nn.utils.clip_grad_value_(params, threshold)
    np.testing.assert_array_equal(np.concatenate(clip_by_value(grads, threshold)), torch.cat([p.grad for p in params]))


def test_dtype_is_kept_even_where_the_factor_is_tiny():
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
