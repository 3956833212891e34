"""Where the parts of a machine stand, and which way its arrows go, in inches from the lower left corner."""

from typing import NamedTuple

import numpy as np

from helpers.figures.machine.parts import grid_of
from helpers.figures.machine.writing import LINE, text_width
from helpers.sliders.theme import WIDTH

MARGIN = 0.07
CELL, SMALL_CELL = (0.53, 0.27), (0.17, 0.17)
STRIP = 0.21  # the height of a gradient below its value
GATE, OP = 0.54, 0.28
BAR, BAR_LINE = (0.36, 0.5), 0.2
LABEL_GAP = 0.04

_GAP = 0.035  # between an arrow and what it points at


class Box(NamedTuple):
    """A rectangle by its middle, half its width and half its height; a round one is a circle.

    A gradient hangs below it, so that the value does not move when the gradient comes.
    """

    x: float
    y: float
    half_width: float
    half_height: float
    round: bool = False
    hang: float = 0.0  # the height of the gradient

    @property
    def edges(self):
        """Left, bottom, right, top, of the value alone."""
        return self.x - self.half_width, self.y - self.half_height, self.x + self.half_width, self.y + self.half_height


class Layout(NamedTuple):
    """The places of a machine."""

    boxes: dict  # name → Box, of a part without its label
    extents: dict  # name → (left, bottom, right, top), with its label
    height: float
    place: object  # (column, row) → x, y


def lay_out_machine(parts, arrows=(), groups=(), row=0.75, top=0.0):
    """Place the parts: columns share the width of the page, rows stand `row` inches apart.

    Parameters
    ----------
    parts : sequence of Part
    arrows : sequence of Arrow
        Their corners need room too.
    groups : sequence of Group
        They need room around their members.
    row : float
        Inches from one row of the grid to the next.
    top : float
        Inches that are kept free above.

    Returns
    -------
    Layout

    Raises
    ------
    ValueError
        When the parts of a row do not fit side by side.
    """
    sizes = {part.name: size_of(part) for part in parts}
    needs = {part.name: _needs(part, sizes[part.name]) for part in parts}  # from its middle: left, down, right, up
    wide = {name: np.array(need) for name, need in needs.items()}
    for group in groups:
        room = np.array([group.pad] * 3 + [group.pad + LINE * bool(group.label)])
        wide |= {name: np.maximum(wide[name], needs[name] + room) for name in group.members}
    corners = [corner for arrow in arrows for corner in _corner_needs(arrow)]
    places = [(part.at, wide[part.name]) for part in parts] + corners
    columns, rows = np.array([at for at, _ in places], dtype=float).T
    left, down, right, up = np.array([need for _, need in places]).T
    start, pitch = _spread(columns, left, right)
    above, below = (up - row * rows).max(), (down + row * rows).max()
    height = top + above + below + 2 * MARGIN

    def place(at):
        return start + pitch * at[0], height - top - MARGIN - above - row * at[1]

    boxes = {
        p.name: Box(*place(p.at), sizes[p.name][0] / 2, sizes[p.name][1] / 2, _is_round(p), _hang(p)) for p in parts
    }
    extents = {}
    for name, box in boxes.items():
        to_left, to_down, to_right, to_up = needs[name]
        extents[name] = box.x - to_left, box.y - to_down, box.x + to_right, box.y + to_up
    return Layout(boxes, extents, height, place)


def size_of(part):
    """Return the width and height of a part without its label, in inches."""
    if part.size is not None:
        return part.size
    if part.kind == "cells":
        rows, columns = grid_of(part).shape
        width, height = CELL if part.digits else SMALL_CELL
        return columns * width, rows * height
    if part.kind == "gate":
        return GATE, GATE
    if part.kind == "op":
        return max(OP, text_width(part.label, bold=True) + 0.14), OP
    if part.kind == "bar":
        return BAR
    if part.kind == "bars":
        names = max(text_width(name) for name in part.names)
        return names + 0.6 + CELL[0], BAR_LINE * len(part.names)
    if part.kind == "dot":
        return 0.0, 0.0
    lines = part.label.count("\n") + 1
    pad = 0.18 if part.kind == "box" else 0.02
    return text_width(part.label, bold=True) + pad, LINE * lines + 0.6 * pad


def _hang(part):
    return STRIP if part.back is not None and part.kind in ("cells", "gate", "box") else 0.0


def _is_round(part):
    return part.kind == "gate" or (part.kind == "op" and size_of(part)[0] == OP)


