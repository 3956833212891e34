import numpy as np
import pytest

from helpers.layers.recurrent.lstm import init_lstm, lstm_gates, zero_lstm_state
from helpers.layers.recurrent.lstm_interventions import lstm_with_changes

T, B, D, H = 6, 2, 3, 4


@pytest.fixture
def layer():
    rng = np.random.default_rng(0)
    params = init_lstm(rng, D, H)
    return rng.standard_normal((T, B, D)), tuple(rng.standard_normal((2, B, H))), params


def test_without_a_change_it_is_the_layer(layer):
    for ours, theirs in zip(lstm_with_changes(*layer, lambda t, h, c: (h, c)), lstm_gates(*layer), strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_without_h_it_is_the_layer_whose_W_hh_is_zero(layer):
    x, state, params = layer
    cut = lstm_with_changes(x, state, params, lambda t, h, c: (0 * h, c))
    for ours, theirs in zip(cut, lstm_gates(x, state, params._replace(W_hh=0 * params.W_hh)), strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_exchanging_both_states_goes_on_as_the_other_sequence_does(layer):
    x, state, params = layer
    x = np.concatenate([x[:3], np.broadcast_to(x[3:, :1], (T - 3, B, D))])  # the same inputs from step 3 on
    plain = lstm_with_changes(x, state, params, lambda t, h, c: (h, c))
    swapped = lstm_with_changes(x, state, params, lambda t, h, c: (h[::-1], c[::-1]) if t == 3 else (h, c))
    np.testing.assert_array_equal(swapped.h[:3], plain.h[:3])
    np.testing.assert_allclose(swapped.h[3:], plain.h[3:, ::-1])
    only_c = lstm_with_changes(x, state, params, lambda t, h, c: (h, c[::-1]) if t == 3 else (h, c))
    np.testing.assert_allclose(only_c.i[3], plain.i[3])  # the gates read h, which was left
    assert np.abs(only_c.c[3] - plain.c[3]).max() > 0.1


def test_the_change_is_asked_once_before_every_step_and_arguments_are_left(layer):
    x, state, params = layer
    asked, before = [], [array.copy() for array in (*state, *params)]
    lstm_with_changes(x, state, params, lambda t, h, c: asked.append(t) or (h + 1, c + 1))
    assert asked == list(range(T))
    for now, then in zip((*state, *params), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_shapes_are_checked(layer):
    x, _, params = layer
    with pytest.raises(ValueError, match="expected"):
        lstm_with_changes(x, zero_lstm_state(B + 1, params), params, lambda t, h, c: (h, c))
