"""Is what came back right, or refused as it should be? The same call in a wider dtype is the oracle."""

import signal
import traceback
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

import helpers
from tests.extreme_input.spoilings import TOGETHER, Spoiling, leaves, map_arrays, path_name, replaced, spoilings_of

_HELPERS = str(Path(helpers.__file__).parent)
_SECONDS = 20  # after which a call counts as one that does not return


class Case(NamedTuple):
    """One spoiled call."""

    where: str  # "params.W_hh"
    path: tuple  # (argument, *keys); () where all arrays are spoiled at once
    spoiling: Spoiling


def cases(call):
    """List all spoiled calls of a valid one: of each leaf of each argument, and of all arrays at once."""
    arguments = call.arguments(np.random.default_rng(0))
    found = [
        Case(path_name(name, value, path), (name, *path), spoiling)
        for name, value in arguments.items()
        if name not in call.left
        for path, leaf in leaves(value)
        if (name, path) != ("*", ())
        for spoiling in spoilings_of(leaf)
    ]
    if any(_has_floats(value) for value in arguments.values()):
        found += [Case("all arrays", (), spoiling) for spoiling in TOGETHER]
    return found


def spoiled(call, case):
    """The arguments with one of them spoiled."""
    arguments = call.arguments(np.random.default_rng(0))
    if not case.path:
        return {n: map_arrays(case.spoiling.spoil, v) for n, v in arguments.items()}
    name, *path = case.path
    leaf = arguments[name]
    for key in path:
        leaf = leaf[key]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return arguments | {name: replaced(arguments[name], path, case.spoiling.spoil(leaf))}


def refuse_unless_valid(call):
    """A call that is not right unspoiled shows nothing when it is spoiled."""
    result = run(call, call.arguments(np.random.default_rng(0)))
    assert call.infinite or _not_finite(result) is None, f"a valid call of {call.name} gives {_not_finite(result)}"


def shown(call, case):
    """How a message shows what came."""
    arguments = spoiled(call, case)
    for key in case.path[1:]:
        arguments = arguments | {case.path[0]: arguments[case.path[0]][key]}
    value = arguments[case.path[0]] if case.path else arguments
    return f"{case.spoiling.what}: {' '.join(repr(value).split())[:300]}"


