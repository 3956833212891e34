import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.attention.kernel_regression import kernel_regression, kernel_regression_backward

SIZES = [((), 1, 1, 1, 1), ((), 3, 2, 1, 4), ((3,), 1, 4, 2, 1), ((2, 3), 4, 3, 2, 5)]  # leading axes, T, S, d, d_v
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
masked_or_not = pytest.mark.parametrize("masked", [False, True])
every_width = pytest.mark.parametrize("width", [0.5, 2.0])


def make(leading, T, S, d, d_v, dtype=np.float64):
    rng = np.random.default_rng((*leading, T, S, d, d_v))
    shapes = (*leading, T, d), (*leading, S, d), (*leading, S, d_v), (*leading, T, d_v)
    *inputs, dout = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    return inputs, dout


def make_mask(masked, leading, T, S, *_):
    return np.random.default_rng(S).random((*leading, T, S)) < 0.6 if masked else None


def test_a_case_by_hand():
    width = 2.0  # distances 0 and 2 √(2 log 3): scores 0 and −log 3, weights ¾ and ¼
    far = 2 * np.sqrt(2 * np.log(3))
    q, k, v = np.array([[1.0]]), np.array([[1.0], [1 + far]]), np.array([[4.0], [8.0]])
    out, weights, cache = kernel_regression(q, k, v, width)
    np.testing.assert_allclose(weights, [[0.75, 0.25]])
    np.testing.assert_allclose(out, [[5]])
    dq, dk, dv, dwidth = kernel_regression_backward(np.array([[1.0]]), cache)  # ∂L/∂scores = (−¾, ¾)
    np.testing.assert_allclose(dq, [[0.75 * far / 4]])
    np.testing.assert_allclose(dk, [[0], [-0.75 * far / 4]], atol=1e-15)
    np.testing.assert_allclose(dv, [[0.75], [0.25]])
    assert dwidth == pytest.approx(0.75 * far**2 / 8)


@every_size
@masked_or_not
@every_width
def test_backward_equals_central_differences(size, masked, width):
    inputs, dout = make(*size)
    arrays, mask = [*inputs, np.array(width)], make_mask(masked, *size)
    _, _, cache = kernel_regression(*arrays, mask)
    for number, found in enumerate(kernel_regression_backward(dout, cache)):

        def loss(array, number=number):
            return float((kernel_regression(*arrays[:number], array, *arrays[number + 1 :], mask)[0] * dout).sum())

        wanted = numerical_gradient(loss, arrays[number])
        assert relative_error(found, wanted) < 1e-6 or np.abs(found - wanted).max() < 1e-9  # one key: both are 0


@every_size
@masked_or_not
@every_width
def test_it_equals_torch(size, masked, width):
    inputs, dout = make(*size)
    mask = make_mask(masked, *size)
    out, _, cache = kernel_regression(*inputs, width, mask)
    tensors = [torch.tensor(array, requires_grad=True, dtype=torch.float64) for array in (*inputs, width)]
    q, k, v, h = tensors
    kernel = torch.exp(-((q.unsqueeze(-2) - k.unsqueeze(-3)) ** 2).sum(dim=-1) / (2 * h**2))  # the textbook's quotient
    kernel = kernel if mask is None else kernel * torch.tensor(mask)
    theirs = kernel @ v / kernel.sum(dim=-1, keepdim=True).clamp(min=1e-290)
    theirs.backward(torch.tensor(dout))
    gradients = kernel_regression_backward(dout, cache)
    for ours, their in [(out, theirs.detach()), *zip(gradients, (t.grad for t in tensors), strict=True)]:
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-12)


def test_a_narrow_kernel_takes_the_nearest_value_and_a_wide_one_the_mean(rng):
    q, k, v = rng.standard_normal((6, 1)), rng.standard_normal((9, 1)), rng.standard_normal((9, 2))
    nearest = np.abs(q - k.T).argmin(axis=1)
    np.testing.assert_allclose(kernel_regression(q, k, v, 1e-4)[0], v[nearest])
    np.testing.assert_allclose(kernel_regression(q, k, v, 1e6)[0], np.tile(v.mean(axis=0), (6, 1)), atol=1e-9)


def test_moving_queries_and_keys_together_changes_nothing(rng):
    q, k, v = rng.standard_normal((6, 2)), rng.standard_normal((9, 2)), rng.standard_normal((9, 1))
    np.testing.assert_allclose(
        kernel_regression(q + 3, k + 3, v, 0.5)[0], kernel_regression(q, k, v, 0.5)[0], rtol=1e-9
    )


@pytest.mark.parametrize("width", [0.5, np.float64(0.5)], ids=["float", "float64"])
def test_float32_stays_float32_and_nothing_is_changed(width):
    inputs, dout = make((2,), 4, 3, 2, 5, np.float32)
    kept = [array.copy() for array in (*inputs, dout)]
    out, weights, cache = kernel_regression(*inputs, width)
    *gradients, dwidth = kernel_regression_backward(dout, cache)
    assert {a.dtype for a in (out, weights, *gradients)} == {np.dtype(np.float32)}
    assert isinstance(dwidth, float)
    for array, before in zip((*inputs, dout), kept, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("name", ["q", "k", "v"])
def test_bad_input_is_an_error(name):
    right = dict(zip("qkv", make((2,), 3, 4, 5, 6)[0], strict=True)) | {"width": 1.0}
    for axis in range(3):
        if (name, axis) not in (("q", 1), ("v", 2)):  # another number of queries is not wrong, nor another d_v
            with pytest.raises(ValueError, match="has shape"):
                kernel_regression(**right | {name: right[name].take([0], axis)})
    with pytest.raises(ValueError, match="expected one dtype"):
        kernel_regression(**right | {name: right[name].astype(np.float32)})
    for width in (0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match=f"width is {width}, expected a finite number above 0"):
            kernel_regression(**right | {"width": width})


def test_a_gradient_that_does_not_fit_is_an_error():
    inputs, dout = make((2,), 3, 4, 5, 6)
    with pytest.raises(ValueError, match=r"dout has shape \(2, 2, 6\), expected \(2, 3, 6\)"):
        kernel_regression_backward(dout[:, :2], kernel_regression(*inputs, 1.0)[2])
