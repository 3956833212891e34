"""Numbers and letters of a machine: short enough for their cells, and measured before they are drawn."""

import functools

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

POINT = 1 / 72  # of an inch
FONT_SIZE = 9.5  # points
LINE = 1.25 * FONT_SIZE * POINT  # inches from line to line

_SUBSCRIPTS = str.maketrans("0123456789+-−t", "₀₁₂₃₄₅₆₇₈₉₊₋₋ₜ")


def subscript(text):
    """Write `text`, digits, signs or t, below the line: subscript("t-1") is ₜ₋₁."""
    return str(text).translate(_SUBSCRIPTS)


def short_number(value, tiny=False, decimals=2):
    """Write a number in few characters: 0.91, −0.01, 12.3, 1234, 1e6, ∞.

    Parameters
    ----------
    value : float
    tiny : bool
        Show a number that its decimals would show as 0.00 as 3e−9, as gradients need it, and as ≈0 below 1e−9.
    decimals : int
        Of a number below 10; a larger one has fewer.

    Returns
    -------
    str
        At most `decimals` + 4 characters, and 6 if `decimals` is less than 2; "huge" beyond 1e99.
    """
    value, size = float(value), abs(float(value))
    if np.isnan(value):
        return "NaN"
    zero = f"{0:.{decimals}f}"
    text = "∞" if np.isinf(value) else _power(size)
    if size < 0.5 * 10.0**-decimals:
        text = text if tiny and size > 0 else zero
    else:
        texts = (f"{size:.{fewer}f}" for fewer in range(decimals, -1, -1) if size < 1e5)
        text = next((each for each in texts if len(each) <= max(4, decimals + 2)), text)
    return "−" + text if value < 0 and text not in (zero, "≈0") else text


def _power(size):
    if size < 9.5e-10 or size >= 9.5e99:
        return "≈0" if size < 1 else "huge"
    digit, exponent = f"{size:.0e}".split("e")
    return f"{digit}e{int(exponent)}".replace("-", "−")


def text_width(text, size=FONT_SIZE, bold=False):
    """Return how wide the longest line of `text` is, in inches."""
    return max(_line_width(line, size, bold) for line in text.split("\n"))


@functools.lru_cache(4096)
def _line_width(line, size, bold):
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(line, font, False)
    return width * POINT


def wrap(text, width, size=FONT_SIZE):
    """Break `text` at its spaces into lines that are at most `width` inches wide."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ") if lines[-1] else word
        if text_width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
