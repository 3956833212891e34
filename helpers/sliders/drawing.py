"""Drawing every frame of a figure: all in one layout that has room for each, side by side in processes."""

import contextlib
import re
from typing import NamedTuple

import matplotlib
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.sliders import layout, svg
from helpers.sliders.controls import name_of
from helpers.sliders.formulas import check_formulas
from helpers.sliders.processes import map_in_processes
from helpers.sliders.theme import RC

# While we draw a figure of pyplot, JupyterLab shows it from another thread, unless it is not interactive.
_OURS = RC | {"interactive": False}
_PASSES = 3  # a new layout may bring new tick labels, which may ask for more room
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML and in HTML


class Picture(NamedTuple):
    """One frame: an SVG element tree for each of its panels, and the sentence that says what is to be seen in them."""

    panels: tuple
    sentence: str

    @property
    def tree(self):
        """The first panel: all that a figure of one panel shows."""
        return self.panels[0]


class _Panel(NamedTuple):
    tree: object
    skeleton: object
    places: layout.Places
    room: layout.Room


class _Drawn(NamedTuple):
    panels: tuple
    sentence: str

    @property
    def picture(self):
        return Picture(tuple(panel.tree for panel in self.panels), self.sentence)


def figure_and_sentence(function, values):
    """Call a figure's function, and return its figure, or its list of figures (panels), and its sentence.

    Raises
    ------
    ValueError
        If it does not return a Matplotlib figure or a list of them, and a sentence.
    RuntimeError
        If it raises; the message says for which values.
    """
    where = call_text(function, values)
    try:
        with matplotlib.rc_context(_OURS), svg.ignore_missing_glyphs():
            returned = function(**values)
    except Exception as error:
        raise RuntimeError(f"{where} raised {type(error).__name__}: {error}") from error
    if not (isinstance(returned, tuple) and len(returned) == 2):
        raise ValueError(f"{where} must return a Matplotlib figure and one sentence, not {type(returned).__name__}")
    figure, sentence = returned
    if isinstance(figure, list | tuple):
        if not figure:
            raise ValueError(f"{where} must return at least one Matplotlib Figure in its list of panels")
        wrong = next((panel for panel in figure if not isinstance(panel, Figure)), None)
        if wrong is not None:
            raise ValueError(f"{where} must return a list of Matplotlib Figures first, not of {type(wrong).__name__}")
    elif not isinstance(figure, Figure):
        raise ValueError(f"{where} must return a Matplotlib Figure first, not {type(figure).__name__}")
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError(f"{where} must return a sentence that says what is to be seen, not {sentence!r}")
    _check_text(where, "sentence", sentence)
    return figure, sentence


def draw_frame(function, values, prefix, layouts=None, place=None):
    """Draw one frame.

    Parameters
    ----------
    function : callable
        Returns a figure, or a list of figures that are shown side by side, and a sentence.
    values : dict
        Its arguments.
    prefix : str
        What the ids of the SVG begin with; where there are panels, each adds its number.
    layouts : dict, optional
        (panel, `layout.skeleton` of its figure) → its `Places`; panels count from 0. A figure of another skeleton is
        laid out anew.
    place : callable, optional
        Places the axes of a figure, given it and the number of the panel, in place of `layouts`.

    Returns
    -------
    Picture
    figure : matplotlib.figure.Figure, or list of them
        As the function returned it, and laid out.

    Raises
    ------
    ValueError, RuntimeError
        As `figure_and_sentence`, and if Matplotlib cannot draw the figure.
    """
    figure, sentence = figure_and_sentence(function, values)
    panels, where, trees = svg.panels_of(figure), call_text(function, values), []
    _close_all(panels)
    for number, panel in enumerate(panels):
        with _drawing(where, panel), layout.fixed_ticks(panel):
            place(panel, number) if place else _place(panel, number, layouts or {})
            trees.append(_draw(panel, _panel_prefix(prefix, number, panels)))
    return Picture(tuple(trees), sentence), figure


