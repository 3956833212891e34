"""Contamination: how many copies of a test are found by runs of n tokens, and how many other texts are suspected."""

import numpy as np

from helpers.figures.style import BLUE, ORANGE, new_figure, styled
from helpers.sliders.theme import INK


@styled
def draw_copies_found(lengths, found, alarms, n):
    """Draw both shares against n.

    Parameters
    ----------
    lengths : list of int
        The n that were tried, rising.
    found, alarms : list of float
        The share of the copies that was found, and of the other texts that was taken for copies.
    n : int
        Which of the lengths is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    at = list(lengths).index(n)
    looks = ((found, "copies found", BLUE, "-o"), (alarms, "false alarms", ORANGE, "--s"))
    for values, name, colour, look in looks:
        axes.plot(lengths, values, look, color=colour, markersize=4, label=name, clip_on=False)
        axes.plot(n, values[at], "o", color=INK, markersize=12, fillstyle="none", clip_on=False)
    axes.axvline(n, color=INK, linewidth=1, linestyle=":")
    axes.set(xlabel="n, tokens in a run that both texts share", ylabel="share of the texts", ylim=(0, 1.05))
    axes.set_xticks(np.asarray(lengths))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure
