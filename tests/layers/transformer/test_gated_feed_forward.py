import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.transformer.gated_feed_forward import SwiGLUParams, init_swiglu, swiglu, swiglu_backward


def test_a_case_by_hand():
    # a = 0 opens the gate by half of 0: SiLU(0) = 0, and its slope there is ½.
    params = SwiGLUParams(*(np.array([[weight]]) for weight in (0.0, 3.0, 5.0)))
    y, cache = swiglu(np.array([2.0]), params)
    dx, grads = swiglu_backward(np.array([1.0]), cache, params)
    assert y.item() == 0
    assert dx.item() == 0
    assert grads.W_gate.item() == 5 * 6 * 0.5 * 2
    assert grads.W_up.item() == grads.W_down.item() == 0


@pytest.mark.parametrize("leading", [(), (3,), (2, 3)])
def test_it_equals_central_differences_and_torch(leading):
    rng = np.random.default_rng(1)
    params, x, dy = init_swiglu(rng, 4, 6), rng.standard_normal((*leading, 4)), rng.standard_normal((*leading, 4))
    y, cache = swiglu(x, params)
    dx, grads = swiglu_backward(dy, cache, params)
    errors = check_gradients(lambda p: float((swiglu(x, p)[0] * dy).sum()), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: float((swiglu(x, params)[0] * dy).sum()), x))
    assert max(errors.values()) < 1e-6, errors
    x_t, gate, up, down = (torch.tensor(array, requires_grad=True) for array in (x, *params))
    y_t = (torch.nn.functional.silu(x_t @ gate) * (x_t @ up)) @ down
    y_t.backward(torch.tensor(dy))
    for ours, theirs in zip((y, dx, *grads), (y_t.detach(), x_t.grad, gate.grad, up.grad, down.grad), strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-10, atol=1e-12)


def test_bad_arguments():
    rng = np.random.default_rng(0)
    params = init_swiglu(rng, 4, 6)
    for shape in ((5, 4), (6, 5)):
        with pytest.raises(ValueError, match="W_down"):
            swiglu(np.ones((2, 4)), params._replace(W_down=np.ones(shape)))
    with pytest.raises(ValueError, match="x has shape"):
        swiglu(np.ones((2, 3)), params)
    _, cache = swiglu(np.ones((2, 4)), params)
    with pytest.raises(ValueError, match="dy has shape"):
        swiglu_backward(np.ones(4), cache, params)
