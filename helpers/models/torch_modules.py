"""Any Module of torch: a new one from a seed, its weights as arrays, its device, and arrays as tensors for it."""

import numpy as np
import torch

from helpers.core.params import map_params


def new_model(kind, *sizes, seed, **options):
    """Make a model whose first weights depend on the seed alone; torch's own generator is left as it was.

    Parameters
    ----------
    kind : class or callable
        ``kind(*sizes, **options)`` makes a Module.
    seed : int

    Returns
    -------
    Module
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind(*sizes, **options)


def weight_arrays(model):
    """{name: array} of copies of all weights: these need no process to hold them, as tensors do."""
    return {name: weight.numpy(force=True).copy() for name, weight in model.state_dict().items()}


def set_weights(model, arrays):
    """Give a model the weights that `weight_arrays` took from another of its kind, and return it."""
    model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return model


def count_weights(model):
    """The number of weights and biases, those of the embeddings included."""
    return sum(weight.numel() for weight in model.parameters())


def device_of(model):
    """The device of the weights, to which everything that the model reads must come."""
    return next(model.parameters()).device


def as_tensors(arrays, device=None):
    """Arrays as tensors, as they are.

    Parameters
    ----------
    arrays : ndarray, or (Named)Tuple of ndarrays
        Such as a PairBatch.
    device : torch.device, optional
        Such as `device_of` gives; the CPU, unless it is given.

    Returns
    -------
    Tensor, or the type of arrays
    """
    return map_params(lambda array: torch.as_tensor(array, device=device), arrays)


def as_rows(arrays, device=None):
    """Arrays (T, B), time first, as tensors (B, T), batch first as attention reads them; ids as int64.

    Parameters and result are as for `as_tensors`.
    """

    def transpose(array):
        array = np.ascontiguousarray(np.asarray(array).T)
        return torch.as_tensor(array if array.dtype == bool else array.astype(np.int64), device=device)

    return map_params(transpose, arrays)
