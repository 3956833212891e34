"""The LSTM cell and the GRU cell as machines: one unit of each, with all its numbers, forward and on the way back."""

from typing import NamedTuple

import numpy as np

from helpers.figures.machine import Arrow, Group, Part, Term, draw_machine, subscript
from helpers.layers.recurrent.gru import GRUStep, gru_reset_after
from helpers.layers.recurrent.lstm import LSTMStep, lstm_step_backward, lstm_step_gates

# What is computed one after the other in one step, and what on the way back.
LSTM_STAGES, LSTM_STAGES_BACK = ("f", "i", "g", "c", "o", "h"), ("h", "o", "c", "f", "i", "g", "c_before", "h_before")
GRU_STAGES, GRU_STAGES_BACK = ("r", "z", "n", "h"), ("h", "z", "n", "r", "h_before")
_NAMES = {"f": "forget", "i": "input", "g": "candidate", "o": "output", "r": "reset", "z": "update", "n": "candidate"}


class CellStep(NamedTuple):
    """One unit of a gated cell at one step. A gate's sum is from_x + from_h + bias."""

    values: dict  # "h_before", "c_before", each gate, "c" and "h" → its number
    from_x: dict  # gate → what x_t W_xh brings to its sum
    from_h: dict  # gate → what h_{t-1} W_hh brings; for n of a GRU with b_hh, as the reset gate multiplies both
    bias: dict
    gradients: dict  # the names of `values` → ∂L/∂ it; "h_loss", "h_later", "c_later" → what h_t and c_t get from these
    to_h: dict  # gate → what h_{t-1} gets back through it


def trace_lstm_unit(x, params, dh, unit=0, held=None):
    """Run an LSTM over one sequence from h_0 = c_0 = 0 and back, and return every number of one of its units.

    Parameters
    ----------
    x : ndarray (T, D)
    params : helpers.layers.recurrent.LSTMParams
    dh : ndarray (T, H)
        What the loss takes from each h_t directly.
    unit : int
    held : dict, optional
        Gate → the value from 0 to 1 at which all its units are held, whatever comes.

    Returns
    -------
    list of CellStep
    """
    held = held or {}
    W_x, W_h, b = (_by_gate(weight, "ifgo") for weight in params)
    h = c = np.zeros((1, len(params.W_hh)), params.W_hh.dtype)
    steps = []
    for x_t in x:
        gates = dict(zip("ifgo", lstm_step_gates(x_t[None], h, params), strict=True))
        gates |= {name: np.full_like(h, value) for name, value in held.items()}
        step = LSTMStep(h, c, **gates, c=gates["f"] * c + gates["i"] * gates["g"])
        h, c = step.o * np.tanh(step.c), step.c
        steps.append((step, h))
    dh_later = dc_later = np.zeros_like(h)
    traced = []
    for x_t, dh_t, (step, h) in reversed(list(zip(x, dh, steps, strict=True))):
        from_later = {"h_loss": dh_t[None], "h_later": dh_later, "c_later": dc_later}
        dh_t = dh_t + dh_later
        da, dc = lstm_step_backward(dh_t, dc_later, step)
        da = {name: da_k * (name not in held) for name, da_k in _by_gate(da, "ifgo").items()}
        to_h = {name: da[name] @ W_h[name].T for name in "ifgo"}
        dh_later, dc_later = sum(to_h.values()), dc * step.f
        gradients = {"h": dh_t, "c": dc, "c_before": dc_later, "h_before": dh_later, **from_later}
        gradients |= {"o": dh_t * np.tanh(step.c), "f": dc * step.c_before, "i": dc * step.g, "g": dc * step.i}
        from_x, from_h = ({k: v @ W[k] for k in "ifgo"} for v, W in ((x_t[None], W_x), (step.h_before, W_h)))
        traced.append(_of_unit(unit, step._asdict() | {"h": h}, from_x, from_h, b, gradients, to_h))
    return traced[::-1]


