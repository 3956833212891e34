"""`interact` and `show`: a live figure in a notebook, and a figure that moves without a kernel in a built book.

With a kernel (Jupyter, Colab) the figure has ipywidgets' own controls and takes any value. While a book is built,
every frame is drawn once and stored in the page, where a small script plays it back: no kernel, no server. The live
figure is made then too, and nobody hears of it: so the run that builds the book gives what a notebook stores, the PNG
and the text, and fails where a kernel would.
"""

import inspect
import itertools
import os
import re
import textwrap

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from helpers.sliders import controls, drawing, layout, svg
from helpers.sliders.controls import name_of
from helpers.sliders.formulas import plain_text
from helpers.sliders.front_end import close_widget, no_front_end
from helpers.sliders.in_kernel import live_view
from helpers.sliders.in_page import IN_PAGE, figure_page
from helpers.sliders.png import draw_png
from helpers.sliders.touch import resolve_touches

_taken = set()  # the names of the figures on this page


def interact(function=None, /, *, static=None, **abbreviations):
    """Show a figure and let the reader move what it depends on. Called as `ipywidgets.interact` is.

    Parameters
    ----------
    function : callable
        Takes the controls' values; returns a Matplotlib figure, or a list of figures that are shown side by side, and
        one sentence that says what is to be seen.
    static : dict, optional
        Parameter name → the values to draw in the book, where a slider's own steps would be too many. If the function
        has a parameter of this name, it is the abbreviation of that one.
    **abbreviations
        ``(low, high, step)`` → slider, list or dict → drop-down, bool → check box, str → text, or any ipywidgets
        control, `Play` for time; ``fixed(value)`` for what is not to move. A parameter that is left out takes its
        default as abbreviation. A text is free with a kernel; in the book it is a choice of what `static` gives.

    Returns
    -------
    callable
        `function` itself.

    Raises
    ------
    ValueError
        If the function returns no figure or no sentence. While the book is built, also if a control has no finite list
        of values, if the grid has too many frames, if a frame has more or fewer panels than the first, if a gid names
        no control or no value of it, and if the function, called twice, draws two pictures. The message names the
        control or the frame.
    RuntimeError
        If the function raises or its figure cannot be drawn; the message says for which values.

    Notes
    -----
    In the book, an artist whose `gid` is ``"control=value"`` sets that control when the reader clicks it; the value is
    written as the control writes it. The state of all controls is in the address of the page,
    ``#function-name?control=value&…``.

    What Matplotlib draws in black by itself, text, axes and ticks, has the colour of the page's text, in the light and
    in the dark. Colours that the function chooses stay, black and white too; `INK` and `PAPER` of
    `helpers.sliders.theme` are the colours that follow the page.

    Examples
    --------
    >>> @interact(radius=(0.5, 1.5, 0.05))
    ... def growth(radius=1.0):
    ...     figure, axes = plt.subplots()
    ...     axes.plot([radius**n for n in range(51)])
    ...     return figure, f"After 50 steps a vector has {radius**50:.1e} times its length."
    """
    if function is None:
        return lambda decorated: interact(decorated, static=static, **abbreviations)
    if not callable(function):
        raise ValueError(f"interact wants a function that returns a figure and a sentence, not {function!r}")
    if "static" in inspect.signature(function).parameters and static is not None:
        abbreviations, static = {**abbreviations, "static": static}, None
    if os.environ.get(IN_PAGE):
        with no_front_end():
            widgets = controls.make_widgets(function, abbreviations)
            shown = _page(function, widgets, {} if static is None else static)
            view, stored, metadata = _live(function, widgets)
            close_widget(view)  # nobody moves it: the page has its own controls
    else:
        view, stored, metadata = _live(function, controls.make_widgets(function, abbreviations))
        shown = view._repr_mimebundle_()
    display({**shown, **stored}, metadata=metadata, raw=True)
    return function


def show(figure, sentence):
    """Show a figure that does not move, with the sentence that says what is to be seen.

    Parameters
    ----------
    figure : matplotlib.figure.Figure, or list of them
        A list is shown side by side.
    sentence : str
        The figure's text equivalent.

    Raises
    ------
    ValueError
        If either is missing.
    """

    def still():
        return figure, sentence

    for panel in figure if isinstance(figure, list | tuple) else [figure]:
        if isinstance(panel, Figure):
            svg.use_ink(panel)
    page = _page(still, {}, {}) if os.environ.get(IN_PAGE) else {}
    figure, sentence = drawing.figure_and_sentence(still, {})
    for panel in svg.panels_of(figure):
        svg.close_in_pyplot(panel)
        with svg.ignore_missing_glyphs():
            layout.lay_out(panel)
            layout.keep_inside(panel)
    stored, metadata = _stored(figure, sentence, sentence, "<figure>")
    display({**page, **stored}, metadata=metadata, raw=True)


def _page(function, widgets, static):
    """Return what the book shows: every frame."""
    chosen = controls.read_controls(widgets, static)
    fixed = controls.fixed_values(widgets)
    grid = [{**values, **fixed} for values in controls.grid(chosen)]
    start = 0
    for control in chosen:
        start = start * len(control.values) + control.start
    key = f"figure-{_unique_name(function)}"
    # No name has two hyphens in a row, so that no id of this figure is one of another.
    pictures = drawing.draw_frames(function, grid, start, f"{key}-")
    resolve_touches(pictures, chosen, fixed, lambda index: drawing.call_text(function, grid[index]))
    return {"text/html": figure_page(key, chosen, pictures, start)}


def _unique_name(function):
    """Return the function's name as the page's address has it, with a number if another figure has it too."""
    name = re.sub("[^a-z0-9]+", "-", name_of(function).lower()).strip("-") or "plot"
    numbered = (name if n == 1 else f"{name}-{n}" for n in itertools.count(1))
    unique = next(each for each in numbered if each not in _taken)
    _taken.add(unique)
    return unique


def _live(function, widgets):
    """Return the view of a kernel, and what a notebook stores of the figure, with its metadata."""
    view, figure, sentence = live_view(function, widgets)
    moved = [widget for widget in widgets.values() if not isinstance(widget, ipywidgets.fixed)]
    names = [plain_text(widget.description) for widget in moved]
    caption = f"{sentence}\nRun this cell, or open the book, to move: {', '.join(names)}." if names else sentence
    text = f"<figure {name_of(function)}: {', '.join(names)}>"
    return view, *_stored(figure, sentence, caption, text, name_of(function))


def _stored(figure, sentence, caption, text, name="the figure"):
    """Return what stands where nothing runs, a PNG with its caption, and the picture's text."""
    caption = "\n".join(textwrap.fill(line, 66) for line in caption.splitlines())
    png = draw_png(figure, caption, name=name)
    return {"image/png": png, "text/plain": text}, {"image/png": {"alt": sentence}}
