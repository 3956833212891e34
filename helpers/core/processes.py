"""Several calls of one function at the same time, such as one for each seed, in processes of their own."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from helpers.core.training import progress_bar


def side_by_side(function, calls, workers=2, fresh=False, progress=None):
    """[function(**call) for call in calls], in several processes with one thread each.

    Parameters
    ----------
    function : callable
        One that a module defines, since each process imports it again. A function of a notebook cannot be used.
    calls : list of dict
        The keyword arguments of each call. They and the results are copied between processes. Give and return
        arrays instead of torch's tensors.
    workers : int
        Number of processes. With 1 the calls are made in this process, one after the other.
    fresh : bool
        Each call has a new process, with one worker too: for what is never the same again once it has been called.
    progress : str, optional
        The caption of a bar that counts the calls, which is shown only if they take longer than three seconds.

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
    if workers <= 1 and not (fresh and calls):
        return [function(**calls[k]) for k in progress_bar(len(calls), progress)]
    # "spawn" starts with an empty process: a copy of this one could inherit locks that its threads hold.
    most = 1 if fresh else None
    with ProcessPoolExecutor(workers, get_context("spawn"), _one_thread, max_tasks_per_child=most) as pool:
        futures = [pool.submit(function, **call) for call in calls]
        return [futures[k].result() for k in progress_bar(len(futures), progress)]


def _one_thread():
    """Set one thread for each process, before NumPy and torch are loaded: more would compete for the same cores."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
