"""What a machine is made of: parts on a grid, arrows between them, groups around them, and the terms of an equation."""

from typing import NamedTuple

import numpy as np

from helpers.figures.style import BLUE, GREEN, GREY, ORANGE, PINK
from helpers.sliders.theme import INK

_SKY, _PURPLE = "#2b95d6", "#7a5cd0"

# Each has a contrast of at least 3 : 1 on white and on the book's dark page; none is told from another by colour alone.
ROLES = {
    "input": INK,
    "state": _SKY,
    "memory": BLUE,
    "output": BLUE,
    "gate": GREEN,
    "candidate": PINK,
    "query": _PURPLE,
    "key": GREEN,
    "value": PINK,
    "loss": ORANGE,
    "back": ORANGE,
    "probability": _SKY,
    "weight": GREY,
    "plain": GREY,
}
KINDS = ("cells", "gate", "op", "box", "bar", "bars", "text", "dot")
SIDES = ("above", "below", "left", "right")


class Part(NamedTuple):
    """A part of a machine.

    Its kind says how it is drawn: "cells" are filled squares with their numbers (a number, a row (n,) or a matrix
    (m, n)); a "gate" is a valve, filled as far as it is open; an "op" is a small circle with a sign; a "box" is a
    layer with its name inside; a "bar" is one probability, standing; "bars" are probabilities (n,), lying, with
    `names`; "text" has no frame; a "dot" is where lines meet and has no size.
    """

    name: str  # what arrows call it
    at: tuple  # (column, row); row 0 is the highest, fractions stand between
    kind: str = "cells"
    role: str = "state"
    value: object = None  # None: not computed yet
    back: object = None  # ∂L/∂value, drawn below the value in the second colour
    label: str = ""  # inside a gate, an op, a box or a text; beside the others
    side: str = "above"  # where the label of cells and bars stands
    names: tuple = ()  # of the bars, one each
    shape: tuple = (1,)  # of cells whose value is None
    mark: int = None  # the row of a matrix that is framed
    digits: bool = True  # cells and bars in digits too
    decimals: int = 2  # of them, and of the gradient
    size: tuple = None  # (width, height) in inches, instead of what its kind needs
    touch: str = ""  # "control=value": a click on it sets that control


class Arrow(NamedTuple):
    """An arrow from one part to another.

    It leaves and enters where the straight line between the two crosses their borders, or in the middle of the sides
    that `leaves` and `enters` name. `via` lists corners on the grid; "-|" goes across and then up or down, "|-" up or
    down and then across.
    """

    start: str
    end: str
    size: float = None  # |size| from 0 to 1 is its width; None: a thin line
    label: str = ""  # beside its longest piece
    along: float = 0.5  # how far along that piece the label stands
    role: str = ""  # as its start, if none is given
    via: object = ()  # "-|", "|-", or (column, row) of each corner
    leaves: str = ""  # "above", "below", "left" or "right"
    enters: str = ""
    shift: float = 0.0  # inches by which it, or its last piece, is moved: to the right, or up where it is level
    head: bool = True
    side: str = ""  # where its label stands; above a level line and to the right of others, if none is given
    back: bool = False  # drawn from its end to its start, in the second colour


class Group(NamedTuple):
    """Parts that belong together, on a tinted ground, with a name in a corner above them."""

    members: tuple
    label: str = ""
    role: str = "plain"
    pad: float = 0.1  # inches around its members


class Term(NamedTuple):
    """A symbol of an equation, with its number below it."""

    symbol: str
    value: object = None  # a number, or None
    role: str = ""


class Words(NamedTuple):
    """A sentence above a machine; the word at `position` is read now."""

    words: tuple
    position: int = None
    control: str = ""  # a click on a word sets this control to its number
    first: int = 0  # the number of the first word
    grey: tuple = None  # places that take no part; None: those after the position


def check_machine(parts, arrows, groups, now):
    """Raise a ValueError if a name stands twice or belongs to no part, or if a kind, role or side is unknown."""
    names = [part.name for part in parts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"each part needs a name of its own; twice: {', '.join(twice)}")
    called = [name for arrow in arrows for name in (arrow.start, arrow.end)]
    called += [name for group in groups for name in group.members] + list(now)
    unknown = sorted(set(called) - set(names))
    if unknown:
        raise ValueError(f"no part is called {', '.join(unknown)}; there are {', '.join(names)}")
    for part in parts:
        _check_one("kind", part.kind, KINDS, part)
        _check_one("side", part.side, SIDES, part)
        _check_one("role", part.role, ROLES, part)
        if part.kind == "bars" and part.value is not None and len(part.names) != len(part.value):
            raise ValueError(f"part {part.name!r} has {len(part.value)} bars and {len(part.names)} names")
    for arrow in arrows:
        _check_one("role", arrow.role, ("", *ROLES), arrow)
        for side in (arrow.leaves, arrow.enters, arrow.side):
            _check_one("side", side, ("", *SIDES), arrow)


def _check_one(what, given, known, where):
    if given not in known:
        raise ValueError(f"{what} {given!r} of {where} is none of {', '.join(map(repr, known))}")


def grid_of(part):
    """Return the values of a part of cells as rows and columns, shape (m, n): NaN where there is no value yet."""
    values = np.full(part.shape, np.nan) if part.value is None else np.asarray(part.value, dtype=float)
    return np.atleast_2d(values)
