"""Arguments, and ways to spoil one leaf of them: other shapes, other dtypes, other values."""

from typing import Any, NamedTuple

import numpy as np
import torch

from helpers.data.next_sentence import TwoSentences
from helpers.data.pictures import CaptionBatch, EncodedCaptions
from helpers.data.source_target_pairs import EncodedPairs, PairBatch
from helpers.data.tasks.pronouns import PronounQuestions
from helpers.data.world.grammar import Grammar
from helpers.decoding.beam import Beam
from helpers.decoding.hypotheses import Hypothesis
from helpers.decoding.table_models import Table
from helpers.models.data_parallel.data_order import DataOrder
from helpers.models.word2vec.fast.blocks import Block
from helpers.models.word2vec.huffman import Paths

# What functions of ours make and others of ours read; no reader writes one by hand.
_MADE = (
    *(EncodedPairs, PairBatch, EncodedCaptions, CaptionBatch, TwoSentences, Grammar, Table, Hypothesis, Beam),
    *(PronounQuestions, Paths, Block, DataOrder),
)


class Spoiling(NamedTuple):
    """One argument in place of the right one."""

    what: str  # in words: "NaN in one place"
    spoil: Any  # value -> the spoiled one
    same: float | None = None  # the answer must stay as it was, to this relative error; None where it need not


def leaves(value, path=()):
    """Yield (path, leaf) of all that can be spoiled in an argument; the path is a tuple of keys."""
    if isinstance(value, _MADE):
        return
    if isinstance(value, tuple) and value:
        if not hasattr(value, "_fields"):
            yield path, value  # the whole as well: None, or one member less
        for key, part in enumerate(value):
            yield from leaves(part, (*path, key))
    elif isinstance(value, list) and value:
        yield path, value
        yield from leaves(value[0], (*path, 0))
    elif spoilings_of(value):
        yield path, value


def replaced(value, path, new):
    """The argument with `new` at the path; nothing is changed in place."""
    if not path:
        return new
    key, *rest = path
    parts = [replaced(part, rest, new) if i == key else part for i, part in enumerate(value)]
    if isinstance(value, list):
        return parts
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)


def path_name(name, value, path):
    """The name of a leaf as one reads it: params.W_hh, state[0]."""
    for key in path:
        name += f".{value._fields[key]}" if hasattr(value, "_fields") else f"[{key}]"
        value = value[key]
    return name


