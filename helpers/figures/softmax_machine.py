"""One linear layer with softmax and a loss, as a machine: numbers forward on the left, gradients back on the right."""

from typing import NamedTuple

import numpy as np

from helpers.core.numerics import softmax
from helpers.figures.machine import Arrow, Part, Term, draw_machine, short_number, subscript
from helpers.layers.linear import LinearParams, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward

MOMENTS = ("x", "z", "e", "p", "L", "dz", "dW", "dx", "step")  # what is new at each
_ROWS = {"x": 0.0, "W": 1.1, "z": 2.15, "e": 3.0, "p": 4.2, "L": 5.4}
_ASIDE = 0.66  # the column in which an arrow passes dW


class LayerPass(NamedTuple):
    """What the layer computes for one example, forward and back."""

    x: np.ndarray  # (D,)
    params: LinearParams
    logits: np.ndarray  # (V,)
    p: np.ndarray  # (V,)
    target: int
    loss: float
    dlogits: np.ndarray  # (V,)
    grads: LinearParams
    dx: np.ndarray  # (D,)


def pass_through(x, params, target):
    """Compute scores, probabilities and loss of one example, and all gradients.

    Parameters
    ----------
    x : ndarray (D,)
    params : LinearParams
    target : int
        The right answer, from 0.

    Returns
    -------
    LayerPass
    """
    logits, cache = linear(x[None], params)
    loss, loss_cache = cross_entropy(logits, np.array([target]))
    dlogits = cross_entropy_backward(loss_cache)
    dx, grads = linear_backward(dlogits, cache, params)
    return LayerPass(x, params, logits[0], softmax(logits[0]), target, loss, dlogits[0], grads, dx[0])


def draw_softmax_layer(x, params, target, names, moment, rate=0.5):
    """Draw the layer at one moment, and say what is computed there.

    Parameters
    ----------
    x : ndarray (D,)
    params : LinearParams
        Its bias is not drawn: give zeros.
    target : int
    names : sequence of str
        Of the V answers.
    moment : int
        Of MOMENTS: what comes later is empty. At the last one, a step against the gradient of W has been made.
    rate : float
        Of that step.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When there is no such moment.
    """
    if not 0 <= moment < len(MOMENTS):
        raise ValueError(f"moment = {moment}, expected 0 to {len(MOMENTS) - 1}")
    before, now = pass_through(x, params, target), MOMENTS[moment]
    shown = before
    if now == "step":
        shown = pass_through(x, params._replace(W=params.W - rate * before.grads.W), target)
    return _draw(shown, before, names, now), _tell(shown, before, names, now, rate)


def _draw(shown, before, names, now):
    reached, V = MOMENTS.index(now), len(names)

    def known(name, value):
        return value if MOMENTS.index(name) <= reached else None

    def forward(name, value, role="state", **look):
        known_as = "x" if name == "W" else name
        return Part(name, (0, _ROWS[name]), role=role, value=known(known_as, value), side="left", **look)

    D = len(shown.x)
    y = np.eye(V)[shown.target]
    parts = [
        forward("x", shown.x, "input", shape=(D,), label="x"),
        forward("W", shown.params.W, "weight", shape=(D, V), label="W"),
        forward("z", shown.logits, shape=(V,), label="z"),
        forward("e", np.exp(shown.logits), shape=(V,), label="eᶻ"),
        forward("p", shown.p, "probability", kind="bars", names=tuple(names), label="p"),
        forward("L", shown.loss, "loss", label="L"),
        _backward("dx", "x", known("dx", before.dx), (D,), "dx"),
        _backward("dW", "W", known("dW", before.grads.W), (D, V), "dW"),
        _backward("dz", "z", known("dz", before.dlogits), (V,), "dz"),
        Part("y", (1, _ROWS["p"]), "bars", "loss", y, names=tuple(names), label="y", side="right"),
        Part("minus", (1, _ROWS["e"]), "op", "back", label="−"),
    ]
    arrows = [Arrow(start, end) for start, end in (("x", "W"), ("W", "z"), ("z", "e"), ("e", "p"), ("p", "L"))]
    back = [("y", "minus", "dz"), ("p", "minus", "dz"), ("minus", "dz", "dz"), ("dz", "dW", "dW"), ("dz", "dx", "dx")]
    arrows += [
        Arrow(end, start, back=True, **_past(end, back=True))
        if known(name, 1)
        else Arrow(start, end, role="plain", **_past(end))
        for start, end, name in back
    ]
    new = {"step": ("W",)}.get(now, (now,))
    return draw_machine(parts, arrows, now=new, equation=_equation(shown, before, names, now), scale=2.0, row=0.55)


