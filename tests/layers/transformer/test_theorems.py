import numpy as np
import pytest

from helpers.core.params import zeros_like
from helpers.layers.attention.fast import SCORES_AT_ONCE
from helpers.layers.attention.masks import causal_mask, causal_padding_mask, padding_mask
from helpers.layers.transformer.decoder_layer import decoder_layer, decoder_layer_backward
from helpers.layers.transformer.encoder_layer import encoder_layer, encoder_layer_backward, init_encoder_layer
from helpers.layers.transformer.positions import sinusoids
from helpers.layers.transformer.stacks import (
    StackParams,
    decoder,
    encoder,
    encoder_backward,
    init_decoder,
    init_encoder,
)

B, T, S, D, HEADS, H = 2, 12, 7, 8, 2, 10
both_places = pytest.mark.parametrize("norm_first", [False, True], ids=["norm after", "norm first"])
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])
# A large token makes scores that no exp can hold.
every_change = pytest.mark.parametrize("change", [1.0, 1e4, -1e8])
every_length = pytest.mark.parametrize("T", [2, 12, 33, 200])  # the scores of the last are made in two blocks


@pytest.fixture
def bodies(rng):
    """Give bodies(norm_first, dtype): an encoder and a decoder of two layers."""
    return lambda norm_first, dtype=np.float64: (
        init_encoder(rng, D, H, 2, norm_first, dtype),
        init_decoder(rng, D, H, 2, norm_first, dtype),
    )


@both_places
@both_dtypes
@every_change
@every_length
def test_changing_a_future_token_changes_no_earlier_output_not_even_in_the_last_bit(
    rng, bodies, norm_first, dtype, change, T
):
    assert (T == 200) == (B * HEADS * T * T > SCORES_AT_ONCE)
    x, memory = (4 * rng.standard_normal((B, n, D)).astype(dtype) for n in (T, S))
    gpt, body = bodies(norm_first, dtype)
    t = T // 2
    changed = x.copy()
    changed[:, t:] = dtype(change) * rng.standard_normal((B, T - t, D)).astype(dtype)
    for run in (
        lambda x: encoder(x, gpt, HEADS, causal_mask(T), norm_first),
        lambda x: decoder(x, memory, body, HEADS, causal_mask(T), None, norm_first),
    ):
        y, _, _ = run(x)
        other, _, _ = run(changed)
        np.testing.assert_array_equal(other[:, :t], y[:, :t])
        assert np.any(other[:, t] != y[:, t])


@both_places
def test_a_loss_on_early_steps_sends_later_ones_a_gradient_of_exactly_zero(rng, bodies, norm_first):
    x, dy = rng.standard_normal((2, B, T, D))
    gpt, _ = bodies(norm_first)
    dy[:, 5:] = 0
    for mask, silent in ((causal_mask(T), True), (None, False)):
        _, _, cache = encoder(x, gpt, HEADS, mask, norm_first)
        dx, _ = encoder_backward(dy, cache, gpt)
        assert (not dx[:, 5:].any()) == silent
        assert dx[:, :5].all()


@both_places
def test_padding_changes_no_real_output(rng, bodies, norm_first):
    lengths, source_lengths = np.array([5, T]), np.array([S, 3])
    counts, memory_mask = np.arange(T)[:, None] < lengths, padding_mask(np.arange(S)[:, None] < source_lengths)
    x, memory = rng.standard_normal((B, T, D)), rng.standard_normal((B, S, D))
    changed_x, changed_memory = x.copy(), memory.copy()
    changed_x[0, 5:] = 1e4 * rng.standard_normal((T - 5, D))
    changed_memory[1, 3:] = -1e4
    source, body = bodies(norm_first)
    mask = causal_padding_mask(counts)

    y, _, _ = decoder(x, memory, body, HEADS, mask, memory_mask, norm_first)
    other, _, _ = decoder(changed_x, changed_memory, body, HEADS, mask, memory_mask, norm_first)
    np.testing.assert_array_equal(other[counts.T], y[counts.T])
    encoded, _, _ = encoder(memory, source, HEADS, memory_mask, norm_first)
    other, _, _ = encoder(changed_memory, source, HEADS, memory_mask, norm_first)
    np.testing.assert_array_equal(other[memory_mask[:, 0]], encoded[memory_mask[:, 0]])

    for b, (length, source_length) in enumerate(zip(lengths, source_lengths, strict=True)):  # no padding at all
        alone, _, _ = decoder(
            x[b, :length], memory[b, :source_length], body, HEADS, causal_mask(length), None, norm_first
        )
        np.testing.assert_allclose(alone, y[b, :length], rtol=1e-10, atol=1e-12)
        alone, _, _ = encoder(memory[b, :source_length], source, HEADS, None, norm_first)
        np.testing.assert_allclose(alone, encoded[b, :source_length], rtol=1e-10, atol=1e-12)


