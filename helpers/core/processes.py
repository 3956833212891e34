"""Several runs of one function at the same time, a process each: one core runs one seed, another the next."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def side_by_side(function, calls, workers=2):
    """[function(**call) for call in calls], in several processes with one thread each.

    Parameters
    ----------
    function : callable
        One that a module defines, as each process imports it afresh: none of the notebook's own.
    calls : list of dict
        The keyword arguments of each call. They and what comes back are copied from process to process; torch's
        tensors had better travel as arrays.
    workers : int
        Processes. With 1 the calls are made here, one after the other.

    Returns
    -------
    list
        In the order of the calls, and the same whatever the number of workers.

    Raises
    ------
    ValueError
        When the number of workers is not at least 1.
    Exception
        What the function raises.
    """
    calls = list(calls)
    if workers < 1:
        raise ValueError(f"workers is {workers}, expected at least 1")
    workers = min(workers, len(calls))
    if workers <= 1:
        return [function(**call) for call in calls]
    # "spawn" starts with an empty process: a copy of this one could inherit locks that its threads hold.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_one_thread) as pool:
        return [future.result() for future in [pool.submit(function, **call) for call in calls]]


def _one_thread():
    """Before NumPy and torch are loaded: as many threads as processes would fight for the same cores."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
