"""A figure with a kernel behind it: ipywidgets' own controls, any value, the same SVG as in the book."""

import asyncio
import html
import itertools
import threading
import time
import traceback

import ipywidgets

from helpers.sliders import live_controls, svg
from helpers.sliders.drawing import draw_frame
from helpers.sliders.layout import KeptLayouts

_WAIT = 0.015  # s: of the requests that have piled up while a frame was drawn, only the last is worth drawing
_SPARE = 1.5  # what a clock leaves a frame, as a multiple of the time that it takes to draw one
_serial = itertools.count(1)
_STYLE = "max-width:36rem;color:var(--jp-content-font-color1,inherit);--figure-paper:var(--jp-layout-color0,#fff)"
_PANEL = "flex:1 1 20.4rem;min-width:0;max-width:36rem"


def live_view(function, widgets):
    """Return the box that Jupyter and Colab show: the controls, a reset button and the figure.

    Parameters
    ----------
    function : callable
        Returns a figure, or a list of figures that are shown side by side, and a sentence.
    widgets : dict
        Parameter name → widget or `fixed`.

    Returns
    -------
    ipywidgets.VBox, Figure or list of Figure, str
        The box, and its first figure and sentence.
    """
    prefix, layouts = f"live{next(_serial)}", KeptLayouts()
    controls = [widget for widget in widgets.values() if isinstance(widget, ipywidgets.DOMWidget)]
    note, clear_note = live_controls.busy_note(controls)
    picture = ipywidgets.HTML()
    first, figure = draw_frame(function, _values(widgets), prefix, place=layouts.place)
    picture.value = _html(first)

    def redraw():
        clear_note()
        began = time.perf_counter()
        try:
            picture.value = _html(draw_frame(function, _values(widgets), prefix, place=layouts.place)[0])
        except Exception as error:
            picture.value = _error(error)
        took = time.perf_counter() - began
        for control, interval in intervals.items():
            _keep_pace(control, interval, took)

    intervals = {control: control.interval for control in controls if isinstance(control, ipywidgets.Play)}
    requests = _Requests(redraw)
    for widget in controls:
        widget.observe(requests.ask, names="value")
    # What the front end has written in the note may come after the figure has followed.
    note.observe(lambda change: requests.when_idle(clear_note) if change.new != "" else None, names="value")
    if not controls:
        return ipywidgets.VBox([picture]), figure, first.sentence
    reset = live_controls.reset_button(controls, [widget.value for widget in controls])
    head = live_controls.head_of(controls, reset)
    style = ipywidgets.HTML(live_controls.STYLE, layout={"display": "none"})
    return ipywidgets.VBox([style, head, note, picture]), figure, first.sentence


def _values(widgets):
    return {name: widget.get_interact_value() for name, widget in widgets.items()}


def _keep_pace(play, interval, took):
    """Let a clock wait for the figure: no shorter than its author's `interval`, in ms, and than a frame takes, in s."""
    wanted = max(interval, round(1000 * _SPARE * took))
    if wanted > play.interval or wanted < 0.7 * play.interval:
        play.interval = wanted


class _Requests:
    """Calls `redraw` once for all the changes that come in one go.

    The redraw reads the values when its time has come, so it shows the last of them. A change never puts off a redraw
    that is waiting: a reader who drags without a pause sees the figure move too.

    JupyterLab hears of changes in a thread of their own, even while a cell runs. The redraw waits for the cell: the
    settings of Matplotlib, and what the function reads, belong to one thread at a time.
    """

    def __init__(self, redraw):
        """Remember the loop that runs the cells, if there is one."""
        self._redraw, self._home = redraw, _running_loop()
        self._lock, self._waiting, self._ended = threading.Lock(), False, -_WAIT

    def ask(self, _change=None):
        """Ask for a redraw; where no loop runs, nothing can pile up, and it comes at once."""
        loop = self._loop()
        if loop is None:
            self._redraw()
            return
        with self._lock:
            if self._waiting:
                return
            self._waiting = True
        # After a rest nothing has piled up.
        wait = _WAIT if time.perf_counter() - self._ended < 2 * _WAIT else 0
        loop.call_soon_threadsafe(loop.call_later, wait, self._run)

    def when_idle(self, act):
        """Call `act` when the loop is free, unless a redraw waits then."""
        loop = self._loop()
        if loop is None:
            act()
        else:
            loop.call_soon_threadsafe(lambda: None if self._waiting else act())

    def _loop(self):
        return self._home if self._home is not None and self._home.is_running() else _running_loop()

    def _run(self):
        with self._lock:
            self._waiting = False
        self._redraw()
        self._ended = time.perf_counter()


def _running_loop():
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _html(picture):
    sentence = html.escape(picture.sentence)
    panels = "".join(f'<div style="{_PANEL}">{svg.to_text(tree)}</div>' for tree in picture.panels)
    # Panels stand side by side where there is room.
    wide = ";max-width:none" if len(picture.panels) > 1 else ""
    return (
        # A front end must not set as a formula what stands between two dollars of a sentence.
        f'<div class="tex2jax_ignore mathjax_ignore" style="{_STYLE}{wide}">'
        f'<div class="interact-picture" role="img" aria-label="{sentence}" style="display:flex;flex-wrap:wrap">'
        f"{panels}</div>"
        f'<p class="interact-sentence" style="margin:0" aria-live="polite">{sentence}</p></div>'
    )


def _error(error):
    """Write what went wrong in place of the figure; the traceback is folded.

    What the function refuses, such as a text without a word that it knows, is said in its own words.
    """
    refused = isinstance(error.__cause__, ValueError)
    message = html.escape(str(error.__cause__ if refused else error))
    trace = html.escape("".join(traceback.format_exception(error)))
    return (
        f'<div class="tex2jax_ignore mathjax_ignore" style="{_STYLE}" role="alert"><p>{message}</p>'
        f'<details><summary>Where it arose</summary><pre style="overflow:auto">{trace}</pre></details></div>'
    )
