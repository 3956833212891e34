"""A figure as HTML for the book: the first frame inlined, the others as differences, native controls."""

import base64
import html
import json

from helpers.sliders import svg
from helpers.sliders.differences import encode_frames

IN_PAGE = "SLIDERS_IN_PAGE"  # set in the environment of the kernels that draw for a page


_ICONS = {
    "play": "M4 2v12l10-6z",
    "pause": "M3 2h4v12H3zM9 2h4v12H9z",
    "back": "M3 2h2v12H3zM14 2v12L6 8z",
    "on": "M13 2h-2v12h2zM2 2v12l8-6z",
    "sound": "M2 6h2.5L8 3v10L4.5 10H2zM10 5.2l1-1.2a5 5 0 0 1 0 8l-1-1.2a3.4 3.4 0 0 0 0-5.6z",
    "reset": "M8 2a6 6 0 1 1-5.7 4.1l1.7.6A4.2 4.2 0 1 0 8 3.8v2.4L3.8 3.1 8 0z",
}


def figure_page(key, controls, pictures, start):
    """Write a figure with its controls as HTML that needs nothing but replay.js.

    Parameters
    ----------
    key : str
        Unique on the page; ids begin with it.
    controls : list of Control
        May be empty: a still figure.
    pictures : list of Picture
        One for each combination of the controls' values, the last control moving fastest.
    start : int
        The index of the picture shown first.

    Returns
    -------
    str
    """
    panels = [encode_frames(trees, start) for trees in zip(*(picture.panels for picture in pictures), strict=True)]
    sentence_id = f"{key}--sentence"
    several = f' data-panels="{len(panels)}"' if len(panels) > 1 else ""
    parts = [f'<figure class="interact" id="{key}"{several}>']
    parts.append('<div class="interact-stage">')  # which the controls do not leave when they stay in view
    if controls:
        parts.append(_controls(key, controls))
    parts.append(
        f'<div class="interact-picture" role="img" aria-labelledby="{sentence_id}">'
        + "".join(_panel(bases[0]) for bases, _ in panels)
        + "</div>\n</div>"
    )
    if controls:
        parts.append(f'<script type="application/json">{_data(controls, pictures, panels)}</script>')
        parts.append('<p class="interact-news" aria-live="polite"></p>')
    sentence = html.escape(pictures[start].sentence)
    parts.append(f'<figcaption class="interact-sentence" id="{sentence_id}">{sentence}</figcaption>')
    return "\n".join([*parts, "</figure>"])


def _panel(tree):
    inches = float(tree.get("viewBox").split()[2]) / 72
    return f'<div class="interact-panel" data-inches="{inches:.4g}">{svg.to_text(tree)}</div>'


def _controls(key, controls):
    # Any parameter may be a control, one called "sentence" too: so their ids have a part of their own.
    # A parameter given by **kwargs may have any name, and no id may have a space or a quotation mark.
    names = [control.name if control.name.isidentifier() else str(i) for i, control in enumerate(controls)]
    rows = "\n".join(
        _CONTROL[control.kind](f"{key}--control-{name}", control) for name, control in zip(names, controls, strict=True)
    )
    return (
        f'<div class="interact-controls" role="group" aria-label="Controls of the figure" data-waiting>\n{rows}\n'
        f"{_button('reset', 'Reset', 'reset')}\n</div>"
    )


def _label(identity, control):
    return f'<label for="{identity}">{html.escape(control.label)}</label>'


def _icon(name):
    return f'<svg class="interact-icon-{name}" viewBox="0 0 16 16" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'


def _button(name, label, *icons):
    return (
        f'<button type="button" class="interact-{name}" aria-label="{label}" title="{label}">'
        f"{''.join(map(_icon, icons))}</button>"
    )


def _range(identity, control, buttons=""):
    text = html.escape(control.texts[control.start])
    width = max(len(text) for text in control.texts)
    return (
        f'<div class="interact-control">{_label(identity, control)}'
        f'<div class="interact-track">{buttons}'
        f'<input type="range" id="{identity}" min="0" max="{len(control.values) - 1}" step="1" '
        f'value="{control.start}" aria-valuetext="{text}" autocomplete="off" disabled></div>'
        f'<output for="{identity}" aria-hidden="true" data-width="{width}">{text}</output></div>'
    )


def _play(identity, control):
    buttons = (
        _button("run", "Play", "play", "pause")
        + _button("back", "One step back", "back")
        + _button("on", "One step on", "on")
    )
    if control.sound is not None:
        buttons += _button("listen", "Listen", "sound", "pause") + _audio(control)
    return _range(identity, control, f'<div class="interact-play" data-interval="{control.interval}">{buttons}</div>')


def _audio(control):
    """The sound itself, in the page: it is read when the reader first listens."""
    times = " ".join(f"{time:.4g}" for time in control.times)
    source = f"data:audio/wav;base64,{base64.b64encode(control.sound).decode('ascii')}"
    return f'<audio preload="none" data-times="{times}" src="{source}"></audio>'


def _select(identity, control):
    options = "".join(
        f'<option value="{i}"{" selected" if i == control.start else ""}>{html.escape(text)}</option>'
        for i, text in enumerate(control.texts)
    )
    return (
        f'<div class="interact-control">{_label(identity, control)}'
        f'<select id="{identity}" autocomplete="off" disabled>{options}</select></div>'
    )


def _checkbox(identity, control):
    checked = " checked" if control.values[control.start] else ""
    return (
        f'<div class="interact-control">{_label(identity, control)}'
        f'<input type="checkbox" id="{identity}"{checked} autocomplete="off" disabled></div>'
    )


_CONTROL = {"range": _range, "play": _play, "select": _select, "checkbox": _checkbox}


def _data(controls, pictures, panels):
    """Write what replay.js needs as JSON. A data block is not a script: no Content-Security-Policy stops it."""
    data = {
        "controls": [{"name": each.name, "texts": each.texts, "start": each.start} for each in controls],
        "sentences": [picture.sentence for picture in pictures],
        "panels": [_panel_data(bases, frames) for bases, frames in panels],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _panel_data(bases, frames):
    """List the bases of a panel, the frames that differ, and which of them each place of the grid shows."""
    places, different = {}, []
    shown = []
    for frame in frames:
        place = places.setdefault(json.dumps(frame), len(different))
        if place == len(different):
            different.append(frame)
        shown.append(place)
    return {
        "bases": [None, *(svg.to_text(base) for base in bases[1:])],  # the page shows base 0 itself
        "frames": different,
        "shown": shown,
    }
