"""Exercises in code: what is asked for, the mistakes that are easily made, and a check that knows both."""

import inspect
import itertools
import traceback
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from helpers.core.gradient_check import relative_error
from helpers.core.params import map_params, named_arrays

_DRAWS = 3
_ROUNDING, _DIFFERENCES = 1e-9, 1e-6  # relative errors of what the equations and central differences give
_NO_HINT = {
    "shapes": "print the shape after each line, and find the first that is not what the text says.",
    "values": "we foresaw no mistake that gives these numbers. Compare your lines with the equations, one at a time.",
}


class Mistake(NamedTuple):
    """A wrong function, and the hint for a reader whose numbers are the same as its own."""

    hint: str
    function: Callable  # takes and returns what the right one does


class Exercise(NamedTuple):
    """A function that the reader writes. At least one of `values` and `gradients` says what it should return."""

    name: str
    shapes: Mapping  # what it returns, in order: {"h": "B H", "c": "B H"}; of a NamedTuple, {"grads.W_hh": "H H"}
    draw: Callable  # rng -> its arguments: a tuple of arrays, or of tuples of them
    values: Callable | None = None  # the same function, written by the equations
    gradients: Callable | None = None  # the same function by central differences, where it returns gradients
    mistakes: tuple = ()  # of Mistake
    parts: Mapping = MappingProxyType({})  # names of equal slices of the last axis: {"da": ("i", "f", "g", "o")}


class _Stage(NamedTuple):
    """One comparison: its name, what gives the right numbers, and how near they must be."""

    name: str
    right: Callable
    tolerance: float
    source: str


def check(exercise, function):
    """Print a verdict on a reader's function: shapes, then values, then gradients, up to the first fault and its hint.

    The numbers are random and the same each time. Nothing is raised for a wrong function.

    Parameters
    ----------
    exercise : Exercise
    function : callable

    Raises
    ------
    ValueError
        When `function` is no function, or the exercise says neither which values nor which gradients are right.
    """
    if not callable(function):
        raise ValueError(f"function is {function!r}, expected a function")
    stages = [
        _Stage("values", exercise.values, _ROUNDING, "the equations give"),
        _Stage("gradients", exercise.gradients, _DIFFERENCES, "central differences give"),
    ]
    stages = [stage for stage in stages if stage.right is not None]
    if not stages:
        raise ValueError(f"the exercise {exercise.name} has neither values nor gradients")
    for line in _verdict(exercise, function, stages):
        print(line)


def _verdict(exercise, function, stages):
    draws = [exercise.draw(np.random.default_rng(seed)) for seed in range(_DRAWS)]
    outputs = []
    for arguments in draws:
        returned, fault = _call(exercise, function, arguments)
        if returned is None:
            yield fault or _not_written(exercise, function)
            return
        outputs.append(_arrays(returned))
    for stage in stages:
        rights = [_arrays(stage.right(*arguments)) for arguments in draws]
        for arguments, found, right in zip(draws, outputs, rights, strict=True):
            fault = _wrong_shapes(exercise, found, right)
            if fault:
                yield f"✗ shapes: {fault}"
                yield from _hints(exercise, arguments, found, right, stage.tolerance) or [
                    _hint(_shapes(exercise, found))
                ]
                return
        if stage is stages[0]:
            shapes = (f"{name} {array.shape}" for name, array in zip(exercise.shapes, outputs[0], strict=True))
            yield f"✓ shapes: {', '.join(shapes)}"
        for arguments, found, right in zip(draws, outputs, rights, strict=True):
            places = _places(exercise, found, right, stage.tolerance)
            if places:
                yield f"✗ {stage.name}: {_where(exercise, places, found)} not what {stage.source}"
                yield from _hints(exercise, arguments, found, right, stage.tolerance) or [_hint(_NO_HINT["values"])]
                return
        yield f"✓ {stage.name}: what {stage.source}, in {_DRAWS} random draws"
    yield f"{_name(exercise, function)} is right."


def _call(exercise, function, arguments):
    """Return what the function returns, and a sentence where it raises or changes what it is given."""
    given = map_params(np.array, arguments)
    try:
        returned = function(*given)
    except NotImplementedError:
        return None, None
    except Exception as error:
        return None, f"✗ it raised {type(error).__name__}: {error}{_line(function, error)}"
    changed = [
        name.split(".")[0]
        for (name, before), (_, after) in zip(named_arrays(arguments), named_arrays(given), strict=True)
        if not np.array_equal(before, after)
    ]
    if returned is None:
        return None, f"{_name(exercise, function)} returns nothing yet: end it with `return {_returns(exercise)}`."
    if changed:
        return None, (
            f"✗ it changes its argument {_parameter(function, int(changed[0]))}\n"
            + _hint("make a new array; `a += b` writes into the old one.")
        )
    return returned, None


def _line(function, error):
    """Say which line of the function raised."""
    if not inspect.isfunction(function):
        return ""
    file = function.__code__.co_filename
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file and frame.line]
    return f"\n  in the line: {lines[-1]}" if lines else ""


def _parameter(function, place):
    names = list(inspect.signature(function).parameters)
    return names[place] if place < len(names) else f"number {place + 1}"


