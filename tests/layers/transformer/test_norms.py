import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.transformer.norms import (
    NormParams,
    init_norm,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)

SIZES = [((), 1), ((), 4), ((1, 1), 1), ((3,), 2), ((2, 3), 5)]
every_size = pytest.mark.parametrize(("leading", "D"), SIZES)


def make(leading, D, dtype=np.float64):
    rng = np.random.default_rng((*leading, D))
    x, scale, shift, dy = (rng.standard_normal(shape).astype(dtype) for shape in ((*leading, D), D, D, (*leading, D)))
    return x, NormParams(scale, shift), dy


def test_a_case_by_hand():
    # mean 3, variance 4; ε = 5 makes the root 3, so n = (−2/3, 2/3).
    params = NormParams(np.array([3.0, 6.0]), np.array([10.0, 20.0]))
    y, cache = layer_norm(np.array([[1.0, 5.0]]), params, eps=5)
    np.testing.assert_allclose(y, [[8, 24]])
    # dn = (3, 0): its mean is 3/2, and that of dn ⊙ n is −1. So dx = (3 − 3/2 − 2/3, −3/2 + 2/3) / 3.
    dx, grads = layer_norm_backward(np.array([[1.0, 0.0]]), cache, params)
    np.testing.assert_allclose(dx, [[5 / 18, -5 / 18]])
    np.testing.assert_allclose(grads.scale, [-2 / 3, 0])
    np.testing.assert_allclose(grads.shift, [1, 0])


def test_a_case_by_hand_that_leaves_the_mean_in():
    scale = np.array([3.0, 6.0])
    y, cache = rms_norm(np.array([[1.0, 5.0]]), scale, eps=3)  # mean of squares 13, root of 16
    np.testing.assert_allclose(y, [[3 / 4, 30 / 4]])
    # dn = (3, 0), the mean of dn ⊙ n is 3/8.
    dx, dscale = rms_norm_backward(np.array([[1.0, 0.0]]), cache, scale)
    np.testing.assert_allclose(dx, [[(3 - 3 / 8 / 4) / 4, -3 / 8 * 5 / 4 / 4]])
    np.testing.assert_allclose(dscale, [1 / 4, 0])


@every_size
def test_layer_norm_equals_central_differences_and_torch(leading, D):
    x, params, dy = make(leading, D)
    y, cache = layer_norm(x, params)
    dx, grads = layer_norm_backward(dy, cache, params)

    errors = check_gradients(lambda params: float((layer_norm(x, params)[0] * dy).sum()), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: float((layer_norm(x, params)[0] * dy).sum()), x))
    assert max(errors.values()) < 1e-6, errors

    x_torch, scale, shift = (torch.tensor(array, requires_grad=True) for array in (x, *params))
    y_torch = torch.nn.functional.layer_norm(x_torch, (D,), scale, shift)
    y_torch.backward(torch.tensor(dy))
    theirs = (y_torch.detach(), x_torch.grad, scale.grad, shift.grad)
    for ours, their in zip((y, dx, *grads), theirs, strict=True):
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-12)


@every_size
def test_rms_norm_equals_central_differences_and_autograd(leading, D):
    x, (scale, _), dy = make(leading, D)
    y, cache = rms_norm(x, scale)
    dx, dscale = rms_norm_backward(dy, cache, scale)
    for found, loss, array in (
        (dx, lambda x: float((rms_norm(x, scale)[0] * dy).sum()), x),
        (dscale, lambda scale: float((rms_norm(x, scale)[0] * dy).sum()), scale),
    ):
        assert relative_error(found, numerical_gradient(loss, array)) < 1e-6

    x_torch, scale_torch = (torch.tensor(array, requires_grad=True) for array in (x, scale))
    y_torch = x_torch * (x_torch.square().mean(-1, keepdim=True) + 1e-5).rsqrt() * scale_torch
    y_torch.backward(torch.tensor(dy))
    for ours, their in zip((y, dx, dscale), (y_torch.detach(), x_torch.grad, scale_torch.grad), strict=True):
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-12)


def test_each_step_has_mean_0_and_variance_1_at_first(rng):
    x = 7 + 3 * rng.standard_normal((2, 5, 64))
    y, _ = layer_norm(x, init_norm(64))
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-13)
    np.testing.assert_allclose(y.var(axis=-1), 1, rtol=1e-5)  # but for ε
    y, _ = rms_norm(x, np.ones(64))
    np.testing.assert_allclose(np.square(y).mean(axis=-1), 1, rtol=1e-5)
    assert y.mean() > 0.5


