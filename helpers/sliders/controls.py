"""What a reader can move: ipywidgets' abbreviations as widgets, and the values that each takes in the book."""

import inspect
import itertools
import math
import numbers
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ipywidgets
from ipywidgets import interactive

from helpers.sliders.formulas import plain_text

MOST_FRAMES = 400
_FASTEST, _SLOWEST = 125, 250  # ms a frame: what moves faster is not seen, what moves slower is no movement
_LONGEST = 10  # characters of a slider's number; a longer one is written with a power of ten, if that is shorter
_ON_OFF = (ipywidgets.Checkbox, ipywidgets.ToggleButton)
_MENUS = (ipywidgets.Dropdown, ipywidgets.RadioButtons, ipywidgets.Select, ipywidgets.ToggleButtons)
_CHOICES = (*_MENUS, ipywidgets.SelectionSlider)


class Control(NamedTuple):
    """One control of a figure in the book: every value it takes, and how each is written beside it."""

    name: str  # the function's parameter
    label: str
    kind: str  # "range", "play", "select" or "checkbox"
    values: tuple
    texts: tuple
    start: int  # the index of the first value shown
    interval: int | None = None  # ms from one value to the next, of one that plays
    sound: bytes | None = None  # a WAV file, of one that sounds
    times: tuple = ()  # s, when in the sound each value has its turn


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
        Tuple → slider, list or dict → drop-down, bool → check box, str → text; a widget stands for itself;
        `fixed(value)` is passed on and shows no control.

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
    if not isinstance(static, Mapping):
        raise ValueError(f"static wants a dict, from a parameter's name to the values to draw, not {static!r}")
    unknown = [name for name in static if name not in widgets or isinstance(widgets[name], ipywidgets.fixed)]
    if unknown:
        raise ValueError(f"static names {unknown[0]!r}, but the controls are {', '.join(widgets) or 'none'}")
    return [
        _read_control(name, widget, static.get(name))
        for name, widget in widgets.items()
        if not isinstance(widget, ipywidgets.fixed)
    ]


def place_of(control, text):
    """Return where in its list a control has the value that `text` writes, or None."""
    for place, (value, written) in enumerate(zip(control.values, control.texts, strict=True)):
        if text in (written, str(value)):
            return place
    try:
        return _index(control.values, float(text))
    except ValueError:
        return None


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
    pairs = _pairs(name, widget) if chosen is None else _chosen_pairs(name, widget, chosen)
    if not pairs:
        raise ValueError(f"the control {name!r} has no values to draw; give static={{{name!r}: [...]}} at least one")
    values, texts = zip(*pairs, strict=True)
    start = _index(values, widget.value)
    if start is None:
        raise ValueError(f"{name} starts at {widget.value!r}, which is not among the values drawn: {', '.join(texts)}")
    interval, sound, times = None, getattr(widget, "sound", None), ()
    if isinstance(widget, ipywidgets.Play):
        interval = min(max(widget.interval, _FASTEST), _SLOWEST)
    if sound is not None:
        times = tuple(widget.seconds * (value - widget.min) / (widget.max - widget.min) for value in values)
    kind = _kind(widget, values)
    return Control(name, plain_text(widget.description), kind, values, texts, start, interval, sound, times)


def _kind(widget, values):
    if isinstance(widget, ipywidgets.Play):
        return "play"
    if all(isinstance(value, bool) for value in values):
        return "checkbox" if values == (False, True) else "select"
    if isinstance(widget, ipywidgets.SelectionSlider):
        return "range"
    in_order = all(isinstance(value, numbers.Real) for value in values)
    return "range" if in_order and not isinstance(widget, (*_MENUS, *_ON_OFF)) else "select"


def _chosen_pairs(name, widget, chosen):
    """Return (value, text) for what `static` gives for a control."""
    if isinstance(chosen, str | bytes) or not isinstance(chosen, Iterable):
        raise ValueError(f"static={{{name!r}: {chosen!r}}} must give a list of values, such as [{chosen!r}]")
    values = list(chosen)
    if len(values) == 2 and all(isinstance(value, bool) for value in values):
        return [(value, "on" if value else "off") for value in sorted(values)]  # as a check box has them
    return [(value, _text(widget, value)) for value in values]


def _pairs(name, widget):
    """Return (value, text) for every value of a control."""
    if isinstance(widget, _ON_OFF):
        return [(False, "off"), (True, "on")]
    if isinstance(widget, _CHOICES):
        return [(value, str(text)) for text, value in _options(widget.options)]
    if isinstance(widget, ipywidgets.FloatLogSlider):
        powers = [widget.base**e for e in _steps(widget.min, widget.max, widget.step)]
        return [(v, _formatted(widget, v) or f"{v:.3g}") for v in powers]
    if isinstance(widget, ipywidgets.IntSlider | ipywidgets.FloatSlider | ipywidgets.Play):
        steps = _steps(widget.min, widget.max, widget.step)
        return [(v, _formatted(widget, v) or text) for v, text in zip(steps, _same_digits(steps), strict=True)]
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
    digits = 12 + max(0, -math.floor(math.log10(step)))
    return [round(low + i * step, digits) for i in range(count)]


def _same_digits(values):
    """Write the values of a slider with equally many decimals, as few as are right to a hundredth of its step."""
    if all(isinstance(value, int) for value in values):
        return [str(value) for value in values]
    near = (values[-1] - values[0]) / max(1, len(values) - 1) / 100 or abs(values[0]) / 1e9 or 1
    decimals = _fewest(lambda value, digits: f"{value:.{digits}f}", values, near)
    if len(decimals[-1]) <= _LONGEST:
        return decimals
    powers = _fewest(lambda value, digits: f"{value:.{digits}e}" if value else "0", values, near)
    return min(decimals, powers, key=lambda texts: max(map(len, texts)))


def _fewest(write, values, near):
    """Write numbers with as few digits as tell each to within `near`."""
    for digits in range(20):
        texts = [write(value, digits) for value in values]
        if all(abs(float(text) - value) < near for text, value in zip(texts, values, strict=True)):
            break
    return texts


def _formatted(widget, value):
    """Write a value by the `readout_format` that the author has chosen, or return None where he has chosen none.

    It is d3's language of formats, which is Python's but for a few kinds.
    """
    chosen = getattr(widget, "readout_format", None)
    if not chosen or chosen == type(widget).readout_format.default_value:
        return None
    try:
        return format(round(value) if chosen.endswith("d") else value, chosen)
    except ValueError as error:
        raise ValueError(f"the book cannot write {value} by the readout_format {chosen!r}: {error}") from error


def _text(widget, value):
    """Write a chosen value as the control itself would: a menu has a name for it."""
    if isinstance(widget, _CHOICES):
        return next((str(text) for text, option in _options(widget.options) if option == value), str(value))
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _formatted(widget, value) or (f"{value:.4g}" if isinstance(value, float) else str(value))
    return str(value)


def _index(values, wanted):
    """Return where `wanted` is among the values, or None; a number may be off by a rounding."""
    for index, value in enumerate(values):
        if value == wanted:
            return index
    close = [_is_number(value) and _is_number(wanted) and math.isclose(value, wanted, rel_tol=1e-9) for value in values]
    if not any(close) and _is_number(wanted) and abs(wanted) < 1e-12:
        close = [_is_number(value) and abs(value) < 1e-15 for value in values]  # a zero with a rounding error
    return close.index(True) if any(close) else None


def _is_number(value):
    return isinstance(value, int | float)
