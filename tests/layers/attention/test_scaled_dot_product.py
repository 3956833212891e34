import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import scaled_dot_product_attention

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.attention.fast import fast_attention, fast_attention_backward
from helpers.layers.attention.masks import causal_mask
from helpers.layers.attention.scaled_dot_product import attention, attention_backward

FORMS = {"readable": (attention, attention_backward), "fast": (fast_attention, fast_attention_backward)}

SIZES = [  # leading axes, T, S, d, d_v
    ((), 1, 1, 1, 1),
    ((1, 1), 1, 1, 1, 1),
    ((), 3, 2, 1, 4),
    ((3,), 1, 4, 2, 1),
    ((2, 3), 4, 3, 2, 5),
]
LARGE = ((3, 2), 200, 300, 4, 5)  # the fast form makes it in three blocks
LENGTHS = [1.0, 30.0]  # of queries and keys: with the second, the scores are so large that exp alone would overflow
both_forms = pytest.mark.parametrize("form", FORMS)
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
every_size_and_a_large_one = pytest.mark.parametrize("size", [*SIZES, LARGE], ids=str)
every_length = pytest.mark.parametrize("length", LENGTHS)
every_mask = pytest.mark.parametrize("mask", ["none", "keys", "pairs", "every pair", "nothing"])
every_scale = pytest.mark.parametrize("scale", [None, 1.0, 0.3])


def make(leading, T, S, d, d_v, dtype=np.float64, length=1.0):
    """Random queries, keys, values and gradient from outside."""
    rng = np.random.default_rng((*leading, T, S, d, d_v))
    shapes = (T, d), (S, d), (S, d_v), (T, d_v)
    q, k, v, dout = (rng.standard_normal((*leading, *ends)).astype(dtype) for ends in shapes)
    return length * q, length * k, v, dout


def make_mask(kind, leading, T, S, *_):
    """Masks of several shapes. Those that are drawn have keys, queries or both that nobody may attend to."""
    rng = np.random.default_rng((len(kind), T, S))
    shapes = {"keys": (*leading, 1, S), "pairs": (T, S), "every pair": (*leading, T, S)}
    if kind == "nothing":
        return np.zeros((1, 1), bool)
    return None if kind == "none" else rng.random(shapes[kind]) < 0.6


@both_forms
def test_a_case_by_hand(form):
    attention, attention_backward = FORMS[form]
    q, k, v = np.array([[2.0, 0.0]]), np.array([[np.log(3), 5.0], [0.0, 7.0]]), np.array([[4.0], [8.0]])
    scale = 0.5  # scores log 3 and 0, weights ¾ and ¼
    out, weights, cache = attention(q, k, v, scale=scale)
    np.testing.assert_allclose(weights, [[0.75, 0.25]])
    np.testing.assert_allclose(out, [[5]])
    # dscores = weights ⊙ (v − out) = (−¾, ¾)
    dq, dk, dv = attention_backward(np.array([[1.0]]), cache)
    np.testing.assert_allclose(dq, [[-0.75 * 0.5 * np.log(3), 0.75 * 0.5 * (7 - 5)]])
    np.testing.assert_allclose(dk, [[-0.75, 0], [0.75, 0]], atol=1e-15)
    np.testing.assert_allclose(dv, [[0.75], [0.25]])


@both_forms
def test_the_scale_is_one_over_the_root_of_d(form):
    attention, _ = FORMS[form]
    q, k, v = np.full((1, 4), np.log(3) / 2), np.array([[1.0] * 4, [0.0] * 4]), np.array([[1.0], [0.0]])
    assert attention(q, k, v)[0].item() == pytest.approx(0.75)  # 4 · ½ log 3 / √4 = log 3
    assert attention(q, k, v, scale=1.0)[0].item() == pytest.approx(0.9)  # 2 log 3 = log 9


@both_forms
@every_size
@every_mask
@every_scale
def test_backward_equals_central_differences(form, size, mask, scale):
    attention, attention_backward = FORMS[form]
    *inputs, dout = make(*size)
    mask = make_mask(mask, *size)
    _, _, cache = attention(*inputs, mask, scale)
    for number, found in enumerate(attention_backward(dout, cache)):

        def loss(array, number=number):
            arrays = [*inputs[:number], array, *inputs[number + 1 :]]
            return float((attention(*arrays, mask, scale)[0] * dout).sum())

        wanted = numerical_gradient(loss, inputs[number])
        assert relative_error(found, wanted) < 1e-6 or np.abs(found - wanted).max() < 1e-10  # one key: both are 0


@both_forms
@every_size_and_a_large_one
@every_mask
@every_scale
@every_length
def test_it_equals_torch(form, size, mask, scale, length):
    attention, attention_backward = FORMS[form]
    *inputs, dout = make(*size, length=length)
    mask = make_mask(mask, *size)
    out, weights, cache = attention(*inputs, mask, scale)
    tensors = [torch.tensor(array, requires_grad=True) for array in inputs]
    mask_torch = None if mask is None else torch.tensor(np.broadcast_to(mask, weights.shape))
    theirs = scaled_dot_product_attention(*tensors, attn_mask=mask_torch, scale=scale)
    theirs.backward(torch.tensor(dout))
    pairs = [(out, theirs.detach()), *zip(attention_backward(dout, cache), (t.grad for t in tensors), strict=True)]
    for ours, their in pairs:
        their = their.numpy()
        np.testing.assert_allclose(ours, their, rtol=1e-10, atol=1e-12 * max(1, np.abs(their).max()))


