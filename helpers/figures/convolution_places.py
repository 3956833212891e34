"""A filter on its way over a small picture: which numbers it lies over, and the one number that comes out."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats, check_finite, check_integer, check_shape
from helpers.figures.machine.drawn_parts import FULL, NEGATIVE, POSITIVE
from helpers.figures.machine.writing import short_number
from helpers.figures.style import GREY, ORANGE, new_figure, styled
from helpers.layers.convolution import ConvParams, conv2d, output_size
from helpers.sliders.theme import INK, WIDTH

_CELL, _GAP = 0.255, 0.26  # inches
_HEIGHT, _TOP = 2.35, 0.3


@styled
def draw_convolution_place(picture, kernel, place, stride=1, padding=0):
    """Draw a picture, a filter over it at one place, and the output as far as it is computed.

    Parameters
    ----------
    picture : ndarray (H, W)
    kernel : ndarray (h, w)
        The filter, for one channel.
    place : int
        From 1; the places follow each other as words on a page. Beyond the last one the last one stays.
    stride, padding : int

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is no such place, something is not finite, or the filter is larger than the picture.
    """
    picture, kernel = as_floats("picture", picture), as_floats("kernel", kernel)
    H, W = check_shape("picture", picture, "H W")
    h, w = check_shape("kernel", kernel, "h w")
    check_finite("picture", picture)
    check_finite("kernel", kernel)
    stride, padding = check_integer("stride", stride), check_integer("padding", padding, least=0)
    P, Q = output_size(H, h, stride, padding), output_size(W, w, stride, padding)
    at = min(check_integer("place", place), P * Q) - 1
    params = ConvParams(kernel[None, None].astype(float), np.zeros(1))
    output = conv2d(picture[None, None].astype(float), params, stride, padding)[0][0, 0]
    top, left = stride * (at // Q), stride * (at % Q)
    around = np.pad(picture, padding)

    figure, axes = new_figure(height=_HEIGHT)
    axes.axis("off")
    wide = _CELL * (W + 2 * padding + w + Q) + 2 * _GAP
    x = (WIDTH - 0.2 - wide) / 2
    names = ("picture, zeros around it" if padding else "picture", "filter", "output")
    known = np.where(np.arange(P * Q).reshape(P, Q) <= at, output, np.nan)
    for name, values in zip(names, (around, kernel, known), strict=True):
        _draw_numbers(axes, values, x, np.abs(values[np.isfinite(values)]).max(initial=1e-300))
        shift = 0.3 if name.startswith("picture,") else 0
        axes.text(x + values.shape[1] * _CELL / 2 + shift, 0.12, name, ha="center", va="center")
        if name == names[0]:
            _frame(axes, x + left * _CELL, _TOP + top * _CELL, w, h)
            if padding:
                inside = (x + padding * _CELL, _TOP + padding * _CELL), W * _CELL, H * _CELL
                axes.add_patch(Rectangle(*inside, fill=False, edgecolor=INK, linewidth=1.5))
        if name == "output":
            _frame(axes, x + (at % Q) * _CELL, _TOP + (at // Q) * _CELL, 1, 1)
        x += values.shape[1] * _CELL + _GAP
    axes.set(xlim=(0, WIDTH - 0.2), ylim=(_HEIGHT - 0.2, 0), aspect="equal")
    return figure, _tell(around[top : top + h, left : left + w], kernel, output.flat[at], at, P * Q, stride, padding)


def _draw_numbers(axes, values, x, largest):
    rows, columns = values.shape
    right, bottom = x + columns * _CELL, _TOP + rows * _CELL
    shades = np.empty((rows, columns, 4))
    shades[..., :3] = np.where((values < 0)[..., None], to_rgb(NEGATIVE), to_rgb(POSITIVE))
    shades[..., 3] = FULL * np.abs(np.nan_to_num(values)) / largest
    axes.imshow(shades, extent=(x, right, bottom, _TOP), interpolation="nearest")
    across = [[(x, y), (right, y)] for y in _TOP + _CELL * np.arange(rows + 1)]
    down = [[(at, _TOP), (at, bottom)] for at in x + _CELL * np.arange(columns + 1)]
    axes.add_collection(LineCollection(across + down, colors=GREY, linewidths=0.7))
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            middle = x + (column + 0.5) * _CELL, _TOP + (row + 0.5) * _CELL
            axes.text(*middle, _short(value), ha="center", va="center", fontsize=9.5)


def _frame(axes, x, y, columns, rows):
    axes.add_patch(
        Rectangle((x, y), columns * _CELL, rows * _CELL, fill=False, edgecolor=ORANGE, linewidth=3, zorder=4)
    )


def _tell(patch, kernel, result, at, places, stride, padding):
    pairs = zip(kernel.ravel(), patch.ravel(), strict=True)
    terms = [f"{_bracketed(weight)}·{_bracketed(seen)}" for weight, seen in pairs if weight]
    return (
        f"Stride {stride}, padding {padding}, place {at + 1} of {places}: "
        f"{' + '.join(terms) or '0'} = {_short(result)}."
    )


def _short(value):
    return str(int(value)).replace("-", "−") if value == round(value) else short_number(value, decimals=1)


def _bracketed(value):
    return f"({_short(value)})" if value < 0 else _short(value)