def judge(call, case):
    """Make one spoiled call; return what is wrong with what came, or None."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            arguments = spoiled(call, case)
    except (OverflowError, IndexError):  # the value cannot be spoiled like that: 5000 is no int8
        return None
    except ValueError as error:  # what a Choice refuses when it is made
        return _refusal(error)
    try:
        result = run(call, arguments)
    except Exception as error:
        return _refusal(error)
    wrong = _not_finite(result)
    if wrong and not call.infinite:
        return f"{wrong} came out"
    if call.judge is not None:
        wrong = call.judge(arguments, result)
        if wrong:
            return f"wrong: {wrong}"
    if case.spoiling.same is not None and not call.own_dtype:
        right = run(call, call.arguments(np.random.default_rng(0)))
        wrong = _difference(result, right, case.spoiling.same)
        if wrong:
            return f"another answer than for the same value: {wrong}"
    if call.rounds and case.spoiling.same is None:
        return None
    return _against_wider(call, arguments, result)


def run(call, arguments):
    """The call, without its warnings, and not longer than some seconds."""
    with warnings.catch_warnings(), _no_longer_than(_SECONDS):
        warnings.simplefilter("ignore")
        return call.run(arguments)


@contextmanager
def _no_longer_than(seconds):
    def stop(*_):
        raise TimeoutError(f"it did not return within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _refusal(error):
    """None where an error is a ValueError of ours that names what came."""
    raised_in = traceback.extract_tb(error.__traceback__)[-1].filename
    if isinstance(error, TimeoutError):
        return str(error)
    ours = raised_in.startswith(_HELPERS)
    if ours and type(error) is FloatingPointError:  # training that runs away
        return None
    if not isinstance(error, ValueError) or not (
        type(error) is ValueError or type(error).__module__.startswith("helpers")
    ):
        return f"{type(error).__name__}: {str(error)[:120]}"
    return None if ours else f"a ValueError that is not ours: {str(error)[:120]}"


def _not_finite(result):
    result = _without_cache(result)
    for name, array in flat(result):
        if array.dtype.kind in "fc" and not np.isfinite(array).all():
            return f"{'NaN' if np.isnan(array).any() else 'infinity'} in result{name}"
        if array.dtype.kind == "O" and any(isinstance(x, float) and not np.isfinite(x) for x in array.ravel()):
            return f"NaN or infinity in result{name}"
    return None


def _without_cache(result):
    """A plain tuple that comes last is what the backward pass is given, and may hold −inf where a mask hides."""
    last = type(result) is tuple and len(result) > 1 and type(result[-1]) is tuple
    return result[:-1] if last else result


def flat(result, name=""):
    """List (name, array) of all numbers in what a function gives; what is no number is left out."""
    if isinstance(result, torch.Tensor):
        return [(name, result.detach().numpy(force=True))] if result.dtype != torch.bfloat16 else []
    if isinstance(result, torch.nn.Module):
        return [(f"{name}.{n}", w.detach().numpy(force=True)) for n, w in result.state_dict().items()]
    if isinstance(result, np.ndarray | np.generic | int | float):
        array = np.asarray(result)
        return [(name, array)] if array.dtype.kind in "fciubO" else []
    if isinstance(result, dict):
        return [pair for key, value in result.items() for pair in flat(value, f"{name}[{str(key)!r}]")]
    if isinstance(result, tuple | list):
        names = getattr(result, "_fields", range(len(result)))
        return [pair for key, value in zip(names, result, strict=True) for pair in flat(value, f"{name}.{key}")]
    return []


def _difference(found, wanted, tolerance, floor=0.0):
    """Say where two results differ by more than the tolerance, relative to the largest number of all."""
    found, wanted = flat(_without_cache(found)), flat(_without_cache(wanted))
    if [name for name, _ in found] != [name for name, _ in wanted]:
        return f"{len(found)} arrays, not {len(wanted)}"
    sizes = [
        np.abs(b[np.isfinite(b)].astype(np.longdouble)).max(initial=0) for _, b in wanted if b.dtype.kind in "fiub"
    ]
    size = max(sizes, default=0)  # some gradients are 0 but for rounding, so the largest number of all is the measure
    for (name, a), (_, b) in zip(found, wanted, strict=True):
        if a.shape != b.shape:
            return f"result{name} has shape {a.shape}, not {b.shape}"
        if a.dtype.kind not in "fiub" or b.dtype.kind not in "fiub" or not b.size:
            continue
        a, b = a.astype(np.longdouble), b.astype(np.longdouble)
        with np.errstate(all="ignore"):
            wrong = ~((np.abs(a - b) <= tolerance * size + floor) | (a == b) | (np.isnan(a) & np.isnan(b)))
        if wrong.any():
            place = np.unravel_index(wrong.argmax(), wrong.shape)
            return f"result{name} has {a[place]:.6g}, not {b[place]:.6g}"
    return None


_WIDER = {np.dtype(np.float16): np.float64, np.dtype(np.float32): np.float64, np.dtype(np.float64): np.longdouble}
_DIGITS = {np.dtype(np.float16): 5e-2, np.dtype(np.float32): 1e-3, np.dtype(np.float64): 1e-6}


def _against_wider(call, arguments, result):
    """Compare with the same call in a wider dtype, where it has more range: what overflows there, is not compared."""
    dtypes = {a.dtype for v in arguments.values() for a in _floats(v)}
    if call.own_dtype or len(dtypes) != 1 or (dtype := dtypes.pop()) not in _WIDER:
        return None
    wider = {n: map_arrays(lambda a: a.astype(_WIDER[dtype]), v) for n, v in arguments.items()}
    wider |= {
        n: call.arguments(np.random.default_rng(0))[n] for n in wider if isinstance(wider[n], np.random.Generator)
    }
    wider = {n: _widened(v, _WIDER[dtype]) for n, v in wider.items()}
    try:
        right = run(call, wider)
    except Exception:
        return None
    if _not_finite(right):
        return None
    floats = [(n, a) for n, a in flat(right) if a.dtype.kind == "f"]
    found = [(n, a) for n, a in flat(result) if a.dtype.kind == "f"]
    least = float(np.finfo(dtype).tiny) * 1e6
    wrong = _difference(dict(found), dict(floats), _DIGITS[dtype], least)
    return f"wrong by the same call in {np.dtype(_WIDER[dtype])}: {wrong}" if wrong else None


def _widened(value, dtype):
    """A dtype as argument is widened as well."""
    return dtype if isinstance(value, type) and issubclass(value, np.floating) else value


def _floats(value):
    found = []
    map_arrays(lambda a: found.append(a) or a, value)
    return found


def _has_floats(value):
    return bool(_floats(value))
