"""Drawings of a recurrent network as a graph, unfolded in time or folded, forward and back."""

from typing import NamedTuple

from helpers.figures.machine import Arrow, Part, draw_machine

_ROWS = {"L": 0, "y": 0.72, "h": 1.44, "a": 2.44, "x": 3.14}  # the loss is the highest
_ROW_NAMES = {"L": "loss Lₜ", "y": "output yₜ", "a": "sum aₜ", "x": "input xₜ"}
_SIZE, _DECIMALS = (0.66, 0.27), 4
_SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Stop(NamedTuple):
    """One stop of the walk forward and back: what is computed there, and from what."""

    equation: str
    nodes: tuple  # (kind, step) of the nodes that get their number here
    edges: dict  # (from node, to node) → the number that goes along it
    backward: bool


def stops(trace):
    """List every stop of the walk: the start, forward a, h, y at each step, back the same nodes, then the weights.

    Parameters
    ----------
    trace : helpers.models.scalar_rnn.ScalarRNNTrace

    Returns
    -------
    list of Stop
        6 T + 3 of them.
    """
    T = len(trace.x)
    forward = [stop(trace, t) for t in range(1, T + 1) for stop in (_sum, _state, _output)]
    back = [stop(trace, t) for t in range(T, 0, -1) for stop in (_output_back, _state_back, _sum_back)]
    return [Stop("h₀ = 0", (("h", 0),), {}, False), *forward, *back, *_weights_back(trace)]


def draw_unrolled(trace, position, letters, title=""):
    """Draw the graph of all steps with the numbers known at one position of the walk.

    A node shows its value and, below it, the gradient of the loss; a loss that does not count shows a dash. What the
    cursor is at stands out, and the numbers that enter it are written on their edges.

    Parameters
    ----------
    trace : helpers.models.scalar_rnn.ScalarRNNTrace
    position : int
        Which of `stops`; −1 is the last.
    letters : str
        One for each step.
    title : str
        Written above, in at most two lines; the equation of the stop fits here.

    Returns
    -------
    matplotlib.figure.Figure
    """
    T, every = len(trace.x), stops(trace)
    now = every[position]
    seen = every[: every.index(now) + 1]
    values = {node for stop in seen if not stop.backward for node in stop.nodes} | {("x", t) for t in range(1, T + 1)}
    gradients = {node for stop in seen if stop.backward for node in stop.nodes}
    nodes = [("h", 0), *((kind, t) for t in range(1, T + 1) for kind in _ROWS)]
    parts = [_part(node, trace, node in values, node in gradients, letters) for node in nodes]
    parts += [Part(name, (0, _ROWS[kind]), "text", label=name) for kind, name in _ROW_NAMES.items()]
    parts += [Part("room", (T + 0.5, 0), "dot")]  # for the numbers to the right of the last step
    note = "in a box: the value, and below it ∂L/∂value"
    parts += [Part("note", (T / 2, _ROWS["x"] + 0.62), "text", label=note)]
    arrows = [_arrow(start, end, now) for start, end in _edges(T)]
    return draw_machine(parts, arrows, now=[_name(node) for node in now.nodes], equation=title, row=1.0)


def draw_folded(trace, position, letters, title=""):
    """Draw the network as it is programmed: one step, and a loop that hands the state on to the next one.

    The same numbers as in `draw_unrolled`, one step at a time. Beside the step stand the three weights, which are the
    same at every step, and below each the sum of what its uses have asked for so far.

    Parameters
    ----------
    trace : helpers.models.scalar_rnn.ScalarRNNTrace
    position : int
        Which of `stops`; −1 is the last.
    letters : str
        One for each step.
    title : str
        Written above, in at most two lines.

    Returns
    -------
    matplotlib.figure.Figure
    """
    every = stops(trace)
    now = every[position]
    seen = every[: every.index(now) + 1]
    values = {node for stop in seen if not stop.backward for node in stop.nodes} | {("x", 1)}
    gradients = {node for stop in seen if stop.backward for node in stop.nodes}
    t = max(1, now.nodes[-1][1]) if now.nodes else 1
    known = values | {("x", t), ("h", 0)}
    nodes = [(kind, t) for kind in _ROWS]
    parts = [_part(node, trace, node in known, node in gradients, letters) for node in nodes]
    parts = [part._replace(at=(1, part.at[1])) for part in parts]  # every step in one place
    look = {"size": _SIZE, "label": f"h{_sub(t - 1)}, kept", "side": "below", "decimals": 4 * (t > 1)}
    parts += [Part("kept", (0, 2.44), "cells", "state", trace.h[t - 1] if ("h", t - 1) in known else None, **look)]
    parts += _weights_beside(trace, gradients)
    names = {"y": "output", "h": "state", "a": "sum", "L": "loss"}
    parts += [Part(f"name {k}", (1.8, _ROWS[k]), "text", label=f"{name} {k}{_sub(t)}") for k, name in names.items()]
    note = f"step {t} of {len(trace.x)}; below a value its gradient"
    parts += [Part("note", (1.4, _ROWS["x"] + 0.62), "text", label=note)]
    return draw_machine(parts, list(_loop(now, t)), now=_now_folded(now), equation=title, row=1.0)


