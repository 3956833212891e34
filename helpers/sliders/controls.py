"""What a reader can move: ipywidgets' abbreviations as widgets, and the values that each takes in the book."""

import inspect
import itertools
import math
from collections.abc import Mapping
from typing import NamedTuple

import ipywidgets
from ipywidgets import interactive

MOST_FRAMES = 400
_ON_OFF = (ipywidgets.Checkbox, ipywidgets.ToggleButton)
_MENUS = (ipywidgets.Dropdown, ipywidgets.RadioButtons, ipywidgets.Select, ipywidgets.ToggleButtons)
_CHOICES = (*_MENUS, ipywidgets.SelectionSlider)


class Control(NamedTuple):
    """One control of a figure in the book: every value it takes, and how each is written beside it."""

    name: str  # the function's parameter
    label: str
    kind: str  # "range", "select" or "checkbox"
    values: tuple
    texts: tuple
    start: int  # the index of the first value shown


def name_of(function):
    """Return what to call a function, which may be a partial or an object that is called."""
    return getattr(getattr(function, "func", function), "__name__", type(function).__name__)


def make_widgets(function, abbreviations):
    """Make the widgets of `function`'s parameters, as `ipywidgets.interact` does.

    Parameters
    ----------
    function : callable
        Its defaults give the start values, and the abbreviations of parameters not in `abbreviations`.
    abbreviations : dict
        Tuple → slider, list or dict → drop-down, bool → check box; a widget stands for itself; `fixed(value)` is
        passed on and shows no control.

    Returns
    -------
    dict
        Parameter name → widget (or `fixed`), in the order of the function's signature.

    Raises
    ------
    ValueError
        If a parameter has no default and no abbreviation, or an abbreviation names no parameter.
    """
    parameters = inspect.signature(function).parameters
    open_ended = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    unknown = [name for name in abbreviations if name not in parameters and not open_ended]
    if unknown:
        known = ", ".join(parameters) or "none"
        raise ValueError(f"{name_of(function)} has no parameter {unknown[0]!r}; it has {known}")
    names = [n for n, p in parameters.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    names += [name for name in abbreviations if name not in names]
    return {name: _make_widget(function, name, parameters.get(name), abbreviations) for name in names}


def read_controls(widgets, static):
    """List the controls of the book's figure and the values that they take there.

    Parameters
    ----------
    widgets : dict
        What `make_widgets` returns.
    static : dict
        Parameter name → the values to draw in the book, in place of the widget's own.

    Returns
    -------
    list of Control

    Raises
    ------
    ValueError
        If a control has no finite list of values, `static` names no control, or the start value is not drawn.
    """
    unknown = [name for name in static if name not in widgets or isinstance(widgets[name], ipywidgets.fixed)]
    if unknown:
        raise ValueError(f"static names {unknown[0]!r}, but the controls are {', '.join(widgets) or 'none'}")
    return [
        _read_control(name, widget, static.get(name))
        for name, widget in widgets.items()
        if not isinstance(widget, ipywidgets.fixed)
    ]


def fixed_values(widgets):
    """Return the parameters that no control moves."""
    return {name: widget.value for name, widget in widgets.items() if isinstance(widget, ipywidgets.fixed)}


def grid(controls):
    """List every combination of the controls' values, the last control moving fastest.

    Raises
    ------
    ValueError
        If there are more than `MOST_FRAMES`. The error names the control to coarsen.
    """
    frames = math.prod(len(control.values) for control in controls)
    if frames > MOST_FRAMES:
        widest = max(controls, key=lambda control: len(control.values))
        counts = " × ".join(f"{len(control.values)} ({control.name})" for control in controls)
        raise ValueError(
            f"the figure would have {frames} frames, {counts}, and the book draws at most {MOST_FRAMES}: give "
            f"{widest.name!r} a larger step, or choose its values with static={{{widest.name!r}: [...]}}"
        )
    names = [control.name for control in controls]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*(c.values for c in controls))]