def _name(exercise, function):
    return getattr(function, "__name__", exercise.name)


def _hint(text):
    return f"  Hint: {text}"


def _not_written(exercise, function):
    return f"{_name(exercise, function)} is not yet written: end it with `return {_returns(exercise)}`."


def _returns(exercise):
    return ", ".join(dict.fromkeys(name.split(".")[0] for name in exercise.shapes))


def _arrays(returned):
    """List the arrays of what a function returns: one, a tuple or a list of them, or a NamedTuple in it."""
    if isinstance(returned, tuple | list):
        return [array for part in returned for array in _arrays(part)]
    return [np.asarray(returned)]


def _wrong_shapes(exercise, found, right):
    """Say which output has not the shape or the dtype of the right one; nothing where all have."""
    names = list(exercise.shapes)
    if len(found) != len(right):
        wanted = f"{len(right)}: {', '.join(names)}" if len(right) > 1 else f"one, {names[0]}"
        return f"it returns {len(found)} array{'s' if len(found) > 1 else ''}, expected {wanted}"
    for (name, words), array, wanted in zip(exercise.shapes.items(), found, right, strict=True):
        if array.dtype != wanted.dtype:
            return f"{name} holds {array.dtype}, expected {wanted.dtype}"
        if array.shape != wanted.shape:
            return f"{name} has shape {array.shape}, expected {wanted.shape}, which is ({_sizes(words)})"
    return ""


def _shapes(exercise, found):
    """Say what to look at where no known mistake has these shapes."""
    if len(found) == len(exercise.shapes):
        return _NO_HINT["shapes"]
    joined = [
        f"{name} = {', '.join(parts)} joined, np.concatenate([…], axis=-1)" for name, parts in exercise.parts.items()
    ]
    return "; ".join([f"end it with `return {_returns(exercise)}`", *joined]) + "."


def _sizes(words):
    sizes = words.split()
    return ", ".join(sizes) + "," * (len(sizes) == 1)


def _places(exercise, found, right, tolerance):
    """List (output, part) of all that is wrong; a part is a slice of the last axis."""
    return [place for place in _all_places(exercise) if not _same(exercise, found, right, place, tolerance)]


def _all_places(exercise):
    return [(i, part) for i, name in enumerate(exercise.shapes) for part in range(len(exercise.parts.get(name, "1")))]


def _same(exercise, found, wanted, place, tolerance):
    return _equal(_part(exercise, found, *place), _part(exercise, wanted, *place), tolerance)


def _part(exercise, arrays, i, part):
    count = len(exercise.parts.get(list(exercise.shapes)[i], "1"))
    array = arrays[i]
    if count == 1 or array.ndim == 0 or array.shape[-1] % count:
        return array
    return np.split(array, count, axis=-1)[part]


def _equal(found, wanted, tolerance):
    return found.shape == wanted.shape and bool(np.isfinite(found).all()) and relative_error(found, wanted) <= tolerance


def _where(exercise, places, found):
    """Name what is wrong, with its verb: "h and c are", "da, in its part f, is"."""
    texts = []
    for i, group in itertools.groupby(places, key=lambda place: place[0]):
        name = list(exercise.shapes)[i]
        parts, wrong = exercise.parts.get(name, ("",)), [part for _, part in group]
        text = name if np.isfinite(found[i]).all() else f"{name} (it holds NaN or infinity)"
        if len(wrong) < len(parts):
            text += f" in the part{'s' if len(wrong) > 1 else ''} of {', '.join(parts[part] for part in wrong)}"
        texts.append(text)
    return f"{' and '.join(texts)} {'is' if len(texts) == 1 else 'are'}"


def _hints(exercise, arguments, found, right, tolerance):
    """List the hints that explain what is wrong: each time that of the mistake that explains most of the rest."""
    if len(found) != len(right) or any(array.dtype.kind not in "iuf" for array in found):
        return []
    for order in itertools.permutations(found):
        if not _places(exercise, order, right, tolerance):
            return [_hint(f"the numbers are right, but in another order: return {_returns(exercise)}.")]
    rest = {*_places(exercise, found, right, tolerance)}
    explained = {mistake.hint: _explained(exercise, mistake, arguments, found) for mistake in exercise.mistakes}
    hints = []
    while best := max(explained, key=lambda hint: len(explained[hint] & rest), default=None):
        if not explained[best] & rest:
            break
        hints.append(_hint(best))
        rest -= explained.pop(best)
    return hints


def _explained(exercise, mistake, arguments, found):
    """Return the places where a mistake gives the numbers that were found, NaN and infinity among them."""
    made = _arrays(mistake.function(*arguments))
    return {
        place
        for place in _all_places(exercise)
        if _alike(_part(exercise, found, *place), _part(exercise, made, *place))
    }


def _alike(found, made):
    """Say whether two arrays are equal to rounding, and NaN or infinite at the same places."""
    finite = np.isfinite(found)
    if found.shape != made.shape or not np.array_equal(finite, np.isfinite(made)):
        return False
    return np.array_equal(found[~finite], made[~finite], equal_nan=True) and _equal(
        found[finite], made[finite], _ROUNDING
    )
