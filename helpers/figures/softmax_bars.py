"""Softmax at work: scores, a temperature, a number that is added to all, and the probabilities that come out."""

import numpy as np

from helpers.core.numerics import softmax
from helpers.figures.machine import Arrow, Part, draw_machine
from helpers.figures.style import BLUE, GREEN, new_figure, scientific, styled
from helpers.sliders.theme import INK


def draw_softmax_bars(scores, names, temperature=1.0, added=0.0):
    """Draw the way from scores to probabilities as cells, and the probabilities as bars.

    Parameters
    ----------
    scores : sequence of float
    names : sequence of str
        Of the answers, one for each score.
    temperature : float
        What the scores are divided by.
    added : float
        A number that is added to every score first.

    Returns
    -------
    list of two Figure, str

    Raises
    ------
    ValueError
        When a name is missing or the temperature is not above 0.
    """
    if len(names) != len(scores) or not temperature > 0:
        raise ValueError(f"{len(scores)} scores, {len(names)} names and temperature {temperature} fit no drawing")
    z = np.asarray(scores, dtype=float) + added
    divided = z / temperature
    with np.errstate(over="ignore"):
        plain = np.exp(divided)
    p = softmax(divided)
    return [_draw_cells(z, divided, plain, temperature), _draw_bars(p, names)], _tell(p, plain, names)


def _draw_cells(z, divided, plain, temperature):
    safe = divided - divided.max()

    def row(name, at, label, side, value, role="state"):
        return Part(name, at, role=role, value=value, shape=(len(z),), label=label, side=side)

    parts = [
        row("z", (0.5, 0), "scores z", "left", z, "input"),
        row("divided", (0.5, 1), f"z / {temperature:g}", "left", divided),
        row("plain", (0, 2.4), "e to the power\nof these", "below", plain),
        row("shifted", (1, 2.4), "less the\nlargest", "right", safe),
        row("safe", (1, 3.4), "e to the\npower", "right", np.exp(safe)),
    ]
    pairs = (("z", "divided"), ("divided", "plain"), ("divided", "shifted"), ("shifted", "safe"))
    return draw_machine(parts, [Arrow(*pair) for pair in pairs], scale=3.0, row=0.5)


@styled
def _draw_bars(p, names):
    figure, axes = new_figure(height=0.9 + 0.36 * len(p))
    places = np.arange(len(p))
    axes.barh(places, p, color=[GREEN if share == p.max() else BLUE for share in p], height=0.62)
    for place, share in zip(places, p, strict=True):
        axes.text(share + 0.015, place, f"{share:.3f}", va="center", color=INK)
    axes.set(xlim=(0, 1.14), ylim=(len(p) - 0.5, -0.5), xlabel="probability")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_yticks(places, names)
    axes.grid(visible=False, axis="y")
    return figure


def _tell(p, plain, names):
    best, least = int(p.argmax()), int(p.argmin())
    said = f"“{names[best]}” gets {p[best]:.3f}, {scientific(p[best] / p[least])} times as much as “{names[least]}”. "
    if not np.isfinite(plain).all():
        return f"{said}On the left, e to the power of the scores is too large for the computer. On the right it fits."
    return f"{said}The exponentials on the left have the sum {scientific(plain.sum())}."
