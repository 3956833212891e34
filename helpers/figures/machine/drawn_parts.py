"""The parts of a machine as they are drawn: cells, gates, bars and named boxes, each with its gradient below."""

import numpy as np
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from helpers.figures.machine.layout import BAR_LINE, CELL, LABEL_GAP, STRIP, has_label_beside
from helpers.figures.machine.parts import ROLES, grid_of
from helpers.figures.machine.pen import outline, rounded
from helpers.figures.machine.writing import LINE, short_number, text_width
from helpers.figures.style import ORANGE
from helpers.sliders.theme import INK, PAPER

# A cell is filled with the colour of its sign, the more the larger its value is. The fill lets the page shine through,
# so that ink is read on it in light and in dark. Neither is the orange of what flows back.
POSITIVE, NEGATIVE, FULL = "#c89c00", "#6a4fb0", 0.5
_HALO = 0.25


def draw_part(pen, part, layout, is_now, scale):
    """Draw one part by its kind, and its label beside it."""
    box = layout.boxes[part.name]
    painter = {"cells": _draw_cells, "gate": _draw_gate, "bar": _draw_bar, "bars": _draw_bars}.get(part.kind)
    if painter is not None:
        painter(pen, part, box, is_now, scale)
    elif part.kind == "text":
        pen.write(box.x, box.y, part.label, bold=is_now, label=f"part {part.name}")
    elif part.kind != "dot":
        _draw_named(pen, part, box, is_now)
    if has_label_beside(part):
        _label_part(pen, part, layout)


def _label_part(pen, part, layout):
    box, (_, bottom, _, top) = layout.boxes[part.name], layout.extents[part.name]
    half = LINE * (part.label.count("\n") + 1) / 2
    x, y, ha = {
        "above": (box.x, top - half, "center"),
        "below": (box.x, bottom + half, "center"),
        "left": (box.edges[0] - LABEL_GAP, box.y, "right"),
        "right": (box.edges[2] + LABEL_GAP, box.y, "left"),
    }[part.side]
    pen.write(x, y, part.label, ha=ha)


def _frame(pen, part, box, is_now, tint=0.0):
    """Draw the outline of a part; what is computed now has a heavy one with a halo."""
    colour, line = ROLES[part.role], 3.0 if is_now else 1.5
    if is_now:
        pen.add(outline(box, facecolor="none", edgecolor=colour, linewidth=9, alpha=_HALO), order=1.5)
        pen.add(outline(box, facecolor=PAPER, edgecolor="none", linewidth=0), order=1.8)
    if tint:
        pen.add(outline(box, facecolor=colour, edgecolor="none", linewidth=0, alpha=tint), order=2)
    pen.add(outline(box, facecolor="none", edgecolor=colour, linewidth=line), f"part {part.name}", 4)


def _draw_named(pen, part, box, is_now):
    _frame(pen, part, box, is_now, tint=0.14 if part.kind == "box" else 0.0)
    pen.write(box.x, box.y, part.label, bold=is_now)
    if box.hang:
        left, bottom, right, _ = box.edges
        _draw_gradient(pen, part, left, bottom, right - left)


def _draw_cells(pen, part, box, is_now, scale):
    values = grid_of(part)
    left, bottom, right, top = box.edges
    _frame(pen, part, box, is_now)
    rows, columns = values.shape
    width, height = (right - left) / columns, (top - bottom) / rows
    for (row, column), value in np.ndenumerate(values):
        if part.value is None:
            continue
        x, y = left + column * width, top - (row + 1) * height
        _fill(pen, x, y, width, height, value, scale)
        if part.digits:
            bold = is_now and part.mark in (None, row)
            pen.write(x + width / 2, y + height / 2, short_number(value, decimals=part.decimals), bold=bold)
    for column in range(1, columns):
        _rule(pen, (left + column * width, bottom), (left + column * width, top))
    for row in range(1, rows):
        _rule(pen, (left, top - row * height), (right, top - row * height))
    if part.mark is not None:
        place = left, top - (part.mark + 1) * height, right - left, height
        pen.add(rounded(*place, facecolor="none", edgecolor=INK, linewidth=2.2), order=4)
    if box.hang:
        _draw_gradient(pen, part, left, bottom, right - left)