def _backward(name, row, value, shape, label):
    return Part(name, (1, _ROWS[row]), role="back", value=value, shape=shape, label=label, side="right")


def _past(end, back=False):
    """Lead the arrow to dx past dW at its left: dx is computed from dz, not from dW."""
    if end != "dx":
        return {}
    corners = [(_ASIDE, _ROWS["z"]), (_ASIDE, _ROWS["x"])]
    return {"via": corners[::-1] if back else corners, "leaves": "left", "enters": "left"}


def _equation(shown, before, names, now):
    """Write what is computed now, for the right answer."""
    t, name = shown.target, names[shown.target]
    x, W, z, p, dz = before.x, before.params.W, before.logits, before.p, before.dlogits
    term, i = subscript, t + 1
    products = [part for d in range(len(x)) for part in (" + ", *_product(f"x{term(d + 1)}", x[d], "W", W[d, t]))][1:]
    back = [part for v in range(len(z)) for part in (" + ", *_product(f"dz{term(v + 1)}", dz[v], "W", W[0, v]))][1:]
    first = shown.params.W[0, t]
    return {
        "x": "",
        "z": [Term(f"z({name})", z[t], "state"), " = ", *products],
        "e": [Term(f"e to the z({name})", np.exp(z[t]), "state"), " = e to the ", Term("z", z[t], "state")],
        "p": [Term(f"p({name})", p[t], "probability"), " = ", Term("eᶻ", np.exp(z[t])), " / ",
              Term("sum of all eᶻ", np.exp(z).sum())],
        "L": [Term("L", shown.loss, "loss"), " = −ln ", Term(f"p({name})", p[t], "probability")],
        "dz": [Term(f"dz({name})", dz[t], "back"), " = ", Term("p", p[t], "probability"), " − ", Term("y", 1.0)],
        "dW": [Term(f"dW{term(f'1{i}')}", before.grads.W[0, t], "back"), " = ", *_product("x₁", x[0], "dz", dz[t])],
        "dx": [Term("dx₁", before.dx[0], "back"), " = ", *back],
        "step": [Term(f"W{term(f'1{i}')}", first, "weight"), " = ", Term("old", W[0, t]), " − rate · ",
                 Term("dW", before.grads.W[0, t], "back")],
    }[now]  # fmt: skip


def _product(one, value, other, factor):
    return Term(one, value), " · ", Term(other, factor)


def _tell(shown, before, names, now, rate):
    t = shown.target
    name, best = names[t], names[int(before.p.argmax())]
    exponential = short_number(np.exp(before.logits[t]))
    p, loss = f"{before.p[t]:.2f}", f"{before.loss:.2f}"
    x, dz, dx = (", ".join(short_number(v) for v in row) for row in (before.x, before.dlogits, before.dx))
    return {
        "x": f"The input comes in, the row x = ({x}). The right answer is “{name}”.",
        "z": f"The linear layer: z = x W, one score for each answer. “{name}” gets {before.logits[t]:.2f}.",
        "e": f"Softmax, first half: e to the power of each score. “{name}” has {exponential}.",
        "p": f"Softmax, second half: divided by their sum. Most probable is “{best}”; “{name}” has {p}.",
        "L": f"The loss: minus the logarithm of what “{name}” got, −ln {p} = {loss}.",
        "dz": f"Back: the gradient of the scores is p − y = ({dz}). Below 0 means: this score should grow.",
        "dW": f"Each weight's gradient is its input times the dz of its column. “{name}” has the column below 0.",
        "dx": f"The gradient of the input, dz Wᵀ = ({dx}): each dz goes back through its weight, and all are added.",
        "step": f"One step, W ← W − {rate:g} · dW: “{name}” rises from {p} to {shown.p[t]:.2f}, "
        f"and the loss falls from {loss} to {shown.loss:.2f}.",
    }[now]
