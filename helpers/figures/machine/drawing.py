"""Drawing a machine: its sentence, the equation of what is computed now, its parts and its arrows."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from helpers.figures.machine.layout import (
    BAR_LINE,
    CELL,
    LABEL_GAP,
    MARGIN,
    STRIP,
    has_label_beside,
    lay_out_machine,
    route,
)
from helpers.figures.machine.parts import ROLES, Term, check_machine, grid_of
from helpers.figures.machine.writing import FONT_SIZE, LINE, POINT, short_number, text_width, wrap
from helpers.figures.style import ORANGE, styled
from helpers.sliders.theme import INK, PAPER, WIDTH

# A cell is filled with the colour of its sign, the more the larger its value is. The fill lets the page shine through,
# so that ink is read on it in light and in dark. Neither is the orange of what flows back.
POSITIVE, NEGATIVE, FULL = "#c89c00", "#6a4fb0", 0.5
_THIN, _WIDEST = 1.2, 6.0  # points
_HALO = 0.25
_CORNER = 0.05  # inches

_NORMAL, _BOLD = (FontProperties(family="DejaVu Sans", size=FONT_SIZE, weight=weight) for weight in ("normal", "bold"))


class _Pen(NamedTuple):
    """What is drawn on, and what every artist of a part has in common."""

    figure: Figure
    inches: Transform  # from inches to the picture
    touch: str = ""

    def add(self, artist, label="", order=2):
        artist.set_transform(self.inches)  # Artist.set takes several times as long as all of these
        artist.set_zorder(order)
        artist.set_label(label)
        if self.touch:
            artist.set_gid(self.touch)
        self.figure.add_artist(artist)

    def write(self, x, y, text, ha="center", va="center", bold=False, colour=INK, label="text", order=5):
        font = _BOLD if bold else _NORMAL
        text = Text(x, y, text, color=colour, ha=ha, va=va, fontproperties=font, parse_math=False)
        self.add(text, label, order)


@styled
def draw_machine(parts, arrows, groups=(), now=(), equation=None, words=None, scale=1.0, row=0.75):
    """Draw a machine as a figure of the book's width.

    What is computed now stands out: its frame is heavy, its digits are bold, and the arrows into it keep their colours
    while the others turn grey. What flows back keeps its colour: it shows how far the gradient has come.

    Parameters
    ----------
    parts : sequence of Part
    arrows : sequence of Arrow
    groups : sequence of Group
    now : collection of str
        The names of the parts that are computed now. Empty: nothing stands out.
    equation : str or sequence of Term and str, optional
        Written above. Each term stands over its number; what is no term stands on both lines. Two lines are kept free
        for it unless it is None, so that nothing moves between frames: give "" where there is none.
    words : Words, optional
        A sentence above the equation.
    scale : float
        The size of a value whose cell is filled most.
    row : float
        Inches from one row of the grid to the next.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When a name, a kind or a role is unknown, or something is too wide for the page.
    """
    check_machine(parts, arrows, groups, now)
    word_lines = _word_lines(words) if words is not None else []
    words_height = len(word_lines) * 1.5 * LINE + 0.06 * bool(word_lines)
    room = (2 * LINE + 0.14) * (equation is not None)
    layout = lay_out_machine(parts, arrows, groups, row, words_height + room)
    figure = Figure(figsize=(WIDTH, layout.height), layout="constrained")
    figure.set_layout_engine("none")  # all places are known: no layout may move them
    # By way of the figure's own transform, as a PNG that is cut to its content moves that one alone.
    pen = _Pen(figure, Affine2D().scale(1 / WIDTH, 1 / layout.height) + figure.transFigure)
    if words is not None:
        _draw_words(pen, words, word_lines, layout.height - MARGIN)
    if equation is not None:
        _draw_equation(pen, equation, layout.height - MARGIN - words_height)
    for group in groups:
        _draw_group(pen, group, layout)
    roles = {part.name: part.role for part in parts}
    for arrow in arrows:
        _draw_arrow(pen, arrow, layout, roles, now)
    for part in parts:
        _draw_part(pen._replace(touch=part.touch), part, layout, part.name in now, scale)
    return figure


def _word_lines(words):
    """Break the sentence into lines of (index, word) that fit on the page."""
    lines, used = [[]], 0.0
    for index, word in enumerate(words.words):
        width = _word_width(word)
        if lines[-1] and used + width > WIDTH - 2 * MARGIN:
            lines.append([])
            used = 0.0
        lines[-1].append((index, word))
        used += width
    return lines


def _word_width(word):
    return text_width(word, bold=True) + 0.12


def _draw_words(pen, words, lines, top):
    left = (WIDTH - max(sum(_word_width(word) for _, word in line) for line in lines)) / 2
    for number, line in enumerate(lines):
        widths = [_word_width(word) for _, word in line]
        x, y = left, top - (1.5 * number + 0.75) * LINE
        for (index, word), width in zip(line, widths, strict=True):
            read_now = index == words.position
            touched = pen._replace(touch=f"{words.control}={index + words.first}" if words.control else "")
            if read_now or words.control:
                look = {"facecolor": "none", "edgecolor": ROLES["input"] if read_now else "none", "linewidth": 1.8}
                touched.add(_rounded(x + 0.02, y - 0.6 * LINE, width - 0.04, 1.2 * LINE, **look))
            to_come = words.position is not None and index > words.position
            idle = to_come if words.grey is None else index in words.grey
            colour = ROLES["plain"] if idle else INK
            touched.write(x + width / 2, y, word, bold=read_now, colour=colour)
            x += width


def _draw_equation(pen, equation, top):
    if isinstance(equation, str):
        lines = wrap(equation, WIDTH - 2 * MARGIN) if equation else []
        if len(lines) > 2:
            raise ValueError(f"the equation needs {len(lines)} lines, and there is room for 2: {equation}")
        first = 0.5 if len(lines) > 1 else 1.0
        for number, line in enumerate(lines):
            pen.write(WIDTH / 2, top - (first + number) * LINE, line)
        return
    widths = [_term_width(term) for term in equation]
    gap = min(0.06, (WIDTH - 2 * MARGIN - sum(widths)) / max(1, len(widths) - 1))
    if gap < 0.02:
        raise ValueError(f"the equation is too wide: {' '.join(getattr(term, 'symbol', term) for term in equation)}")
    x = (WIDTH - sum(widths) - gap * (len(widths) - 1)) / 2
    for term, width in zip(equation, widths, strict=True):
        symbol, number = (term.symbol, term.value) if isinstance(term, Term) else (term, term)
        pen.write(x + width / 2, top - 0.5 * LINE, symbol, bold=isinstance(term, Term))
        if number is not None:
            pen.write(x + width / 2, top - 1.6 * LINE, number if number is term else short_number(number, tiny=True))
        if isinstance(term, Term) and term.role:
            line = Path([(x, top - 2.15 * LINE), (x + width, top - 2.15 * LINE)])
            pen.add(PathPatch(line, facecolor="none", edgecolor=ROLES[term.role], linewidth=2.5))
        x += width + gap


def _term_width(term):
    if not isinstance(term, Term):
        return text_width(term)
    number = "" if term.value is None else short_number(term.value, tiny=True)
    return max(text_width(term.symbol, bold=True), text_width(number), 0.3)


def _draw_group(pen, group, layout):
    left, bottom, right, top = np.array([layout.extents[name] for name in group.members]).T
    left, bottom = left.min() - group.pad, bottom.min() - group.pad
    right, top = right.max() + group.pad, top.max() + group.pad + LINE * bool(group.label)
    colour = ROLES[group.role]
    pen.add(_rounded(left, bottom, right - left, top - bottom, facecolor=colour, alpha=0.1, linewidth=0), "group", 0)
    if group.label:
        pen.write(left + 0.06, top - 0.04 - LINE / 2, group.label, ha="left")


def _draw_arrow(pen, arrow, layout, roles, now):
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
    pen.add(PathPatch(_round_corners(points), facecolor="none", edgecolor=colour, linewidth=width), name, 1)
    if arrow.label:
        _label_arrow(pen, arrow, points, width)


def _round_corners(points, radius=0.09, closed=False):
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


def _draw_part(pen, part, layout, is_now, scale):
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
        pen.add(_outline(box, facecolor="none", edgecolor=colour, linewidth=9, alpha=_HALO), order=1.5)
        pen.add(_outline(box, facecolor=PAPER, edgecolor="none", linewidth=0), order=1.8)
    if tint:
        pen.add(_outline(box, facecolor=colour, edgecolor="none", linewidth=0, alpha=tint), order=2)
    pen.add(_outline(box, facecolor="none", edgecolor=colour, linewidth=line), f"part {part.name}", 4)


def _outline(box, **look):
    if box.round:
        return Circle((box.x, box.y), box.half_width, **look)
    left, bottom, right, top = box.edges
    return _rounded(left, bottom - box.hang, right - left, top - bottom + box.hang, **look)


def _rounded(x, y, width, height, **look):
    return PathPatch(_round_corners(_around(x, y, width, height), _CORNER, closed=True), **look)


def _around(x, y, width, height):
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


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
        pen.add(_rounded(*place, facecolor="none", edgecolor=INK, linewidth=2.2), order=4)
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
