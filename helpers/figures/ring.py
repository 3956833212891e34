"""Processes in a ring: what each has of every piece, and what is sent in this step."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.core.checks import check_integer
from helpers.figures.style import BLUE, GREY, ORANGE, WHITE, new_figure, styled
from helpers.sliders.theme import INK

_CELL = 0.34  # half the side of a cell


def draw_ring(states, step):
    """Draw the processes side by side, each with its pieces, after a step of `ring_all_reduce`.

    A cell is orange once it holds the sum over all processes. Arrows are what has just been sent; the last process
    sends to the first, out at the right and in at the left.

    Parameters
    ----------
    states : list of RingState
        Of few processes; of every piece the first number is written.
    step : int
        From 0, before anything is sent.

    Returns
    -------
    figure : matplotlib.figure.Figure
    sentence : str

    Raises
    ------
    ValueError
        When there is no such step.
    """
    if check_integer("step", step, least=0) >= len(states):
        raise ValueError(f"step is {step}, expected 0 to {len(states) - 1}")
    P = len(states[0].values)
    whole = np.isclose(states[step].values, states[0].values.sum(axis=0)).all(axis=-1)  # (P, P)
    n = states[0].values[0].size
    said = f"Step {step} of {len(states) - 1}: {whole.sum()} of {P * P} pieces are the sum of all; "
    said += f"each process has sent {states[step].numbers} numbers, and has {n} of its own."
    return _draw(states[step], whole, P), said


@styled
def _draw(state, whole, P):
    figure, axes = new_figure(height=0.9 + 0.62 * P)
    for rank in range(P):
        for piece in range(P):
            colour = ORANGE if whole[rank, piece] else BLUE
            corner = (rank - _CELL, piece - _CELL)
            axes.add_patch(Rectangle(corner, 2 * _CELL, 2 * _CELL, facecolor=colour, edgecolor=GREY, linewidth=0.8))
            text = f"{state.values[rank, piece, 0]:g}"
            axes.text(rank, piece, text, color=WHITE, ha="center", va="center", fontsize=10)
    for rank, piece in state.sent:
        starts = [rank, -1] if rank == P - 1 else [rank]
        for start in starts:
            far = 0.42 if rank == P - 1 else 1 - 2 * _CELL
            begin = start + _CELL + (1 - 2 * _CELL - far if start == -1 else 0)
            look = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (begin + far, piece), (begin, piece), arrowprops=look)
    axes.set_xticks(range(P), [f"process {rank}" for rank in range(P)])
    axes.set_yticks(range(P), [f"piece {piece}" for piece in range(P)])
    axes.tick_params(length=0)
    axes.set(xlim=(-0.85, P - 0.15), ylim=(P - 0.55, -0.45))
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    return figure
