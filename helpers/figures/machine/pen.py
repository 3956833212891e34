"""What a machine is drawn with: artists in inches, and outlines with round corners."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Transform

from helpers.figures.machine.writing import FONT_SIZE
from helpers.sliders.theme import INK

_CORNER = 0.05  # inches

_NORMAL, _BOLD = (FontProperties(family="DejaVu Sans", size=FONT_SIZE, weight=weight) for weight in ("normal", "bold"))


class Pen(NamedTuple):
    """What is drawn on, and what every artist of a part has in common."""

    figure: Figure
    inches: Transform  # from inches to the picture
    touch: str = ""

    def add(self, artist, label="", order=2):
        """Put an artist, in inches, into the picture."""
        artist.set_transform(self.inches)  # Artist.set takes several times as long as all of these
        artist.set_zorder(order)
        artist.set_label(label)
        if self.touch:
            artist.set_gid(self.touch)
        self.figure.add_artist(artist)

    def write(self, x, y, text, ha="center", va="center", bold=False, colour=INK, label="text", order=5):
        """Write a text at a place in inches; no formula is read in it."""
        font = _BOLD if bold else _NORMAL
        text = Text(x, y, text, color=colour, ha=ha, va=va, fontproperties=font, parse_math=False)
        self.add(text, label, order)


def outline(box, **look):
    """Make the outline of a part: a circle, or a box with the strip that hangs below it."""
    if box.round:
        return Circle((box.x, box.y), box.half_width, **look)
    left, bottom, right, top = box.edges
    return rounded(left, bottom - box.hang, right - left, top - bottom + box.hang, **look)


def rounded(x, y, width, height, **look):
    """Make a rectangle with round corners."""
    return PathPatch(round_corners(_around(x, y, width, height), _CORNER, closed=True), **look)


def _around(x, y, width, height):
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def round_corners(points, radius=0.09, closed=False):
    """Make the path through `points`, in which an arc takes the place of each corner."""
    points = [*points, *points[:2]] if closed else list(points)
    vertices, codes = ([], []) if closed else ([points[0]], [Path.MOVETO])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = before - corner, after - corner
        lengths = max(math.hypot(*into), 1e-9), max(math.hypot(*out), 1e-9)
        vertices += [
            corner + into * min(radius / lengths[0], 0.5),
            corner,
            corner + out * min(radius / lengths[1], 0.5),
        ]
        codes += [Path.LINETO if codes else Path.MOVETO, Path.CURVE3, Path.CURVE3]
    if closed:
        return Path([*vertices, vertices[0]], [*codes, Path.CLOSEPOLY])
    return Path([*vertices, points[-1]], [*codes, Path.LINETO])
