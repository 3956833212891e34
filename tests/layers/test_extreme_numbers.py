"""Layers with very large, very small and half-precision numbers: right where the answer fits, an error where not."""

import numpy as np
import pytest
import torch
from torch.nn.functional import layer_norm as torch_layer_norm
from torch.nn.functional import rms_norm as torch_rms_norm

from helpers.core.gradient_check import relative_error
from helpers.core.params import map_params
from helpers.layers.attention.additive import additive_attention, init_additive
from helpers.layers.attention.fast import fast_attention
from helpers.layers.attention.kernel_regression import kernel_regression, kernel_regression_backward
from helpers.layers.attention.multi_head import init_multi_head, self_attention, self_attention_backward
from helpers.layers.attention.scaled_dot_product import attention, attention_backward
from helpers.layers.embedding import cosine_similarities, embedding, nearest_neighbours, unit_rows
from helpers.layers.linear import init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward, summed_cross_entropy
from helpers.layers.recurrent import gru, gru_backward, lstm, lstm_backward, rnn, rnn_backward
from helpers.layers.recurrent.stack import CELLS
from helpers.layers.transformer.costs import (
    cached_step_cost,
    decoder_layer_size,
    encoder_layer_cost,
    encoder_layer_size,
    gru_cost,
)
from helpers.layers.transformer.decoder_layer import decoder_layer, decoder_layer_backward, init_decoder_layer
from helpers.layers.transformer.encoder_layer import encoder_layer, encoder_layer_backward, init_encoder_layer
from helpers.layers.transformer.feed_forward import feed_forward, feed_forward_backward, init_feed_forward
from helpers.layers.transformer.norms import (
    NormParams,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)

RNG = np.random.default_rng(0)
READABLE = {"rnn": (rnn, rnn_backward), "lstm": (lstm, lstm_backward), "gru": (gru, gru_backward)}
EVERY_CELL = pytest.mark.parametrize("cell", list(CELLS))
BOTH_WAYS = pytest.mark.parametrize("norm_first", [False, True])


def draw(*shape, dtype=np.float64):
    return RNG.standard_normal(shape).astype(dtype)


def test_an_infinite_score_is_no_loss():
    for loss, logits, targets in (
        (cross_entropy, [[np.inf, 5.0]], [1]),
        (cross_entropy, [[np.nan, 5.0]], [1]),
        (summed_cross_entropy, [[[np.inf, 5.0]]], [[1]]),
    ):
        with pytest.raises(ValueError, match="logits has 1 of 2 values that are NaN or inf"):
            loss(np.array(logits), np.array(targets))
    with pytest.raises(ValueError, match="1 targets have a score of −inf: the loss is infinite"):
        cross_entropy(np.array([[-np.inf, 5.0]]), np.array([0]))
    loss, cache = cross_entropy(np.array([[-np.inf, 5.0]]), np.array([1]))  # a mask of what is impossible
    assert loss == 0
    np.testing.assert_array_equal(cross_entropy_backward(cache), [[0, 0]])


@pytest.mark.parametrize(("dtype", "factor"), [(np.float16, 1000), (np.float32, 1e20), (np.float64, 1e300)])
def test_a_norm_does_not_square_what_is_too_large(dtype, factor):
    x, dy = (draw(5, 8) * factor).astype(dtype), draw(5, 8, dtype=dtype)
    x[1] = draw(8)  # an ordinary row among the others
    params = NormParams(draw(8, dtype=dtype), draw(8, dtype=dtype))
    tolerance = {np.float16: 4e-3, np.float32: 1e-5, np.float64: 1e-12}[dtype]
    unit = np.array([[factor], [1], [factor], [factor], [factor]], np.longdouble)
    scaled = x.astype(np.longdouble) / unit  # its eps is that of the equation in the same unit
    y, cache = layer_norm(x, params)
    variance = scaled.var(axis=1, keepdims=True) + np.longdouble(1e-5) / unit**2
    wanted = params.scale * (scaled - scaled.mean(axis=1, keepdims=True)) / np.sqrt(variance) + params.shift
    assert y.dtype == dtype
    np.testing.assert_allclose(y, wanted.astype(float), rtol=tolerance, atol=tolerance)
    y, rms_cache = rms_norm(x, params.scale)
    wanted = params.scale * scaled / np.sqrt((scaled**2).mean(axis=1, keepdims=True) + np.longdouble(1e-5) / unit**2)
    np.testing.assert_allclose(y, wanted.astype(float), rtol=tolerance, atol=tolerance)
    for dx in (layer_norm_backward(dy, cache, params)[0], rms_norm_backward(dy, rms_cache, params.scale)[0]):
        assert dx.dtype == dtype
        assert np.isfinite(dx).all()


