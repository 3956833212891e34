"""Names written beside points, so that no name lies over another."""

import numpy as np

from helpers.figures.machine.writing import text_width

_SIZE, _ROW = 9, 13  # points: of a letter, and of a row with some room above and below it
_PANEL = (270, 250)  # points: the least that the axes of a figure of the book have, 4.9 inches high
_MARK = 4  # points: half of the side of what is drawn
_ROWS_AWAY = sorted(range(-9, 10), key=abs)  # where a name is looked for, beside its point first


def write_names(axes, named, limit, marks=()):
    """Write the name of each point beside it, as near as it can be, where no earlier name stands.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Of a figure of one column, 4.9 inches high. Both axes go from −limit to limit.
    named : list of (str, point)
    limit : float
    marks : sequence of point
        Where something is drawn that no name should cover.
    """
    for (name, point), offset in zip(named, name_offsets(named, limit, marks), strict=True):
        axes.annotate(name, point, offset, textcoords="offset points", fontsize=_SIZE, annotation_clip=True)


def name_offsets(named, limit, marks=()):
    """Return how far the left end of each name stands to the right of its point, and above it, in points."""
    places = [_place(point, limit) for point in marks]
    taken, offsets = [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in places], []
    for name, point in named:
        x, y = _place(point, limit)
        width = 72 * text_width(name, _SIZE) + 3
        ways = [(side, 4 + rows * _ROW) for rows in _ROWS_AWAY for side in (4, -4 - width)]
        boxes = [(x + dx, y + dy, x + dx + width, y + dy + _ROW) for dx, dy in ways]
        free = [k for k, box in enumerate(boxes) if _inside(box) and not any(_overlap(box, other) for other in taken)]
        best = free[0] if free else 0
        taken.append(boxes[best])
        offsets.append(ways[best])
    return offsets


def _place(point, limit):
    return (np.array(point) / limit + 1) / 2 * _PANEL


def _inside(box):
    left, low, right, high = box
    return left >= 0 and low >= 0 and right <= _PANEL[0] and high <= _PANEL[1]


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
