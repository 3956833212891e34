"""One recurrent network in every shape of a sequence task: what comes in, what is asked, and the numbers of one run."""

import functools

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.figures.machine import Arrow, Part, draw_machine, short_number, subscript
from helpers.models.small_shapes import SHAPE_SYMBOLS, TASK_SHAPES, shape_task, small_shape_numbers, train_small_shape

STEPS_SHOWN = 12  # of the control that stands for time, for every shape
# Which sequence is shown: "b", "a · · ·", "a a b"; of the other shapes "a b b a".
_SEQUENCE = {"one to one": 1, "one to many": 0, "many, then many": 1}
_ABBA = 6
_ROW = 1.2  # from one row of states to the next, in rows of the grid


@functools.cache
def trained_shape(shape):
    """Train the small network of a shape once."""
    return train_small_shape(shape, np.random.default_rng(0))[0]


def share_right(shape):
    """Return the share of answers that the network of a shape gives right, over all sequences of its task."""
    task, params = shape_task(shape), trained_shape(shape)
    sequences = range(task.ids.shape[1])
    said = np.stack([small_shape_numbers(shape, params, n)[1].argmax(axis=-1) for n in sequences], axis=1)
    return float((said == task.targets)[task.asked].mean())


def draw_shape(shape, step):
    """Draw the network of a shape unrolled in time, with all numbers that are known at a step.

    Parameters
    ----------
    shape : str
        One of `helpers.models.small_shapes.TASK_SHAPES`.
    step : int
        From 0, nothing is read, to STEPS_SHOWN, all is answered.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When the shape is unknown or the step out of range.
    """
    check_choice("shape", shape, TASK_SHAPES)
    if check_integer("step", step, least=0) > STEPS_SHOWN:
        raise ValueError(f"step is {step}, expected at most {STEPS_SHOWN}")
    task = shape_task(shape)
    sequence = _SEQUENCE.get(shape, _ABBA)
    states, p = small_shape_numbers(shape, trained_shape(shape), sequence)
    events = _events(task)
    done = events[: -(-step * len(events) // STEPS_SHOWN)]
    now = done[-1] if done else ()
    rows = _rows_of_states(states, task.bidirectional)
    top, bottom, T = 1.0, 1.0 + _ROW * len(rows), len(task.asked)
    parts, arrows = [], []
    for t in range(T):
        symbol = SHAPE_SYMBOLS[task.ids[t, sequence]]
        if symbol != "·":
            parts.append(Part(f"x{t}", (t, bottom), "box", "input", label=symbol, size=(0.4, 0.3)))
        for row, (h, _) in enumerate(rows):
            known = ("h", t, row) in done
            place = (t, top + _ROW * row)
            parts.append(Part(f"h{t}.{row}", place, value=h[t][:, None] if known else None, shape=(h.shape[1], 1)))
        if task.asked[t]:
            known = ("y", t, 0) in done
            best, share = task.answers[p[t].argmax()], p[t].max()
            value, label = (share, best) if known else (None, "?")
            parts.append(Part(f"y{t}", (t, 0), "bar", "probability", value=value, label=label))
        arrows += _arrows(task, t, symbol, len(rows))
    left = -0.62 if T > 1 else -0.2
    parts += [Part(f"row {row}", (left, top + _ROW * row), "text", label=name) for row, (_, name) in enumerate(rows)]
    if T == 1:  # a single step stands in the middle
        parts += [Part(f"room {side}", (0.62 * side, top), "text") for side in (-1, 1)]
    named = {f"{kind}{t}.{row}" if kind == "h" else f"{kind}{t}" for kind, t, row in ([now] if now else [])}
    figure = draw_machine(parts, arrows, now=named, row=0.86)
    return figure, _tell(shape, task, sequence, rows, p, now, step)


def _rows_of_states(states, bidirectional):
    """List what stands in each row of the picture, the highest first: (states (T, H), name)."""
    if bidirectional:
        forward, backward = np.split(states[0], 2, axis=-1)
        return [(backward, "←"), (forward, "→")]
    if len(states) == 1:
        return [(states[0], "h")]
    return [(h, f"h{subscript(layer)}") for layer, h in reversed([*enumerate(states, 1)])]


def _events(task):
    """List what is computed, one after the other: ("h", step, row of the picture) and ("y", step, 0)."""
    T = len(task.asked)
    if task.bidirectional:
        states = [("h", t, 1) for t in range(T)] + [("h", t, 0) for t in reversed(range(T))]
        return states + [("y", t, 0) for t in range(T)]
    events = []
    for t in range(T):
        events += [("h", t, row) for row in reversed(range(task.layers))]
        events += [("y", t, 0)] * bool(task.asked[t])
    return events


def _arrows(task, t, symbol, rows):
    arrows = []
    for row in range(rows):
        back = task.bidirectional and row == 0
        if t + 1 < len(task.asked):
            pair = (f"h{t}.{row}", f"h{t + 1}.{row}")
            arrows.append(Arrow(*(pair[::-1] if back else pair)))
    lowest = rows - 1
    if symbol != "·":
        arrows.append(Arrow(f"x{t}", f"h{t}.{lowest}"))
        if task.bidirectional:
            arrows.append(_beside(f"x{t}", f"h{t}.0", t, task))
    if not task.bidirectional:
        arrows += [Arrow(f"h{t}.{row}", f"h{t}.{row - 1}") for row in range(1, rows)]
    if task.asked[t]:
        arrows.append(Arrow(f"h{t}.0", f"y{t}"))
        if task.bidirectional:
            arrows.append(_beside(f"h{t}.1", f"y{t}", t, task, -0.42))
    return arrows


def _beside(start, end, t, task, off=0.42):
    """Draw an arrow that goes round the state between: right of it, or left."""
    rows = {"x": 1 + 2 * _ROW, "h": 1 + _ROW}
    side = "right" if off > 0 else "left"
    goes_in = {"h": 1.0, "y": 0.0}[end[0]]
    return Arrow(start, end, via=((t + off, rows[start[0]]), (t + off, goes_in)), leaves=side, enters=side)


def _tell(shape, task, sequence, rows, p, now, step):
    read = "".join(SHAPE_SYMBOLS[i] for i in task.ids[:, sequence] if i < 2)
    if not now:
        return f"{shape.capitalize()}. “{read}” comes in. {task.question} Nothing is computed yet."
    kind, t, row = now
    if kind == "y":
        best, share = task.answers[p[t].argmax()], p[t].max()
        right = task.answers[task.targets[t, sequence]]
        return f"{task.question} Step {t + 1}: the network says “{best}” with p = {share:.2f}; right is “{right}”."
    h, name = rows[row]
    numbers = ", ".join(short_number(value) for value in h[t])
    comes = SHAPE_SYMBOLS[task.ids[t, sequence]]
    source = f"“{comes}” and the state before" if comes != "·" else "the state before alone: nothing comes in"
    if task.bidirectional and row == 0:
        source = f"“{comes}” and the state after it: this one reads from right to left"
    if len(rows) == 2 and not task.bidirectional and row == 0:
        source = "the layer below and its own state before"
    layer = name[1:].translate(str.maketrans("₁₂", "12"))
    which = f" of layer {layer}" if len(rows) == 2 and not task.bidirectional else ""
    return f"{task.question} Step {t + 1}: the state{which} is ({numbers}), from {source}."
