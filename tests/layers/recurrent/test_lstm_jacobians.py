import numpy as np
import pytest
import torch

from helpers.core.gradient_check import relative_error
from helpers.layers.recurrent.lstm import init_lstm, lstm_gates, lstm_gradient_paths, lstm_step, zero_lstm_state
from helpers.layers.recurrent.lstm_jacobians import highway_shares, lstm_cell_jacobians, lstm_step_jacobian

T, B, D, H = 5, 3, 2, 4


@pytest.fixture
def layer():
    rng = np.random.default_rng(3)
    params = init_lstm(rng, D, H)
    params = params._replace(b_h=params.b_h + rng.standard_normal(4 * H))
    return rng.standard_normal((T, B, D)), params


def torch_step(x_t, h, c, params):
    """The step in torch, for one sequence, so that autograd can be asked."""
    W_xh, W_hh, b_h = (torch.tensor(w) for w in params)
    a_i, a_f, a_g, a_o = (x_t @ W_xh + h @ W_hh + b_h).split(H, dim=-1)
    c = a_f.sigmoid() * c + a_i.sigmoid() * a_g.tanh()
    return a_o.sigmoid() * c.tanh(), c


def from_torch(x, params, k, cut):
    """∂c_T/∂c_{T−k} of one sequence by autograd; with `cut` no gradient goes through h, as in the cell of 1997."""
    held = lstm_gates(x[:, None], zero_lstm_state(1, params), params)
    o, c_start = (torch.tensor(values[T - 1 - k, 0]) for values in (held.o, held.c))

    def read(c):
        h = o * c.tanh()
        for x_t in torch.tensor(x[T - k :]):
            h, c = torch_step(x_t, h.detach() if cut else h, c, params)
        return c

    return torch.autograd.functional.jacobian(read, c_start).numpy()


def test_the_jacobian_of_a_step_equals_central_differences(layer):
    x, params = layer
    rng = np.random.default_rng(4)
    state = rng.standard_normal((B, 2 * H))

    def after(state):
        return np.concatenate(lstm_step(x[0], np.split(state, 2, axis=-1), params), axis=-1)

    found, small = lstm_step_jacobian(x[0], np.split(state, 2, axis=-1), params), 1e-5
    assert found.shape == (B, 2 * H, 2 * H)
    for j, bump in enumerate(small * np.eye(2 * H)):
        column = (after(state + bump) - after(state - bump)) / (2 * small)
        np.testing.assert_allclose(found[..., j], column, atol=1e-9)


@pytest.mark.parametrize("k", range(T))
@pytest.mark.parametrize("cut", [False, True])
def test_both_ways_equal_autograd_and_the_highway_is_what_the_truncation_of_1997_leaves(layer, k, cut):
    x, params = layer
    found = lstm_cell_jacobians(x, params)[cut][k]
    for b in range(B):
        np.testing.assert_allclose(found[b], from_torch(x[:, b], params, k, cut), atol=1e-12)


def test_a_gradient_from_the_left_gives_the_paths_of_the_layer(layer):
    x, params = layer
    dc_T = np.random.default_rng(5).standard_normal((B, H))
    for jacobians, path in zip(lstm_cell_jacobians(x, params), lstm_gradient_paths(x, dc_T, params), strict=True):
        assert relative_error(np.einsum("bi,kbij->kbj", dc_T, jacobians)[::-1], path) < 1e-12


def test_without_feedback_all_comes_over_the_highway_and_with_it_the_share_falls(layer):
    x, params = layer
    alone = lstm_cell_jacobians(x, params._replace(W_hh=0 * params.W_hh))
    np.testing.assert_array_equal(*alone)
    assert highway_shares(*alone).tolist() == [1] * T
    shares = highway_shares(*lstm_cell_jacobians(x, params))
    assert shares[0] == 1
    assert (np.diff(shares) < 0).all()


def test_the_share_is_that_of_the_norms_over_the_batch():
    highway = np.zeros((2, 2, 1, 1))
    highway[:, :, 0, 0] = [[3, 4], [3, 4]]  # a norm of 5
    detour = np.zeros((2, 2, 1, 1))
    detour[:, :, 0, 0] = [[0, -5], [0, 15]]
    np.testing.assert_allclose(highway_shares(highway + detour, highway), [0.5, 0.25])


def test_the_dtype_is_kept(layer):
    x, params = layer
    made = lstm_cell_jacobians(x.astype(np.float32), type(params)(*(w.astype(np.float32) for w in params)))
    assert {array.dtype for array in made} == {np.dtype(np.float32)}


def test_wrong_arguments_are_named(layer):
    x, params = layer
    with pytest.raises(ValueError, match="expected"):
        lstm_cell_jacobians(x[..., :1], params)
    with pytest.raises(ValueError, match=r"shapes are .* expected \(K, B, n, H\) twice"):
        highway_shares(np.ones((2, 3, 4, 4)), np.ones((2, 3, 4)))
    with pytest.raises(ValueError, match="both 0"):
        highway_shares(np.zeros((1, 1, 1, 1)), np.zeros((1, 1, 1, 1)))