def has_label_beside(part):
    """Tell whether the label of a part stands outside it."""
    return bool(part.label) and part.kind in ("cells", "bar", "bars", "dot")


def _needs(part, size):
    need = np.array([size[0], size[1], size[0], size[1]]) / 2
    need[1] += _hang(part)
    if has_label_beside(part):
        width, height = text_width(part.label), LINE * (part.label.count("\n") + 1)
        if part.side in ("above", "below"):
            need[[0, 2]] = np.maximum(need[[0, 2]], width / 2)
            need[3 if part.side == "above" else 1] += height + LABEL_GAP
        else:
            need[0 if part.side == "left" else 2] += width + LABEL_GAP
            need[[1, 3]] = np.maximum(need[[1, 3]], height / 2)
    return need


def _corner_needs(arrow):
    """Return each corner that an arrow is given on the grid, and what it needs to the left, down, right and up."""
    beside = text_width(arrow.label) + 0.1 if arrow.label else 0.0
    need = {"left": (0.06 + beside, 0.06, 0.06, 0.06), "right": (0.06, 0.06, 0.06 + beside, 0.06)}
    corners = () if isinstance(arrow.via, str) else arrow.via
    return [(at, np.array(need.get(arrow.side, (0.06,) * 4))) for at in corners]


def _spread(columns, left, right):
    """Return the place of column 0 and the widest distance of columns with which all parts stay on the page."""
    room = WIDTH - 2 * MARGIN - left[:, None] - right
    apart = columns - columns[:, None]  # part j is this far to the right of part i
    if (room < 0)[apart >= 0].any():
        raise ValueError(f"a part is wider than the page, {WIDTH} inches")
    pitch = (room[apart > 0] / apart[apart > 0]).min() if (apart > 0).any() else 0.0
    low, high = (MARGIN + left - pitch * columns).max(), (WIDTH - MARGIN - right - pitch * columns).min()
    return (low + high) / 2, pitch


def route(arrow, layout):
    """Return the corners of an arrow from its start to its end, shape (n, 2), in inches."""
    start, end = layout.boxes[arrow.start], layout.boxes[arrow.end]
    middles = np.array([start.x, start.y]), np.array([end.x, end.y])
    first = _port(start, arrow.leaves) if arrow.leaves else middles[0]
    last = _port(end, arrow.enters) if arrow.enters else middles[1]
    corners = [] if isinstance(arrow.via, str) else [np.array(layout.place(at)) for at in arrow.via]
    if arrow.shift:
        across, up = np.abs(last - (corners[-1] if corners else first))
        upright = arrow.via == "-|" or (arrow.via != "|-" and up >= across)
        move = np.array([arrow.shift, 0] if upright else [0, arrow.shift])
        last = last + move
        if corners:
            corners[-1] = corners[-1] + move
        elif not arrow.via:
            first = first + move  # a straight arrow moves as a whole
    if arrow.via == "-|":
        corners = [np.array([last[0], first[1]])]
    elif arrow.via == "|-":
        corners = [np.array([first[0], last[1]])]
    if not arrow.leaves:
        first = _border(start, first, corners[0] if corners else last)
    if not arrow.enters:
        last = _border(end, last, corners[-1] if corners else first)
    return np.array([first, *corners, last])


_OUTWARD = {"above": (0, 1), "below": (0, -1), "left": (-1, 0), "right": (1, 0)}


def _port(box, side):
    half = np.array([box.half_width, box.half_height])
    hang = np.array([0.0, box.hang if side == "below" else 0.0])
    return np.array([box.x, box.y]) + np.array(_OUTWARD[side]) * (half + _GAP) - hang


def _border(box, inside, outside):
    """Return where the line from a point inside a box to one outside it leaves the box, and a small gap further."""
    way = np.asarray(outside, dtype=float) - inside
    length = np.hypot(*way)
    if length == 0 or box.half_width == 0:
        return np.asarray(inside, dtype=float)
    way = way / length
    offset = np.asarray(inside) - [box.x, box.y]
    if box.round and not (box.hang and way[1] < 0):
        along = offset @ way
        reach = -along + np.sqrt(max(0.0, box.half_width**2 - offset @ offset + along**2))
    else:
        half = np.array([box.half_width, box.half_height + box.hang * (way[1] < 0)])
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.nanmin(np.where(way == 0, np.inf, (half * np.sign(way) - offset) / way))
    return inside + way * (reach + _GAP)
