"""Drawing every frame of a figure: the layout is done once, the frames side by side."""

import contextlib
import multiprocessing
import os
import sys
import traceback
import warnings
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import matplotlib
from matplotlib.figure import Figure

from helpers.sliders import svg
from helpers.sliders.controls import name_of
from helpers.sliders.theme import RC

# What the worker processes draw. They are forked, so that a function defined in a notebook, which cannot be
# pickled, is simply there.
_job = None


class Picture(NamedTuple):
    """One frame: an SVG element tree, and the sentence that says what is to be seen in it."""

    tree: object
    sentence: str


class _Job(NamedTuple):
    function: object
    grid: list
    layout: tuple
    prefix: str


def figure_and_sentence(function, values):
    """Call a figure's function, and return its figure and its sentence.

    Raises
    ------
    ValueError
        If it does not return a Matplotlib figure and a sentence.
    RuntimeError
        If it raises; the message says for which values.
    """
    where = f"{name_of(function)}({', '.join(f'{k}={v!r}' for k, v in values.items())})"
    try:
        with matplotlib.rc_context(RC):
            returned = function(**values)
    except Exception as error:
        raise RuntimeError(f"{where} raised {type(error).__name__}: {error}") from error
    if not (isinstance(returned, tuple) and len(returned) == 2):
        raise ValueError(f"{where} must return a Matplotlib figure and one sentence, not {type(returned).__name__}")
    figure, sentence = returned
    if not isinstance(figure, Figure):
        raise ValueError(f"{where} must return a Matplotlib Figure first, not {type(figure).__name__}")
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError(f"{where} must return a sentence that says what is to be seen, not {sentence!r}")
    return figure, sentence


def draw_frame(function, values, prefix, layout=None):
    """Draw one frame.

    Parameters
    ----------
    function : callable
        Returns a figure and a sentence.
    values : dict
        Its arguments.
    prefix : str
        What the ids of the SVG begin with.
    layout : tuple, optional
        What `svg.read_layout` gave for an earlier frame. Without it the layout is done anew.

    Returns
    -------
    Picture
    figure : matplotlib.figure.Figure
        Laid out.
    """
    figure, sentence = figure_and_sentence(function, values)
    svg.close_in_pyplot(figure)
    if layout is None:
        svg.lay_out(figure)
    else:
        svg.use_layout(figure, layout)
    return Picture(svg.normalise(svg.draw_svg(figure), prefix), sentence), figure


def draw_frames(function, grid, start, prefix, processes=None):
    """Draw the frames of a whole grid, in its order, with the layout of frame `start`."""
    global _job
    first, figure = draw_frame(function, grid[start], prefix)
    _job = _Job(function, grid, svg.read_layout(figure), prefix)
    try:
        pictures = _map(_draw_one, len(grid), _processes(len(grid)) if processes is None else processes)
    finally:
        _job = None
    pictures[start] = first
    return pictures


def _draw_one(index):
    picture, _ = draw_frame(_job.function, _job.grid[index], _job.prefix, _job.layout)
    return picture


def _try_one(index):
    # An exception may not survive the way back to the parent process; its text does.
    try:
        return _draw_one(index), None
    except Exception as error:
        return None, (type(error).__name__, str(error), traceback.format_exc())


def _map(task, count, processes):
    if processes == 1:
        return [task(index) for index in range(count)]
    with warnings.catch_warnings(), _forked_pool(processes) as pool:
        results = list(pool.map(_try_one, range(count), chunksize=max(1, count // (4 * processes))))
    for _, failure in results:
        if failure is not None:
            kind, message, trace = failure
            error = {"ValueError": ValueError}.get(kind, RuntimeError)(message)
            error.add_note(trace)
            raise error
    return [picture for picture, _ in results]


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


def _processes(frames):
    """Use the cores there are. Only Linux forks safely; a handful of frames is not worth a process."""
    if not sys.platform.startswith("linux"):
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), frames // 4))