def trace_gru_unit(x, params, dh, unit=0, held=None):
    """Run a GRU, reset after the product, over one sequence from h_0 = 0 and back, as `trace_lstm_unit` does."""
    held = held or {}
    W_x, W_h, b_x, b_h = (_by_gate(weight, "rzn") for weight in params)
    h = np.zeros((1, len(params.W_hh)), params.W_hh.dtype)
    steps = []
    for x_t in x:
        gates = dict(zip("rzn", gru_reset_after(x_t[None], h, params), strict=True))
        gates |= {name: np.full_like(h, value) for name, value in held.items()}
        if "r" in held and "n" not in held:
            gates["n"] = np.tanh(x_t[None] @ W_x["n"] + b_x["n"] + gates["r"] * (h @ W_h["n"] + b_h["n"]))
        step = GRUStep(h, **gates)
        h = (1 - step.z) * step.n + step.z * h
        steps.append((step, h))
    dh_later = np.zeros_like(h)
    traced = []
    for x_t, dh_t, (step, h) in reversed(list(zip(x, dh, steps, strict=True))):
        h_before, r, z, n = step
        from_x, from_h = ({k: v @ W[k] for k in "rzn"} for v, W in ((x_t[None], W_x), (h_before, W_h)))
        from_h["n"] = from_h["n"] + b_h["n"]
        from_later = {"h_loss": dh_t[None], "h_later": dh_later}
        dh_t = dh_t + dh_later
        dz, dn = dh_t * (h_before - n), dh_t * (1 - z)
        da_n = dn * (1 - n**2) * ("n" not in held)
        dr = da_n * from_h["n"]
        da_r, da_z = dr * r * (1 - r) * ("r" not in held), dz * z * (1 - z) * ("z" not in held)
        to_h = {"r": da_r @ W_h["r"].T, "z": da_z @ W_h["z"].T, "n": (da_n * r) @ W_h["n"].T}
        dh_later = dh_t * z + sum(to_h.values())
        gradients = {"h": dh_t, "z": dz, "n": dn, "r": dr, "h_before": dh_later, **from_later}
        bias = {"r": b_x["r"] + b_h["r"], "z": b_x["z"] + b_h["z"], "n": b_x["n"]}
        traced.append(_of_unit(unit, step._asdict() | {"h": h}, from_x, from_h, bias, gradients, to_h))
    return traced[::-1]


def _by_gate(weight, gates):
    return dict(zip(gates, np.split(weight, len(gates), axis=-1), strict=True))


def _of_unit(unit, *tables):
    return CellStep(*({name: float(values[..., unit].item()) for name, values in table.items()} for table in tables))