@pytest.mark.parametrize(("dtype", "factor"), [(np.float16, 1000), (np.float16, 1), (np.float32, 1e15)])
def test_norms_equal_those_of_torch(dtype, factor):
    x, dy = (draw(5, 8) * factor).astype(dtype), draw(5, 8, dtype=dtype)
    params = NormParams(draw(8, dtype=dtype), draw(8, dtype=dtype))
    t, scale, shift = (torch.tensor(array, requires_grad=True) for array in (x, *params))
    theirs = torch_layer_norm(t, (8,), scale, shift)
    theirs.backward(torch.tensor(dy))
    y, cache = layer_norm(x, params)
    dx, grads = layer_norm_backward(dy, cache, params)
    tolerance = 4e-3 if dtype == np.float16 else 1e-5
    for ours, torchs in zip((y, dx, *grads), (theirs.detach(), t.grad, scale.grad, shift.grad), strict=True):
        assert relative_error(ours.astype(float), torchs.numpy().astype(float)) < tolerance
    if factor == 1:
        ours = rms_norm(x, params.scale)[0]
        np.testing.assert_allclose(ours, torch_rms_norm(t, (8,), scale, 1e-5).detach().numpy(), rtol=4e-3, atol=4e-3)


def test_norms_of_rows_of_the_largest_numbers():
    largest = np.finfo(float).max
    y, _ = layer_norm(np.array([[largest, -largest], [1.0, 3.0]]), NormParams(np.ones(2), np.zeros(2)))
    np.testing.assert_allclose(y, [[1, -1], [-1, 1]], rtol=1e-5)
    y, _ = layer_norm(np.array([largest, -largest]), NormParams(np.ones(2), np.zeros(2)))  # no leading axis
    np.testing.assert_allclose(y, [1, -1])
    with pytest.raises(ValueError, match="x has 1 of 2 values that are NaN or infinite"):
        layer_norm(np.array([np.nan, 1.0]), NormParams(np.ones(2), np.zeros(2)))


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1e160, 1e307])
def test_cosines_do_not_depend_on_the_length(scale):
    x, E = draw(3, 4), draw(5, 4)
    wanted = cosine_similarities(x, E)
    np.testing.assert_allclose(cosine_similarities(x * scale, E), wanted, atol=1e-12)
    np.testing.assert_allclose(cosine_similarities(x, E * scale), wanted, atol=1e-12)
    assert nearest_neighbours(x[0] * scale, E * scale, 3)[0].tolist() == nearest_neighbours(x[0], E, 3)[0].tolist()
    np.testing.assert_allclose(np.linalg.norm(unit_rows(E * scale), axis=1), 1)


@pytest.mark.parametrize(("dtype", "scale"), [(np.float32, 1e-30), (np.float32, 1e30), (np.float16, 300)])
def test_cosines_of_narrow_dtypes(dtype, scale):
    x, E = draw(3, 4), draw(5, 4)
    found = cosine_similarities((x * scale).astype(dtype), (E * scale).astype(dtype))
    assert found.dtype == dtype
    np.testing.assert_allclose(found, cosine_similarities(x, E), atol=4e-3 if dtype == np.float16 else 1e-5)


@pytest.mark.parametrize("wrong", [[-1], [5], [0.5], [0, -1]])
def test_rows_to_leave_out_are_rows(wrong):
    E = draw(5, 4)
    with pytest.raises(ValueError, match=r"exclude (spans|has dtype)"):
        nearest_neighbours(E[0], E, 2, exclude=tuple(wrong))


def test_a_cosine_of_what_is_no_number_is_an_error():
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match="x has 1 of 2 values"):
            cosine_similarities(np.array([wrong, 1.0]), np.ones((3, 2)))
    with pytest.raises(ValueError, match="x has dtype"):
        unit_rows([None, 1.0])


