"""Drawing every frame of a figure: all in one layout that has room for each, side by side in processes."""

import contextlib
import multiprocessing
import os
import re
import sys
import traceback
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

import matplotlib
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.sliders import layout, svg
from helpers.sliders.controls import name_of
from helpers.sliders.formulas import check_formulas
from helpers.sliders.theme import RC

_PASSES = 3  # a new layout may bring new tick labels, which may ask for more room
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML and in HTML

# What the worker processes draw. They are forked, so that a function defined in a notebook, which cannot be
# pickled, is simply there.
_job = None


class Picture(NamedTuple):
    """One frame: an SVG element tree, and the sentence that says what is to be seen in it."""

    tree: object
    sentence: str


class _Drawn(NamedTuple):
    picture: Picture
    skeleton: object
    places: layout.Places
    room: layout.Room


class _Job(NamedTuple):
    function: object
    grid: list
    layouts: dict
    prefix: str
    marks: object  # what each frame has come to: not begun, begun, or done


_BEGUN, _DONE = 1, 2


def figure_and_sentence(function, values):
    """Call a figure's function, and return its figure and its sentence.

    Raises
    ------
    ValueError
        If it does not return a Matplotlib figure and a sentence.
    RuntimeError
        If it raises; the message says for which values.
    """
    where = _call(function, values)
    try:
        with matplotlib.rc_context(RC), svg.ignore_missing_glyphs():
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
    _check_text(where, "sentence", sentence)
    return figure, sentence


def draw_frame(function, values, prefix, layouts=None):
    """Draw one frame.

    Parameters
    ----------
    function : callable
        Returns a figure and a sentence.
    values : dict
        Its arguments.
    prefix : str
        What the ids of the SVG begin with.
    layouts : dict, optional
        `layout.skeleton` of a figure → its `Places`. A figure of another skeleton is laid out anew.

    Returns
    -------
    Picture
    figure : matplotlib.figure.Figure
        Laid out.

    Raises
    ------
    ValueError, RuntimeError
        As `figure_and_sentence`, and if Matplotlib cannot draw the figure.
    """
    figure, sentence = figure_and_sentence(function, values)
    with _drawing(_call(function, values), figure):
        _place(figure, layouts or {})
        with layout.fixed_ticks(figure):
            return _draw(figure, sentence, prefix), figure


def draw_frames(function, grid, start, prefix, processes=None):
    """Draw the frames of a whole grid, in its order, in a layout that has room for the labels of all.

    Raises
    ------
    ValueError, RuntimeError
        As `draw_frame`; if a process dies; and if frame `start`, drawn twice, is not the same.
    """
    first = _draw_placed(function, grid[start], prefix, {})
    if len(grid) == 1:
        return [first.picture]
    layouts, rooms = {first.skeleton: first.places}, {first.skeleton: first.room}
    drawn = [None] * len(grid)
    # Drawn twice here: in another process torch may have other threads, and sums other last digits.
    drawn[start] = _draw_placed(function, grid[start], prefix, layouts)
    _check_equal(_call(function, grid[start]), first.picture, drawn[start].picture)
    wanted = [index for index in range(len(grid)) if index != start]
    for _ in range(_PASSES):
        for index, frame in zip(wanted, _map(function, grid, wanted, layouts, prefix, processes), strict=True):
            drawn[index] = frame
        wanted = _make_room(function, grid, start, drawn, layouts, rooms)
        if not wanted:
            break
    return [frame.picture for frame in drawn]


def _make_room(function, grid, start, drawn, layouts, rooms):
    """Lay out anew the figures whose room is too small for one of their frames, and return these frames."""
    groups = {}
    for index, frame in enumerate(drawn):
        groups.setdefault(frame.skeleton, []).append(index)
    wanted = []
    groups.pop(None, None)  # each of these has a layout of its own
    for kind, frames in groups.items():
        asked = layout.joint_room([*([rooms[kind]] if kind in rooms else []), *(drawn[i].room for i in frames)])
        fits = layout.has_room(rooms[kind], asked) if kind in rooms else len(frames) == 1
        if fits:
            continue
        model = start if start in frames else frames[0]
        figure, _ = figure_and_sentence(function, grid[model])
        with _drawing(_call(function, grid[model]), figure):
            svg.close_in_pyplot(figure)
            layout.lay_out(figure, asked)
        layouts[kind], rooms[kind] = layout.read_layout(figure), asked
        wanted += frames
    return sorted(wanted)


