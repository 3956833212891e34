import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients, numerical_gradient, relative_error
from helpers.core.params import add
from helpers.layers.attention.additive import (
    AdditiveParams,
    additive_attention,
    additive_attention_backward,
    additive_keys,
    additive_keys_backward,
    additive_scores,
    additive_scores_backward,
    init_additive,
)

SIZES = [  # leading axes, T, S, D_q, D_k, A, d_v
    ((), 1, 1, 1, 1, 1, 1),
    ((), 3, 2, 1, 4, 2, 3),
    ((3,), 1, 4, 2, 3, 5, 1),
    ((2, 3), 4, 3, 2, 1, 3, 5),
]
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
masked_or_not = pytest.mark.parametrize("masked", [False, True])


def make(leading, T, S, D_q, D_k, A, d_v, dtype=np.float64):
    """Random queries, keys, values, parameters and gradient from outside."""
    rng = np.random.default_rng((*leading, T, S, D_q, D_k, A, d_v))

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    params = AdditiveParams(draw(D_q, A), draw(D_k, A), draw(A))
    inputs = [draw(*leading, T, D_q), draw(*leading, S, D_k), draw(*leading, S, d_v)]
    return inputs, params, draw(*leading, T, d_v)


def make_mask(masked, leading, T, S, *_):
    return np.random.default_rng(S).random((*leading, T, S)) < 0.6 if masked else None


def torch_additive(q, k, v, W_q, W_k, v_a, mask):
    """The same function, written in torch; a query that may attend to nothing gets zeros."""
    scores = torch.tanh((q @ W_q).unsqueeze(-2) + (k @ W_k).unsqueeze(-3)) @ v_a
    if mask is not None:
        scores = scores.masked_fill(~torch.tensor(mask), -1e30)
    weights = scores.softmax(dim=-1)
    return (weights if mask is None else weights * torch.tensor(mask)) @ v


def test_a_case_by_hand():
    params = AdditiveParams(W_q=np.array([[2.0]]), W_k=np.array([[1.0], [3.0]]), v=np.array([np.log(3) / 0.6]))
    # a = 2 q + k_1 + 3 k_2 is artanh 0.6 for the first key and 0 for the second: scores log 3 and 0.
    q, k, v = np.array([[0.5]]), np.array([[np.arctanh(0.6) - 1, 0.0], [2.0, -1.0]]), np.array([[4.0], [8.0]])
    out, weights, cache = additive_attention(q, k, v, params)
    np.testing.assert_allclose(weights, [[0.75, 0.25]])
    np.testing.assert_allclose(out, [[5]])
    dq, dk, dv, grads = additive_attention_backward(np.array([[1.0]]), cache, params)
    # ∂L/∂scores = weights ⊙ (v − out) = (−¾, ¾); the slopes of tanh are 0.64 and 1.
    da = np.array([-0.75 * 0.64, 0.75]) * params.v
    np.testing.assert_allclose(dq, [[2 * da.sum()]])
    np.testing.assert_allclose(dk, da[:, None] * [1, 3])
    np.testing.assert_allclose(dv, [[0.75], [0.25]])
    np.testing.assert_allclose(grads.W_q, [[0.5 * da.sum()]])
    np.testing.assert_allclose(grads.W_k, (da @ k)[:, None])
    np.testing.assert_allclose(grads.v, [-0.75 * 0.6])


@every_size
@masked_or_not
def test_backward_equals_central_differences(size, masked):
    inputs, params, dout = make(*size)
    mask = make_mask(masked, *size)
    _, _, cache = additive_attention(*inputs, params, mask)
    *found, grads = additive_attention_backward(dout, cache, params)

    def loss(q=inputs[0], k=inputs[1], v=inputs[2], params=params):
        return float((additive_attention(q, k, v, params, mask)[0] * dout).sum())

    wanted = [
        numerical_gradient(lambda a, name=name: loss(**{name: a}), a) for name, a in zip("qkv", inputs, strict=True)
    ]
    if size[2] == 1:  # with one key, its weight is 1 whatever the scores are
        assert not any(np.any(a) for a in (*found[:2], *grads))
        assert not any(np.any(np.abs(a) > 1e-9) for a in wanted[:2])
        assert relative_error(found[2], wanted[2]) < 1e-6
        return
    errors = check_gradients(lambda params: loss(params=params), params, grads)
    errors |= {name: relative_error(f, w) for name, f, w in zip("qkv", found, wanted, strict=True)}
    assert max(errors.values()) < 1e-6, errors


@every_size
@masked_or_not
def test_it_equals_torch(size, masked):
    inputs, params, dout = make(*size)
    mask = make_mask(masked, *size)
    out, _, cache = additive_attention(*inputs, params, mask)
    dq, dk, dv, grads = additive_attention_backward(dout, cache, params)
    tensors = [torch.tensor(array, requires_grad=True) for array in (*inputs, *params)]
    theirs = torch_additive(*tensors, mask)
    theirs.backward(torch.tensor(dout))
    pairs = [(out, theirs.detach()), *zip((dq, dk, dv, *grads), (t.grad for t in tensors), strict=True)]
    for ours, their in pairs:
        np.testing.assert_allclose(ours, their.numpy(), rtol=1e-10, atol=1e-12)


