import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.attention.multiplicative import (
    MultiplicativeParams,
    init_multiplicative,
    multiplicative_attention,
    multiplicative_attention_backward,
)
from helpers.layers.attention.scaled_dot_product import attention

SIZES = [  # leading axes, T, S, D_q, D_k, d_v
    ((), 1, 1, 1, 1, 1),
    ((), 3, 2, 1, 4, 3),
    ((3,), 1, 4, 2, 3, 1),
    ((2, 3), 4, 3, 2, 1, 5),
]
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
masked_or_not = pytest.mark.parametrize("masked", [False, True])


def make(leading, T, S, D_q, D_k, d_v, dtype=np.float64):
    """Random queries, keys, values and W, and a gradient from outside."""
    rng = np.random.default_rng((*leading, T, S, D_q, D_k, d_v))
    shapes = (*leading, T, D_q), (*leading, S, D_k), (*leading, S, d_v), (D_q, D_k), (*leading, T, d_v)
    *arrays, dout = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    return arrays, dout


def attend(q, k, v, W, mask=None):
    return multiplicative_attention(q, k, v, MultiplicativeParams(W), mask)


def attend_backward(dout, cache, W):
    dq, dk, dv, grads = multiplicative_attention_backward(dout, cache, MultiplicativeParams(W))
    assert isinstance(grads, MultiplicativeParams)
    return dq, dk, dv, grads.W


def make_mask(masked, leading, T, S, *_):
    return np.random.default_rng(S).random((*leading, T, S)) < 0.6 if masked else None


def test_a_case_by_hand():
    q, k, v = np.array([[2.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[4.0], [8.0]])
    W = np.array([[np.log(3), np.log(3) / 2]])  # scores 2 log 3 and log 3: weights ¾ and ¼
    out, weights, cache = attend(q, k, v, W)
    np.testing.assert_allclose(weights, [[0.75, 0.25]])
    np.testing.assert_allclose(out, [[5]])
    dq, dk, dv, dW = attend_backward(np.array([[1.0]]), cache, W)  # ∂L/∂scores = (−¾, ¾)
    np.testing.assert_allclose(dq, [[-0.75 * np.log(3) / 2]])
    np.testing.assert_allclose(dk, [[-0.75 * 2 * W[0, 0], -0.75 * 2 * W[0, 1]], [1.5 * W[0, 0], 1.5 * W[0, 1]]])
    np.testing.assert_allclose(dv, [[0.75], [0.25]])
    np.testing.assert_allclose(dW, [[-1.5, 1.5]])


@every_size
@masked_or_not
def test_backward_equals_central_differences(size, masked):
    arrays, dout = make(*size)
    mask = make_mask(masked, *size)
    _, _, cache = attend(*arrays, mask)
    for number, found in enumerate(attend_backward(dout, cache, arrays[-1])):

        def loss(array, number=number):
            return float((attend(*arrays[:number], array, *arrays[number + 1 :], mask)[0] * dout).sum())

        wanted = numerical_gradient(loss, arrays[number])
        assert relative_error(found, wanted) < 1e-6 or np.abs(found - wanted).max() < 1e-9  # one key: both are 0


@every_size
@masked_or_not
def test_it_equals_torch(size, masked):
    arrays, dout = make(*size)
    mask = make_mask(masked, *size)
    out, _, cache = attend(*arrays, mask)
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    q, k, v, W = tensors
    scores = torch.einsum("...ti,ij,...sj->...ts", q, W, k)
    allowed = torch.ones_like(scores, dtype=bool) if mask is None else torch.tensor(mask)
    theirs = (scores.masked_fill(~allowed, -1e30).softmax(dim=-1) * allowed) @ v
    theirs.backward(torch.tensor(dout))
    gradients = attend_backward(dout, cache, arrays[-1])
    for ours, their in [(out, theirs.detach()), *zip(gradients, (t.grad for t in tensors), strict=True)]:
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-12)


def test_with_the_identity_it_is_the_dot_product_without_scale(rng):
    q, k, v = (rng.standard_normal((2, 3, 4)) for _ in range(3))
    for ours, dot in zip(attend(q, k, v, np.eye(4))[:2], attention(q, k, v, scale=1.0)[:2], strict=True):
        np.testing.assert_array_equal(ours, dot)


def test_float32_stays_float32():
    arrays, dout = make((2,), 4, 3, 2, 5, 6, np.float32)
    out, weights, cache = attend(*arrays)
    assert {a.dtype for a in (out, weights, *attend_backward(dout, cache, arrays[-1]))} == {np.dtype(np.float32)}


def test_the_first_scores_have_about_the_variance_1():
    rng = np.random.default_rng(0)
    params = init_multiplicative(rng, 100, 50, np.float32)
    assert params.W.shape == (100, 50)
    assert params.W.dtype == np.float32
    assert (rng.standard_normal((300, 100)) @ params.W @ rng.standard_normal((50, 300))).std() == pytest.approx(
        1, rel=0.1
    )
    with pytest.raises(ValueError, match="D_k is 0"):
        init_multiplicative(rng, 1, 0)


@pytest.mark.parametrize("name", ["q", "k", "v", "W"])
def test_bad_input_is_an_error(name):
    right = dict(zip("qkvW", make((2,), 3, 4, 5, 6, 7)[0], strict=True))
    for axis in range(right[name].ndim):
        if (name, axis) not in (("q", 1), ("v", 2)):  # another number of queries is not wrong, nor another d_v
            with pytest.raises(ValueError, match="has shape"):
                attend(**right | {name: right[name].take([0], axis)})
    with pytest.raises(ValueError, match="expected one dtype"):
        attend(**right | {name: right[name].astype(np.float32)})


def test_a_gradient_that_does_not_fit_is_an_error():
    arrays, dout = make((2,), 3, 4, 5, 6, 7)
    with pytest.raises(ValueError, match=r"dout has shape \(2, 2, 7\), expected \(2, 3, 7\)"):
        attend_backward(dout[:, :2], attend(*arrays)[2], arrays[-1])
