"""Runs notebooks side by side, each in a fresh kernel; used by the book's build and by tools/notebooks.py."""

import asyncio
import os
import time

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

SIDE_BY_SIDE = 4  # where there are that many cores
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def set_environment():
    """Set what the kernels inherit: one thread each and no progress bars."""
    for name in (*ONE_THREAD, "TQDM_DISABLE"):
        os.environ.setdefault(name, "1")


def run_all(notebooks, timeout, say, done=None):
    """Run notebooks in place.

    Parameters
    ----------
    notebooks : dict
        Path → `nbformat.NotebookNode`.
    timeout : int
        Seconds that a cell may take.
    say : callable
        Takes a line about the progress.
    done : callable, optional
        Called with the path, the notebook and the seconds it took, for each that ran through.

    Returns
    -------
    list of str
        What went wrong, one text for each notebook that did not run through.
    """
    return asyncio.run(_run_all(notebooks, timeout, say, done)) if notebooks else []


async def _run_all(notebooks, timeout, say, done):
    places = asyncio.Semaphore(min(SIDE_BY_SIDE, os.cpu_count() or 1))
    failures = []

    async def run(number, path, notebook):
        async with places:
            say(f"running {path.name} ({number} of {len(notebooks)}) ...")
            began = time.monotonic()
            client = NotebookClient(
                notebook,
                timeout=timeout,
                kernel_name="python3",
                resources={"metadata": {"path": str(path.parent)}},
                store_widget_state=False,  # nothing on a page or in a repository plays it back
                record_timing=False,  # jupyter-cache takes the cells' metadata into its key
                extra_arguments=["--log-level=ERROR"],  # no word about unencrypted TCP within one machine
            )
            try:
                await client.async_execute()
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                say(f"{path.name} failed")
                failures.append(f"{path.name} failed: {error}")
                return
            seconds = time.monotonic() - began
            say(f"ran {path.name} in {seconds:.0f} s")
        if done is not None:
            done(path, notebook, seconds)

    await asyncio.gather(*(run(i, *item) for i, item in enumerate(notebooks.items(), start=1)))
    return failures