def test_what_changes_nothing_has_no_slope(rng):
    x, params, dy = make((2, 3), 6)
    y, cache = layer_norm(x, params, eps=1e-12)
    np.testing.assert_allclose(layer_norm(5 * x + 3, params, eps=1e-12)[0], y, rtol=1e-9)
    dx, _ = layer_norm_backward(dy, cache, params)
    np.testing.assert_allclose(dx.sum(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose((dx * x).sum(axis=-1), 0, atol=1e-9)


@pytest.mark.parametrize(("dtype", "large", "rtol"), [(np.float32, 2.0**100, 1e-6), (np.float64, 2.0**900, 1e-13)])
def test_rows_whose_squares_no_float_holds_are_normalised_too(dtype, large, rtol):
    x = make((3,), 5)[0].astype(dtype)  # ε is nothing beside such rows
    found, _ = layer_norm(x * dtype(large), init_norm(5, dtype))
    away = x.astype(float) - x.mean(axis=-1, keepdims=True, dtype=float)
    np.testing.assert_allclose(found, away / x.astype(float).std(axis=-1, keepdims=True), rtol=rtol, atol=rtol)
    found, _ = rms_norm(x * dtype(large), np.ones(5, dtype))
    wanted = x / np.sqrt(np.square(x.astype(float)).mean(axis=-1, keepdims=True))
    np.testing.assert_allclose(found, wanted, rtol=rtol)


def test_equal_numbers_become_the_shift():
    params = NormParams(np.full(3, 9.0), np.arange(3.0))
    np.testing.assert_array_equal(layer_norm(np.full((2, 3), 4.0), params)[0], [np.arange(3)] * 2)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=3), st.integers(1, 4), st.sampled_from([np.float32, np.float64]))
def test_shapes_and_dtypes_are_kept(leading, D, dtype):
    x, params, dy = make(leading, D, dtype)
    for y, dx, *grads in (
        [layer_norm(x, params)[0], *layer_norm_backward(dy, layer_norm(x, params, np.float64(1e-5))[1], params)],
        [rms_norm(x, params.scale)[0], *rms_norm_backward(dy, rms_norm(x, params.scale)[1], params.scale)],
    ):
        assert y.shape == dx.shape == x.shape
        grads = grads[0] if isinstance(grads[0], NormParams) else grads
        assert {grad.shape for grad in grads} == {(D,)}
        assert {array.dtype for array in (y, dx, *grads)} == {np.dtype(dtype)}


X, PARAMS = np.zeros((2, 3)), init_norm(3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X[:, :2], PARAMS), r"x has shape \(2, 2\), expected \(\.\.\., D=3\)"),
        ((X, PARAMS._replace(shift=np.zeros(2))), r"shift has shape \(2,\), expected \(D=3\)"),
        ((X, PARAMS._replace(scale=np.ones((1, 3)))), r"scale has shape \(1, 3\), expected \(D\)"),
        ((X.astype(np.float32), PARAMS), "expected one dtype"),
        (([[0.0] * 3], PARAMS), "x has type list"),
        ((X[:, :0], NormParams(np.ones(0), np.ones(0))), "D is 0"),
        ((X, PARAMS, 0.0), "eps is 0.0, expected a finite number above 0"),
    ],
)
def test_bad_input_is_an_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        layer_norm(*arguments)


def test_bad_gradients_and_sizes_are_errors():
    for backward, cache, params in (
        (layer_norm_backward, layer_norm(X, PARAMS)[1], PARAMS),
        (rms_norm_backward, rms_norm(X, PARAMS.scale)[1], PARAMS.scale),
    ):
        with pytest.raises(ValueError, match=r"dy has shape \(1, 3\), expected \(2, 3\)"):
            backward(X[:1], cache, params)
        with pytest.raises(ValueError, match="expected one dtype"):
            backward(X.astype(np.float32), cache, params)
    with pytest.raises(ValueError, match=r"scale has shape \(2,\)|x has shape"):
        rms_norm(X, np.ones(2))
    with pytest.raises(ValueError, match="D is 0"):
        init_norm(0)
