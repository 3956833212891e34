"""Any Module of torch: a new one from a seed, its weights as arrays, its device, and arrays as tensors for it."""

import numpy as np
import torch

from helpers.core.checks import as_array, check_integer, check_shape
from helpers.core.overflow import NotFiniteError
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
    check_integer("seed", seed, least=0)
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


def embed_ids(name, ids, table):
    """Look up the rows of an `nn.Embedding`: ids (...) -> (..., D).

    Raises
    ------
    ValueError
        When an id is not an integer, or has no row. On a GPU torch finds out later, with an error of its own.
    """
    if ids.dtype not in (torch.int32, torch.int64):
        raise ValueError(f"{name} has dtype {ids.dtype}, expected int32 or int64")
    try:
        return table(ids)
    except IndexError:
        spans = f"{name} spans {ids.min().item()} to {ids.max().item()}"
        raise ValueError(f"{spans}, expected integers from 0 to {table.num_embeddings - 1}") from None


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
    return map_params(lambda array: _as_tensor(array, device), arrays)


def _as_tensor(array, device):
    if isinstance(array, torch.Tensor):
        return array.to(device)
    array = as_array("an array", array)
    if array.dtype.kind not in "biuf" or array.dtype == np.longdouble:
        raise ValueError(f"an array has dtype {array.dtype}, expected numbers that torch has too")
    return torch.as_tensor(array, device=device)


def as_ids(name, ids, pattern, device=None, **sizes):
    """Ids of tokens as a tensor of int64, refused where they are none.

    Parameters
    ----------
    name : str
        In the message.
    ids : ndarray, Tensor or list of int
    pattern, sizes
        Of the shape, see `helpers.core.checks.check_shape`.
    device : torch.device, optional

    Raises
    ------
    ValueError
        When they are no integers, or of another shape.
    """
    if isinstance(ids, torch.Tensor):
        check_tensor(name, ids, pattern, "int", **sizes)
        return ids.to(device, torch.int64)
    ids = as_array(name, ids)
    if ids.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {ids.dtype}, expected integers")
    check_shape(name, ids, pattern, **sizes)
    return torch.as_tensor(ids.astype(np.int64), device=device)


def check_tensor(name, tensor, pattern, kind, **sizes):
    """Refuse what is no tensor of this shape and kind, or, on the CPU, holds NaN or infinity.

    Parameters
    ----------
    name : str
        In the message.
    tensor : Tensor
    pattern, sizes
        Of the shape, see `helpers.core.checks.check_shape`.
    kind : "float", "int" or "bool"

    Raises
    ------
    ValueError
    """
    if not isinstance(tensor, torch.Tensor):
        raise ValueError(f"{name} is of type {type(tensor).__name__}, expected a Tensor")
    found = "float" if tensor.is_floating_point() else "bool" if tensor.dtype == torch.bool else "int"
    if found != kind or tensor.is_complex():
        raise ValueError(f"{name} has dtype {tensor.dtype}, expected {kind}s")
    # On a GPU this would wait for all that is still being computed, at every layer.
    if kind == "float" and tensor.device.type == "cpu" and not torch.isfinite(tensor).all():
        raise NotFiniteError(f"{name} has values that are NaN or infinite, expected finite ones")
    return check_shape(name, tensor, pattern, **sizes)


def as_rows(arrays, device=None):
    """Arrays (T, B), time first, as tensors (B, T), batch first as attention reads them; ids as int64.

    Parameters and result are as for `as_tensors`.
    """

    def transpose(array):
        array = as_array("an array", array)
        if array.dtype.kind not in "biu":
            raise ValueError(f"an array has dtype {array.dtype}, expected ids or bools")
        array = np.ascontiguousarray(array.T)
        return torch.as_tensor(array if array.dtype == bool else array.astype(np.int64), device=device)

    return map_params(transpose, arrays)
