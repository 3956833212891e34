import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.layers.attention.masks import causal_mask, causal_padding_mask, padding_mask
from helpers.layers.attention.multi_head import (
    MultiHeadParams,
    init_multi_head,
    multi_head,
    multi_head_backward,
    self_attention,
    self_attention_backward,
)
from helpers.layers.attention.scaled_dot_product import attention
from helpers.layers.attention.torch_weights import multi_head_from_torch, multi_head_to_torch

SIZES = [  # B, T, S, D, D_m, heads
    (1, 1, 1, 1, 1, 1),
    (2, 3, 2, 4, 4, 1),
    (1, 4, 3, 4, 3, 2),
    (3, 2, 5, 6, 2, 6),
    (2, 4, 4, 6, 6, 3),
]
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_mask = pytest.mark.parametrize("mask", ["none", "pairs", "every pair"])


def make(B, T, S, D, D_m, heads, dtype=np.float64):
    """Random queries, memory, parameters (with biases) and gradient from outside."""
    rng = np.random.default_rng((B, T, S, D, D_m, heads))

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    weights = draw(D, D), draw(D_m, D), draw(D_m, D), draw(D, D)
    params = MultiHeadParams(*weights, *(draw(D) for _ in range(4)))
    return draw(B, T, D), draw(B, S, D_m), params, draw(B, T, D)


def make_mask(kind, B, T, S, *_):
    """Masks in which every query may attend to something: torch gives NaN where it may not."""
    mask = np.random.default_rng((B, T, S)).random((T, S) if kind == "pairs" else (B, T, S)) < 0.6
    mask[..., 0] |= ~mask.any(axis=-1)
    return None if kind == "none" else mask


def test_two_heads_by_hand():
    """One key looks like the query in the first head, the other in the second; W_o swaps the two heads."""
    eye = np.eye(2)
    params = MultiHeadParams(eye, eye, eye, eye[::-1], np.zeros(2), np.zeros(2), np.zeros(2), np.array([10.0, 20.0]))
    queries, memory = np.ones((1, 2)), np.array([[np.log(3), 0.0], [0.0, np.log(9)]])
    out, weights, cache = multi_head(queries, memory, params, heads=2)
    np.testing.assert_allclose(weights, [[[0.75, 0.25]], [[0.1, 0.9]]])
    np.testing.assert_allclose(out, [[10 + 0.9 * np.log(9), 20 + 0.75 * np.log(3)]])
    dqueries, dmemory, grads = multi_head_backward(np.array([[1.0, 0.0]]), cache, params)
    # only the second head is asked: its values are 0 and log 9, so ∂L/∂scores = 0.09 log 9 · (−1, 1)
    slope = 0.09 * np.log(9)
    np.testing.assert_allclose(dqueries, [[0, slope * np.log(9)]])
    np.testing.assert_allclose(dmemory, [[0, 0.1 - slope], [0, 0.9 + slope]])
    np.testing.assert_array_equal(grads.b_o, [1, 0])
    np.testing.assert_allclose(grads.b_v, [0, 1])


@every_size
@every_mask
def test_backward_equals_central_differences(size, mask):
    queries, memory, params, dout = make(*size)
    heads, mask = size[-1], make_mask(mask, *size)
    _, _, cache = multi_head(queries, memory, params, heads, mask)
    dqueries, dmemory, grads = multi_head_backward(dout, cache, params)

    def loss(queries=queries, memory=memory, params=params):
        return float((multi_head(queries, memory, params, heads, mask)[0] * dout).sum())

    errors = check_gradients(lambda params: loss(params=params), params, grads)
    assert np.abs(grads.b_k).max() < 1e-12  # a bias of the keys shifts all scores of a query alike
    del errors["b_k"]
    if size[2] == 1:  # with one key, its weight is 1 whatever the scores are
        assert not any(np.any(grad) for grad in (dqueries, grads.W_q, grads.W_k, grads.b_q))
        errors = {name: errors[name] for name in ("W_v", "W_o", "b_v", "b_o")}
    else:
        errors["queries"] = relative_error(dqueries, numerical_gradient(lambda x: loss(queries=x), queries))
    errors["memory"] = relative_error(dmemory, numerical_gradient(lambda x: loss(memory=x), memory))
    assert max(errors.values()) < 1e-6, errors


