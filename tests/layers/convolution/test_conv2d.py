"""Convolution in both forms: by hand, torch, central differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.convolution.conv2d import (
    ConvParams,
    conv2d,
    conv2d_backward,
    init_conv2d,
    output_size,
    receptive_field,
)
from helpers.layers.convolution.fast import fast_conv2d, fast_conv2d_backward

FORMS = {"readable": (conv2d, conv2d_backward), "fast": (fast_conv2d, fast_conv2d_backward)}
both_forms = pytest.mark.parametrize("form", FORMS)
# B, C, D, H, W, h, w, stride, padding
SIZES = [
    (1, 1, 1, 1, 1, 1, 1, 1, 0),
    (2, 3, 4, 7, 6, 3, 2, 2, 1),
    (2, 1, 3, 5, 8, 2, 4, 3, 2),
    (3, 2, 2, 4, 4, 1, 1, 2, 0),
]


def draw(size, dtype=np.float64):
    B, C, D, H, W, h, w, stride, padding = size
    rng = np.random.default_rng(size)
    x, filters, b = (rng.standard_normal(shape).astype(dtype) for shape in ((B, C, H, W), (D, C, h, w), (D,)))
    shape = B, D, (H + 2 * padding - h) // stride + 1, (W + 2 * padding - w) // stride + 1
    return x, ConvParams(filters, b), rng.standard_normal(shape).astype(dtype), {"stride": stride, "padding": padding}


def both_passes(form, x, params, dy, options):
    forward, backward = FORMS[form]
    y, cache = forward(x, params, **options)
    dx, grads = backward(dy, cache, params)
    return y, dx, *grads


@both_forms
def test_an_edge_by_hand(form):
    x = np.array([[0.0, 0, 1, 1]] * 3)[None, None]
    params = ConvParams(np.array([[[[-1.0, 1.0]]]]), np.array([0.5]))
    y, dx, dW, db = both_passes(form, x, params, np.ones((1, 1, 3, 3)), {})
    np.testing.assert_array_equal(y[0, 0], [[0.5, 1.5, 0.5]] * 3)  # it answers where dark meets light
    np.testing.assert_array_equal(dx[0, 0], [[-1, 0, 0, 1]] * 3)
    np.testing.assert_array_equal(dW, [[[[3, 6]]]])
    np.testing.assert_array_equal(db, [9])


@both_forms
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_both_passes_equal_torch(form, size, dtype):
    x, params, dy, options = draw(size, dtype)
    found = both_passes(form, x, params, dy, options)
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, *params)]
    y = torch.nn.functional.conv2d(*leaves, **options)
    wanted = [y.detach(), *torch.autograd.grad(y, leaves, torch.tensor(dy))]
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.dtype == dtype
        tolerance = 1e-12 if dtype == np.float64 else 1e-5
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=tolerance, atol=tolerance * max(1, np.abs(ours).max()))


@both_forms
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_backward_equals_central_differences(form, size):
    x, params, dy, options = draw(size)
    forward, _ = FORMS[form]
    _, dx, *grads = both_passes(form, x, params, dy, options)

    def loss(x, params):
        return float((dy * forward(x, params, **options)[0]).sum())

    assert relative_error(dx, numerical_gradient(lambda x: loss(x, params), x)) < 1e-6
    errors = check_gradients(lambda params: loss(x, params), params, ConvParams(*grads))
    assert max(errors.values()) < 1e-6


@settings(deadline=None)
@given(st.tuples(*[st.integers(1, 3)] * 3, *[st.integers(1, 7)] * 2, *[st.integers(1, 4)] * 2, st.integers(1, 3),
                 st.integers(0, 3)))  # fmt: skip
def test_the_fast_form_equals_the_readable_one(size):
    *_, H, W, h, w, _, padding = size
    if h > H + 2 * padding or w > W + 2 * padding:
        with pytest.raises(ValueError, match="the window has"):
            output_size(min(H, W), max(h, w), 1, padding)
        return
    drawn = draw(size)
    for readable, fast in zip(both_passes("readable", *drawn), both_passes("fast", *drawn), strict=True):
        np.testing.assert_allclose(fast, readable, rtol=1e-12, atol=1e-12)


@both_forms
def test_a_filter_of_one_place_is_a_linear_layer(form):
    x, params, dy, options = draw((3, 2, 4, 5, 4, 1, 1, 1, 0))
    y, *_ = both_passes(form, x, params, dy, options)
    np.testing.assert_allclose(np.moveaxis(y, 1, -1), np.moveaxis(x, 1, -1) @ params.W[:, :, 0, 0].T + params.b)


def test_nothing_is_changed():
    x, params, dy, options = draw(SIZES[1])
    kept = x.copy(), params.W.copy(), dy.copy()
    for form in FORMS:
        both_passes(form, x, params, dy, options)
        for now, before in zip((x, params.W, dy), kept, strict=True):
            np.testing.assert_array_equal(now, before)


def test_the_first_weights_keep_the_size_under_relu():
    params = init_conv2d(np.random.default_rng(0), 16, 64, dtype=np.float32)
    assert params.W.shape == (64, 16, 3, 3)
    assert params.W.dtype == params.b.dtype == np.float32
    assert not params.b.any()
    x = np.maximum(np.random.default_rng(1).standard_normal((4, 16, 12, 12)), 0).astype(np.float32)
    y, _ = conv2d(x, params)
    assert np.square(np.maximum(y, 0)).mean() == pytest.approx(np.square(x).mean(), rel=0.2)


def test_sizes_by_hand():
    assert output_size(28, 3, 1, 1) == 28
    assert output_size(28, 3, 2, 1) == 14
    assert output_size(7, 2, 2) == 3
    assert receptive_field([3, 3, 3], [1, 1, 1]) == 7
    assert receptive_field([3, 2, 3], [1, 2, 1]) == 8  # a pooling of 2 between: 3, 4, and two steps of 2 more
    assert receptive_field([], []) == 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2)), min_size=1, max_size=3))
def test_the_receptive_field_is_what_one_place_depends_on(layers):
    x = np.zeros((1, 1, 30, 30))
    caches, y = [], x
    for h, stride in layers:
        params = ConvParams(np.ones((1, 1, h, h)), np.zeros(1))
        y, cache = conv2d(y, params, stride)
        caches.append((cache, params))
    dy = np.zeros_like(y)
    dy[0, 0, 0, 0] = 1
    for cache, params in reversed(caches):
        dy, _ = conv2d_backward(dy, cache, params)
    assert np.flatnonzero(dy[0, 0, :, 0])[-1] + 1 == receptive_field(*zip(*layers, strict=True))


@both_forms
def test_what_is_refused(form):
    forward, backward = FORMS[form]
    x, params, dy, options = draw(SIZES[1])
    _, cache = forward(x, params, **options)
    with pytest.raises(ValueError, match=r"x has shape \(3, 7, 6\), expected \(B, C=3, H, W\)"):
        forward(x[0], params)
    with pytest.raises(ValueError, match=r"expected \(B, C=3, H, W\)"):
        forward(x[:, :2], params)
    with pytest.raises(ValueError, match=r"b has shape \(3,\), expected \(D=4\)"):
        forward(x, params._replace(b=params.b[:3]))
    with pytest.raises(ValueError, match=r"W has shape \(4, 3, 3\), expected \(D, C, h, w\)"):
        forward(x, params._replace(W=params.W[..., 0]))
    with pytest.raises(ValueError, match="expected one dtype"):
        forward(x.astype(np.float32), params)
    with pytest.raises(ValueError, match=r"the window has 3 rows or columns, expected at most 2 \+ 2 · 0"):
        forward(x[:, :, :2], params)
    with pytest.raises(ValueError, match="stride is 0, expected an integer of at least 1"):
        forward(x, params, stride=0)
    with pytest.raises(ValueError, match="padding is -1, expected an integer of at least 0"):
        forward(x, params, padding=-1)
    with pytest.raises(ValueError, match="expected at least one of everything"):
        forward(x[:0], params)
    with pytest.raises(ValueError, match=r"dy has shape .*, expected \(B=2, D=4, P=4, Q=4\)"):
        backward(dy[..., 1:], cache, params)
    with pytest.raises(ValueError, match="expected one dtype"):
        backward(dy.astype(np.float32), cache, params)
    with pytest.raises(ValueError, match="x has 1 of 252 values that are NaN"):
        forward(np.where(np.arange(252).reshape(x.shape) == 7, np.nan, x), params)
    with pytest.raises(ValueError, match="overflows float64"):
        forward(x * 1e200, params._replace(W=params.W * 1e200))


def test_what_the_sizes_refuse():
    with pytest.raises(ValueError, match="expected one of each for every layer"):
        receptive_field([3, 3], [1])
    with pytest.raises(ValueError, match="window is 0"):
        receptive_field([0], [1])
    with pytest.raises(ValueError, match="size is 2.5"):  # noqa: RUF043
        init_conv2d(np.random.default_rng(0), 1, 1, 2.5)
