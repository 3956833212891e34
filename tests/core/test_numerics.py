import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.core.numerics import log_softmax, logsumexp, sigmoid, softmax

numbers = st.floats(-1e4, 1e4)


@settings(deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=numbers))
def test_they_equal_torch(x):
    t = torch.tensor(x)
    for axis in (0, 1):
        np.testing.assert_allclose(softmax(x, axis), torch.softmax(t, axis).numpy(), rtol=1e-10, atol=1e-300)
        np.testing.assert_allclose(log_softmax(x, axis), torch.log_softmax(t, axis).numpy(), rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(logsumexp(x, axis), torch.logsumexp(t, axis).numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(sigmoid(x), torch.sigmoid(t).numpy(), rtol=1e-10, atol=1e-300)


def test_a_case_by_hand():
    x = np.log([[1.0, 2.0, 5.0]])
    np.testing.assert_allclose(softmax(x), [[0.125, 0.25, 0.625]])
    np.testing.assert_allclose(logsumexp(x), np.log([8.0]))
    np.testing.assert_allclose(log_softmax(x), np.log([[0.125, 0.25, 0.625]]))
    np.testing.assert_allclose(sigmoid(np.log([3.0])), [0.75])


def test_they_are_stable_at_ten_thousand():
    x = np.array([1e4, 0.0, -1e4])
    np.testing.assert_array_equal(softmax(x), [1, 0, 0])
    np.testing.assert_array_equal(log_softmax(x), [0, -1e4, -2e4])
    assert logsumexp(x) == 1e4
    np.testing.assert_array_equal(sigmoid(x), [1, 0.5, 0])


def test_logsumexp_keeps_the_axis_if_asked():
    x = np.zeros((2, 3))
    assert logsumexp(x, axis=0).shape == (3,)
    assert logsumexp(x, axis=0, keepdims=True).shape == (1, 3)


def test_log_of_zero_probability_is_minus_infinity():
    x = np.full((1, 3), -np.inf)
    assert logsumexp(x) == -np.inf
    np.testing.assert_array_equal(softmax(x), np.zeros((1, 3)))
    np.testing.assert_array_equal(log_softmax(x), x)


def test_a_mask_hides_what_is_false():
    x = np.array([[1.0, 2.0, np.nan], [np.inf, -np.inf, 3.0]])
    mask = np.array([[True, True, False], [False, False, True]])
    expected = [[*softmax(np.array([1.0, 2.0])), 0], [0, 0, 1]]
    np.testing.assert_allclose(softmax(x, mask=mask), expected)


def test_a_row_with_everything_masked_is_zero():
    weights = softmax(np.ones((2, 3)), mask=np.array([[False], [True]]))
    np.testing.assert_allclose(weights, [[0, 0, 0], [1 / 3, 1 / 3, 1 / 3]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_is_kept(dtype):
    x = np.linspace(-3, 3, 6, dtype=dtype).reshape(2, 3)
    for f in (softmax, log_softmax, logsumexp, sigmoid):
        assert f(x).dtype == dtype
    assert softmax(x, mask=x > 0).dtype == dtype


def test_integers_become_floats():
    np.testing.assert_allclose(softmax([0, 0]), [0.5, 0.5])
    assert sigmoid(0) == 0.5
