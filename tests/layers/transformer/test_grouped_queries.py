import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.attention import attention, causal_mask
from helpers.layers.transformer.grouped_queries import grouped_attention, grouped_attention_backward


def make(K, G, T=5, d=4):
    rng = np.random.default_rng(K + 10 * G)
    return [rng.standard_normal((2, heads, T, d)) for heads in (K, G, G, K)]


@pytest.mark.parametrize(("K", "G"), [(4, 4), (4, 2), (6, 2), (4, 1)])
def test_it_equals_torch(K, G):
    q, k, v, dout = make(K, G)
    out, _, cache = grouped_attention(q, k, v, causal_mask(5))
    grads = grouped_attention_backward(dout, cache)
    tensors = [torch.tensor(array, requires_grad=True) for array in (q, k, v)]
    theirs = torch.nn.functional.scaled_dot_product_attention(*tensors, is_causal=True, enable_gqa=True)
    theirs.backward(torch.tensor(dout))
    for ours, wanted in zip((out, *grads), (theirs.detach(), *(each.grad for each in tensors)), strict=True):
        np.testing.assert_allclose(ours, wanted.numpy(), rtol=1e-10, atol=1e-12)


def test_it_equals_central_differences():
    q, k, v, dout = make(4, 2, T=3)
    grads = grouped_attention_backward(dout, grouped_attention(q, k, v)[2])
    for n, grad in enumerate(grads):

        def loss(array, n=n):
            return float(
                (grouped_attention(*(array if m == n else a for m, a in enumerate((q, k, v))))[0] * dout).sum()
            )

        assert relative_error(grad, numerical_gradient(loss, (q, k, v)[n])) < 1e-6


def test_as_many_heads_of_keys_as_of_queries_are_multi_head_attention():
    q, k, v, _ = make(3, 3)
    np.testing.assert_array_equal(grouped_attention(q, k, v)[0], attention(q, k, v)[0])


def test_bad_arguments():
    q, k, v, _ = make(4, 2)
    with pytest.raises(ValueError, match="k has 3 heads"):
        grouped_attention(q, *(np.ones((2, 3, 5, 4)),) * 2)
    with pytest.raises(ValueError, match="v has shape"):
        grouped_attention(q, k, v[:, :1])
    with pytest.raises(ValueError, match="dout"):
        grouped_attention_backward(q[..., :2], grouped_attention(q, k, v)[2])