def test_step_by_step_with_the_keys_made_once_is_the_same_as_all_at_once():
    """A decoder has one query at a time: it adds up the gradients of the keys and takes them back once."""
    size = ((2,), 4, 3, 2, 5, 6, 1)
    (q, k, _), params, _ = make(*size)
    dscores = np.random.default_rng(0).standard_normal((2, 4, 3))
    keys = additive_keys(k, params)
    scores, cache = additive_scores(q, keys, params)
    dq, dkeys, grads = additive_scores_backward(dscores, cache, params)
    dk, grads_k = additive_keys_backward(dkeys, k, params)

    steps = [additive_scores(q[:, t : t + 1], keys, params) for t in range(4)]
    back = [additive_scores_backward(dscores[:, t : t + 1], steps[t][1], params) for t in range(4)]
    dkeys_sum = sum(dkeys_t for _, dkeys_t, _ in back)
    dk_steps, grads_steps = additive_keys_backward(dkeys_sum, k, params)
    for _, _, grads_t in back:
        grads_steps = add(grads_steps, grads_t)
    pairs = [(scores, np.concatenate([s for s, _ in steps], axis=1)), (dk, dk_steps)]
    pairs += [(dq, np.concatenate([b[0] for b in back], axis=1)), *zip(add(grads, grads_k), grads_steps, strict=True)]
    for whole, parts in pairs:
        np.testing.assert_allclose(whole, parts, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept_and_nothing_is_changed(dtype):
    inputs, params, dout = make((2,), 4, 3, 2, 5, 6, 1, dtype=dtype)
    arrays = [*inputs, *params, dout]
    kept = [array.copy() for array in arrays]
    out, weights, cache = additive_attention(*inputs, params)
    dq, dk, dv, grads = additive_attention_backward(dout, cache, params)
    again = additive_attention_backward(dout, cache, params)  # the cache is as good as new
    assert {a.dtype for a in (out, weights, dq, dk, dv, *grads)} == {np.dtype(dtype)}
    for array, before in zip([*arrays, dq, dk, dv, *grads], [*kept, *again[:3], *again[3]], strict=True):
        np.testing.assert_array_equal(array, before)


def test_first_parameters():
    params = init_additive(np.random.default_rng(0), 400, 100, 25, np.float32)
    assert [p.shape for p in params] == [(400, 25), (100, 25), (25,)]
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert params.W_q.std() == pytest.approx(0.05, rel=0.1)
    assert params.W_k.std() == pytest.approx(0.1, rel=0.1)
    assert params.v.std() == pytest.approx(0.2, rel=0.3)
    for wrong, name in (((0, 1, 1), "D_q"), ((1, 0, 1), "D_k"), ((1, 1, 0), "A")):
        with pytest.raises(ValueError, match=f"{name} is 0"):
            init_additive(np.random.default_rng(0), *wrong)


sizes = st.integers(1, 4)


@settings(max_examples=40, deadline=None)
@given(st.lists(sizes, max_size=2), *[sizes] * 6, st.sampled_from([np.float32, np.float64]))
def test_shapes_are_right_for_any_size(leading, T, S, D_q, D_k, A, d_v, dtype):
    inputs, params, dout = make(leading, T, S, D_q, D_k, A, d_v, dtype)
    out, weights, cache = additive_attention(*inputs, params)
    *gradients, grads = additive_attention_backward(dout, cache, params)
    assert out.shape == (*leading, T, d_v)
    assert weights.shape == (*leading, T, S)
    assert [g.shape for g in (*gradients, *grads)] == [a.shape for a in (*inputs, *params)]


SHAPES = {"q": (2, 3, 4), "k": (2, 5, 6), "v": (2, 5, 7), "W_q": (4, 8), "W_k": (6, 8), "v_a": (8,), "dout": (2, 3, 7)}


def run_all(q, k, v, W_q, W_k, v_a, dout, mask=None):
    params = AdditiveParams(W_q, W_k, v_a)
    additive_attention_backward(dout, additive_attention(q, k, v, params, mask)[2], params)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_one_wrong_shape_is_an_error(one_wrong_shape, data):
    with pytest.raises(ValueError, match="has shape"):
        run_all(**one_wrong_shape(data, SHAPES))


@pytest.mark.parametrize("name", SHAPES)
def test_mixed_dtypes_are_an_error(name):
    arrays = {key: np.zeros(shape, np.float32 if key == name else np.float64) for key, shape in SHAPES.items()}
    with pytest.raises(ValueError, match=r"expected one dtype|dout has dtype float32, expected float64"):
        run_all(**arrays)


def test_gradients_of_scores_and_keys_that_do_not_fit_are_errors():
    (q, k, _), params, _ = make((2,), 4, 3, 2, 5, 6, 1)
    keys = additive_keys(k, params)
    scores, cache = additive_scores(q, keys, params)
    with pytest.raises(ValueError, match=r"dscores has shape \(2, 4, 2\), expected \(2, 4, 3\)"):
        additive_scores_backward(scores[..., :2], cache, params)
    with pytest.raises(ValueError, match=r"dkeys has shape \(2, 2, 6\), expected \(\.\.\., S=3, A=6\)"):
        additive_keys_backward(keys[:, :2], k, params)
    with pytest.raises(ValueError, match=r"keys has shape .* expected no size of 0"):
        additive_scores(q, keys[:, :0], params)
    with pytest.raises(ValueError, match=r"mask has shape \(3,\), expected one that broadcasts"):
        run_all(**{key: np.zeros(shape) for key, shape in SHAPES.items()}, mask=np.ones(3, bool))
