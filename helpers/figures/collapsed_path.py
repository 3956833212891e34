"""How a path of CTC collapses to a text: merge, then delete; and what comes of the other order."""

from itertools import groupby

from helpers.core.checks import check_choice, check_integer
from helpers.figures.machine import Arrow, Part, draw_machine

COLLAPSE_ORDERS = ("merge, then delete", "delete, then merge")
COLLAPSE_STAGES = 2  # after the first: one for each of merging and deleting

_BLANK = "–"
_MOST = 10  # symbols that fit on the page
_ROW = 0.85  # inches


def draw_collapse(path, order, stage):
    """Draw a path, one symbol a frame, and what is left of it after each stage.

    Parameters
    ----------
    path : str
        Letters, and "-" or "–" for the blank; up to ten.
    order : str
        One of COLLAPSE_ORDERS.
    stage : int
        0: the path alone; 1: after the first of merging and deleting; 2: after both.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When the path has another character, is empty or too long, or there is no such order or stage.
    """
    symbols = _symbols(path)
    check_choice("order", order, COLLAPSE_ORDERS)
    if check_integer("stage", stage, least=0) > COLLAPSE_STAGES:
        raise ValueError(f"stage is {stage}, expected 0 to {COLLAPSE_STAGES}")
    whole = [(symbol, (frame,)) for frame, symbol in enumerate(symbols)]
    rows = [whole]
    for change in (_merge, _delete) if order == COLLAPSE_ORDERS[0] else (_delete, _merge):
        rows.append(change(rows[-1]))
    return _draw(rows, order, stage), _tell(rows, order, stage)


def _symbols(path):
    symbols = str(path).strip().replace("-", _BLANK)
    if not 1 <= len(symbols) <= _MOST or not all(s == _BLANK or s.isalpha() for s in symbols):
        raise ValueError(f"path is {path!r}, expected 1 to {_MOST} letters, and - for the blank")
    return symbols


def _merge(row):
    """Make one of equal neighbours; it remembers the frames that it comes from."""
    runs = [list(run) for _, run in groupby(row, key=lambda item: item[0])]
    return [(run[0][0], tuple(frame for _, frames in run for frame in frames)) for run in runs]


def _delete(row):
    return [item for item in row if item[0] != _BLANK]


def _draw(rows, order, stage):
    names = ["path", *(f"{word}d" for word in order.split(", then "))]  # "merged", "deleted"
    columns = len(rows[0])
    parts = [Part(f"name {k}", (-1.3, _ROW * k), "text", label=name) for k, name in enumerate(names)]
    parts += [Part("right", (max(columns, _MOST) - 0.5, 0), "dot"), Part("floor", (0, 2 * _ROW + 0.16), "dot")]
    arrows = []
    for k, row in enumerate(rows[: stage + 1]):
        if not row:
            parts.append(Part(f"nothing {k}", ((columns - 1) / 2, _ROW * k), "text", label="(empty)"))
        for symbol, frames in row:
            place = (sum(frames) / len(frames), _ROW * k)
            role = "plain" if symbol == _BLANK else "output" if k == 2 else "input"
            parts.append(Part(_name(k, frames), place, "box", role, label=symbol, size=(0.3, 0.3)))
            before = [] if not k else [item for item in rows[k - 1] if {*item[1]} <= {*frames}]
            arrows += [Arrow(_name(k - 1, item[1]), _name(k, frames)) for item in before]
    frames = [Part(f"frame {n}", (n, -0.36), "text", label=str(n + 1)) for n in range(columns)]
    return draw_machine([*parts, *frames, Part("frame", (-1.3, -0.36), "text", label="frame")], arrows, row=1.0)


def _name(k, frames):
    return f"{k}: {frames[0]}"


def _tell(rows, order, stage):
    path, middle, text = ("".join(symbol for symbol, _ in row) for row in rows)
    first = order.split(",")[0]
    told = f"“{path}”, {order}: "
    if stage == 0:
        frames = "1 frame" if len(path) == 1 else f"{len(path)} frames"
        return f"{told}{frames}, one symbol each."
    if stage == 1:
        return f"{told}{first} gives {f'“{middle}”' if middle else 'nothing'}."
    right = "".join(symbol for symbol, _ in _delete(_merge(rows[0])))
    if text == right:
        return f"{told}the text is {f'“{text}”' if text else 'empty'}."
    return f"{told}the text is “{text}”. The right order gives “{right}”."
