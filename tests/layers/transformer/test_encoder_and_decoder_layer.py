"""The encoder layer and the decoder layer: by hand, against central differences, and what they refuse."""

import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.params import map_params, named_arrays, zeros_like
from helpers.layers.linear import LinearParams
from helpers.layers.transformer.decoder_layer import decoder_layer, decoder_layer_backward, init_decoder_layer
from helpers.layers.transformer.encoder_layer import encoder_layer, encoder_layer_backward, init_encoder_layer
from helpers.layers.transformer.feed_forward import FeedForwardParams
from helpers.layers.transformer.norms import init_norm

LAYERS = {"encoder": (encoder_layer, encoder_layer_backward), "decoder": (decoder_layer, decoder_layer_backward)}
SIZES = [  # B, T, S, D, heads, H
    (1, 1, 1, 1, 1, 1),
    (1, 1, 2, 3, 1, 3),
    (2, 3, 4, 4, 2, 5),
    (3, 2, 4, 3, 3, 1),
]
RICH = SIZES[2]  # where every number has an influence, but not the biases of the keys
every_kind = pytest.mark.parametrize("kind", LAYERS)
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
both_places = pytest.mark.parametrize("norm_first", [False, True], ids=["norm after", "norm first"])


def uniform(D):
    """Attention to all keys alike, whose values are the memory itself."""
    params = zeros_like(init_encoder_layer(np.random.default_rng(0), D, 1).attention)
    return params._replace(W_v=np.eye(D), W_o=np.eye(D))


def test_an_encoder_layer_by_hand():
    # Two numbers a > b are normed to (1, −1). The attention gives the mean over the steps, the network 10 · relu.
    feed = FeedForwardParams(LinearParams(np.eye(2), np.zeros(2)), LinearParams(10 * np.eye(2), np.zeros(2)))
    first_norm = init_norm(2)._replace(shift=np.array([0.0, 3.0]))
    params = init_encoder_layer(np.random.default_rng(0), 2, 2)._replace(
        attention=uniform(2), attention_norm=first_norm, feed_forward=feed
    )
    x = np.array([[200.0, 0.0], [0.0, 400.0]])
    # After: x + mean = (300, 200), (100, 600); normed and shifted (1, 2), (−1, 4); with the network (11, 22), (−1, 44).
    y, weights, _ = encoder_layer(x, params, 1)
    np.testing.assert_allclose(y, [[-1, 1], [-1, 1]], rtol=1e-6)
    np.testing.assert_array_equal(weights, [[[0.5, 0.5]] * 2])
    # First: the normed x are (1, 2), (−1, 4), their mean (0, 3). So h = (200, 3), (0, 403), normed (1, −1), (−1, 1).
    y, _, _ = encoder_layer(x, params, 1, norm_first=True)
    np.testing.assert_allclose(y, [[200 + 10, 3], [0, 403 + 10]], rtol=1e-6, atol=1e-6)
    # Who may not attend to the other keeps what is its own.
    y, _, _ = encoder_layer(x, params, 1, np.eye(2, dtype=bool), norm_first=True)
    np.testing.assert_allclose(y, [[201 + 10, 2], [-1, 404 + 10]], rtol=1e-6)


def test_a_decoder_layer_by_hand():
    params = init_decoder_layer(np.random.default_rng(0), 2, 2)
    params = params._replace(attention=uniform(2), cross=uniform(2), feed_forward=zeros_like(params.feed_forward))
    x, memory = np.array([[200.0, 0.0]]), np.array([[1000.0, 2000.0], [3000.0, 4000.0]])
    # First: h = (200, 0) + (1, −1), and the memory is not normed: its mean is (2000, 3000).
    y, (own, cross), _ = decoder_layer(x, memory, params, 1, None, norm_first=True)
    np.testing.assert_allclose(y, [[2201, 2999]], rtol=1e-6)
    np.testing.assert_array_equal(own, [[[1]]])
    np.testing.assert_array_equal(cross, [[[0.5, 0.5]]])
    # After: normed (400, 0), which is (1, −1); plus the memory's mean, (2001, 2999); normed (−1, 1).
    y, _, cache = decoder_layer(x, memory, params, 1, None)
    np.testing.assert_allclose(y, [[-1, 1]], rtol=1e-4)
    _, dmemory, _ = decoder_layer_backward(np.array([[1.0, 0.0]]), cache, params)
    assert np.abs(dmemory).max() < 1e-6  # to add to the memory moves both features apart or not at all
    y, _, _ = decoder_layer(x, memory, params, 1, None, np.array([[True, False]]), norm_first=True)
    np.testing.assert_allclose(y, [[1201, 1999]], rtol=1e-6)


@every_kind
@every_size
@both_places
@pytest.mark.parametrize(("mask", "activation"), [("none", "relu"), ("both", "gelu")])
def test_backward_equals_central_differences(draw_transformer, kind, size, norm_first, mask, activation):
    inputs, params, heads, masks, _, dy = draw_transformer(kind, size, mask)
    forward, backward = LAYERS[kind]

    options = {"norm_first": norm_first, "activation": activation}

    def loss(given):
        inputs, params = given
        y, *_ = forward(*inputs, params, heads, *masks, **options)
        return float((y * dy).sum())

    *_, cache = forward(*inputs, params, heads, *masks, **options)
    *dinputs, grads = backward(dy, cache, params)
    given, found = (inputs, params), (tuple(dinputs), grads)

    def numerical_for(one):
        return numerical_gradient(lambda nudged: loss(map_params(lambda p: nudged if p is one else p, given)), one)

    numerical = map_params(numerical_for, given)
    silent = set()
    for (name, ours), (_, wanted) in zip(named_arrays(found), named_arrays(numerical), strict=True):
        # A bias of the keys has no slope, and with one key or one feature nor has much else: 0 has no correct digits.
        assert relative_error(ours, wanted) < 1e-6 or np.abs(ours - wanted).max() < 1e-9, name
        silent |= {name} if np.abs(wanted).max() < 1e-9 else set()
    if size == RICH and mask == "none":
        assert silent == {name for name, _ in named_arrays(given) if name.endswith("b_k")}


