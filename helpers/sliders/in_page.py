"""A figure as HTML for the book: the first frame inlined, the others as differences, native controls."""

import html
import json

from helpers.sliders import svg
from helpers.sliders.differences import encode_frames

IN_PAGE = "SLIDERS_IN_PAGE"  # set in the environment of the kernels that draw for a page


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
    bases, frames = encode_frames([picture.tree for picture in pictures], start)
    sentence_id = f"{key}-sentence"
    parts = [f'<figure class="interact" id="{key}">']
    if controls:
        parts.append(_controls(key, controls))
    parts.append(
        f'<div class="interact-picture" role="img" aria-labelledby="{sentence_id}">{svg.to_text(bases[0])}</div>'
    )
    if controls:
        parts.append(f'<script type="application/json">{_data(controls, pictures, bases, frames)}</script>')
        parts.append('<p class="interact-news" aria-live="polite"></p>')
    sentence = html.escape(pictures[start].sentence)
    parts.append(f'<figcaption class="interact-sentence" id="{sentence_id}">{sentence}</figcaption>')
    return "\n".join([*parts, "</figure>"])


def _controls(key, controls):
    # Any parameter may be a control, one called "sentence" too: so their ids have a part of their own.
    # A parameter given by **kwargs may have any name, and no id may have a space or a quotation mark.
    names = [control.name if control.name.isidentifier() else str(i) for i, control in enumerate(controls)]
    rows = "\n".join(
        _CONTROL[control.kind](f"{key}-control-{name}", control) for name, control in zip(names, controls, strict=True)
    )
    return (
        f'<div class="interact-controls" role="group" aria-label="Controls of the figure" data-waiting>\n{rows}\n'
        '<button type="button" class="interact-reset">Reset</button>\n</div>'
    )


def _label(identity, control):
    return f'<label for="{identity}">{html.escape(control.label)}</label>'


def _range(identity, control):
    text = html.escape(control.texts[control.start])
    width = max(len(text) for text in control.texts)
    return (
        f'<div class="interact-control">{_label(identity, control)}'
        f'<input type="range" id="{identity}" min="0" max="{len(control.values) - 1}" step="1" '
        f'value="{control.start}" aria-valuetext="{text}" autocomplete="off" disabled>'
        f'<output for="{identity}" aria-hidden="true" data-width="{width}">{text}</output></div>'
    )


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


_CONTROL = {"range": _range, "select": _select, "checkbox": _checkbox}


def _data(controls, pictures, bases, frames):
    """Write what replay.js needs as JSON. A data block is not a script: no Content-Security-Policy stops it."""
    data = {
        "controls": [{"texts": control.texts, "start": control.start} for control in controls],
        "bases": [None, *(svg.to_text(base) for base in bases[1:])],  # the page shows base 0 itself
        "frames": [
            [frame.base, picture.sentence, frame.changes] for frame, picture in zip(frames, pictures, strict=True)
        ],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
