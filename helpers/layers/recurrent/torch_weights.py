"""Weights to and from torch's recurrent modules: ours transposed, and one bias where torch has two."""

import numpy as np
import torch

from helpers.core.checks import check_choice, check_finite, check_floats, check_integer, check_shape
from helpers.core.gradient_check import relative_error
from helpers.core.overflow import refuse_overflow
from helpers.core.params import zeros_like
from helpers.layers.recurrent.gru import GRUParams
from helpers.layers.recurrent.lstm import LSTMParams
from helpers.layers.recurrent.rnn import RNNParams
from helpers.layers.recurrent.stack import Bidirectional

_MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
_GATES = {RNNParams: 1, LSTMParams: 4, GRUParams: 3}
_PARAMS = {"rnn": RNNParams, "lstm": LSTMParams, "gru": GRUParams}


def to_torch(params, cell):
    """Make the torch.nn module that computes the same function.

    Parameters
    ----------
    params : RNNParams, LSTMParams or GRUParams, or a tuple of layers
        A stack as `helpers.layers.recurrent.stack.init_recurrent` gives.
    cell : "rnn", "lstm" or "gru"

    Returns
    -------
    torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU
        Time first, in the dtype of params. Where torch adds two biases and we have one, the second of torch's is zero.

    Raises
    ------
    ValueError
        When the cell is unknown, or params are those of another cell.
    """
    layers = _layers(params)
    check_choice("cell", cell, _MODULES)
    bidirectional = isinstance(layers[0], Bidirectional)
    directions = [list(layer) if isinstance(layer, Bidirectional) else [layer] for layer in layers]
    for direction in (direction for layer in directions for direction in layer):
        if not isinstance(direction, _PARAMS[cell]):
            raise ValueError(f"params has {type(direction).__name__}, expected {_PARAMS[cell].__name__}")
        _check_weights(direction)
    D, H = directions[0][0].W_xh.shape[0], len(directions[0][0].W_hh)
    dtype = torch.from_numpy(directions[0][0].W_xh).dtype
    module = _MODULES[cell](D, H, num_layers=len(layers), bidirectional=bidirectional, dtype=dtype)
    with torch.no_grad():
        for number, layer in enumerate(directions):
            for direction, end in zip(layer, ("", "_reverse"), strict=False):
                for name, array in _torch_arrays(direction).items():
                    getattr(module, f"{name}_l{number}{end}").copy_(torch.from_numpy(array))
    return module


def from_torch(module, gradients=False):
    """Read the weights of a torch.nn module, or their gradients, as a tuple of layers.

    Parameters
    ----------
    module : torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU
        With biases, without projections.
    gradients : bool
        Read ∂L/∂W in place of W. A bias of ours that is the sum of two of torch's has the gradient of either.

    Returns
    -------
    tuple
        For each layer the parameters of the cell, or two of them in a `Bidirectional`. They are copies.

    Raises
    ------
    ValueError
        When it is another module, or one without biases or with projections.
    """
    names = [name for name, kind in _MODULES.items() if isinstance(module, kind)]
    if not names or not module.bias or module.proj_size:
        raise ValueError(f"module is {module}, expected an RNN, LSTM or GRU with biases and without projections")
    ends = ("", "_reverse") if module.bidirectional else ("",)
    layers = [
        [_our_params(module, names[0], f"_l{number}{end}", gradients) for end in ends]
        for number in range(module.num_layers)
    ]
    return tuple(Bidirectional(*layer) if module.bidirectional else layer[0] for layer in layers)


def _layers(params):
    return (params,) if hasattr(params, "W_hh") else tuple(params)


def _check_weights(params):
    """Refuse weights that do not fit each other, or are not finite."""
    dtype = check_floats(**params._asdict())
    if dtype.itemsize > 8:
        raise ValueError(f"params has dtype {dtype}, expected float16, float32 or float64")
    H, width = check_shape("W_hh", params.W_hh, "H width")
    check_shape("W_hh", params.W_hh, "H width", width=H * _GATES[type(params)])
    D, _ = check_shape("W_xh", params.W_xh, "D width", width=width)
    check_integer("the number of inputs", D)
    check_integer("the number of units", H)
    for name, array in params._asdict().items():
        check_finite(name, array)
    for name in params._fields[2:]:
        check_shape(name, getattr(params, name), "width", width=width)


def _torch_arrays(params):
    first, second = (params.b_xh, params.b_hh) if isinstance(params, GRUParams) else (params.b_h, 0 * params.b_h)
    return {"weight_ih": params.W_xh.T, "weight_hh": params.W_hh.T, "bias_ih": first, "bias_hh": second}


def _our_params(module, cell, end, gradients):
    def read(name):
        weight = getattr(module, name + end)
        return (weight.grad if gradients else weight).detach().cpu().numpy().copy()

    W_xh, W_hh = (read(f"weight_{name}").T.copy() for name in ("ih", "hh"))
    b_ih, b_hh = read("bias_ih"), read("bias_hh")
    if cell == "gru":
        return GRUParams(W_xh, W_hh, b_ih, b_hh)
    return _PARAMS[cell](W_xh, W_hh, b_ih if gradients else b_ih + b_hh)


@refuse_overflow
def difference_from_torch(forward, backward, x, state, params, dh):
    """Run one layer forward and backward here and in torch, for the loss Σ dh ⊙ h.

    Parameters
    ----------
    forward, backward : callable
        Such as `lstm` and `lstm_backward`.
    x : ndarray (T, B, D)
    state : tuple of ndarray (B, H)
        (h_0,), for an LSTM (h_0, c_0).
    params : RNNParams, LSTMParams or GRUParams
    dh : ndarray (T, B, H)

    Returns
    -------
    float
        The largest relative difference of h, ∂L/∂x, the gradients of the first state and of every parameter.
    """
    h, last, cache = forward(x, state, params)
    dx, dstate, grads = backward(dh, zeros_like(last), cache, params)

    layer = to_torch(params, next(cell for cell, kind in _PARAMS.items() if isinstance(params, kind)))
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, *state)]
    first = tuple(each[None] for each in inputs[1:])
    theirs, _ = layer(inputs[0], first if len(first) > 1 else first[0])
    (theirs * torch.tensor(dh)).sum().backward()
    theirs = (theirs.detach(), *(each.grad for each in inputs), *from_torch(layer, gradients=True)[0])
    pairs = zip((h, dx, *dstate, *grads), theirs, strict=True)
    return max(relative_error(ours, np.asarray(torchs)) for ours, torchs in pairs)