def draw_lstm_cell(step, t, now=None, back=False, words=None, held=(), scale=1.0, gradient_scale=1.0, touch=None):
    """Draw one unit of an LSTM at step t: the cell's highway above, the gates as valves, the detour through h below.

    Parameters
    ----------
    step : CellStep
        From `trace_lstm_unit`.
    t : int
        From 1.
    now : str, optional
        Which of LSTM_STAGES, or with `back` of LSTM_STAGES_BACK, is computed: what comes after it is not there yet.
        None: all of them are there, nothing stands out, and the equation is that of the memory.
    back : bool
        The gradient flows back.
    words : Words, optional
        What is read.
    held : collection of str
        The gates that are held, to be marked.
    scale, gradient_scale : float
        The size of a value that fills its cell, and of a gradient whose arrow is widest.
    touch : dict, optional
        Gate → "control=value": what a click on the gate sets.

    Returns
    -------
    matplotlib.figure.Figure
    """
    seen, seen_back = _seen(now, back, LSTM_STAGES, LSTM_STAGES_BACK)
    make, v, d = _maker(step, seen, seen_back, touch or {}), step.values, step.gradients
    at, before = subscript(t), subscript(t - 1)
    parts = [
        make("c_before", (0, 0), "cells", "memory", f"c{before}"),
        Part("keep", (1.2, 0), "op", "memory", label="×"),
        Part("add", (3, 0), "op", "memory", label="+"),
        make("c", (5.5, 0), "cells", "memory", f"c{at}"),
        Part("c_later", (6.25, 0), "dot"),
        Part("write", (3, 1), "op", "candidate", label="×"),
        Part("tanh", (5.5, 1), "op", "memory", label="tanh"),
        make("f", (1.2, 2), "gate", "gate"),
        make("i", (2.4, 2), "gate", "gate"),
        make("g", (3.55, 2), "cells", "candidate", side="right"),
        make("o", (4.65, 2), "gate", "gate"),
        Part("show", (5.5, 2), "op", "state", label="×"),
        make("h_before", (0, 3.1), "cells", "state", f"h{before}"),
        make("h", (5.5, 3.1), "cells", "state", f"h{at}", side="below"),
        Part("h_later", (6.25, 3.1), "dot"),
        Part("x", (0, 4.05), "box", "input", label=f"x{at}", size=(0.53, 0.27)),
        *(_name(k, column, 1.34, held) for k, column in {"f": 1.61, "i": 2.31, "g": 3.86, "o": 4.82}.items()),
    ]
    slope = 1 - np.tanh(v["c"]) ** 2
    flow = _Flow(seen, seen_back, back, gradient_scale)
    arrows = [
        flow("c_before", "keep", v["c_before"], d["c_before"], "c", ("c_before",)),
        flow("keep", "add", v["f"] * v["c_before"], d["c"], "c", ("f", "c_before")),
        flow("add", "c", v["c"], d["c"], "c", ("f", "i", "g", "c_before")),
        flow("c", "c_later", v["c"], d["c_later"], "c", ("c",)),
        flow("f", "keep", v["f"], d["f"], "f", ("f",)),
        flow("i", "write", v["i"], d["i"], "i", ("i",)),
        flow("g", "write", v["g"], d["g"], "g", ("g",)),
        flow("write", "add", v["i"] * v["g"], d["c"], "c", ("i", "g")),
        flow("c", "tanh", v["c"], d["h"] * v["o"] * slope, "c", ("c",)),
        flow("tanh", "show", np.tanh(v["c"]), d["h"] * v["o"], "h", ("c",)),
        flow("o", "show", v["o"], d["o"], "o", ("o",)),
        flow("show", "h", v["h"], d["h"], "h", ("o", "c")),
        flow("h", "h_later", v["h"], d["h_later"], "h", ("h",)),
        *_into_gates(flow, step, {"f": 1.2, "i": 2.4, "g": 3.55, "o": 4.65}),
    ]
    highway = Group(("c_before", "keep", "add", "c"), "highway", "memory", 0.07)
    every = {"f": ("f",), "i": ("i",), "g": ("g",), "o": ("o",), "c": ("keep", "write", "add", "c")}
    every |= {"h": ("tanh", "show", "h"), "c_before": ("c_before",), "h_before": ("h_before",)}
    lit = () if now is None else (now,) if back else every[now]
    equation = _lstm_equation(step, now or ("c_before" if back else "c"), back, at, before, held)
    return draw_machine(parts, arrows, [highway], lit, equation, words, scale, row=0.7)


