"""Checks of arguments: each raises a ValueError that names what came and what was wanted."""

import operator
from collections.abc import Hashable, Iterable
from numbers import Integral, Real

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
    shape = tuple(array.shape if hasattr(array, "shape") else as_array(name, array).shape)
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


def as_array(name, values):
    """np.asarray, with an error that names what came.

    Raises
    ------
    ValueError
        When rows differ in length.
    """
    try:
        return np.asarray(values)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name} is a {type(values).__name__} that makes no array: {error}") from None


def as_floats(name, values):
    """Make numbers an array of floats: floats keep their dtype, integers and bools become float64.

    Raises
    ------
    ValueError
        When they are no real numbers, or of no regular shape.
    """
    array = as_array(name, values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} has dtype {array.dtype}, expected real numbers")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def check_finite(name, array):
    """Refuse NaN and infinity, and what is no number at all.

    Raises
    ------
    ValueError
    """
    array = as_array(name, array)
    if array.dtype.kind not in "biufc":
        raise ValueError(f"{name} has dtype {array.dtype}, expected finite numbers")
    wrong = np.size(array) - np.count_nonzero(np.isfinite(array))
    if wrong:
        raise ValueError(
            f"{name} has {wrong} of {np.size(array)} values that are NaN or infinite, expected finite ones"
        )


def is_number(value):
    """Say whether it is one real number: Python's or NumPy's, or an array of one that has no axis; no bool."""
    if isinstance(value, np.ndarray):
        return value.shape == () and value.dtype.kind in "iuf"
    return isinstance(value, Real) and not isinstance(value, bool)


def check_positive(name, value):
    """Refuse what is not a finite number above zero.

    Raises
    ------
    ValueError
    """
    if not is_number(value) or not 0 < _as_float(value) < np.inf:  # NaN fails this too
        raise ValueError(f"{name} is {_shown(value)}, expected a finite number above 0")


def check_number(name, value):
    """Refuse what is not one finite number.

    Raises
    ------
    ValueError
    """
    if not is_number(value) or not np.isfinite(_as_float(value)):
        raise ValueError(f"{name} is {_shown(value)}, expected a finite number")


def check_share(name, value):
    """Refuse what is not a number above 0 and below 1.

    Raises
    ------
    ValueError
    """
    if not is_number(value) or not 0 < value < 1:
        raise ValueError(f"{name} is {_shown(value)}, expected a number above 0 and below 1")


def check_integer(name, value, least=1):
    """Refuse what is not an integer of at least `least`; return it as an int of Python's, which has any size.

    NumPy's integers overflow: ``np.uint8(16) * 16`` is 0.

    Raises
    ------
    ValueError
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}, expected an integer of at least {least}")
    return operator.index(value)


def check_choice(name, value, choices):
    """Refuse a value that is not one of the choices.

    Raises
    ------
    ValueError
    """
    if not isinstance(value, Hashable) or value not in choices:
        raise ValueError(f"{name} is {value!r}, expected one of {', '.join(map(repr, choices))}")


def check_indices(name, array, size):
    """Refuse what cannot index `size` rows: not integers, below 0, or `size` and above.

    Raises
    ------
    ValueError
    """
    array = as_array(name, array)
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
    counts = as_array("counts", counts)
    (V,) = check_shape("counts", counts, "V")
    if counts.dtype.kind not in "iuf":
        raise ValueError(f"counts has dtype {counts.dtype}, expected numbers")
    check_finite("counts", counts)
    if not counts.any() or counts.min() < 0:
        raise ValueError(
            f"counts has {V} numbers, the smallest {counts.min(initial=0)}; expected none below 0 and one above"
        )
    return counts


def _as_float(value):
    try:
        return float(value)
    except OverflowError:  # an int of Python's that is larger than any float
        return np.inf


def check_dtype(dtype):
    """Refuse what names no dtype of real numbers.

    Raises
    ------
    ValueError
    """
    try:
        kind = np.dtype(dtype).kind
    except TypeError:
        kind = None
    if kind not in ("b", "i", "u", "f"):
        raise ValueError(f"dtype is {_shown(dtype)}, expected one of real numbers")


def as_list(name, values):
    """list(values), with an error that names what came; a str is none, as its letters are not what is meant.

    Raises
    ------
    ValueError
    """
    if isinstance(values, Iterable) and not isinstance(values, str | bytes) and getattr(values, "shape", True) != ():
        return list(values)
    raise ValueError(f"{name} is {_shown(values)}, expected a list")


def _shown(value):
    """How a message shows a value that may be anything: numbers as they print, and no long array."""
    return f"{value}" if isinstance(value, Real | np.ndarray) and np.size(value) == 1 else repr(value)[:80]
