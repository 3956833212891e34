"""What a filter answers to: a picture, the filter, and the map that comes out."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats, check_finite, check_integer, check_shape
from helpers.figures.machine.drawn_parts import NEGATIVE, POSITIVE
from helpers.figures.machine.writing import short_number
from helpers.figures.style import GREY, ORANGE, new_figure, styled
from helpers.layers.convolution import ConvParams
from helpers.layers.convolution.fast import fast_conv2d
from helpers.sliders.theme import INK

_CHANNELS = {1: ("grey",), 3: ("red", "green", "blue")}
_MOST = 5  # rows of a filter


def _all_channels(rows):
    return np.repeat(np.array(rows, dtype=float)[None], 3, axis=0) / 3


# Set by hand, (3, h, w): over red, green and blue.
FILTERS = {
    "left to right": _all_channels([[-1, 0, 1]] * 3),
    "top to bottom": _all_channels([[-1] * 3, [0] * 3, [1] * 3]),
    "blur": _all_channels(np.full((3, 3), 1 / 9)),
    "outline": _all_channels([[-1] * 3, [-1, 8, -1], [-1] * 3]),
    "corner": _all_channels([[-1, -1, -1], [-1, 1, 1], [-1, 1, 2]]),
    "red, not green": np.array([[[1.0]], [[-1.0]], [[0.0]]]),
}


@styled
def draw_filter_answer(picture, kernel, name, of="the picture", stride=1, padding=0):
    """Draw a picture, a filter, and the filter's answer at every place.

    Parameters
    ----------
    picture : ndarray (H, W, 3) or (H, W)
        From 0 to 1.
    kernel : ndarray (C, h, w)
        The filter, over as many channels as the picture has.
    name, of : str
        What filter and picture are called.
    stride, padding : int

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When shapes do not fit, the filter has more than five rows, or something is not finite.
    """
    picture, kernel = as_floats("picture", picture), as_floats("kernel", kernel)
    shown = picture[..., None] if picture.ndim == 2 else picture
    *_, C = check_shape("picture", shown, "H W C")
    _, h, w = check_shape("kernel", kernel, "C h w", C=C)
    check_finite("picture", picture)
    check_finite("kernel", kernel)
    if C not in _CHANNELS or max(h, w) > _MOST:
        raise ValueError(f"kernel has shape {kernel.shape}, expected 1 or 3 channels of at most {_MOST} rows")
    check_integer("stride", stride)
    check_integer("padding", padding, least=0)
    x = np.moveaxis(shown, -1, 0)[None].astype(float)
    answer = fast_conv2d(x, ConvParams(kernel[None].astype(float), np.zeros(1)), stride, padding)[0][0, 0]

    figure, (left, middle, right) = new_figure(1, 3, height=2.3, width_ratios=[2, 1, 2])
    draw_picture(left, picture)
    left.set_title("picture")
    _draw_kernel(middle, kernel)
    draw_signed(right, answer)
    right.set_title("answer")
    row, column = strongest_place(answer)
    for axes, scale in ((left, stride), (right, 1)):
        size, shift = ((w, h), padding + 0.5) if axes is left else ((1, 1), 0.5)
        corner = scale * column - shift, scale * row - shift
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=ORANGE, linewidth=2, clip_on=False))
    most = short_number(answer[row, column])
    return figure, f"“{name}” over {of}: the strongest answer, {most}, is at row {row + 1}, column {column + 1}."


def strongest_place(answer):
    """The row and the column of the largest |answer|: of several that differ by rounding alone, the first."""
    sizes = np.abs(answer) / max(np.abs(answer).max(), 1e-300)
    return np.unravel_index(np.round(sizes, 6).argmax(), answer.shape)


def draw_picture(axes, picture):
    """Draw a picture (H, W, 3) in its colours, or (H, W) in grey, with a frame and without ticks."""
    axes.imshow(np.clip(picture, 0, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    bare(axes)


def bare(axes):
    """Take away grid and ticks; leave a thin frame all around."""
    axes.grid(visible=False)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=GREY, linewidth=0.8)


def draw_signed(axes, values):
    """Draw a map (P, Q): one colour above 0, another below, the stronger the farther from 0."""
    largest = max(np.abs(values).max(), 1e-300)
    shades = np.empty((*values.shape, 4))
    shades[..., :3] = np.where((values < 0)[..., None], to_rgb(NEGATIVE), to_rgb(POSITIVE))
    shades[..., 3] = np.abs(values) / largest
    axes.imshow(shades, interpolation="nearest")
    bare(axes)


def _draw_kernel(axes, kernel):
    """Draw the filter's channels below one another, with the sign of each weight as its colour."""
    C, h, w = kernel.shape
    axes.axis("off")
    largest, step = np.abs(kernel).max() or 1.0, _MOST + 1.9
    for channel, name in enumerate(_CHANNELS[C]):
        top = channel * step
        axes.text(_MOST / 2, top - 0.65, name, ha="center", va="center", fontsize=9.5)
        y, x = top + 0.3 + (_MOST - h) / 2, (_MOST - w) / 2
        for (row, column), weight in np.ndenumerate(kernel[channel]):
            look = {"facecolor": NEGATIVE if weight < 0 else POSITIVE, "alpha": abs(weight) / largest}
            if weight:
                axes.add_patch(Rectangle((x + column, y + row), 1, 1, linewidth=0, **look))
            axes.add_patch(Rectangle((x + column, y + row), 1, 1, fill=False, edgecolor=GREY, linewidth=0.6))
    axes.set(xlim=(-0.2, _MOST + 0.2), ylim=(C * step - 1, -1.4), aspect="equal")
    axes.set_title("filter", color=INK)