def draw_gru_cell(step, t, now=None, back=False, words=None, held=(), scale=1.0, gradient_scale=1.0, touch=None):
    """Draw one unit of a GRU at step t, as `draw_lstm_cell` does; stages are GRU_STAGES and GRU_STAGES_BACK."""
    seen, seen_back = _seen(now, back, GRU_STAGES, GRU_STAGES_BACK)
    make, v, d = _maker(step, seen, seen_back, touch or {}), step.values, step.gradients
    at, before = subscript(t), subscript(t - 1)
    parts = [
        make("h_before", (0, 0), "cells", "state", f"h{before}"),
        Part("keep", (1.6, 0), "op", "state", label="×"),
        Part("add", (4.6, 0), "op", "state", label="+"),
        make("h", (5.5, 0), "cells", "state", f"h{at}"),
        Part("h_later", (6.25, 0), "dot"),
        Part("rest", (2.9, 0.9), "op", "gate", label="1 − z"),
        Part("write", (4.6, 0.9), "op", "candidate", label="×"),
        make("z", (1.6, 2), "gate", "gate"),
        make("r", (2.75, 2), "gate", "gate"),
        Part("reset", (3.7, 2), "op", "state", label="×"),
        make("n", (4.6, 2), "cells", "candidate", side="right"),
        Part("x", (0, 3.75), "box", "input", label=f"x{at}", size=(0.53, 0.27)),
        *(_name(k, column, 1.36, held) for k, column in {"z": 1.12, "r": 2.75, "n": 5.27}.items()),
    ]
    before_h = v["h_before"]
    flow = _Flow(seen, seen_back, back, gradient_scale)
    arrows = [
        flow("h_before", "keep", before_h, d["h"] * v["z"], "h", ("h_before",)),
        flow("keep", "add", v["z"] * before_h, d["h"], "h", ("z", "h_before")),
        flow("add", "h", v["h"], d["h"], "h", ("z", "n", "h_before")),
        flow("h", "h_later", v["h"], d["h_later"], "h", ("h",)),
        flow("z", "keep", v["z"], d["h"] * before_h, "z", ("z",)),
        flow("z", "rest", v["z"], d["h"] * v["n"], "z", ("z",), enters="left"),
        flow("rest", "write", 1 - v["z"], d["h"] * v["n"], "h", ("z",)),
        flow("n", "write", v["n"], d["n"], "n", ("n",)),
        flow("write", "add", (1 - v["z"]) * v["n"], d["h"], "h", ("n", "z")),
        flow("r", "reset", v["r"], d["r"], "n", ("r",)),
        flow("reset", "n", v["r"] * step.from_h["n"], d["n"] * (1 - v["n"] ** 2), "n", ("r", "h_before")),
        *_into_gates(flow, step, {"z": 1.6, "r": 2.75, "n": 3.7}, 3.1),
    ]
    highway = Group(("h_before", "keep", "add", "h"), "highway", "state", 0.07)
    every = {"r": ("r",), "z": ("z",), "n": ("reset", "n"), "h": ("keep", "rest", "write", "add", "h")}
    every |= {"h_before": ("h_before",)}
    lit = () if now is None else (now,) if back else every[now]
    equation = _gru_equation(step, now or ("h_before" if back else "h"), back, at, before, held)
    return draw_machine(parts, arrows, [highway], lit, equation, words, scale, row=0.7)


def _seen(now, back, stages, stages_back):
    """Return what has been computed: names of values, and names of gradients."""
    known = stages_back if back else stages
    if now is not None and now not in known:
        raise ValueError(f"now = {now!r} is none of {', '.join(known)}")
    if now is None:
        return set(stages), set(stages_back) if back else set()
    until = set(known[: known.index(now) + 1])
    return (set(stages), until) if back else (until, set())


def _maker(step, seen, seen_back, touch):
    def make(name, at, kind, role, label=None, side="above"):
        there = name in seen or name.endswith("_before")
        gradient = step.gradients[name] if name in seen_back else None
        label = name if label is None else label
        value = step.values[name] if there else None
        return Part(name, at, kind, role, value, gradient, label, side, touch=touch.get(name, ""))

    return make


def _name(gate, column, row, held):
    label = _NAMES[gate] + ("\nheld" if gate in held else "")
    return Part(f"name of {gate}", (column, row), "text", label=label, size=(0.1, 0.1))


class _Flow(NamedTuple):
    """Makes an arrow of a cell: forward as wide as its value, on the way back as its gradient, once that is known."""

    seen: set
    seen_back: set
    back: bool
    scale: float

    def __call__(self, start, end, value, gradient, stage, stages_back, **look):
        if self.back:
            if self.seen_back & set(stages_back):
                return Arrow(start, end, gradient / self.scale, back=True, **look)
            return Arrow(start, end, **look)
        return Arrow(start, end, value if stage in self.seen else None, **look)


_APART = 0.1  # inches from the middle of a gate to where x_t and h_{t-1} enter it


def _into_gates(flow, step, columns, row=None):
    """Make the arrows of x_t and h_{t-1} into every gate; the column of n of a GRU is that of its reset.

    h_{t-1} goes across at its own height, or down to `row` first.
    """
    for gate, column in columns.items():
        is_reset = gate == "n"
        via = "-|" if row is None else ((0, row), (column, row))
        yield flow("h_before", "reset" if is_reset else gate, step.from_h[gate], step.to_h[gate], gate, ("h_before",),
                   via=via, shift=0.0 if is_reset else _APART)  # fmt: skip
    for gate in columns:
        yield flow("x", gate, step.from_x[gate], 0.0, gate, (), via="-|", shift=0.0 if gate == "n" else -_APART)


