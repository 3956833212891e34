"""What joins the parts of a machine: arrows, with their width and their label, and the ground of a group."""

import math

import numpy as np
from matplotlib.patches import PathPatch, Polygon

from helpers.figures.machine.layout import route
from helpers.figures.machine.parts import ROLES
from helpers.figures.machine.pen import round_corners, rounded
from helpers.figures.machine.writing import LINE, POINT

_THIN, _WIDEST = 1.2, 6.0  # points


def draw_group(pen, group, layout):
    """Draw the tinted ground that some parts stand on, with its label."""
    left, bottom, right, top = np.array([layout.extents[name] for name in group.members]).T
    left, bottom = left.min() - group.pad, bottom.min() - group.pad
    right, top = right.max() + group.pad, top.max() + group.pad + LINE * bool(group.label)
    colour = ROLES[group.role]
    pen.add(rounded(left, bottom, right - left, top - bottom, facecolor=colour, alpha=0.1, linewidth=0), "group", 0)
    if group.label:
        pen.write(left + 0.06, top - 0.04 - LINE / 2, group.label, ha="left")


def draw_arrow(pen, arrow, layout, roles, now):
    """Draw an arrow along its route, as wide as its size says."""
    points = route(arrow, layout)
    points = points[::-1] if arrow.back else points
    colour = ROLES["back"] if arrow.back else ROLES[arrow.role or roles[arrow.start]]
    if now and arrow.end not in now and not arrow.back:
        colour = ROLES["plain"]
    size = 0.0 if arrow.size is None else min(1.0, abs(float(arrow.size)))
    width = _THIN + (_WIDEST - _THIN) * (size if np.isfinite(size) else 1.0)
    name = f"arrow {arrow.start} {arrow.end}"
    if arrow.head:
        tip, way = points[-1], points[-1] - points[-2]
        length = max(math.hypot(*way), 1e-9)
        way = way / length
        width = min(width, max(_THIN, 0.3 * length / POINT))  # a short arrow is still seen to be one
        long, half = min((4.5 + 0.9 * width) * POINT, 0.7 * length), (2.2 + 0.75 * width) * POINT
        across = np.array([-way[1], way[0]])
        corners = [tip, tip - long * way + half * across, tip - long * way - half * across]
        pen.add(Polygon(corners, facecolor=colour, linewidth=0), f"head {name}", 1)
        points = np.array([*points[:-1], tip - 0.9 * long * way])
    pen.add(PathPatch(round_corners(points), facecolor="none", edgecolor=colour, linewidth=width), name, 1)
    if arrow.label:
        _label_arrow(pen, arrow, points, width)


def _label_arrow(pen, arrow, points, width):
    pieces = points[1:] - points[:-1]
    longest = int(np.hypot(*pieces.T).argmax())
    x, y = points[longest] + pieces[longest] * (1 - arrow.along if arrow.back else arrow.along)
    side = arrow.side or ("above" if abs(pieces[longest][1]) < 1e-6 else "right")
    off = width / 2 * POINT + 0.05
    if side in ("left", "right"):  # beside a slope, the text's nearest corner counts
        off += LINE / 2 * min(1.5, abs(pieces[longest][0]) / max(abs(pieces[longest][1]), 1e-9))
    ha = {"left": "right", "right": "left"}.get(side, "center")
    x += {"left": -off, "right": off}.get(side, 0.0)
    y += {"above": off + LINE / 2 - 0.03, "below": 0.03 - off - LINE / 2}.get(side, 0.0)
    pen.write(x, y, arrow.label, ha=ha)