def draw_frames(function, grid, start, prefix, processes=None):
    """Draw the frames of a whole grid, in its order, each panel in a layout that has room for its labels of all frames.

    Raises
    ------
    ValueError, RuntimeError
        As `draw_frame`; if a process dies; if frame `start`, drawn twice, is not the same; and if a frame has more or
        fewer panels than frame `start`.
    """
    first = _draw_placed(function, grid[start], prefix, {})
    if len(grid) == 1:
        return [first.picture]
    layouts = {(number, panel.skeleton): panel.places for number, panel in enumerate(first.panels)}
    rooms = {(number, panel.skeleton): panel.room for number, panel in enumerate(first.panels)}
    drawn = [None] * len(grid)
    # Drawn twice here: in another process torch may have other threads, and sums other last digits.
    drawn[start] = _draw_placed(function, grid[start], prefix, layouts)
    _check_equal(call_text(function, grid[start]), first.picture, drawn[start].picture)
    wanted = {index: None for index in range(len(grid)) if index != start}
    for _ in range(_PASSES):
        frames = map_in_processes(
            lambda task: _draw_placed(function, grid[task[0]], prefix, layouts, task[1]),
            [*wanted.items()],
            name_of(function),
            lambda task: call_text(function, grid[task[0]]),
            processes,
        )
        for index, frame in zip(wanted, frames, strict=True):
            drawn[index] = _updated(drawn[index], frame)
        _check_panels(function, grid, start, drawn)
        wanted = _make_room(function, grid, start, drawn, layouts, rooms)
        if not wanted:
            break
    return [frame.picture for frame in drawn]


def _updated(old, new):
    """Return a frame in which the panels that were drawn again take the places of the old ones."""
    if old is None:
        return new
    return new._replace(panels=tuple(panel or before for panel, before in zip(new.panels, old.panels, strict=True)))


def _make_room(function, grid, start, drawn, layouts, rooms):
    """Lay out anew the panels whose room is too small for one of their frames; return frame → panels to draw again."""
    groups = {}
    for index, frame in enumerate(drawn):
        for number, panel in enumerate(frame.panels):
            if panel.skeleton is not None:  # each of these has a layout of its own
                groups.setdefault((number, panel.skeleton), []).append(index)
    wanted = {}
    for kind, frames in groups.items():
        number, _ = kind
        measured = [drawn[i].panels[number].room for i in frames]
        asked = layout.joint_room([*([rooms[kind]] if kind in rooms else []), *measured])
        fits = layout.has_room(rooms[kind], asked) if kind in rooms else len(frames) == 1
        if fits:
            continue
        model = start if start in frames else frames[0]
        panels = svg.panels_of(figure_and_sentence(function, grid[model])[0])
        _close_all(panels)
        with _drawing(call_text(function, grid[model]), panels[number]):
            layout.lay_out(panels[number], asked)
        layouts[kind], rooms[kind] = layout.read_layout(panels[number]), asked
        for index in frames:
            wanted.setdefault(index, set()).add(number)
    return wanted


def _check_panels(function, grid, start, drawn):
    first, wanted = call_text(function, grid[start]), len(drawn[start].panels)
    for values, frame in zip(grid, drawn, strict=True):
        if len(frame.panels) != wanted:
            raise ValueError(
                f"{call_text(function, values)} returns {len(frame.panels)} figures, and {first} returns {wanted}: "
                "every frame must have the same number of panels"
            )


def _check_equal(where, first, second):
    one, other = (([*map(svg.to_text, picture.panels)], picture.sentence) for picture in (first, second))
    if one != other:
        raise ValueError(
            f"{where} draws another picture when it is called again, so its frames would depend on who draws them: "
            "let it make its own random generator, from a seed, and change nothing that lives outside it"
        )


def _close_all(panels):
    for panel in panels:
        svg.close_in_pyplot(panel)


def _panel_prefix(prefix, number, panels):
    return prefix if len(panels) == 1 else f"{prefix}-{number + 1}"


def _place(figure, number, layouts):
    kind = number, layout.skeleton(figure)
    if kind[1] is not None and kind in layouts:
        layout.use_layout(figure, layouts[kind])
    else:
        layout.lay_out(figure)


def _draw(figure, prefix):
    layout.keep_inside(figure)
    tree = svg.normalise(svg.draw_svg(figure), prefix)
    check_formulas(figure, tree)
    return tree


def _draw_placed(function, values, prefix, layouts, only=None):
    """Draw one frame, or `only` some of its panels, and measure the room that the labels of each panel take."""
    figure, sentence = figure_and_sentence(function, values)
    panels, where, drawn = svg.panels_of(figure), call_text(function, values), []
    _close_all(panels)
    for number, panel in enumerate(panels):
        if only is not None and number not in only:
            drawn.append(None)
            continue
        with _drawing(where, panel):
            _place(panel, number, layouts)
            with layout.fixed_ticks(panel):
                room = layout.read_room(panel)
                tree = _draw(panel, _panel_prefix(prefix, number, panels))
            drawn.append(_Panel(tree, layout.skeleton(panel), layout.read_layout(panel), room))
    return _Drawn(tuple(drawn), sentence)


def call_text(function, values):
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