def _fill(pen, x, y, width, height, value, scale):
    strength = FULL * min(1.0, abs(value) / scale) if np.isfinite(value) else FULL
    if strength >= 0.01:
        colour = NEGATIVE if value < 0 else POSITIVE
        pen.add(Rectangle((x, y), width, height, facecolor=colour, alpha=strength, linewidth=0), "fill", 2)


def _rule(pen, start, end):
    pen.add(PathPatch(Path([start, end]), facecolor="none", edgecolor=ROLES["plain"], linewidth=0.7), "rule", 3)


def _draw_gradient(pen, part, left, top, width):
    """Draw the strip below a value: the gradient in the second colour's tint, one number for each column."""
    pen.add(Rectangle((left, top - STRIP), width, STRIP, facecolor=ORANGE, alpha=0.2, linewidth=0), "fill", 2)
    _rule(pen, (left, top), (left + width, top))
    gradients = np.atleast_1d(np.asarray(part.back, dtype=float))
    for column, value in enumerate(gradients):
        x = left + (column + 0.5) * width / len(gradients)
        pen.write(x, top - STRIP / 2, short_number(value, tiny=True, decimals=part.decimals))


def _draw_gate(pen, part, box, is_now, scale):
    _frame(pen, part, box, is_now)
    radius = box.half_width
    if part.value is not None:
        open_part = min(1.0, max(0.0, float(part.value)))
        if open_part > 0:
            angle = np.arccos(1 - 2 * open_part)  # half of the arc that is under the surface
            turn = -np.pi / 2 + np.linspace(-angle, angle, 41)
            level = np.column_stack([box.x + radius * np.cos(turn), box.y + radius * np.sin(turn)])
            pen.add(Polygon(level, facecolor=ROLES[part.role], alpha=0.45, linewidth=0), "fill", 2)
        pen.write(box.x, box.y - 0.5 * LINE, short_number(part.value), bold=is_now)
    pen.write(box.x, box.y + 0.45 * LINE, part.label, bold=True)
    if part.back is not None:
        width = CELL[0]
        left, top = box.x - width / 2, box.y - radius
        _draw_gradient(pen, part, left, top, width)


def _draw_bar(pen, part, box, is_now, scale):
    left, bottom, right, top = box.edges
    _frame(pen, part, box, is_now)
    if part.value is not None:
        share = min(1.0, max(0.0, float(part.value)))
        size = right - left, share * (top - bottom)
        pen.add(Rectangle((left, bottom), *size, facecolor=ROLES[part.role], alpha=0.45, linewidth=0), "fill", 2)
        if part.digits:
            pen.write(box.x, box.y, short_number(part.value), bold=is_now)


def _draw_bars(pen, part, box, is_now, scale):
    left, bottom, right, top = box.edges
    start = left + max(text_width(name) for name in part.names) + 0.06
    longest = right - start - CELL[0]
    for number, name in enumerate(part.names):
        y = top - (number + 0.5) * BAR_LINE
        pen.write(start - 0.06, y, name, ha="right")
        if part.value is None:
            continue
        share = min(1.0, max(0.0, float(part.value[number])))
        look = {"facecolor": ROLES[part.role], "alpha": 0.6, "linewidth": 0}
        pen.add(Rectangle((start, y - 0.35 * BAR_LINE), share * longest, 0.7 * BAR_LINE, **look), "fill", 2)
        pen.write(start + share * longest + 0.04, y, short_number(part.value[number]), ha="left", bold=is_now)
    line = PathPatch(Path([(start, bottom), (start, top)]), facecolor="none", edgecolor=ROLES[part.role], linewidth=1.5)
    pen.add(line, f"part {part.name}", 4)