@pytest.mark.parametrize("width", [1e-300, 1e-200, 1e-160, np.float32(1e-30)])
def test_the_narrowest_kernel_takes_the_nearest_value(width):
    q, k, v = np.array([[0.1], [2.9], [1.5]]), np.array([[0.0], [1.0], [2.0], [3.0]]), np.arange(4.0)[:, None]
    out, weights, cache = kernel_regression(q, k, v, width)
    np.testing.assert_array_equal(out[:2], [[0], [3]])
    np.testing.assert_array_equal(weights[2], [0, 0.5, 0.5, 0])  # two are equally near
    dq, dk, dv, dwidth = kernel_regression_backward(np.array([[1.0], [1.0], [0.0]]), cache)
    assert not any(np.any(zero) for zero in (dq, dk, dwidth))
    np.testing.assert_array_equal(dv[:, 0], [1, 0, 0, 1])


@pytest.mark.parametrize("width", [1e200, 1e300, 10**200])
def test_the_widest_kernel_takes_the_mean(width):
    q, k, v = draw(2, 3), draw(4, 3), draw(4, 2)
    out, weights, cache = kernel_regression(q, k, v, width)
    np.testing.assert_allclose(weights, 0.25)
    np.testing.assert_allclose(out, np.broadcast_to(v.mean(axis=0), (2, 2)))
    dq, dk, dv, dwidth = kernel_regression_backward(draw(2, 2), cache)
    assert np.isfinite(dq).all()
    assert np.isfinite(dk).all()
    assert dv.shape == v.shape
    assert abs(dwidth) < 1e-150


@pytest.mark.parametrize("unit", [1e-200, 1e-160, 1e160, 1e200])
def test_a_kernel_does_not_depend_on_the_unit(unit):
    q, k, v, dout = draw(2, 3), draw(4, 3), draw(4, 2), draw(2, 2)
    mask = np.array([[True, False, True, True], [False] * 4])
    out, weights, cache = kernel_regression(q, k, v, 0.7, mask)
    dq, dk, dv, dwidth = kernel_regression_backward(dout, cache)
    scaled_out, scaled_weights, scaled_cache = kernel_regression(q * unit, k * unit, v, 0.7 * unit, mask)
    scaled_dq, scaled_dk, scaled_dv, scaled_dwidth = kernel_regression_backward(dout, scaled_cache)
    for scaled, wanted in (
        (scaled_out, out),
        (scaled_weights, weights),
        (scaled_dq * unit, dq),
        (scaled_dk * unit, dk),
        (scaled_dv, dv),
        (scaled_dwidth * unit, dwidth),
    ):
        np.testing.assert_allclose(scaled, wanted, rtol=1e-10, atol=1e-12)


def test_a_width_is_a_number():
    for wrong in (None, "1", 1j, 10**400):
        with pytest.raises(ValueError, match=r"width is .*, expected a finite number above 0"):
            kernel_regression(draw(2, 3), draw(4, 3), draw(4, 2), wrong)


@pytest.mark.parametrize("form", [attention, fast_attention])
def test_scores_that_overflow_are_an_error_with_the_reason(form):
    q, k, v = draw(2, 3), draw(4, 3), draw(4, 2)
    with pytest.raises(ValueError, match=r"[qk] has numbers up to .*attention overflows float64"):
        form(q * 1e200, k * 1e200, v)
    np.testing.assert_allclose(form(q * 1e200, k * 1e-200, v)[0], form(q, k, v)[0])
    with pytest.raises(ValueError, match="v has 1 of 8 values that are NaN or infinite"):
        form(q, k, np.where(v == v.max(), np.inf, v))