@both_places
def test_an_encoder_without_positions_does_not_know_the_order(rng, bodies, norm_first):
    x = rng.standard_normal((B, T, D))
    source, _ = bodies(norm_first)
    order = rng.permutation(T)
    y, _, _ = encoder(x, source, HEADS, None, norm_first)
    moved, _, _ = encoder(x[:, order], source, HEADS, None, norm_first)
    np.testing.assert_allclose(moved, y[:, order], rtol=1e-10, atol=1e-12)

    P = sinusoids(T, D)
    y, _, _ = encoder(x + P, source, HEADS, None, norm_first)
    moved, _, _ = encoder(x[:, order] + P, source, HEADS, None, norm_first)
    assert np.abs(moved - y[:, order]).max() > 0.1
    y, _, _ = encoder(x, source, HEADS, causal_mask(T), norm_first)  # a causal mask tells the order as well
    moved, _, _ = encoder(x[:, order], source, HEADS, causal_mask(T), norm_first)
    assert np.abs(moved - y[:, order]).max() > 0.1


@both_places
def test_the_order_of_the_memory_and_its_gradient(rng, bodies, norm_first):
    x, memory, dy = (rng.standard_normal((B, n, D)) for n in (T, S, T))
    layer = bodies(norm_first)[1].layers[0]
    order = rng.permutation(S)
    y, _, cache = decoder_layer(x, memory, layer, HEADS, causal_mask(T), None, norm_first)
    moved, _, moved_cache = decoder_layer(x, memory[:, order], layer, HEADS, causal_mask(T), None, norm_first)
    np.testing.assert_allclose(moved, y, rtol=1e-10, atol=1e-12)
    _, dmemory, _ = decoder_layer_backward(dy, cache, layer)
    _, dmoved, _ = decoder_layer_backward(dy, moved_cache, layer)
    np.testing.assert_allclose(dmoved, dmemory[:, order], rtol=1e-9, atol=1e-12)


@both_places
def test_who_may_attend_to_nothing_gets_zeros_from_the_heads(rng, bodies, norm_first):
    x, memory, dy = (rng.standard_normal((B, n, D)) for n in (T, S, T))
    layer = bodies(norm_first)[1].layers[0]
    nothing = np.zeros((1, 1), bool)
    y, (own, cross), cache = decoder_layer(x, memory, layer, HEADS, nothing, nothing, norm_first)
    assert not own.any()
    assert not cross.any()
    dx, dmemory, _ = decoder_layer_backward(dy, cache, layer)
    assert not dmemory.any()
    assert np.isfinite(y).all()
    assert np.isfinite(dx).all()
    blind = layer._replace(attention=zeros_like(layer.attention), cross=zeros_like(layer.cross))  # the biases are 0
    np.testing.assert_array_equal(decoder_layer(x, memory, blind, HEADS, None, None, norm_first)[0], y)


def test_sublayers_that_give_zero_leave_the_residual_connection(rng):
    x, dy = rng.standard_normal((2, B, T, D))
    params = init_encoder_layer(rng, D, H)
    params = params._replace(attention=zeros_like(params.attention), feed_forward=zeros_like(params.feed_forward))
    y, _, cache = encoder_layer(x, params, HEADS, norm_first=True)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(encoder_layer_backward(dy, cache, params)[0], dy)
    y, _, _ = encoder_layer(x, params, HEADS)
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=-1), 1, rtol=1e-4)


def test_what_comes_out_is_normed_once_and_for_all(rng):
    x = 100 * rng.standard_normal((B, T, D))
    for norm_first in (False, True):
        params = init_encoder(rng, D, H, 3, norm_first)
        assert isinstance(params, StackParams)
        assert (params.norm != ()) == norm_first
        y, weights, _ = encoder(x, params, HEADS, None, norm_first)
        assert len(weights) == 3
        np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-13)
        np.testing.assert_allclose(y.var(axis=-1), 1, rtol=1e-3)
    with pytest.raises(ValueError, match="layers is 0, expected an integer of at least 1"):
        init_decoder(rng, D, H, 0)