def _make_widget(function, name, parameter, abbreviations):
    default = inspect.Parameter.empty if parameter is None else parameter.default
    abbreviation = abbreviations.get(name, default)
    if abbreviation is inspect.Parameter.empty:
        raise ValueError(f"{name_of(function)} needs a default or an abbreviation for its parameter {name!r}")
    widget = interactive.widget_from_abbrev(abbreviation, default)
    if widget is None:
        raise ValueError(f"{name}={abbreviation!r} is not an abbreviation that ipywidgets knows, and not a widget")
    if isinstance(widget, ipywidgets.ValueWidget) and not widget.description:
        widget.description = name.replace("_", " ")
    return widget


def _read_control(name, widget, chosen):
    pairs = _pairs(name, widget) if chosen is None else [(value, _text(widget, value)) for value in chosen]
    if not pairs:
        raise ValueError(f"the control {name!r} has no values to draw; give static={{{name!r}: [...]}} at least one")
    values, texts = zip(*pairs, strict=True)
    start = _index(values, widget.value)
    if start is None:
        raise ValueError(f"{name} starts at {widget.value!r}, which is not among the values drawn: {', '.join(texts)}")
    return Control(name, widget.description, _kind(widget, values), values, texts, start)


def _kind(widget, values):
    if isinstance(widget, _ON_OFF) and values == (False, True):
        return "checkbox"
    return "select" if isinstance(widget, (*_MENUS, ipywidgets.Text)) else "range"


def _pairs(name, widget):
    """Return (value, text) for every value of a control."""
    if isinstance(widget, _ON_OFF):
        return [(False, "off"), (True, "on")]
    if isinstance(widget, _CHOICES):
        return [(value, str(text)) for text, value in _options(widget.options)]
    if isinstance(widget, ipywidgets.FloatLogSlider):
        return [(v, f"{v:.3g}") for v in (widget.base**e for e in _steps(widget.min, widget.max, widget.step))]
    if isinstance(widget, ipywidgets.IntSlider | ipywidgets.FloatSlider):
        steps = _steps(widget.min, widget.max, widget.step)
        return list(zip(steps, _same_digits(steps), strict=True))
    raise ValueError(
        f"the control {name!r} ({type(widget).__name__}) has no finite list of values for the book to draw: "
        f"give static={{{name!r}: [...]}}, or a slider, a drop-down or a check box"
    )


def _options(options):
    """Return (text, value) for what ipywidgets takes as options: a mapping, pairs, or plain values."""
    options = list(options.items() if isinstance(options, Mapping) else options)
    paired = all(isinstance(option, (tuple, list)) and len(option) == 2 for option in options)
    return options if paired else [(option, option) for option in options]


def _steps(low, high, step):
    """Count from `low` to `high` in whole steps, without the drift of repeated addition."""
    if not step or step <= 0:
        raise ValueError(f"a slider from {low} to {high} needs a positive step for the book to draw, not {step}")
    count = math.floor((high - low) / step + 1e-9) + 1
    return [round(low + i * step, 12) for i in range(count)]


def _same_digits(values):
    """Write the values of a slider with equally many decimals, as few as are right to a hundredth of its step."""
    if all(isinstance(value, int) for value in values):
        return [str(value) for value in values]
    near = (values[-1] - values[0]) / max(1, len(values) - 1) / 100 or 1e-9
    decimals = next(d for d in range(20) if all(abs(round(v, d) - v) < near for v in values))
    return [f"{value:.{decimals}f}" for value in values]


def _text(widget, value):
    """Write a chosen value as the control itself would: a menu has a name for it."""
    if isinstance(widget, _CHOICES):
        return next((str(text) for text, option in _options(widget.options) if option == value), str(value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _index(values, wanted):
    for index, value in enumerate(values):
        numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
        if value == wanted or (numbers and math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-12)):
            return index
    return None