@BOTH_WAYS
@pytest.mark.parametrize("size", [1e100, 1e160, 1e300])
def test_a_layer_near_the_largest_numbers_is_right_or_says_why(norm_first, size):
    x, memory, dy = draw(2, 3, 4), draw(2, 5, 4), draw(2, 3, 4)
    encoder, decoder = init_encoder_layer(RNG, 4, 8), init_decoder_layer(RNG, 4, 8)
    runs = [
        (encoder_layer, encoder_layer_backward, encoder, (x * size,), ()),
        (decoder_layer, decoder_layer_backward, decoder, (x * size, memory), (None,)),
        (decoder_layer, decoder_layer_backward, decoder, (x, memory * size), (None,)),
    ]
    for layer, backward, params, inputs, mask in runs:
        try:
            y, _, cache = layer(*inputs, params, 2, *mask, norm_first=norm_first)
            grads = backward(dy, cache, params)
        except ValueError as error:
            assert "overflows" in str(error)  # noqa: PT017
        else:
            assert np.isfinite(y).all()
            map_params(lambda g: np.testing.assert_array_equal(np.isfinite(g), True), grads)


def test_pre_norm_takes_inputs_of_any_size():
    """x + f(norm(x)) is x where x is so large, and norm(x) does not depend on the size."""
    params = init_encoder_layer(RNG, 4, 8)
    x = draw(2, 3, 4)
    y, weights, _ = encoder_layer(x * 1e300, params, 2, norm_first=True)
    np.testing.assert_allclose(y, x * 1e300, rtol=1e-12)
    np.testing.assert_allclose(weights, encoder_layer(x * 1e10, params, 2, norm_first=True)[1], rtol=1e-9)


@BOTH_WAYS
def test_layers_of_half_precision_are_near_those_of_double(norm_first):
    x, memory, dy = draw(2, 3, 4), draw(2, 5, 4), draw(2, 3, 4)
    params, decoder_params = init_encoder_layer(RNG, 4, 8), init_decoder_layer(RNG, 4, 8)

    def half(nest):
        return map_params(lambda array: array.astype(np.float16), nest)

    y, _, cache = encoder_layer(x, params, 2, norm_first=norm_first)
    half_y, _, half_cache = encoder_layer(half(x), half(params), 2, norm_first=norm_first)
    dx, _ = encoder_layer_backward(dy, cache, params)
    half_dx, half_grads = encoder_layer_backward(half(dy), half_cache, half(params))
    c, _, _ = decoder_layer(x, memory, decoder_params, 2, None, norm_first=norm_first)
    half_c, _, _ = decoder_layer(half(x), half(memory), half(decoder_params), 2, None, norm_first=norm_first)
    for narrow, wide in ((half_y, y), (half_dx, dx), (half_c, c)):
        assert narrow.dtype == np.float16
        assert relative_error(narrow.astype(float), wide) < 5e-3
    map_params(lambda g: np.testing.assert_equal(g.dtype, np.float16), half_grads)


@EVERY_CELL
@pytest.mark.parametrize("form", ["fast", "readable"])
def test_a_recurrent_layer_refuses_what_is_not_finite(cell, form):
    functions = CELLS[cell]
    forward, backward = (functions.forward, functions.backward) if form == "fast" else READABLE[cell]
    params, x = functions.init(RNG, 4, 3), draw(5, 2, 4)
    state = functions.zero_state(2, params)
    with pytest.raises(ValueError, match="x has 1 of 40 values that are NaN"):
        forward(np.where(x == x[1].max(), np.nan, x), state, params)
    h, _, _ = forward(x * 1e300, state, params)  # every gate stands at its limit
    assert np.isfinite(h).all()
    _, last, cache = forward(x, state, params)
    dh = draw(5, 2, 3)
    dh[0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="dh has 1 of 30 values that are NaN"):
        backward(dh, map_params(np.zeros_like, last), cache, params)


def test_a_linear_rnn_that_explodes_is_refused():
    params = CELLS["rnn"].init(RNG, 4, 3)._replace(W_hh=np.eye(3) * 1e200)
    for forward in (rnn, CELLS["rnn"].forward):
        with pytest.raises(ValueError, match=r"params\.W_hh has numbers up to 1e\+200, .* overflows float64"):
            forward(draw(5, 2, 4), (np.ones((2, 3)),), params, activation="identity")