def map_arrays(f, value):
    """The same nest with f(array) for each array of floats."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return f(value)
    if isinstance(value, tuple | list) and not isinstance(value, _MADE):
        parts = [map_arrays(f, part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def _in_one_place(number):
    def spoil(a):
        a = a.copy()
        a[(0,) * a.ndim] = number
        return a

    return spoil


def _object(a):
    new = np.empty(a.shape, object)
    new[...] = None
    return new


def _longer(axis):
    return lambda a: np.concatenate([a, a.take([0], axis)], axis)


def _cut(axis, size):
    return lambda a: a.take(range(size), axis)


_SCALARS = [
    Spoiling("None", lambda v: None),
    Spoiling("a str", lambda v: "three"),
    Spoiling("NaN", lambda v: float("nan")),
    Spoiling("inf", lambda v: float("inf")),
    Spoiling("-inf", lambda v: float("-inf")),
    Spoiling("1e300", lambda v: 1e300),
    Spoiling("-1e300", lambda v: -1e300),
    Spoiling("1e-300", lambda v: 1e-300),
    Spoiling("0", lambda v: 0),
    Spoiling("-1", lambda v: -1),
    Spoiling("2.5", lambda v: 2.5),
    Spoiling("a complex number", lambda v: 1j),
    Spoiling("a list", lambda v: [v, v]),
    Spoiling("an array of two", lambda v: np.array([v, v])),
    Spoiling("an empty array", lambda v: np.empty(0)),
    Spoiling("an array of objects", lambda v: np.array([None, "a"], object)),
    Spoiling("True", lambda v: True),
]
_INTEGERS = [
    *_SCALARS,
    Spoiling("10**400", lambda v: 10**400) if False else Spoiling("−2**63", lambda v: -(2**63)),
    Spoiling("np.int64", np.int64, 0),
    Spoiling("np.int32", np.int32, 0),
    Spoiling("np.int8", np.int8, 0),
    Spoiling("np.uint8", np.uint8, 0),
    Spoiling("a float of the same value", float, 0),
    Spoiling("np.float32 of the same value", np.float32, 0),
    Spoiling("np.array of no axis", np.array, 0),
]
_FLOATS = [
    *_SCALARS,
    Spoiling("400", lambda v: 400),
    Spoiling("1e308", lambda v: 1e308),
    Spoiling("1e-308", lambda v: 1e-308),
    Spoiling("10**400", lambda v: 10**400),
    Spoiling("np.float64", np.float64, 1e-12),
    Spoiling("np.float32", np.float32),
    Spoiling("np.float16", np.float16),
    Spoiling("np.array of no axis", np.array, 1e-12),
]
_STRINGS = [
    Spoiling("None", lambda v: None),
    Spoiling("an unknown str", lambda v: "no such"),
    Spoiling("an empty str", lambda v: ""),
    Spoiling("3", lambda v: 3),
    Spoiling("NaN", lambda v: float("nan")),
    Spoiling("bytes", str.encode),
    Spoiling("a list of it", lambda v: [v]),
    Spoiling("an array of it", lambda v: np.array([v, v])),
    Spoiling("np.str_", np.str_, 0),
]
_BOOLS = [Spoiling("np.bool_", np.bool_, 0), Spoiling("int", int, 0)]
_DTYPES = [
    Spoiling("np.float16", lambda v: np.float16),
    Spoiling("np.int64", lambda v: np.int64),
    Spoiling("np.uint8", lambda v: np.uint8),
    Spoiling("bool", lambda v: bool),
    Spoiling("object", lambda v: object),
    Spoiling("complex", lambda v: complex),
    Spoiling("an unknown str", lambda v: "no such"),
]
_SEQUENCES = [
    Spoiling("None", lambda v: None),
    Spoiling("an empty one", lambda v: type(v)() if not hasattr(v, "_fields") else ()),
    Spoiling("one member less", lambda v: tuple(v)[:-1]),
    Spoiling("one member more", lambda v: (*v, v[-1])),
    Spoiling("a str", lambda v: "three"),
    Spoiling("3", lambda v: 3),
    Spoiling("with None in it", lambda v: (None, *tuple(v)[1:])),
    Spoiling("with NaN in it", lambda v: (float("nan"), *tuple(v)[1:])),
]
_ANY_ARRAY = [
    Spoiling("None", lambda a: None),
    Spoiling("a str", lambda a: "three"),
    Spoiling("one number", lambda a: 1.5),
    Spoiling("no axis", lambda a: a.ravel()[0:1].reshape(())),
    Spoiling("one axis more", lambda a: a[None]),
    Spoiling("two copies on a new axis", lambda a: np.stack([a, a])),
    Spoiling("one axis less", lambda a: a[0]),
    Spoiling("objects, all None", _object),
    Spoiling("objects of the same value", lambda a: a.astype(object), 1e-12),
    Spoiling("strs", lambda a: a.astype(str)),
    Spoiling("complex", lambda a: a.astype(complex)),
    Spoiling("a list of it", lambda a: a.tolist(), 1e-12),
    Spoiling("other strides", lambda a: np.asfortranarray(np.repeat(a, 2, -1))[..., ::2] if a.ndim else a, 1e-12),
    Spoiling("read-only", lambda a: _read_only(a), 1e-12),
]


def _read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


def _sizes(a):
    for axis in range(a.ndim):
        yield Spoiling(f"one more on axis {axis}", _longer(axis))
        yield Spoiling(f"size 0 on axis {axis}", _cut(axis, 0))
        if a.shape[axis] > 1:
            yield Spoiling(f"size 1 on axis {axis}", _cut(axis, 1))


_FLOAT_ARRAYS = [
    *[
        Spoiling(f"{number} in one place", _in_one_place(number))
        for number in (np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300)
    ],
    *[
        Spoiling(f"times {factor:g}", lambda a, factor=factor: a * a.dtype.type(factor))
        for factor in (1e3, 1e20, 1e38, 1e100, 1e160, 1e300, 1e-20, 1e-100, 1e-170, 1e-300, 0.0)
    ],
    Spoiling("±1e308", lambda a: np.sign(a) * 1e308),
    Spoiling("all inf", lambda a: np.full_like(a, np.inf)),
    Spoiling("all -inf", lambda a: np.full_like(a, -np.inf)),
    Spoiling("all NaN", lambda a: np.full_like(a, np.nan)),
    Spoiling("all equal", lambda a: np.full_like(a, 0.1)),
    Spoiling("float16", lambda a: a.astype(np.float16), 2e-2),
    Spoiling("float32", lambda a: a.astype(np.float32), 1e-4),
    Spoiling("longdouble", lambda a: a.astype(np.longdouble), 1e-6),
    Spoiling("integers", lambda a: np.rint(3 * a).astype(int)),
    Spoiling("int8", lambda a: np.rint(np.clip(3 * a, -100, 100)).astype(np.int8)),
    Spoiling("bools", lambda a: a > 0),
]
_INT_ARRAYS = [
    Spoiling("-1 in one place", _in_one_place(-1)),
    Spoiling("a million in one place", _in_one_place(10**6)),
    Spoiling("int8", lambda a: a.astype(np.int8), 1e-12),
    Spoiling("uint8", lambda a: a.astype(np.uint8), 1e-12),
    Spoiling("int32", lambda a: a.astype(np.int32), 1e-12),
    Spoiling("int64", lambda a: a.astype(np.int64), 1e-12),
    Spoiling("uint64", lambda a: a.astype(np.uint64), 1e-12),
    Spoiling("floats of the same value", lambda a: a.astype(float), 1e-12),
    Spoiling("halves", lambda a: a + 0.5),
    Spoiling("NaN in one place", lambda a: _in_one_place(np.nan)(a.astype(float))),
    Spoiling("inf in one place", lambda a: _in_one_place(np.inf)(a.astype(float))),
    Spoiling("bools", lambda a: a > 0),
]
_BOOL_ARRAYS = [
    Spoiling("all False", np.zeros_like),
    Spoiling("all True", np.ones_like),
    Spoiling("0 and 1", lambda a: a.astype(int), 1e-12),
    Spoiling("0.0 and 1.0", lambda a: a.astype(float), 1e-12),
    Spoiling("NaN in one place", lambda a: _in_one_place(np.nan)(a.astype(float))),
    Spoiling("twos", lambda a: 2 * a.astype(int)),
]
_TENSORS = [
    Spoiling("None", lambda t: None),
    Spoiling("a str", lambda t: "three"),
    Spoiling("one axis more", lambda t: t[None]),
    Spoiling("one axis less", lambda t: t[0]),
    Spoiling("an empty one", lambda t: t[:0]),
]
_FLOAT_TENSORS = [
    *_TENSORS,
    Spoiling("all NaN", lambda t: t * float("nan")),
    Spoiling("all inf", lambda t: torch.full_like(t, float("inf"))),
    Spoiling("times 1e30", lambda t: t * 1e30),
    Spoiling("float16", lambda t: t.half(), 2e-2),
    Spoiling("float64", lambda t: t.double(), 1e-4),
    Spoiling("integers", lambda t: (3 * t).round().long()),
    Spoiling("ndarray", lambda t: t.numpy(force=True), 1e-4),
]
_INT_TENSORS = [
    *_TENSORS,
    Spoiling("all -1", lambda t: torch.full_like(t, -1)),
    Spoiling("all a million", lambda t: torch.full_like(t, 10**6)),
    Spoiling("int32", lambda t: t.int(), 1e-4),
    Spoiling("float32", lambda t: t.float(), 1e-4),
    Spoiling("bools", lambda t: t.bool()),
    Spoiling("ndarray", lambda t: t.numpy(force=True), 1e-4),
]


def spoilings_of(value):
    """List the ways to spoil one leaf; none for what is no data: a function, a generator, a model."""
    if isinstance(value, np.ndarray):
        kinds = {"f": _FLOAT_ARRAYS, "i": _INT_ARRAYS, "u": _INT_ARRAYS, "b": _BOOL_ARRAYS}.get(value.dtype.kind, [])
        some = _ANY_ARRAY if value.ndim else [s for s in _ANY_ARRAY if s.what not in ("one axis less",)]
        return [*some, *_sizes(value), *kinds] if value.size else []
    if isinstance(value, torch.Tensor):
        return _FLOAT_TENSORS if value.is_floating_point() else _INT_TENSORS
    if isinstance(value, bool | np.bool_):
        return _BOOLS
    if isinstance(value, int | np.integer):
        return _INTEGERS
    if isinstance(value, float | np.floating):
        return _FLOATS
    if isinstance(value, str):
        return _STRINGS
    if isinstance(value, type) and issubclass(value, np.generic):
        return _DTYPES
    if isinstance(value, tuple | list):
        return _SEQUENCES
    return []


# All arrays of floats of a call at once.
TOGETHER = [
    Spoiling("all arrays float32", lambda a: a.astype(np.float32), 1e-3),
    Spoiling("all arrays float16", lambda a: a.astype(np.float16), 5e-2),
    Spoiling("all arrays longdouble", lambda a: a.astype(np.longdouble), 1e-6),
    *[
        Spoiling(f"all arrays {np.dtype(dtype)} × {factor:g}", lambda a, d=dtype, f=factor: (a * f).astype(d))
        for dtype, factor in (
            (np.float16, 1e3),
            (np.float32, 1e20),
            (np.float32, 1e-20),
            (np.float64, 1e20),
            (np.float64, 1e100),
            (np.float64, 1e160),
            (np.float64, 1e300),
            (np.float64, 1e-100),
            (np.float64, 1e-170),
            (np.float64, 1e-300),
        )
    ],
]