def _now_folded(now):
    return [_name(node) for node in now.nodes if node[1] > 0] + ["kept"] * (("h", 0) in now.nodes)


def _weights_beside(trace, gradients):
    """Yield the three weights, each with the sum over those steps whose gradient is known."""
    cell, output, _ = trace.params
    sums = {
        "W_hy": (output.W, 1.08, [trace.h[t] * trace.dy[t - 1] for k, t in gradients if k == "y"]),
        "W_hh": (cell.W_hh, 1.94, [trace.h[t - 1] * trace.da[t - 1] for k, t in gradients if k == "a"]),
        "W_xh": (cell.W_xh, 2.79, [trace.x[t - 1] * trace.da[t - 1] for k, t in gradients if k == "a"]),
    }
    for name, (weight, row, terms) in sums.items():
        value, asked = weight.item(), sum(terms) if terms else None
        look = {"label": name, "side": "right", "size": _SIZE, "decimals": 0 if asked is None else _DECIMALS}
        yield Part(name, (2.7, row), "cells", "weight", value, asked, **look)


def _loop(now, t):
    """Yield the arrows of one step; what comes from the step after comes back by the loop."""
    x, a, h, y, loss = (_name((kind, t)) for kind in "xahyL")
    places = {(("x", t), ("a", t)): (x, a), (("a", t), ("h", t)): (a, h), (("h", t), ("y", t)): (h, y)}
    places |= {
        (("y", t), ("L", t)): (y, loss),
        (("h", t - 1), ("a", t)): ("kept", a),
        (("h", t), ("a", t + 1)): (h, "kept"),
    }
    bent = {(h, "kept"): {"via": "-|", "leaves": "left", "enters": "above"}}
    for (start, end), ends in places.items():
        turned = (end, start) in now.edges
        number = now.edges.get((end, start) if turned else (start, end))
        look = bent.get(ends, {})
        if number is None:
            yield Arrow(*ends, role="plain", **look)
        else:
            size, role = 0.3 + 0.7 * min(1, abs(number)), "back" if now.backward else "memory"
            yield Arrow(*ends, size, role=role, back=turned, **look)


def _sum(trace, t):
    w_xh, w_hh, b = (weight.item() for weight in trace.params.cell)
    bias = f" + {_number(b)}" if b else ""
    x, h = trace.x[t - 1], trace.h[t - 1]
    equation = f"a{_sub(t)} = {_weight(w_xh)} × {_term(x)} + {_weight(w_hh)} × {_term(h)}{bias}"
    edges = {(("x", t), ("a", t)): w_xh * x, (("h", t - 1), ("a", t)): w_hh * h}
    return Stop(f"{equation} = {_number(trace.a[t - 1])}", (("a", t),), edges, False)


def _state(trace, t):
    a, h = trace.a[t - 1], trace.h[t]
    return Stop(f"h{_sub(t)} = tanh({_number(a)}) = {_number(h)}", (("h", t),), {(("a", t), ("h", t)): a}, False)


def _output(trace, t):
    w, y = trace.params.output.W.item(), trace.y[t - 1]
    loss = f"L{_sub(t)} = ½ (y{_sub(t)} − {trace.targets[t - 1]:g})² = {_number(trace.loss[t - 1])}"
    if not trace.counts[t - 1]:
        loss = f"L{_sub(t)} does not count"
    equation = f"y{_sub(t)} = {_weight(w)} × {_number(trace.h[t])},  {loss}"
    edges = {(("h", t), ("y", t)): w * trace.h[t], (("y", t), ("L", t)): y}
    return Stop(equation, (("y", t), ("L", t)), edges, False)


