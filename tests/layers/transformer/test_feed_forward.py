import math

import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.core.params import map_params, named_arrays
from helpers.layers.linear import LinearParams
from helpers.layers.transformer.feed_forward import (
    FeedForwardParams,
    feed_forward,
    feed_forward_backward,
    gelu,
    gelu_slope,
    init_feed_forward,
)

SIZES = [((), 1, 1), ((1, 1), 1, 1), ((3,), 2, 1), ((2, 3), 4, 5)]  # leading axes, D, H
every_size = pytest.mark.parametrize(("leading", "D", "H"), SIZES)
every_activation = pytest.mark.parametrize("activation", ["relu", "gelu"])


def make(leading, D, H, dtype=np.float64):
    rng = np.random.default_rng((*leading, D, H))
    params = map_params(lambda p: rng.standard_normal(p.shape).astype(dtype), init_feed_forward(rng, D, H))
    x, dy = rng.standard_normal((2, *leading, D)).astype(dtype)
    return x, params, dy


def test_a_case_by_hand():
    hidden = LinearParams(np.array([[1.0, -1.0]]), np.array([1.0, 1.0]))
    params = FeedForwardParams(hidden, LinearParams(np.array([[5.0], [7.0]]), np.array([100.0])))
    y, cache = feed_forward(np.array([[2.0]]), params)  # a = (3, −1), h = (3, 0)
    np.testing.assert_array_equal(y, [[115]])
    dx, grads = feed_forward_backward(np.array([[1.0]]), cache, params)  # da = (5, 0)
    np.testing.assert_array_equal(dx, [[5]])
    np.testing.assert_array_equal(grads.hidden.W, [[10, 0]])
    np.testing.assert_array_equal(grads.hidden.b, [5, 0])
    np.testing.assert_array_equal(grads.output.W, [[3], [0]])
    np.testing.assert_array_equal(grads.output.b, [1])


@every_size
@every_activation
def test_backward_equals_central_differences_and_torch(leading, D, H, activation):
    x, params, dy = make(leading, D, H)
    y, cache = feed_forward(x, params, activation)
    dx, grads = feed_forward_backward(dy, cache, params)

    def loss(x, params):
        return float((feed_forward(x, params, activation)[0] * dy).sum())

    errors = check_gradients(lambda params: loss(x, params), params, grads)
    errors["x"] = relative_error(dx, numerical_gradient(lambda x: loss(x, params), x))
    assert max(errors.values()) < 1e-6, errors

    x_torch, W_1, b_1, W_2, b_2 = (
        torch.tensor(a, requires_grad=True) for a in (x, *(a for _, a in named_arrays(params)))
    )
    act = getattr(torch.nn.functional, activation)
    y_torch = act(x_torch @ W_1 + b_1) @ W_2 + b_2
    y_torch.backward(torch.tensor(dy))
    theirs = (y_torch.detach(), *(a.grad for a in (x_torch, W_1, b_1, W_2, b_2)))
    for ours, their in zip((y, dx, *(a for _, a in named_arrays(grads))), theirs, strict=True):
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-12)


def test_gelu_by_hand_and_against_torch():
    assert gelu(np.array([0.0, 1.0, -1.0])) == pytest.approx([0, 0.841344746, -0.158655254])  # 84 % lie below 1 σ
    assert gelu_slope(np.array([0.0, 1e3, -1e3])).tolist() == [0.5, 1, 0]
    a = np.linspace(-6, 6, 501)
    a_torch = torch.tensor(a, requires_grad=True)
    theirs = torch.nn.functional.gelu(a_torch)
    theirs.sum().backward()
    np.testing.assert_allclose(gelu(a), theirs.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(gelu_slope(a), a_torch.grad.numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gelu(a) - gelu(-a), a, atol=1e-15)  # Φ(a) + Φ(−a) = 1


def test_the_form_with_tanh_is_off_by_as_much_as_is_said():
    a = np.linspace(-6, 6, 10001)
    approximate = a / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (a + 0.044715 * a**3)))
    assert 4e-4 < np.abs(gelu(a) - approximate).max() < 5e-4


@every_activation
def test_float32_stays_float32_and_steps_are_alone(activation):
    x, params, dy = make((2, 3), 4, 5, np.float32)
    y, cache = feed_forward(x, params, activation)
    dx, grads = feed_forward_backward(dy, cache, params)
    assert {a.dtype for a in (y, dx, *(a for _, a in named_arrays(grads)))} == {np.dtype(np.float32)}
    np.testing.assert_allclose(feed_forward(x[:, 1], params, activation)[0], y[:, 1], rtol=1e-5, atol=1e-6)


def test_first_parameters():
    params = init_feed_forward(np.random.default_rng(0), 100, 400, np.float32)
    assert {name: array.shape for name, array in named_arrays(params)} == {
        "hidden.W": (100, 400),
        "hidden.b": (400,),
        "output.W": (400, 100),
        "output.b": (100,),
    }
    assert params.hidden.W.std() == pytest.approx(0.1, rel=0.02)
    assert params.output.W.std() == pytest.approx(0.05, rel=0.02)
    assert {array.dtype for _, array in named_arrays(params)} == {np.dtype(np.float32)}


def test_bad_input_is_an_error():
    x, params, dy = make((2,), 3, 4)
    hidden, output = params
    for arguments, message in (
        ((x[:, :2], params), r"x has shape \(2, 2\), expected \(\.\.\., D=3\)"),
        (
            (x, params._replace(output=output._replace(W=output.W[:3]))),
            r"W_2 has shape \(3, 3\), expected \(H=4, D=3\)",
        ),
        ((x, params._replace(output=output._replace(b=np.zeros(4)))), r"b_2 has shape \(4,\), expected \(D=3\)"),
        ((x, params._replace(hidden=hidden._replace(b=np.zeros(3)))), r"b_1 has shape \(3,\), expected \(H=4\)"),
        ((x.astype(np.float32), params), "expected one dtype"),
        ((x, params, "tanh"), "activation is 'tanh', expected one of 'relu', 'gelu'"),
    ):
        with pytest.raises(ValueError, match=message):
            feed_forward(*arguments)
    _, cache = feed_forward(x, params)
    with pytest.raises(ValueError, match=r"dy has shape \(1, 3\), expected \(2, 3\)"):
        feed_forward_backward(dy[:1], cache, params)
    with pytest.raises(ValueError, match="H is 0, expected an integer of at least 1"):
        init_feed_forward(np.random.default_rng(0), 3, 0)