@pytest.mark.parametrize(("D", "H"), [(1, 1), (4, 16), (6, 5)])
def test_parameters_are_counted(D, H):
    attention, norm, feed = 4 * (D * D + D), 2 * D, 2 * D * H + H + D
    for init, wanted in (
        (init_encoder_layer, attention + feed + 2 * norm),
        (init_decoder_layer, 2 * attention + feed + 3 * norm),
    ):
        count = sum(array.size for _, array in named_arrays(init(np.random.default_rng(0), D, H)))
        assert count == wanted
        said = {init_encoder_layer: 4 * D * D + 9 * D, init_decoder_layer: 8 * D * D + 15 * D}[init]
        assert count == said + 2 * D * H + H  # as the docstrings of the parameters have it


@every_kind
@both_places
def test_float32_stays_float32_and_nothing_is_changed(draw_transformer, kind, norm_first):
    inputs, params, heads, masks, _, dy = draw_transformer(kind, (2, 3, 4, 4, 2, 5), "both", np.float32)
    forward, backward = LAYERS[kind]
    arrays = [*inputs, *masks, dy, *(array for _, array in named_arrays(params))]
    kept = [array.copy() for array in arrays]
    y, weights, cache = forward(*inputs, params, heads, *masks, norm_first=norm_first, activation="gelu")
    y_kept = y.copy()
    *dinputs, grads = backward(dy, cache, params)
    *again, _ = backward(dy, cache, params)  # the cache is as good as new
    weights = weights if isinstance(weights, tuple) else (weights,)
    made = [y, *weights, *dinputs, *(array for _, array in named_arrays(grads))]
    assert {array.dtype for array in made} == {np.dtype(np.float32)}
    for array, before in zip([*arrays, y, *dinputs], [*kept, y_kept, *again], strict=True):
        np.testing.assert_array_equal(array, before)


@every_kind
def test_any_leading_axes_will_do(draw_transformer, kind):
    inputs, params, heads, _, _, _ = draw_transformer(kind, (4, 3, 2, 4, 2, 5))
    forward, _ = LAYERS[kind]
    y, *_ = forward(*inputs, params, heads, None)
    for leading in ((2, 2), (4, 1)):
        other, *_ = forward(*(array.reshape(*leading, *array.shape[1:]) for array in inputs), params, heads, None)
        np.testing.assert_allclose(other.reshape(y.shape), y, rtol=1e-12, atol=1e-13)
    one, *_ = forward(*(array[1] for array in inputs), params, heads, None)
    np.testing.assert_allclose(one, y[1], rtol=1e-12, atol=1e-13)


@every_kind
def test_bad_input_is_an_error(draw_transformer, kind):
    inputs, params, heads, _, _, dy = draw_transformer(kind, (2, 3, 4, 4, 2, 5))
    forward, backward = LAYERS[kind]
    x, *memory = inputs
    other_feed = params.feed_forward._replace(output=LinearParams(np.zeros((5, 3)), np.zeros(3)))
    for arguments, message in (
        ((x[..., :3], *memory, params, heads, None), r"x has shape \(2, 3, 3\), expected \(\.\.\., T, D=4\)"),
        ((x[0, 0], *memory, params, heads, None), r"x has shape \(4,\), expected \(\.\.\., T, D=4\)"),
        ((x.astype(np.float32), *memory, params, heads, None), "expected one dtype"),
        ((x[:, :0], *memory, params, heads, None), "expected no size of 0"),
        ((*inputs, params, 3, None), "heads is 3, expected a number that divides D = 4"),
        ((*inputs, params, heads, np.ones((3, 2), bool)), r"mask has shape \(3, 2\), expected one that broadcasts"),
        ((*inputs, params, heads, np.ones((3, 3))), "mask has dtype float64"),
        ((*inputs, params._replace(attention_norm=init_norm(3)), heads, None), "expected"),
        ((*inputs, params._replace(feed_forward=other_feed), heads, None), r"W_2 has shape \(5, 3\), expected"),
    ):
        with pytest.raises(ValueError, match=message):
            forward(*arguments)
    with pytest.raises(ValueError, match="activation is 'tanh', expected one of 'relu', 'gelu'"):
        forward(*inputs, params, heads, None, activation="tanh")
    *_, cache = forward(*inputs, params, heads, None)
    for wrong, message in ((dy[:1], r"dy has shape \(1, 3, 4\)"), (dy.astype(np.float32), "one dtype")):
        with pytest.raises(ValueError, match=message):
            backward(wrong, cache, params)


def test_a_memory_that_does_not_fit_is_an_error(draw_transformer):
    (x, memory), params, heads, _, _, _ = draw_transformer("decoder", (2, 3, 4, 4, 2, 5))
    for wrong, message in (
        (memory[:1], r"memory has shape \(1, 4, 4\), expected the leading axes \(2,\)"),
        (memory[..., :3], r"memory has shape \(2, 4, 3\), expected \(\.\.\., S, D_m=4\)"),
        (memory[:, :0], "expected no size of 0"),
        (memory.astype(np.float32), "expected one dtype"),
    ):
        with pytest.raises(ValueError, match=message):
            decoder_layer(x, wrong, params, heads, None)
