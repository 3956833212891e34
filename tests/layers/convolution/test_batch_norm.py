import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.convolution.batch_norm import (
    BatchNormParams,
    RunningStatistics,
    batch_norm,
    batch_norm_backward,
    init_batch_norm,
)

SIZES = [(2, 1, 1, 1), (4, 3, 2, 5), (1, 2, 3, 3)]
in_both = pytest.mark.parametrize("training", [True, False])


def draw(size, dtype=np.float64):
    rng, C = np.random.default_rng(size), size[1]
    x, dy = (3 * rng.standard_normal((2, *size)) + 1).astype(dtype)
    params = BatchNormParams(*rng.standard_normal((2, C)).astype(dtype))
    return x, dy, params, RunningStatistics(rng.standard_normal(C).astype(dtype), rng.random(C).astype(dtype))


def test_a_case_by_hand():
    params, statistics = init_batch_norm(1)
    x = np.array([1.0, 3.0]).reshape(2, 1, 1, 1)
    y, statistics, _ = batch_norm(x, params, statistics, training=True, eps=1e-12)
    np.testing.assert_allclose(y.ravel(), [-1, 1])
    np.testing.assert_allclose(statistics, [[0.2], [0.9 + 0.1 * 2]])  # 2 = Σ (x − 2)² / (2 − 1)
    y, same, _ = batch_norm(x, params, statistics, training=False, eps=1e-12)
    np.testing.assert_allclose(y.ravel(), (x.ravel() - 0.2) / np.sqrt(1.1))
    assert same is statistics


@in_both
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_both_passes_and_the_statistics_equal_torch(size, training, dtype):
    x, dy, params, statistics = draw(size, dtype)
    y, new, cache = batch_norm(x, params, statistics, training, momentum=0.3)
    dx, grads = batch_norm_backward(dy, cache, params)
    running = [torch.tensor(array) for array in statistics]
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, *params)]
    z, scale, shift = leaves
    theirs = torch.nn.functional.batch_norm(z, *running, scale, shift, training, momentum=0.3)
    wanted = [theirs.detach(), *torch.autograd.grad(theirs, leaves, torch.tensor(dy)), *running]
    tolerance = 1e-10 if dtype == np.float64 else 2e-4
    for ours, other in zip((y, dx, *grads, *new), wanted, strict=True):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, other.numpy(), rtol=tolerance, atol=tolerance)


@in_both
@pytest.mark.parametrize("size", SIZES[1:], ids=str)
def test_backward_equals_central_differences(size, training):
    x, dy, params, statistics = draw(size)

    def loss(x, params):
        return float((dy * batch_norm(x, params, statistics, training)[0]).sum())

    dx, grads = batch_norm_backward(dy, batch_norm(x, params, statistics, training)[2], params)
    assert relative_error(dx, numerical_gradient(lambda x: loss(x, params), x)) < 1e-6
    assert max(check_gradients(lambda params: loss(x, params), params, grads).values()) < 1e-6


def test_each_channel_has_the_mean_0_and_the_variance_1():
    x, *_ = draw((5, 3, 4, 4))
    y, *_ = batch_norm(x, *init_batch_norm(3), training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(0, 2, 3)), 1, rtol=1e-4)


def test_the_first_parameters():
    params, statistics = init_batch_norm(3, np.float32)
    assert all(array.shape == (3,) and array.dtype == np.float32 for array in (*params, *statistics))
    np.testing.assert_array_equal([*params, *statistics], [[1] * 3, [0] * 3, [0] * 3, [1] * 3])


def test_a_channel_that_never_changed_is_divided_by_epsilon_alone():
    x, _, params, statistics = draw((2, 3, 4, 5))
    y, *_ = batch_norm(x, params, statistics._replace(variance=np.zeros(3)), training=False, eps=0.25)
    scale, shift, mean = (array[:, None, None] for array in (*params, statistics.mean))
    np.testing.assert_allclose(y, scale * (x - mean) / 0.5 + shift)


def test_what_is_refused():
    x, dy, params, statistics = draw((2, 3, 4, 5))

    def run(x=x, params=params, statistics=statistics, **options):
        return batch_norm(x, params, statistics, **{"training": True, **options})

    *_, cache = run()
    with pytest.raises(ValueError, match=r"x has shape \(3, 4, 5\), expected \(B, C, H, W\)"):
        run(x[0])
    with pytest.raises(ValueError, match=r"scale has shape \(2,\), expected \(C=3\)"):
        run(params=params._replace(scale=params.scale[:2]))
    with pytest.raises(ValueError, match=r"running mean has shape \(2,\), expected \(C=3\)"):
        run(statistics=statistics._replace(mean=statistics.mean[:2]))
    with pytest.raises(ValueError, match="expected one dtype"):
        run(x.astype(np.float32))
    with pytest.raises(ValueError, match="running variance goes down to -1"):
        run(statistics=statistics._replace(variance=-np.ones(3)), training=False)
    with pytest.raises(ValueError, match=r"x has shape \(1, 3, 1, 1\), expected several numbers of each channel"):
        run(x[:1, :, :1, :1])
    with pytest.raises(ValueError, match="momentum is 1.5, expected a number from 0 to 1"):  # noqa: RUF043
        run(momentum=1.5)
    with pytest.raises(ValueError, match="eps is 0, expected a finite number above 0"):
        run(eps=0)
    with pytest.raises(ValueError, match="training is 'yes', expected True or False"):
        run(training="yes")
    with pytest.raises(ValueError, match=r"dy has shape .*, expected \(B=2, C=3, H=4, W=5\)"):
        batch_norm_backward(dy[..., 1:], cache, params)
    with pytest.raises(ValueError, match="x has 1 of 120 values that are NaN"):
        run(np.where(np.arange(120).reshape(x.shape) == 7, np.nan, x))
