"""The weights of the model by hand as the model in torch, and back: the same function in both."""

import numpy as np
import torch

from helpers.core.checks import check_finite, check_floats, check_shape
from helpers.core.params import named_arrays
from helpers.layers.linear import LinearParams
from helpers.layers.recurrent.torch_weights import from_torch, to_torch
from helpers.models.language_model.by_hand import LanguageModelParams
from helpers.models.language_model.torch_model import RecurrentLanguageModel
from helpers.models.reader import ReaderParams, cell_of


def language_model_to_torch(params):
    """Make the `RecurrentLanguageModel` of one layer that computes the same, in the dtype of params.

    Raises
    ------
    ValueError
        When a first state is learned, which the model in torch has not.
    """
    if params.reader.state_0:
        raise ValueError("params.reader has a learned first state, expected none")
    kinds = {"RNNParams": "rnn", "LSTMParams": "lstm", "GRUParams": "gru"}
    cell_of(params.reader)  # says what is wrong with another cell
    cell = kinds[type(params.reader.cell).__name__]
    arrays = dict(named_arrays(params))
    check_floats(**{name.replace(".", "_"): array for name, array in arrays.items()})
    for name, array in arrays.items():
        check_finite(name, array)
    V, D = check_shape("E", params.E, "V D")
    H, _ = check_shape("reader.output.W", params.reader.output.W, "H V", V=V)
    check_shape("reader.output.b", params.reader.output.b, "V", V=V)
    check_shape("reader.cell.W_hh", params.reader.cell.W_hh, "H gates", H=H)
    check_shape("reader.cell.W_xh", params.reader.cell.W_xh, "D gates", D=D)
    if params.E.dtype == np.longdouble:
        raise ValueError(f"E has dtype {params.E.dtype}, expected one that torch has too")
    model = RecurrentLanguageModel(V, D, len(params.reader.cell.W_hh), cell).to(torch.from_numpy(params.E).dtype)
    model.recurrent = to_torch(params.reader.cell, cell)
    with torch.no_grad():
        model.embedding.weight.copy_(torch.from_numpy(params.E))
        model.output.weight.copy_(torch.from_numpy(params.reader.output.W.T))
        model.output.bias.copy_(torch.from_numpy(params.reader.output.b))
    return model


def language_model_from_torch(model, gradients=False):
    """Read the weights of a `RecurrentLanguageModel` of one layer, or their gradients: LanguageModelParams, copies.

    Raises
    ------
    ValueError
        When the model has more than one layer.
    """
    cells = from_torch(model.recurrent, gradients)
    if len(cells) != 1:
        raise ValueError(f"model has {len(cells)} recurrent layers, expected 1")

    def array(weight):
        return (weight.grad if gradients else weight).numpy(force=True).copy()

    output = LinearParams(array(model.output.weight).T.copy(), array(model.output.bias))
    return LanguageModelParams(array(model.embedding.weight), ReaderParams(cells[0], output))
