import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward

SIZES = [((), 1, 1), ((1,), 1, 1), ((3,), 4, 2), ((2, 3), 1, 5), ((2, 1, 3), 4, 3)]


def make(leading, D, V):
    rng = np.random.default_rng((*leading, D, V))
    draw = rng.standard_normal
    return draw((*leading, D)), LinearParams(draw((D, V)), draw(V)), draw((*leading, V))


def test_a_case_by_hand():
    params = LinearParams(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0]))
    y, cache = linear(np.array([[1.0, 1.0]]), params)
    np.testing.assert_array_equal(y, [[14, 26]])
    dx, grads = linear_backward(np.array([[1.0, 0.0]]), cache, params)
    np.testing.assert_array_equal(dx, [[1, 3]])
    np.testing.assert_array_equal(grads.W, [[1, 0], [1, 0]])
    np.testing.assert_array_equal(grads.b, [1, 0])


@pytest.mark.parametrize(("leading", "D", "V"), SIZES)
def test_backward_equals_central_differences_and_torch(leading, D, V):
    x, params, dy = make(leading, D, V)
    y, cache = linear(x, params)
    dx, grads = linear_backward(dy, cache, params)

    errors = check_gradients(lambda params: float((linear(x, params)[0] * dy).sum()), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: float((linear(x, params)[0] * dy).sum()), x))
    assert max(errors.values()) < 1e-6, errors

    x_torch, W, b = (torch.tensor(array, requires_grad=True) for array in (x, *params))
    y_torch = torch.nn.functional.linear(x_torch, W.T, b)
    y_torch.backward(torch.tensor(dy))
    theirs = (y_torch.detach(), x_torch.grad, W.grad, b.grad)
    for ours, their in zip((y, dx, *grads), theirs, strict=True):
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-13)


def test_float32_stays_float32():
    params = init_linear(np.random.default_rng(0), 3, 2, np.float32)
    y, cache = linear(np.ones((4, 3), np.float32), params)
    dx, grads = linear_backward(y, cache, params)
    assert {a.dtype for a in (y, dx, *grads)} == {np.dtype(np.float32)}


def test_bad_input():
    x, params, dy = make((2,), 3, 4)
    _, cache = linear(x, params)
    for wrong, message in (
        (x[:, :2], "x has shape"),
        (x.astype(np.float32), "one dtype"),
        (np.ones((2, 3), int), "int"),
    ):
        with pytest.raises(ValueError, match=message):
            linear(wrong, params)
    with pytest.raises(ValueError, match="b has shape"):
        linear(x, params._replace(b=np.zeros(3)))
    for wrong, message in ((dy[:1], "dy has shape"), (dy[:, :2], "dy has shape"), (dy.astype(np.float32), "one dtype")):
        with pytest.raises(ValueError, match=message):
            linear_backward(wrong, cache, params)
    with pytest.raises(ValueError, match="V is 0"):
        init_linear(np.random.default_rng(0), 3, 0)