def _check_equal(where, first, second):
    if (svg.to_text(first.tree), first.sentence) != (svg.to_text(second.tree), second.sentence):
        raise ValueError(
            f"{where} draws another picture when it is called again, so its frames would depend on who draws them: "
            "let it make its own random generator, from a seed, and change nothing that lives outside it"
        )


def _place(figure, layouts):
    svg.close_in_pyplot(figure)
    kind = layout.skeleton(figure)
    if kind is not None and kind in layouts:
        layout.use_layout(figure, layouts[kind])
    else:
        layout.lay_out(figure)


def _draw(figure, sentence, prefix):
    layout.keep_inside(figure)
    tree = svg.normalise(svg.draw_svg(figure), prefix)
    check_formulas(figure, tree)
    return Picture(tree, sentence)


def _draw_placed(function, values, prefix, layouts):
    """Draw one frame, and measure the room that its labels take."""
    figure, sentence = figure_and_sentence(function, values)
    with _drawing(_call(function, values), figure):
        _place(figure, layouts)
        with layout.fixed_ticks(figure):
            room = layout.read_room(figure)
            picture = _draw(figure, sentence, prefix)
        return _Drawn(picture, layout.skeleton(figure), layout.read_layout(figure), room)


def _draw_one(index):
    _job.marks[index] = _BEGUN
    drawn = _draw_placed(_job.function, _job.grid[index], _job.prefix, _job.layouts)
    _job.marks[index] = _DONE
    return drawn


def _call(function, values):
    """Write a frame as the call that draws it."""
    return f"{name_of(function)}({', '.join(f'{k}={v!r}' for k, v in values.items())})"


@contextlib.contextmanager
def _drawing(where, figure):
    """Lay out and draw a figure for the page, and let an error of Matplotlib say which frame it could not draw."""
    try:
        with svg.for_the_page(figure):
            yield
    except Exception as error:
        for text in figure.findobj(Text):
            _check_text(where, "text", text.get_text())
        raise RuntimeError(f"{where} cannot be drawn, {type(error).__name__}: {error}") from error


def _check_text(where, what, text):
    found = _UNWRITABLE.search(text)
    if found:
        raise ValueError(
            f"{where} has the {what} {text!r} with the character {found[0]!r}, which no page can show; "
            "a formula with a backslash needs an r before its quotes"
        )


def _try_one(index):
    # An exception may not survive the way back to the parent process; its text does.
    try:
        return _draw_one(index), None
    except Exception as error:
        return None, (type(error).__name__, str(error), traceback.format_exc())


def _map(function, grid, wanted, layouts, prefix, processes):
    global _job
    if processes is None:
        processes = _processes(len(wanted))
    _job = _Job(function, grid, layouts, prefix, multiprocessing.RawArray("b", len(grid)))
    try:
        return [_draw_one(i) for i in wanted] if processes == 1 else _map_in_processes(wanted, processes)
    finally:
        _job = None


def _map_in_processes(wanted, processes):
    chunk = max(1, len(wanted) // (4 * processes))
    try:
        with warnings.catch_warnings(), _forked_pool(processes) as pool:
            results = list(pool.map(_try_one, wanted, chunksize=chunk))
    except BrokenProcessPool as error:
        begun = [
            _call(_job.function, values) for values, mark in zip(_job.grid, _job.marks, strict=True) if mark == _BEGUN
        ]
        raise RuntimeError(
            f"a process that draws {name_of(_job.function)} was killed, perhaps for want of memory, while it drew "
            f"{' or '.join(begun) or 'a frame'}"
        ) from error
    for _, failure in results:
        if failure is not None:
            kind, message, trace = failure
            error = {"ValueError": ValueError}.get(kind, RuntimeError)(message)
            error.add_note(trace)
            raise error
    return [drawn for drawn, _ in results]


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
