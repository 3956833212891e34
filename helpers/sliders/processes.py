"""Work side by side in processes, for functions of a notebook, which cannot be pickled."""

import contextlib
import multiprocessing
import os
import sys
import traceback
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

_BEGUN, _DONE = 1, 2

# What the worker processes do. They are forked, so that it is simply there.
_job = None


class _Job(NamedTuple):
    work: object
    marks: object  # what each item has come to: not begun, begun, or done


def map_in_processes(work, items, name, describe, processes=None):
    """Return ``[work(item) for item in items]``.

    Parameters
    ----------
    work : callable
        What it returns must be picklable; it need not be.
    items : sequence
    name : str
        What the work is done for.
    describe : callable
        Item → what an error calls it.
    processes : int, optional
        As many as there are cores and enough work, if it is left out.

    Raises
    ------
    ValueError, RuntimeError
        What `work` raises; what is neither becomes a RuntimeError. Also if a process dies.
    """
    global _job
    if processes is None:
        processes = _worthwhile(len(items))
    if processes == 1:
        return [work(item) for item in items]
    _job = _Job(work, multiprocessing.RawArray("b", len(items)))
    try:
        results = _map(items, processes)
    except BrokenProcessPool as error:
        begun = [describe(item) for item, mark in zip(items, _job.marks, strict=True) if mark == _BEGUN]
        raise RuntimeError(
            f"a process that draws {name} was killed, perhaps for want of memory, while it drew "
            f"{' or '.join(begun) or 'a frame'}"
        ) from error
    finally:
        _job = None
    for _, failure in results:
        if failure is not None:
            kind, message, trace = failure
            error = {"ValueError": ValueError}.get(kind, RuntimeError)(message)
            error.add_note(trace)
            raise error
    return [done for done, _ in results]


def _map(items, processes):
    chunk = max(1, len(items) // (4 * processes))
    with warnings.catch_warnings(), _forked_pool(processes) as pool:
        return list(pool.map(_try_one, range(len(items)), items, chunksize=chunk))


def _try_one(index, item):
    _job.marks[index] = _BEGUN
    # An exception may not survive the way back to the parent process; its text does.
    try:
        result = _job.work(item), None
    except Exception as error:
        result = None, (type(error).__name__, str(error), traceback.format_exc())
    _job.marks[index] = _DONE
    return result


@contextlib.contextmanager
def _forked_pool(processes):
    # Python warns that a process with threads is forked. The children only draw, and run torch on one thread.
    warnings.simplefilter("ignore", DeprecationWarning)
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=fork, initializer=_enter_worker) as pool:
        yield pool


def _enter_worker():
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def _worthwhile(items):
    """Use the cores there are. Only Linux forks safely; a handful of frames is not worth a process."""
    if not sys.platform.startswith("linux"):
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), items // 4))
