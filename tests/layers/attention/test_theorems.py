import numpy as np
import pytest

from helpers.layers.attention.additive import additive_attention, additive_attention_backward, init_additive
from helpers.layers.attention.fast import fast_attention, fast_attention_backward
from helpers.layers.attention.kernel_regression import kernel_regression, kernel_regression_backward
from helpers.layers.attention.masks import causal_mask
from helpers.layers.attention.multiplicative import (
    init_multiplicative,
    multiplicative_attention,
    multiplicative_attention_backward,
)
from helpers.layers.attention.scaled_dot_product import attention, attention_backward

B, T, S, D, D_V = 2, 4, 5, 3, 2


def additive(q, k, v, mask=None, dout=None):
    params = init_additive(np.random.default_rng(1), D, D, 6)
    out, weights, cache = additive_attention(q, k, v, params, mask)
    return out, weights, *(additive_attention_backward(dout, cache, params)[:3] if dout is not None else ())


def multiplicative(q, k, v, mask=None, dout=None):
    params = init_multiplicative(np.random.default_rng(1), D, D)
    out, weights, cache = multiplicative_attention(q, k, v, params, mask)
    return out, weights, *(multiplicative_attention_backward(dout, cache, params)[:3] if dout is not None else ())


def kernel(q, k, v, mask=None, dout=None):
    out, weights, cache = kernel_regression(q, k, v, 0.7, mask)
    return out, weights, *(kernel_regression_backward(dout, cache)[:3] if dout is not None else ())


def scaled(q, k, v, mask=None, dout=None):
    out, weights, cache = attention(q, k, v, mask)
    return out, weights, *(attention_backward(dout, cache) if dout is not None else ())


def fast(q, k, v, mask=None, dout=None):
    out, weights, cache = fast_attention(q, k, v, mask)
    return out, weights, *(fast_attention_backward(dout, cache) if dout is not None else ())


def fast_long(q, k, v, mask=None, dout=None):
    """With long queries and keys, so that their softmax is the one that takes the largest score out first."""
    out, weights, cache = fast_attention(50 * q, 50 * k, v, mask, scale=1.0)
    return out, weights, *(fast_attention_backward(dout, cache) if dout is not None else ())


every_kind = pytest.mark.parametrize("attend", [scaled, fast, fast_long, additive, multiplicative, kernel])


@pytest.fixture
def arrays(rng):
    return [rng.standard_normal((B, *ends)) for ends in ((T, D), (S, D), (S, D_V), (T, D_V))]


@every_kind
def test_the_weights_of_a_query_sum_to_1_or_to_0_if_it_may_attend_to_nothing(rng, arrays, attend):
    q, k, v, _ = arrays
    mask = rng.random((B, T, S)) < 0.5
    mask[0, 1], mask[1, 3] = False, False
    _, weights, *_ = attend(q, k, v, mask)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=-1), mask.any(axis=-1), rtol=1e-12)
    assert not weights[~mask].any()
    np.testing.assert_allclose(attend(q, k, v)[1].sum(axis=-1), 1, rtol=1e-12)


@every_kind
def test_equal_keys_give_the_mean_of_the_values(arrays, attend):
    q, k, v, _ = arrays
    out, weights, *_ = attend(q, k[:, :1].repeat(S, axis=1), v)
    np.testing.assert_allclose(weights, 1 / S, rtol=1e-10)
    np.testing.assert_allclose(out, v.mean(axis=1, keepdims=True).repeat(T, axis=1), rtol=1e-10, atol=1e-13)


@every_kind
def test_permuting_keys_and_values_together_changes_nothing(rng, arrays, attend):
    q, k, v, dout = arrays
    order = rng.permutation(S)
    out, weights, dq, dk, dv = attend(q, k, v, dout=dout)
    moved = attend(q, k[:, order], v[:, order], dout=dout)
    wanted = (out, weights[..., order], dq, dk[:, order], dv[:, order])
    for found, want in zip(moved, wanted, strict=True):
        np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-12)