def _output_back(trace, t):
    what, dy = f"∂L/∂y{_sub(t)} = ", trace.dy[t - 1]
    equation = f"{what}y{_sub(t)} − {trace.targets[t - 1]:g} = {_number(dy)}"
    if not trace.counts[t - 1]:
        equation = f"{what}0: L{_sub(t)} does not count"
    return Stop(equation, (("y", t),), {(("L", t), ("y", t)): dy}, True)


def _state_back(trace, t):
    w, w_hh = trace.params.output.W.item(), trace.params.cell.W_hh.item()
    edges = {(("y", t), ("h", t)): w * trace.dy[t - 1]}
    equation = f"∂L/∂h{_sub(t)} = {_weight(w)} × {_term(trace.dy[t - 1])}"
    if t < len(trace.x):
        edges[("a", t + 1), ("h", t)] = w_hh * trace.da[t]
        equation += f" + {_weight(w_hh)} × {_term(trace.da[t])}"
    return Stop(f"{equation} = {_number(trace.dh[t - 1])}", (("h", t),), edges, True)


def _sum_back(trace, t):
    dh, h = trace.dh[t - 1], trace.h[t]
    equation = f"∂L/∂a{_sub(t)} = {_number(dh)} × (1 − {_number(h)}²) = {_number(trace.da[t - 1])}"
    return Stop(equation, (("a", t),), {(("h", t), ("a", t)): dh}, True)


def _weights_back(trace):
    """The two weights of the layer: each is used at every step, so its gradient is a sum over the edges it is on."""
    for name, kind, back, values in (("W_xh", "x", 0, trace.x), ("W_hh", "h", 1, trace.h[:-1])):
        terms = values * trace.da
        edges = {((kind, t - back), ("a", t)): term for t, term in enumerate(terms, start=1)}
        numbers = " + ".join(_term(term) for term in terms)
        yield Stop(f"∂L/∂{name} = {numbers} = {_number(terms.sum())}", (), edges, True)


def _edges(T):
    for t in range(1, T + 1):
        yield ("h", t - 1), ("a", t)
        yield from ((("x", t), ("a", t)), (("a", t), ("h", t)), (("h", t), ("y", t)), (("y", t), ("L", t)))


def _arrow(start, end, now):
    """Make the arrow from one node to another; at the stop, with its number, and on the way back turned round."""
    turned = (end, start) in now.edges
    number = now.edges.get((end, start) if turned else (start, end))
    if number is None:
        return Arrow(_name(start), _name(end), role="plain")
    beside = {"along": 0.25} if start[0] == "a" else {}  # below the slope to the next step
    if start[1] != end[1]:
        beside = {"side": "left", "along": 0.72}  # a slope leaves room below it
    size = 0.3 + 0.7 * min(1, abs(number))
    role = "back" if now.backward else "memory"
    return Arrow(_name(start), _name(end), size, _number(number), role=role, back=turned, **beside)


def _part(node, trace, has_value, has_gradient, letters):
    kind, t = node
    at, label = (t, _ROWS[kind]), "state hₜ" if t == 0 else f"{t}: {letters[t - 1]}" if kind == "x" else ""
    if kind == "L" and not trace.counts[t - 1]:  # to be seen before the walk comes there
        return Part(_name(node), at, "box", "plain", label="–", size=_SIZE)
    value = {"x": trace.x, "a": trace.a, "h": trace.h[1:], "y": trace.y, "L": trace.loss}[kind][t - 1] if t else 0.0
    gradient = {"a": trace.da, "h": trace.dh, "y": trace.dy}[kind][t - 1] if has_gradient else None
    role = {"x": "input", "a": "plain", "h": "state", "y": "output", "L": "loss"}[kind]
    look = {"size": _SIZE, "decimals": 0 if gradient is None and value == round(value) else _DECIMALS}
    side = "below" if kind == "x" else "above"
    return Part(_name(node), at, "cells", role, value if has_value else None, gradient, label, side, **look)


def _name(node):
    return f"{node[0]}{node[1]}"


def _number(value):
    digits = 0 if value == round(value) else 4
    return f"{value + 0.0:.{digits}f}".replace("-", "−")  # −0.0 + 0.0 is 0.0


def _term(value):
    """A number inside a sum: a negative one in brackets."""
    return f"({_number(value)})" if _number(value).startswith("−") else _number(value)


def _weight(value):
    return f"(−{-value:g})" if value < 0 else f"{value:g}"


def _sub(t):
    return str(t).translate(_SUB)
