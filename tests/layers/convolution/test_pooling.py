import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.convolution.pooling import max_pool2d, max_pool2d_backward, mean_pool2d, mean_pool2d_backward

POOLS = {
    "max": (max_pool2d, max_pool2d_backward, torch.nn.functional.max_pool2d),
    "mean": (mean_pool2d, mean_pool2d_backward, torch.nn.functional.avg_pool2d),
}
both_pools = pytest.mark.parametrize("pool", POOLS)
SIZES = [((1, 1, 1, 1), 1, None), ((2, 3, 7, 6), 2, None), ((2, 1, 7, 8), 3, 2), ((1, 2, 9, 5), 2, 3)]


def test_a_case_by_hand():
    x = np.array([[1.0, 2, 5, 5], [3, 4, 5, 0]])[None, None]
    y, cache = max_pool2d(x)
    np.testing.assert_array_equal(y, [[[[4, 5]]]])
    dx = max_pool2d_backward(np.array([[[[10.0, 20.0]]]]), cache)
    np.testing.assert_array_equal(dx[0, 0], [[0, 0, 20, 0], [0, 10, 0, 0]])  # of equal ones the first
    y, cache = mean_pool2d(x)
    np.testing.assert_array_equal(y, [[[[2.5, 3.75]]]])
    dx = mean_pool2d_backward(np.array([[[[4.0, 8.0]]]]), cache)
    np.testing.assert_array_equal(dx[0, 0], [[1, 1, 2, 2], [1, 1, 2, 2]])


@both_pools
@pytest.mark.parametrize(("shape", "size", "stride"), SIZES, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_both_passes_equal_torch_and_central_differences(pool, shape, size, stride, dtype):
    forward, backward, theirs = POOLS[pool]
    rng = np.random.default_rng(shape)
    x = rng.permutation(np.prod(shape)).reshape(shape).astype(dtype)  # no two numbers equal, none near another
    y, cache = forward(x, size, stride)
    dy = rng.standard_normal(y.shape).astype(dtype)
    dx = backward(dy, cache)
    z = torch.tensor(x, requires_grad=True)
    their_y = theirs(z, size, stride)
    (their_dx,) = torch.autograd.grad(their_y, z, torch.tensor(dy))
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    assert y.dtype == dx.dtype == dtype
    np.testing.assert_allclose(y, their_y.detach().numpy(), rtol=tolerance)
    np.testing.assert_allclose(dx, their_dx.numpy(), rtol=tolerance, atol=tolerance)
    if dtype == np.float64:
        numerical = numerical_gradient(lambda x: float((dy * forward(x, size, stride)[0]).sum()), x)
        assert relative_error(dx, numerical) < 1e-6


@both_pools
def test_what_is_refused(pool):
    forward, backward, _ = POOLS[pool]
    x = np.zeros((2, 3, 4, 5))
    _, cache = forward(x)
    with pytest.raises(ValueError, match=r"x has shape \(3, 4, 5\), expected \(B, C, H, W\)"):
        forward(x[0])
    with pytest.raises(ValueError, match="x has dtype int64"):
        forward(x.astype(int))
    with pytest.raises(ValueError, match="the window has 5 rows or columns, expected at most 4"):
        forward(x, 5)
    with pytest.raises(ValueError, match="size is 0"):
        forward(x, 0)
    with pytest.raises(ValueError, match="stride is 0"):
        forward(x, 2, 0)
    with pytest.raises(ValueError, match="expected at least one of everything"):
        forward(x[:, :0])
    with pytest.raises(ValueError, match=r"dy has shape .*, expected \(B=2, C=3, P=2, Q=2\)"):
        backward(x, cache)
    x[0, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="x has 1 of 120 values that are NaN"):
        forward(x)