@both_forms
@every_mask
@every_length
def test_the_weights_are_those_of_the_formula(form, mask, length):
    attention, _ = FORMS[form]
    size = ((2, 3), 4, 5, 3, 2)
    q, k, v, _ = make(*size, length=length)
    mask = make_mask(mask, *size)
    out, weights, _ = attention(q, k, v, mask)
    scores = np.einsum("abtd,absd->abts", q, k) / np.sqrt(3)
    scores = np.where(True if mask is None else mask, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=-1e5))
    total = e.sum(axis=-1, keepdims=True)
    wanted = np.divide(e, total, out=np.zeros_like(e), where=total > 0)
    np.testing.assert_allclose(weights, wanted, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(out, weights @ v, rtol=1e-12)


@both_forms
@every_size_and_a_large_one
@every_mask
@every_length
def test_float32_stays_float32_and_is_near_float64(form, size, mask, length):
    attention, attention_backward = FORMS[form]
    mask = make_mask(mask, *size)
    results = []
    for dtype in (np.float32, np.float64):
        *inputs, dout = (array.astype(dtype) for array in make(*size, dtype=np.float32, length=length))
        out, weights, cache = attention(*inputs, mask)
        results.append((out, weights, *attention_backward(dout, cache)))
    assert {array.dtype for array in results[0]} == {np.dtype(np.float32)}
    for single, double in zip(*results, strict=True):
        np.testing.assert_allclose(single, double, rtol=1e-3, atol=1e-3 * max(1, np.abs(double).max()))


@both_forms
@every_length
def test_nothing_it_is_given_is_changed(form, length):
    attention, attention_backward = FORMS[form]
    *inputs, dout = make((2, 3), 4, 3, 2, 5, length=length)
    mask = causal_mask(4)[:, :3]
    arrays = [*inputs, dout, mask]
    kept = [array.copy() for array in arrays]
    out, weights, cache = attention(*inputs, mask)
    out_kept, weights_kept = out.copy(), weights.copy()
    first = attention_backward(dout, cache)
    second = attention_backward(dout, cache)  # the cache is as good as new
    for array, before in zip([*arrays, out, weights, *first], [*kept, out_kept, weights_kept, *second], strict=True):
        np.testing.assert_array_equal(array, before)


sizes = st.integers(1, 4)


@both_forms
@settings(max_examples=60, deadline=None)
@given(
    leading=st.lists(sizes, max_size=3),
    T=sizes,
    S=sizes,
    d=sizes,
    d_v=sizes,
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_shapes_are_right_for_any_size(form, leading, T, S, d, d_v, dtype):
    attention, attention_backward = FORMS[form]
    *inputs, dout = make(leading, T, S, d, d_v, dtype)
    out, weights, cache = attention(*inputs)
    assert out.shape == (*leading, T, d_v)
    assert weights.shape == (*leading, T, S)
    assert [grad.shape for grad in attention_backward(dout, cache)] == [array.shape for array in inputs]


SHAPES = {"q": (2, 3, 4), "k": (2, 5, 4), "v": (2, 5, 6), "dout": (2, 3, 6)}


def run_all(form, q, k, v, dout, **options):
    attention, attention_backward = FORMS[form]
    attention_backward(dout, attention(q, k, v, **options)[2])


@both_forms
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_wrong_shape_is_an_error(one_wrong_shape, form, data):
    with pytest.raises(ValueError, match="has shape"):
        run_all(form, **one_wrong_shape(data, SHAPES))


@both_forms
@pytest.mark.parametrize("name", SHAPES)
def test_mixed_dtypes_and_lists_are_errors(form, name):
    arrays = {key: np.zeros(shape) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match=r"expected one dtype|dout has dtype float32, expected float64"):
        run_all(form, **arrays | {name: np.zeros(SHAPES[name], np.float32)})
    with pytest.raises(ValueError, match=f"{name} has dtype int64"):
        run_all(form, **arrays | {name: np.zeros(SHAPES[name], int)})
    with pytest.raises(ValueError, match=f"{name} has type list"):
        run_all(form, **arrays | {name: [[0.0]]})


@both_forms
def test_other_bad_input_is_an_error(form):
    arrays = {key: np.zeros(shape) for key, shape in SHAPES.items()}
    for scale in (0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match=f"scale is {scale}, expected a finite number above 0"):
            run_all(form, **arrays, scale=scale)
    with pytest.raises(ValueError, match=r"mask has shape \(3, 4\), expected one that broadcasts"):
        run_all(form, **arrays, mask=np.ones((3, 4), bool))
    with pytest.raises(ValueError, match="mask has dtype int64"):
        run_all(form, **arrays, mask=np.ones((3, 5), int))
    with pytest.raises(ValueError, match=r"k has shape \(2, 0, 4\), expected no size of 0"):
        run_all(form, **arrays | {"k": np.zeros((2, 0, 4)), "v": np.zeros((2, 0, 6))})


@both_forms
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_nan_or_infinite_in_a_hidden_key_does_not_reach_the_weights(rng, form, value):
    attention, _ = FORMS[form]
    q, k, v = rng.standard_normal((3, 2, 4, 3))
    mask = np.arange(4) != 2
    out, weights, _ = attention(q, k, v, mask)
    k[:, 2] = value, 1, 1
    spoilt_out, spoilt_weights, _ = attention(q, k, v, mask)
    np.testing.assert_allclose(spoilt_weights, weights, rtol=1e-14)
    np.testing.assert_allclose(spoilt_out, out, rtol=1e-14)
    assert not spoilt_weights[..., 2].any()
