import numpy as np
import pytest

from helpers.layers.attention.masks import causal_mask, padding_mask
from helpers.layers.attention.multi_head import init_multi_head
from helpers.layers.transformer.decoder_layer import decoder_layer
from helpers.layers.transformer.key_value_cache import (
    decoder_layer_step,
    first_decoder_layer_state,
    key_values,
)

SIZES = [(1, 1, 1, 1, 1, 1), (1, 4, 2, 6, 3, 2), (3, 5, 4, 4, 1, 7), (2, 9, 5, 8, 4, 16)]  # B, T, S, D, heads, H
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
both_places = pytest.mark.parametrize("norm_first", [False, True], ids=["norm after", "norm first"])


@every_size
@both_places
@pytest.mark.parametrize(("padded", "activation"), [(False, "relu"), (False, "gelu"), (True, "gelu")])
def test_steps_of_a_decoder_layer_equal_the_causal_pass(draw_transformer, size, norm_first, padded, activation):
    (x, memory), params, heads, _, counts, _ = draw_transformer("decoder", size)
    memory_mask = padding_mask(counts[1]) if padded else None
    options = {"memory_mask": memory_mask, "norm_first": norm_first, "activation": activation}
    wanted, _, _ = decoder_layer(x, memory, params, heads, causal_mask(x.shape[1]), **options)
    state = first_decoder_layer_state(memory, params, heads)
    for t in range(x.shape[1]):
        before = state
        y_t, state = decoder_layer_step(x[:, t], state, params, heads, **options)
        np.testing.assert_allclose(y_t, wanted[:, t], rtol=1e-10, atol=1e-13)
        assert state.memory is before.memory
        assert before.own.k.shape[-2] == t  # what was kept is as it was
        assert state.own.k.shape == state.own.v.shape == (x.shape[0], heads, t + 1, x.shape[2] // heads)
        np.testing.assert_array_equal(state.own.k[..., :t, :], before.own.k)


def test_a_layer_on_another_equals_the_passes(draw_transformer):
    (x, memory), lower, heads, *_ = draw_transformer("decoder", (2, 5, 4, 6, 2, 3))
    upper = draw_transformer("decoder", (2, 6, 5, 6, 2, 3)).params
    h, _, _ = decoder_layer(x, memory, lower, heads, causal_mask(5))
    wanted, _, _ = decoder_layer(h, memory, upper, heads, causal_mask(5))
    states = [first_decoder_layer_state(memory, layer, heads) for layer in (lower, upper)]
    for t in range(5):
        y_t = x[:, t]
        for number, layer in enumerate((lower, upper)):
            y_t, states[number] = decoder_layer_step(y_t, states[number], layer, heads)
        np.testing.assert_allclose(y_t, wanted[:, t], rtol=1e-10, atol=1e-13)


def test_a_state_may_be_repeated_and_picked_along_the_batch(draw_transformer):
    """Which is what a beam search does with it."""
    (x, memory), params, heads, *_ = draw_transformer("decoder", (2, 3, 4, 6, 2, 3))
    state = first_decoder_layer_state(memory, params, heads)
    _, state = decoder_layer_step(x[:, 0], state, params, heads)
    rows = np.array([1, 0, 1])
    picked = type(state)(*(type(part)(*(array[rows] for array in part)) for part in state))
    y_1, _ = decoder_layer_step(x[:, 1], state, params, heads)
    picked_1, _ = decoder_layer_step(x[rows, 1], picked, params, heads)
    np.testing.assert_allclose(picked_1, y_1[rows], rtol=1e-12)


def test_float32_stays_float32(draw_transformer):
    (x, memory), params, heads, *_ = draw_transformer("decoder", (2, 3, 4, 6, 2, 3), dtype=np.float32)
    y_t, state = decoder_layer_step(x[:, 0], first_decoder_layer_state(memory, params, heads), params, heads)
    assert {array.dtype for array in (y_t, *state.own, *state.memory)} == {np.dtype(np.float32)}


def test_bad_input_is_an_error(draw_transformer):
    (x, memory), params, heads, *_ = draw_transformer("decoder", (2, 3, 4, 6, 2, 3))
    state = first_decoder_layer_state(memory, params, heads)
    for wrong, message in (
        (x, r"x_t has shape \(2, 3, 6\), expected \(2, 6\)"),
        (x[:1, 0], r"x_t has shape \(1, 6\), expected \(2, 6\)"),
        (x[:, 0, :4], r"x_t has shape \(2, 4\), expected \(2, 6\)"),
        (x[:, 0].astype(np.float32), "expected one dtype"),
    ):
        with pytest.raises(ValueError, match=message):
            decoder_layer_step(wrong, state, params, heads)
    with pytest.raises(ValueError, match=r"mask has shape \(1, 3\), expected one that broadcasts to .* = \(2, 1, 4\)"):
        decoder_layer_step(x[:, 0], state, params, heads, np.ones((1, 3), bool))
    with pytest.raises(ValueError, match=r"memory has shape \(2, 4, 5\), expected \(\.\.\., S, D=6\)"):
        first_decoder_layer_state(memory[..., :5], params, heads)
    with pytest.raises(ValueError, match="heads is 4, expected a number that divides D = 6"):
        first_decoder_layer_state(memory, params, 4)
    with pytest.raises(ValueError, match=r"k has shape \(2, 2, 0, 3\), expected \(\.\.\., K=3, S, d\)"):
        decoder_layer_step(x[:, 0], state, params, 3)
    with pytest.raises(ValueError, match="heads is 4, expected a number that divides D = 6"):
        key_values(memory, init_multi_head(np.random.default_rng(0), 6), 4)
