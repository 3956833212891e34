"""Numbers that leave their dtype: a function says so, in place of giving NaN or infinity; and lengths that fit into it.

What is finite in the equation may still overflow on the way, as a square does. Where a form that avoids this costs
nothing that a reader sees, it is used; elsewhere the function refuses what came.
"""

import inspect
import threading
from functools import wraps
from math import isfinite
from numbers import Real

import numpy as np

_KEPT = ("cache", "step")  # what a backward pass is given of its forward pass
_NESTS = ("state", "dstate", "state_0", "params")  # never one number


class NotFiniteError(ValueError, FloatingPointError):
    """A result that would be NaN or infinite, from what came in or from an overflow on the way."""


def refuse_overflow(function):
    """Make a function raise a `NotFiniteError` in place of giving NaN or infinity: a decorator.

    Its results are looked at, and whether a number overflowed on the way, which a gate that saturates would hide; its
    arguments only once something is wrong: infinity that a mask hides does no harm. A TypeError from what is no array
    becomes a ValueError that names it. A float16 that comes as the first argument is computed in float32, with all
    that comes with it, as torch does; the results are float16 again, and what is kept for the backward pass stays
    float32.

    Parameters
    ----------
    function : callable
        It returns floats: an array, a number, or a nest of them. A plain tuple that comes last in a tuple of
        several, the cache, is not looked at.

    Returns
    -------
    callable
    """

    names = list(inspect.signature(function).parameters)

    @wraps(function)
    def checked(*args, **kwargs):
        if _RUNNING.inside:  # the outermost function looks at the result: the reader knows its arguments
            return function(*args, **kwargs)
        half = _is_half(names, args, kwargs)
        _RUNNING.inside, _RUNNING.overflowed = True, False
        try:
            with np.errstate(over="call", invalid="ignore", divide="ignore", call=_note_overflow):
                result = _in_single(function, args, kwargs) if half else function(*args, **kwargs)
                result, cache = _without_cache(result)
                if half:
                    result = _as_dtype(result, np.float32, np.float16)
            finite = _is_finite(result)
        except NotFiniteError as error:
            raise NotFiniteError(_reason(function, args, kwargs)) from error
        except (TypeError, AttributeError) as error:
            raise _named(error, function, args, kwargs) from error
        finally:
            _RUNNING.inside = False
        if _RUNNING.overflowed or not finite:
            raise NotFiniteError(_reason(function, args, kwargs))
        return result if cache is None else (*result, cache)

    return checked


class _Running(threading.local):
    inside = False  # a function that refuses overflow is being computed
    overflowed = False  # and a finite number became infinite in it


_RUNNING = _Running()


def _note_overflow(*_):
    _RUNNING.overflowed = True


def _in_single(function, args, kwargs):
    wide = {name: _as_dtype(value, np.float16, np.float32) for name, value in kwargs.items()}
    return function(*(_as_dtype(value, np.float16, np.float32) for value in args), **wide)


def _is_half(names, args, kwargs):
    """Say whether all floats that came are float16, but for what a forward pass has kept in float32."""
    first = args[0] if args else next(iter(kwargs.values()), None)
    if not (isinstance(first, np.ndarray) and first.dtype == np.float16):
        return False
    came = {name: value for name, value in [*zip(names, args, strict=False), *kwargs.items()] if name not in _KEPT}
    if any(callable(value) for value in came.values()):  # it brings parameters of its own, which stay as they are
        return False
    return all(array.dtype == np.float16 for _, array in _arrays(came) if array.ndim)


def _without_cache(result):
    """Split a tuple of results from the cache that comes last; None where there is no cache."""
    if type(result) is tuple and len(result) > 1 and type(result[-1]) is tuple:
        return result[:-1], result[-1]
    return result, None


def _is_finite(result):
    if isinstance(result, tuple | list):
        return all(_is_finite(part) for part in result)
    if isinstance(result, np.ndarray):
        if result.dtype.kind == "f" and isfinite(np.vdot(result, result)):  # in one pass; a square may overflow
            return True
        return bool(np.isfinite(result).all())
    return not isinstance(result, float | np.floating) or bool(np.isfinite(result))