def _gate_equation(step, gate, before, at, held):
    if gate in held:
        return (Term(f"{gate}{at}", step.values[gate], "gate"), "is held")
    sign = "tanh(" if gate in "gn" else "σ("
    role = "candidate" if gate in "gn" else "gate"
    from_h = Term(f"h{before}W", step.from_h[gate], "state")
    reset = (Term("r", step.values["r"], "gate"), "×") if gate == "n" else ()
    return (Term(f"{gate}{at}", step.values[gate], role), f"= {sign}", Term(f"x{at}W", step.from_x[gate], "input"),
            "+", *reset, from_h, "+", Term("b", step.bias[gate], "plain"), ")")  # fmt: skip


def _lstm_equation(step, now, back, at, before, held):
    v, d = step.values, step.gradients
    c, h, c_before = f"c{at}", f"h{at}", f"c{before}"
    if not back and now in "ifgo":
        return _gate_equation(step, now, before, at, held)
    if not back and now == "c":
        return (Term(c, v["c"], "memory"), "=", Term("f", v["f"], "gate"), "×", Term(c_before, v["c_before"], "memory"),
                "+", Term("i", v["i"], "gate"), "×", Term("g", v["g"], "candidate"))  # fmt: skip
    if not back:
        return Term(h, v["h"], "state"), "=", Term("o", v["o"], "gate"), "× tanh(", Term(c, v["c"], "memory"), ")"
    dh, dc = Term(f"d{h}", d["h"], "back"), Term(f"d{c}", d["c"], "back")
    if now == "h":
        return dh, "=", Term("loss", d["h_loss"], "back"), "+", Term("later", d["h_later"], "back")
    if now == "c":
        slope = Term(f"(1 − tanh²{c})", 1 - np.tanh(v["c"]) ** 2, "memory")
        return dc, "=", Term("later", d["c_later"], "back"), "+", dh, "×", Term("o", v["o"], "gate"), "×", slope
    if now == "h_before":
        return _through_gates(step, f"dh{before}", "figo")
    other = {"o": Term(f"tanh {c}", np.tanh(v["c"]), "memory"), "f": Term(c_before, v["c_before"], "memory"),
             "i": Term("g", v["g"], "candidate"), "g": Term("i", v["i"], "gate"),
             "c_before": Term("f", v["f"], "gate")}[now]  # fmt: skip
    name = c_before if now == "c_before" else now
    return Term(f"d{name}", d[now], "back"), "=", dh if now == "o" else dc, "×", other


def _gru_equation(step, now, back, at, before, held):
    v, d = step.values, step.gradients
    h, h_before = f"h{at}", Term(f"h{before}", v["h_before"], "state")
    rest, n = Term("(1 − z)", 1 - v["z"], "gate"), Term("n", v["n"], "candidate")
    if not back and now in "rzn":
        return _gate_equation(step, now, before, at, held)
    if not back:
        return Term(h, v["h"], "state"), "=", rest, "×", n, "+", Term("z", v["z"], "gate"), "×", h_before
    dh = Term(f"d{h}", d["h"], "back")
    if now == "h":
        return dh, "=", Term("loss", d["h_loss"], "back"), "+", Term("later", d["h_later"], "back")
    if now == "h_before":
        kept = Term("kept", d["h"] * v["z"], "back")
        return _through_gates(step, f"dh{before}", "zrn", kept)
    dz, dn, dr = (Term(f"d{name}", d[name], "back") for name in "znr")
    if now == "z":
        return dz, "=", dh, "× (", h_before, "−", n, ")"
    if now == "n":
        return dn, "=", dh, "×", rest
    slope = Term("(1 − n²)", 1 - v["n"] ** 2, "candidate")
    return dr, "=", dn, "×", slope, "×", Term(f"h{before}W", step.from_h["n"], "state")


def _through_gates(step, name, gates, *first):
    terms = [*first, *(Term(f"by {gate}", step.to_h[gate], "back") for gate in gates)]
    plus = [part for term in terms for part in ("+", term)]
    return (Term(name, step.gradients["h_before"], "back"), "=", *plus[1:])
