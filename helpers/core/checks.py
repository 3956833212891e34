"""Checks of arguments: each raises a ValueError that names what came and what was wanted."""

from numbers import Integral

import numpy as np


def check_shape(name, array, pattern, **sizes):
    """Match an array's shape against named dimensions and return the shape.

    Parameters
    ----------
    name : str
        The name of the array in the message.
    array : ndarray
    pattern : str
        One word for each dimension, such as ``"T B D"``. A leading ``...`` stands for any number of dimensions.
    **sizes : int
        The sizes that are known already, such as ``D=5``; a dimension that is not named here may have any size.

    Returns
    -------
    tuple of int
        The shape, so that ``T, B, D = check_shape("x", x, "T B D")`` unpacks it.

    Raises
    ------
    ValueError
        When the number of dimensions or a known size differs.
    """
    words = pattern.split()
    shape = np.shape(array)
    named = [word for word in words if word != "..."]
    fits = len(shape) >= len(named) if "..." in words else len(shape) == len(named)
    ends = shape[len(shape) - len(named) :]
    if not fits or any(sizes.get(word, size) != size for word, size in zip(named, ends, strict=True)):
        wanted = ", ".join(f"{word}={sizes[word]}" if word in sizes else word for word in words)
        raise ValueError(f"{name} has shape {shape}, expected ({wanted})")
    return shape


def check_floats(**arrays):
    """Refuse arrays that are not all of one floating-point dtype; return that dtype.

    Raises
    ------
    ValueError
        When an array holds no floats (a list, integers), or when two dtypes are mixed. Mixing float32 and float64
        is not an error for NumPy, it silently makes everything float64, which is why it is one here.
    """
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            kind = f"dtype {array.dtype}" if isinstance(array, np.ndarray) else f"type {type(array).__name__}"
            raise ValueError(f"{name} has {kind}, expected an array of floats")
    dtypes = {array.dtype for array in arrays.values()}
    if len(dtypes) > 1:
        found = ", ".join(f"{name} {array.dtype}" for name, array in arrays.items())
        raise ValueError(f"expected one dtype, got {found}")
    return dtypes.pop()


def check_finite(name, array):
    """Refuse NaN and infinity.

    Raises
    ------
    ValueError
    """
    wrong = np.size(array) - np.count_nonzero(np.isfinite(array))
    if wrong:
        raise ValueError(
            f"{name} has {wrong} of {np.size(array)} values that are NaN or infinite, expected finite ones"
        )


def check_positive(name, value):
    """Refuse a number that is not finite and above zero.

    Raises
    ------
    ValueError
    """
    if not 0 < value < np.inf:  # NaN fails this too
        raise ValueError(f"{name} is {value}, expected a finite number above 0")


def check_integer(name, value, least=1):
    """Refuse what is not an integer of at least `least`.

    Raises
    ------
    ValueError
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}, expected an integer of at least {least}")


def check_choice(name, value, choices):
    """Refuse a value that is not one of the choices.

    Raises
    ------
    ValueError
    """
    if value not in choices:
        raise ValueError(f"{name} is {value!r}, expected one of {', '.join(map(repr, choices))}")


def check_indices(name, array, size):
    """Refuse what cannot index `size` rows: not integers, below 0, or `size` and above.

    Raises
    ------
    ValueError
    """
    array = np.asarray(array)
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} has dtype {array.dtype}, expected integers from 0 to {size - 1}")
    if array.size and (array.min() < 0 or array.max() >= size):
        raise ValueError(f"{name} spans {array.min()} to {array.max()}, expected integers from 0 to {size - 1}")


def check_counts(counts):
    """Refuse what cannot be the counts of words; return them as an array.

    Raises
    ------
    ValueError
        When they are not one-dimensional, no finite numbers, negative, all zero or none.
    """
    counts = np.asarray(counts)
    (V,) = check_shape("counts", counts, "V")
    if counts.dtype.kind not in "iuf":
        raise ValueError(f"counts has dtype {counts.dtype}, expected numbers")
    check_finite("counts", counts)
    if not counts.any() or counts.min() < 0:
        raise ValueError(
            f"counts has {V} numbers, the smallest {counts.min(initial=0)}; expected none below 0 and one above"
        )
    return counts