def _as_dtype(nest, old, new):
    if isinstance(nest, np.ndarray) and nest.dtype == old:
        return nest.astype(new)
    if isinstance(nest, tuple):
        parts = [_as_dtype(part, old, new) for part in nest]
        return type(nest)(*parts) if hasattr(nest, "_fields") else tuple(parts)
    return nest


def _reason(function, args, kwargs):
    """Name the argument that is not finite; where all are, the largest."""
    arguments = inspect.signature(function).bind(*args, **kwargs).arguments
    largest = ("nothing", 0.0, None)
    for name, array in _arrays(arguments):
        wrong = array.size - np.count_nonzero(np.isfinite(array))
        if wrong:
            return f"{name} has {wrong} of {array.size} values that are NaN or infinite, expected finite ones"
        size = np.abs(array.astype(np.float64)).max(initial=0)
        if size >= largest[1]:
            largest = (name, size, array.dtype)
    name, size, dtype = largest
    return f"{name} has numbers up to {size:.3g}, expected smaller ones: {function.__name__} overflows {dtype}"


def _named(error, function, args, kwargs):
    """Return a ValueError that names an argument which is no array of floats; the error itself where all are."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:  # not the arguments that it takes
        return error
    optional = {name for name, each in bound.signature.parameters.items() if each.default is not each.empty}
    for name, value in bound.arguments.items():
        if name not in (*optional, *_KEPT):
            for place, leaf in _leaves(value, name):
                if not _may_be_right(leaf, inside=place != name or name in _NESTS):
                    kind = f"dtype {leaf.dtype}" if isinstance(leaf, np.ndarray) else f"type {type(leaf).__name__}"
                    return ValueError(f"{place} has {kind}, expected an array of floats")
    return error


def _may_be_right(leaf, inside):
    """Say whether it may be what is wanted: an array of numbers or, as an argument of its own, a number or function."""
    if isinstance(leaf, np.ndarray):
        return leaf.dtype.kind in "biuf" and (leaf.ndim > 0 or not inside)
    return not inside and (isinstance(leaf, Real | np.generic) or callable(leaf))


def _leaves(nest, name):
    if not isinstance(nest, tuple):
        return [(name, nest)]
    return [leaf for at, part in zip(_names(nest), nest, strict=True) for leaf in _leaves(part, f"{name}.{at}")]


def _arrays(arguments, prefix=""):
    """Yield (name, array) for all floats among the arguments; what a cache holds is named by its place."""
    named = arguments.items() if isinstance(arguments, dict) else zip(_names(arguments), arguments, strict=True)
    for name, value in named:
        whole = f"{prefix}{name}"
        if isinstance(value, np.ndarray | float | np.floating) and np.asarray(value).dtype.kind == "f":
            yield whole, np.asarray(value)
        elif isinstance(value, tuple | list | dict):
            yield from _arrays(value, f"{whole}.")


def _names(branch):
    return getattr(branch, "_fields", range(len(branch)))


def power_of_two(x, axis=-1):
    """The largest power of two that is at most max|x| along an axis, which is kept with size 1; 1 where x is all zero.

    To divide by it loses no digit, and what is left is below 2: its square fits into any dtype.
    """
    largest = np.abs(x).max(axis=axis, keepdims=True)
    _, exponent = np.frexp(largest)
    return np.where(largest > 0, np.ldexp(x.dtype.type(1), exponent - 1), x.dtype.type(1))


def lengths(x):
    """‖x‖ along the last axis, which is kept with size 1, also where the squares of x do not fit into its dtype.

    Parameters
    ----------
    x : ndarray (..., D)

    Returns
    -------
    ndarray (..., 1)
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        length = np.linalg.norm(x, axis=-1, keepdims=True)
    outside = ~((length > _least_safe_length(x.dtype)) & np.isfinite(length))[..., 0]
    if outside.any() and x.shape[-1]:
        unit = power_of_two(x[outside])
        with np.errstate(over="ignore", invalid="ignore"):
            length[outside] = np.linalg.norm(x[outside] / unit, axis=-1, keepdims=True) * unit
    return length


def _least_safe_length(dtype):
    """Below this, squares may have lost digits: they are near the smallest number of the dtype."""
    info = np.finfo(dtype)
    return np.sqrt(info.tiny) / info.eps
