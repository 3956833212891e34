"""Arithmetic over parameters: NamedTuples of arrays, nested as deep as the model is."""

import math

import numpy as np

from helpers.core.checks import as_floats


def map_params(f, *params):
    """f(p, …) for the arrays at the same place of each structure; the structure is kept.

    Parameters
    ----------
    f : callable
        Takes one array from each of `params` and returns one array.
    *params : nested NamedTuples (or tuples) of arrays, or arrays
        All of one structure, such as parameters and their gradients.

    Returns
    -------
    The type of the first of `params`.

    Raises
    ------
    ValueError
        When the structures differ.
    """
    first = params[0]
    if any(type(other) is not type(first) for other in params if _is_branch(first) or _is_branch(other)):
        raise ValueError(f"expected one structure, got {', '.join(type(p).__name__ for p in params)}")
    if not _is_branch(first):
        return f(*params)
    leaves = [map_params(f, *branch) for branch in zip(*params, strict=True)]
    return type(first)(*leaves) if hasattr(first, "_fields") else tuple(leaves)


def named_arrays(params, prefix=""):
    """List every array with its dotted name: ``[("rnn.W_hh", array), ...]``.

    Members of a plain tuple are named by their number. An array that stands alone has the empty name.
    """
    if not _is_branch(params):
        return [(prefix, params)]
    names = getattr(params, "_fields", range(len(params)))
    dot = "." if prefix else ""
    return [pair for name, p in zip(names, params, strict=True) for pair in named_arrays(p, f"{prefix}{dot}{name}")]


def zeros_like(params):
    """0 for each parameter, in its shape and dtype."""
    return map_params(np.zeros_like, params)


def add(left, right):
    """left + right, array by array; a ValueError when shapes differ."""
    check_same_shapes(left=left, right=right)
    return map_params(np.add, left, right)


def check_same_shapes(**structures):
    """Refuse arrays at the same place of several structures whose shapes differ: NumPy would broadcast them.

    Raises
    ------
    ValueError
        It names the place and both shapes.
    """
    same = []
    map_params(lambda *arrays: same.append(len({np.shape(array) for array in arrays}) == 1), *structures.values())
    if all(same):
        return
    (first, arrays), *others = [(name, named_arrays(structure)) for name, structure in structures.items()]
    for name, other in others:
        for (place, one), (_, two) in zip(arrays, other, strict=True):
            if np.shape(one) != np.shape(two):
                at = f" of {place}" if place else ""
                raise ValueError(f"{name}{at} has shape {np.shape(two)}, expected {np.shape(one)} as in {first}")


def check_numbers(**structures):
    """Refuse parameters, or gradients, with a member that is no array of real numbers.

    Raises
    ------
    ValueError
        It names the member.
    """
    for name, params in structures.items():
        for place, array in named_arrays(params):
            if getattr(array, "dtype", np.dtype(object)).kind not in "iuf":
                kind = f"dtype {array.dtype}" if hasattr(array, "dtype") else f"type {type(array).__name__}"
                raise ValueError(f"{name}{'.' if place else ''}{place} has {kind}, expected an array of numbers")


def global_norm(params):
    """√(Σ p²) over all numbers of all arrays, as one float.

    The largest number is taken out first, so that squaring neither overflows nor underflows. NaN or infinity
    anywhere gives NaN or infinity. Nothing at all has the norm 0.

    Raises
    ------
    ValueError
        When an array holds no real numbers.
    """
    arrays = [as_floats(name or "the array", array) for name, array in named_arrays(params)]
    peak = float(np.max([np.abs(array).max(initial=0) for array in arrays], initial=0))  # Python's max drops a NaN
    if peak == 0 or not math.isfinite(peak):
        return peak
    return peak * math.sqrt(sum(float(np.square(array / peak, dtype=np.float64).sum()) for array in arrays))


def _is_branch(params):
    return isinstance(params, tuple)