@every_kind
def test_permuting_queries_permutes_the_outs(rng, arrays, attend):
    q, k, v, _ = arrays
    order = rng.permutation(T)
    out, *_ = attend(q, k, v)
    np.testing.assert_allclose(attend(q[:, order], k, v)[0], out[:, order], rtol=1e-9, atol=1e-12)


@every_kind
def test_masked_keys_have_no_influence_and_a_gradient_of_exactly_zero(arrays, attend):
    q, k, v, dout = arrays
    mask = np.arange(S) != 2
    out, weights, dq, dk, dv = attend(q, k, v, mask, dout)
    assert not dk[:, 2].any()
    assert not dv[:, 2].any()
    rest = np.flatnonzero(mask)
    without = attend(q, k[:, rest], v[:, rest], dout=dout)
    for found, want in zip((out, weights[..., rest], dq, dk[:, rest], dv[:, rest]), without, strict=True):
        np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-12)


@every_kind
def test_a_query_that_may_attend_to_nothing_gets_zeros_and_gives_zero_gradients(arrays, attend):
    q, k, v, dout = arrays
    mask = np.ones((B, T, S), bool)
    mask[:, 1] = False
    out, weights, dq, dk, dv = attend(q, k, v, mask, dout)
    assert not out[:, 1].any()
    assert not weights[:, 1].any()
    assert not dq[:, 1].any()
    _, _, _, dk_without, dv_without = attend(q, k, v, mask, dout * mask[..., :1])
    np.testing.assert_array_equal(dk, dk_without)
    np.testing.assert_array_equal(dv, dv_without)
    for array in attend(q, k, v, np.zeros((1, 1), bool), dout):
        assert not array.any()  # nobody may attend to anything


@every_kind
def test_a_mean_of_values_stays_between_them(arrays, attend):
    q, k, v, _ = arrays
    out, *_ = attend(q, k, v)
    assert (out >= v.min(axis=1, keepdims=True) - 1e-12).all()
    assert (out <= v.max(axis=1, keepdims=True) + 1e-12).all()


def test_a_shift_of_all_keys_shifts_the_scores_of_a_query_alike_and_changes_nothing(rng, arrays):
    q, k, v, dout = arrays
    out, weights, cache = attention(q, k, v)
    shifted = attention(q, k + rng.standard_normal(D), v)
    np.testing.assert_allclose(shifted[1], weights, rtol=1e-10)
    np.testing.assert_allclose(shifted[0], out, rtol=1e-10, atol=1e-13)
    _, dk, _ = attention_backward(dout, cache)
    np.testing.assert_allclose(dk.sum(axis=1), 0, atol=1e-13)  # so along that shift there is no slope


@pytest.mark.parametrize("size", [1.0, 1e4], ids=["small", "large"])
@pytest.mark.parametrize("length", [1.0, 12.0], ids=["no score is large", "some are"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("attention", [attention, fast_attention])
def test_what_is_hidden_from_a_query_changes_it_not_even_in_the_last_bit(rng, attention, dtype, length, size):
    q, k, v = (length * rng.standard_normal((3, 3, 33, 16))).astype(dtype)
    changed_q, changed_k, changed_v = q.copy(), k.copy(), v.copy()
    for array in (changed_q, changed_k, changed_v):
        array[:, 20:] *= dtype(-size)  # the large ones would not fit into exp
    out, weights, _ = attention(q, k, v, causal_mask(33))
    changed_out, changed_weights, _ = attention(changed_q, changed_k, changed_v, causal_mask(33))
    np.testing.assert_array_equal(changed_out[:, :20], out[:, :20])
    np.testing.assert_array_equal(changed_weights[:, :20], weights[:, :20])
    assert np.any(changed_out[:, 20:] != out[:, 20:])