@every_size
@every_mask
def test_it_equals_torch(size, mask):
    queries, memory, params, dout = make(*size)
    heads, mask = size[-1], make_mask(mask, *size)
    out, weights, cache = multi_head(queries, memory, params, heads, mask)
    dqueries, dmemory, grads = multi_head_backward(dout, cache, params)

    module = multi_head_to_torch(params, heads)
    q, m = (torch.tensor(array, requires_grad=True) for array in (queries, memory))
    may_not = None if mask is None else ~torch.tensor(np.broadcast_to(mask[..., None, :, :], weights.shape))
    may_not = None if mask is None else may_not.reshape(-1, *weights.shape[-2:])
    theirs, weights_torch = module(q, m, m, attn_mask=may_not, average_attn_weights=False)
    theirs.backward(torch.tensor(dout))
    pairs = [(out, theirs.detach().numpy()), (weights, weights_torch.detach().numpy()), (dqueries, q.grad.numpy())]
    pairs += [(dmemory, m.grad.numpy()), *zip(grads, multi_head_from_torch(module, gradients=True), strict=True)]
    for ours, their in pairs:
        np.testing.assert_allclose(ours, their, rtol=1e-10, atol=1e-12)


def test_self_attention_over_a_padded_causal_batch_equals_torch(rng):
    """One array comes in twice, so its gradient is the sum of two."""
    B, T, D, heads = 3, 5, 6, 2
    x, dout = rng.standard_normal((B, T, D)), rng.standard_normal((B, T, D))
    counts = np.arange(T)[:, None] < [5, 3, 1]
    _, _, params, _ = make(B, T, T, D, D, heads)
    out, _, cache = self_attention(x, params, heads, causal_padding_mask(counts))
    dx, _ = self_attention_backward(dout, cache, params)

    module, x_torch = multi_head_to_torch(params, heads), torch.tensor(x, requires_grad=True)
    hidden = {"attn_mask": ~torch.tensor(causal_mask(T)), "key_padding_mask": ~torch.tensor(counts.T)}
    theirs, _ = module(x_torch, x_torch, x_torch, **hidden)
    theirs.backward(torch.tensor(dout))
    np.testing.assert_allclose(out, theirs.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(dx, x_torch.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_one_head_is_attention_between_linear_layers():
    queries, memory, p, _ = make(2, 3, 4, 5, 6, 1)
    out, weights, _ = multi_head(queries, memory, p, 1)
    q, k, v = queries @ p.W_q + p.b_q, memory @ p.W_k + p.b_k, memory @ p.W_v + p.b_v
    looked_up, weights_one, _ = attention(q, k, v)
    np.testing.assert_allclose(out, looked_up @ p.W_o + p.b_o, rtol=1e-10)
    np.testing.assert_allclose(weights[:, 0], weights_one, rtol=1e-10)


def test_padding_in_the_memory_changes_nothing():
    B, T, S, D, heads = 2, 3, 5, 4, 2
    queries, memory, params, dout = make(B, T, S, D, D, heads)
    counts = np.arange(S)[:, None] < [3, 3]
    results = []
    for padding in (0.0, 1e3):
        memory[:, 3:] = padding
        out, _, cache = multi_head(queries, memory, params, heads, padding_mask(counts))
        dqueries, dmemory, _ = multi_head_backward(dout, cache, params)
        assert not dmemory[:, 3:].any()
        results.append((out, dqueries, dmemory[:, :3]))
    out, _, cache = multi_head(queries, memory[:, :3], params, heads)
    without = (out, *multi_head_backward(dout, cache, params)[:2])
    for found in results:
        for a, b in zip(found, without, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_a_later_input_changes_no_earlier_output_under_the_causal_mask():
    x, _, params, _ = make(2, 5, 5, 4, 4, 2)
    before, _, _ = multi_head(x, x, params, 2, causal_mask(5))
    x[:, 3:] += 1
    after, _, _ = multi_head(x, x, params, 2, causal_mask(5))
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert (before[:, 3:] != after[:, 3:]).any()


def test_a_query_that_may_attend_to_nothing_gets_the_bias_alone():
    queries, memory, params, dout = make(1, 2, 3, 4, 4, 2)
    out, weights, cache = multi_head(queries, memory, params, 2, np.array([[True] * 3, [False] * 3]))
    np.testing.assert_array_equal(out[0, 1], params.b_o)
    assert not weights[:, :, 1].any()
    dqueries, _, _ = multi_head_backward(dout, cache, params)
    assert not dqueries[0, 1].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept_and_nothing_is_changed(dtype):
    queries, memory, params, dout = make(2, 3, 4, 6, 5, 3, dtype)
    arrays = [queries, memory, *params, dout]
    kept = [array.copy() for array in arrays]
    out, weights, cache = multi_head(queries, memory, params, 3)
    dqueries, dmemory, grads = multi_head_backward(dout, cache, params)
    again = multi_head_backward(dout, cache, params)  # the cache is as good as new
    assert {a.dtype for a in (out, weights, dqueries, dmemory, *grads)} == {np.dtype(dtype)}
    found, wanted = [*arrays, dqueries, dmemory, *grads], [*kept, *again[:2], *again[2]]
    for array, before in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(array, before)


def test_first_parameters():
    params = init_multi_head(np.random.default_rng(0), 100, 25, np.float32)
    assert [p.shape for p in params] == [(100, 100), (25, 100), (25, 100), (100, 100), *[(100,)] * 4]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_q.std() == pytest.approx(0.1, rel=0.05)
    assert params.W_k.std() == pytest.approx(0.2, rel=0.05)
    assert not any(b.any() for b in params[4:])
    assert init_multi_head(np.random.default_rng(0), 6).W_k.shape == (6, 6)
    with pytest.raises(ValueError, match="D_m is 0"):
        init_multi_head(np.random.default_rng(0), 4, 0)


sizes = st.integers(1, 4)


@settings(max_examples=40, deadline=None)
@given(st.lists(sizes, max_size=2), sizes, sizes, sizes, sizes, sizes, st.sampled_from([np.float32, np.float64]))
def test_shapes_are_right_for_any_size(leading, T, S, d, D_m, heads, dtype):
    rng, D = np.random.default_rng(0), d * heads
    params = init_multi_head(rng, D, D_m, dtype)
    queries, memory = (rng.standard_normal((*leading, *ends)).astype(dtype) for ends in ((T, D), (S, D_m)))
    out, weights, cache = multi_head(queries, memory, params, heads)
    dqueries, dmemory, grads = multi_head_backward(out, cache, params)
    assert out.shape == dqueries.shape == queries.shape
    assert weights.shape == (*leading, heads, T, S)
    assert dmemory.shape == memory.shape
    assert [g.shape for g in grads] == [p.shape for p in params]


SHAPES = {"queries": (2, 3, 4), "memory": (2, 5, 6), "dout": (2, 3, 4)}
SHAPES |= {"W_q": (4, 4), "W_k": (6, 4), "W_v": (6, 4), "W_o": (4, 4)} | {f"b_{name}": (4,) for name in "qkvo"}


def run_all(queries, memory, dout, heads=2, mask=None, **params):
    params = MultiHeadParams(**params)
    multi_head_backward(dout, multi_head(queries, memory, params, heads, mask)[2], params)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_one_wrong_shape_is_an_error(one_wrong_shape, data):
    # Another number of keys is not wrong.
    with pytest.raises(ValueError, match="has shape"):
        run_all(**one_wrong_shape(data, SHAPES, free=[("memory", 1)]))


@pytest.mark.parametrize("name", SHAPES)
def test_mixed_dtypes_are_an_error(name):
    arrays = {key: np.zeros(shape, np.float32 if key == name else np.float64) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match=r"expected one dtype|dout has dtype float32, expected float64"):
        run_all(**arrays)


def test_heads_and_masks_that_do_not_fit_are_errors():
    arrays = {key: np.zeros(shape) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match="heads is 3, expected a number that divides D = 4"):
        run_all(**arrays, heads=3)
    with pytest.raises(ValueError, match="heads is 0, expected an integer"):
        run_all(**arrays, heads=0)
    with pytest.raises(ValueError, match=r"mask has shape \(2, 2, 3, 5\), expected one that broadcasts"):
        run_all(**arrays, mask=np.ones((2, 2, 3, 5), bool))
    with pytest.raises(ValueError, match="mask has dtype float64"):
        run_all(**arrays, mask=np.ones((3, 5)))
    with pytest.raises(ValueError, match=r"queries has shape \(2, 0, 4\), expected no size of 0"):
        run_all(**arrays | {"queries": np.zeros((2, 0, 4)), "dout": np.zeros((2, 0, 4))})
    with pytest.raises(ValueError, match=r"dout has shape \(2, 3, 5\), expected \(2, 3, 4\)"):
        run_all(**arrays | {"dout": np.zeros((2, 3, 5))})
