"""One look for every figure: legible at phone width, in light and in dark, and without colour vision."""

import functools
import sys

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from helpers.core.checks import is_number
from helpers.sliders.theme import RC, WIDTH

# Okabe and Ito's colours, https://jfly.uni-koeln.de/color/, less those too pale for white paper.
# Each has a contrast of at least 3 : 1 on white and on the book's dark page.
BLUE, ORANGE, GREEN, PINK = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
GREY = "#808080"
COLOURS = (BLUE, ORANGE, GREEN, PINK)
# So that no line is told from another by its colour alone.
LINES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D")

# For what stands on a coloured area and not on the page: these do not change with the page's theme, as ink does.
WHITE, BLACK = "#fffffe", "#000001"

_RC = RC | {"axes.prop_cycle": matplotlib.cycler(color=COLOURS, linestyle=LINES)}


def styled(draw):
    """Run `draw` in the book's style, and leave Matplotlib's settings as they were."""

    @functools.wraps(draw)
    def drawn(*args, **kwargs):
        with matplotlib.rc_context(_RC):
            return draw(*args, **kwargs)

    return drawn


@styled
def new_figure(rows=1, columns=1, height=2.9, **subplots):
    """Make a figure of the book's width and its axes, as `plt.subplots` does, but known to no window manager.

    Parameters
    ----------
    rows, columns : int
        The grid of axes. One column reads best on a phone.
    height : float
        Height in inches.
    **subplots
        Passed on to `Figure.subplots`, for example ``sharex=True`` or ``height_ratios=[1, 2]``.

    Returns
    -------
    figure, axes
        `axes` is a single Axes or an array of them.
    """
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **subplots)


def power_of_ten(exponent):
    """Write 10 to the power of `exponent` in plain Unicode, which costs no mathtext: 10⁻³."""
    return "10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def log_axis(axes, which, low, high, most=7):
    """Give `axes` a logarithmic axis `which` ("x" or "y") from 10^low to 10^high, with at most `most` ticks."""
    every = int(np.ceil((high - low + 1) / most))
    first = -(-low // every) * every  # a multiple, so that 1 = 10⁰ has a tick
    axes.set(**{f"{which}scale": "log", f"{which}lim": (10.0**low, 10.0**high)})
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(FixedLocator(10.0 ** np.arange(first, high + 1, every)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(round(np.log10(value)))))
    axis.set_minor_locator(NullLocator())


def scientific(value):
    """Write a number for a sentence, with two digits that count: 0.012, 57, 3.1 × 10⁻⁹."""
    if not is_number(value) or (isinstance(value, int) and abs(value) > sys.float_info.max):
        raise ValueError(f"value is {str(value)[:60]}, expected one number")
    if value == 0 or not np.isfinite(value):
        return f"{value:.0f}"
    exponent = int(np.floor(np.log10(abs(value))))
    if -3 <= exponent < 4:
        return f"{value:.{max(0, 1 - exponent)}f}"
    return f"{value / 10.0**exponent:.1f} × {power_of_ten(exponent)}"


def with_prefix(number):
    """Write a large number for a sentence with the prefixes of units: 94, 124 M (124 · 10⁶), 2.46 T (2.46 · 10¹²)."""
    if not is_number(number) or not 1 <= number < 1e27:
        raise ValueError(f"number is {str(number)[:60]}, expected one from 1 to 10²⁷")
    size = 0
    while float(f"{number / 1000**size:.3g}") >= 1000:
        size += 1
    return f"{number / 1000**size:.3g} {' kMGTPEZY'[size]}".strip()
