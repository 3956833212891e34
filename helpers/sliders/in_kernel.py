"""A figure with a kernel behind it: ipywidgets' own controls, any value, the same SVG as in the book."""

import asyncio
import html
import itertools
import traceback

import ipywidgets

from helpers.sliders import svg
from helpers.sliders.drawing import draw_frame

_WAIT = 0.015  # s: of the requests that have piled up while a frame was drawn, only the last is worth drawing
_serial = itertools.count(1)
_STYLE = "max-width:36rem;color:var(--jp-content-font-color1,inherit);--figure-paper:var(--jp-layout-color0,#fff)"


def live_view(function, widgets):
    """Return the box that Jupyter and Colab show: the controls, a reset button and the figure.

    Parameters
    ----------
    function : callable
        Returns a figure and a sentence.
    widgets : dict
        Parameter name → widget or `fixed`.

    Returns
    -------
    ipywidgets.VBox, Figure, str
        The box, and its first figure and sentence.
    """
    prefix = f"live{next(_serial)}"
    controls = [widget for widget in widgets.values() if isinstance(widget, ipywidgets.DOMWidget)]
    start = [widget.value for widget in controls]
    picture = ipywidgets.HTML()
    first, figure = draw_frame(function, _values(widgets), prefix)
    picture.value = _html(first)

    def redraw():
        # No layout is reused: the reader may have chosen a value whose labels are wider than any in the book.
        try:
            picture.value = _html(draw_frame(function, _values(widgets), prefix)[0])
        except Exception:
            picture.value = f'<pre role="alert">{html.escape(traceback.format_exc())}</pre>'

    request = _last_wins(redraw)
    for widget in controls:
        widget.style.description_width = "initial"
        widget.observe(request, names="value")
    return ipywidgets.VBox([*controls, _reset_button(controls, start), picture]), figure, first.sentence


def _values(widgets):
    return {name: widget.get_interact_value() for name, widget in widgets.items()}


def _reset_button(controls, start):
    def reset(_):
        for widget, value in zip(controls, start, strict=True):
            widget.value = value

    button = ipywidgets.Button(description="Reset", layout={"width": "auto", "align_self": "flex-start"})
    button.on_click(reset)
    return button


def _last_wins(redraw):
    """Return an observer that calls `redraw` once for all the changes that come in one go.

    The redraw reads the values when its time has come, so it shows the last of them. A change never puts off a
    redraw that is waiting: a reader who drags without a pause sees the figure move too.
    """
    waiting = False

    def request(_change):
        nonlocal waiting
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no event loop, so nothing can pile up
            redraw()
            return
        if not waiting:
            waiting = True
            loop.call_later(_WAIT, run)

    def run():
        nonlocal waiting
        waiting = False
        redraw()

    return request


def _html(picture):
    sentence = html.escape(picture.sentence)
    return (
        # A front end must not set as a formula what stands between two dollars of a sentence.
        f'<div class="tex2jax_ignore mathjax_ignore" style="{_STYLE}">'
        f'<div class="interact-picture" role="img" aria-label="{sentence}">'
        f"{svg.to_text(picture.tree)}</div>"
        f'<p class="interact-sentence" style="margin:0" aria-live="polite">{sentence}</p></div>'
    )