@EVERY_CELL
@pytest.mark.parametrize("form", ["fast", "readable"])
def test_recurrent_layers_of_half_precision_are_near_those_of_double(cell, form):
    functions = CELLS[cell]
    forward, backward = (functions.forward, functions.backward) if form == "fast" else READABLE[cell]
    params, x, dh = functions.init(RNG, 4, 3), draw(5, 2, 4), draw(5, 2, 3)
    state = functions.zero_state(2, params)

    def half(nest):
        return map_params(lambda array: array.astype(np.float16), nest)

    h, last, cache = forward(x, state, params)
    half_h, half_last, half_cache = forward(half(x), half(state), half(params))
    dx, _, _ = backward(dh, map_params(np.ones_like, last), cache, params)
    half_dx, _, _ = backward(half(dh), map_params(np.ones_like, half_last), half_cache, half(params))
    for narrow, wide in ((half_h, h), (half_dx, dx)):
        assert narrow.dtype == np.float16
        assert relative_error(narrow.astype(float), wide) < 5e-3


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda: linear(draw(2, 4) * 1e200, map_params(lambda p: p * 1e200, init_linear(RNG, 4, 3))), "overflows"),
        (lambda: linear(np.full((2, 4), np.nan), init_linear(RNG, 4, 3)), "x has 8 of 8"),
        (lambda: linear_backward(draw(2, 3) * 1e200, (draw(2, 4) * 1e200,), init_linear(RNG, 4, 3)), "overflows"),
        (lambda: embedding(np.array([1]), np.array([[1.0], [np.nan]])), "E has 1 of 2"),
        (lambda: feed_forward(np.full((2, 4), 1.7e308), init_feed_forward(RNG, 4, 8)), "overflows"),
        (lambda: feed_forward(draw(2, 4), init_feed_forward(RNG, 4, 8), "sin"), "activation is 'sin'"),
        (lambda: rnn(draw(2, 1, 4), (np.zeros((1, 3)),), CELLS["rnn"].init(RNG, 4, 3), "sin"), "activation is 'sin'"),
        (
            lambda: self_attention(draw(1, 3, 4) * 1e200, init_multi_head(RNG, 4), 2),
            "multi_head overflows float64",
        ),
    ],
)
def test_what_overflows_is_named(run, message):
    with pytest.raises(ValueError, match=message):
        run()


def test_what_is_large_and_fits_is_right():
    params = init_linear(RNG, 4, 3)
    x = draw(2, 4)
    np.testing.assert_allclose(linear(x * 1e300, params)[0], linear(x, params)[0] * 1e300)
    feed, additive = init_feed_forward(RNG, 4, 8), init_additive(RNG, 4, 4, 3)
    np.testing.assert_allclose(feed_forward(x * 1e300, feed)[0], feed_forward(x, feed)[0] * 1e300)
    y, cache = feed_forward(x, feed, "gelu")
    assert np.isfinite(feed_forward_backward(y, cache, feed)[0]).all()
    _, weights, _ = additive_attention(x * 1e300, x, x, additive)  # tanh at its limits
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    many, params = draw(1, 3, 4), init_multi_head(RNG, 4)
    _, _, cache = self_attention(many, params, 2)
    with pytest.raises(ValueError, match="dout has numbers up to"):
        self_attention_backward(np.full((1, 3, 4), 1e308) * 1.7, cache, params)
    _, _, cache = attention(x, x, x)
    with pytest.raises(ValueError, match="dout has 8 of 8 values"):
        attention_backward(np.full((2, 4), np.nan), cache)


@pytest.mark.parametrize("integer", [np.int32, np.int16, np.uint16])
def test_costs_of_numpys_integers_do_not_overflow(integer):
    n = integer(5000)
    assert encoder_layer_cost(n, n, n, integer(8)) == encoder_layer_cost(5000, 5000, 5000, 8)
    assert encoder_layer_cost(n, n, n).multiply_adds == 8 * 5000**3
    assert gru_cost(n, n, n) == gru_cost(5000, 5000, 5000)
    assert cached_step_cost(n, n, n) == cached_step_cost(5000, 5000, 5000)
    assert encoder_layer_size(n, n) == encoder_layer_size(5000, 5000)
    assert decoder_layer_size(n, n) == decoder_layer_size(5000, 5000)


@EVERY_CELL
def test_layers_of_numpys_sizes_are_the_same(cell):
    one, other = (CELLS[cell].init(np.random.default_rng(2), n(70), n(90)) for n in (int, np.uint8))
    map_params(np.testing.assert_array_equal, one, other)
