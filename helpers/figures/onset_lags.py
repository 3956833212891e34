"""How long after the true beginning of its word a network writes the first letter: a histogram for each set."""

import numpy as np

from helpers.figures.style import COLOURS, LINES, new_figure, styled
from helpers.sliders.theme import INK

_EDGES = np.arange(-100, 301, 20)  # ms


@styled
def draw_onset_lags(lags):
    """Draw shares of delays, and their medians.

    Parameters
    ----------
    lags : dict
        Name → delays (N,) in ms; up to four. What is beyond −100 and 300 stands at the edge.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        When a set is empty or has a delay that is no number.
    """
    figure, axes = new_figure(height=2.9)
    for (name, values), colour, line in zip(lags.items(), COLOURS, LINES, strict=False):
        values = np.asarray(values, dtype=float)
        if values.ndim != 1 or not values.size or not np.isfinite(values).all():
            raise ValueError(f"{name} has delays of shape {values.shape}, expected finite numbers")
        counts, _ = np.histogram(np.clip(values, _EDGES[0], _EDGES[-1]), _EDGES)
        look = {"edgecolor": colour, "linestyle": line, "linewidth": 2, "fill": False, "baseline": None}
        axes.stairs(counts / len(values), _EDGES, label=name, **look)
        axes.axvline(np.median(values), color=colour, linewidth=1, linestyle=line)
    axes.axvline(0, color=INK, linewidth=1, linestyle="-")
    axes.set(xlabel="ms after the word begins (thin lines: medians)", ylabel="share of the words")
    axes.set(xlim=(_EDGES[0], _EDGES[-1]), ylim=(0, None))
    axes.legend(loc="upper right")
    return figure
