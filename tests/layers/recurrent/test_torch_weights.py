import numpy as np
import pytest
import torch

from helpers.core.params import map_params, named_arrays
from helpers.layers.recurrent.stack import CELLS, init_recurrent, recurrent, zero_recurrent_state
from helpers.layers.recurrent.torch_weights import difference_from_torch, from_torch, to_torch

every_cell = pytest.mark.parametrize("cell", CELLS)
every_stack = pytest.mark.parametrize("layers", [1, 2, 3])
both_ways = pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])


def random_params(rng, *args):
    """Parameters whose biases are not zero, so that a dropped bias is seen."""
    return map_params(lambda p: rng.standard_normal(p.shape).astype(p.dtype), init_recurrent(rng, *args))


@every_cell
@every_stack
@both_ways
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back_is_the_same(rng, cell, layers, bidirectional, dtype):
    params = random_params(rng, 3, 4, cell, layers, bidirectional, dtype)
    back = from_torch(to_torch(params, cell))
    for (name, a), (name_back, b) in zip(named_arrays(params), named_arrays(back), strict=True):
        assert name == name_back
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
    assert [type(layer) for layer in params] == [type(layer) for layer in back]


@every_cell
def test_one_layer_alone_is_a_stack_of_one(rng, cell):
    (params,) = random_params(rng, 3, 4, cell)
    for a, b in zip(params, from_torch(to_torch(params, cell))[0], strict=True):
        np.testing.assert_array_equal(a, b)


@every_cell
@every_stack
@both_ways
def test_torchs_own_weights_compute_the_same_here(rng, cell, layers, bidirectional):
    torch.manual_seed(0)
    module = getattr(torch.nn, cell.upper())(3, 4, num_layers=layers, bidirectional=bidirectional, dtype=torch.float64)
    params = from_torch(module)
    x = rng.standard_normal((5, 2, 3))
    h, _, _ = recurrent(x, zero_recurrent_state(2, params, cell), params, cell)
    np.testing.assert_allclose(h, module(torch.tensor(x))[0].detach().numpy(), rtol=1e-10, atol=1e-13)


def test_the_weights_are_copies(rng):
    module = torch.nn.GRU(2, 3)
    (params,) = from_torch(module)
    params.b_xh[:] = 7
    assert not (module.bias_ih_l0 == 7).any()
    with torch.no_grad():
        module.weight_hh_l0.fill_(7)
    assert not (params.W_hh == 7).any()
    back = to_torch(params, "gru")
    params.b_xh[:] = 8
    assert (back.bias_ih_l0 == 7).all()


def test_other_modules_and_cells_are_errors(rng):
    (params,) = init_recurrent(rng, 2, 3, "gru")
    with pytest.raises(ValueError, match="params has GRUParams, expected LSTMParams"):
        to_torch(params, "lstm")
    with pytest.raises(ValueError, match="cell is 'cnn', expected one of 'rnn', 'lstm', 'gru'"):
        to_torch(params, "cnn")
    for module in (torch.nn.Linear(2, 3), torch.nn.RNN(2, 3, bias=False), torch.nn.LSTM(2, 3, proj_size=2)):
        with pytest.raises(ValueError, match="expected an RNN, LSTM or GRU with biases and without projections"):
            from_torch(module)


@every_cell
def test_the_difference_from_torch_is_rounding_and_sees_a_wrong_forward_and_a_wrong_backward(rng, cell):
    kind, (params,) = CELLS[cell], random_params(rng, 3, 4, cell)
    x, dh = rng.standard_normal((5, 2, 3)), rng.standard_normal((5, 2, 4))
    state = tuple(rng.standard_normal((2, 4)) for _ in kind.zero_state(2, params))
    assert difference_from_torch(kind.forward, kind.backward, x, state, params, dh) < 1e-12

    def other_forward(x, state, params):
        h, last, cache = kind.forward(x, state, params)
        return 1.001 * h, last, cache

    assert difference_from_torch(other_forward, kind.backward, x, state, params, dh) > 1e-4
    for wrong in range(3):

        def other_backward(dh, dstate, cache, params, wrong=wrong):
            return [map_params(lambda a: 1.001 * a, part) if n == wrong else part
                    for n, part in enumerate(kind.backward(dh, dstate, cache, params))]  # fmt: skip

        assert difference_from_torch(kind.forward, other_backward, x, state, params, dh) > 1e-4
