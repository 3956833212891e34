"""Loss against the text that is read, with laws fitted to it; and how a budget is split into weights and tokens."""

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.figures.style import COLOURS, GREY, LINES, MARKERS, log_axis, new_figure, styled
from helpers.models.scaling_laws import power_law, prediction_interval
from helpers.sliders.theme import INK


@styled
def draw_fits(x, losses, laws, floor, held_out=None, label="tokens read in training"):
    """Draw losses, the laws that were fitted to them, the floor that is known, and runs that were held out.

    Parameters
    ----------
    x, losses : array (n,)
        Sizes and losses that the laws were fitted to, every seed a point.
    laws : dict
        Name → PowerLaw, at most four.
    floor : float
        Below which no model can come.
    held_out : tuple of arrays, optional
        Sizes and losses that were not fitted.
    label : str
        What x is.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.7)
    far = np.asarray(x) if held_out is None else np.concatenate([x, held_out[0]])
    span = np.array([far.min() / 1.3, far.max() * 1.3])
    axes.axhspan(0, floor, color=GREY, alpha=0.15, linewidth=0)
    axes.axhline(floor, color=INK, linewidth=1, linestyle=":")
    axes.plot(x, losses, "o", color=INK, markersize=4, label="fitted runs")
    if held_out is not None:
        axes.plot(*held_out, "o", color="none", markeredgecolor=INK, markersize=8, label="held out")
    line = np.geomspace(*span, 60)
    for (name, law), colour, style in zip(laws.items(), COLOURS, LINES, strict=False):
        axes.plot(line, power_law(law, line), style, color=colour, label=name)
    top = max(losses) + 0.3
    axes.text(span[0] * 1.05, floor - 0.03 * top, "below the entropy: cannot be", va="top", fontsize=9)
    ticks = [n * 10.0**k for k in range(3, 9) for n in (1, 2, 5) if span[0] <= n * 10.0**k <= span[1]]
    ticks = ticks[:: 1 + (len(ticks) - 1) // 5]
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.set_xticklabels([f"{tick:,.0f}" for tick in ticks])
    axes.set(xlabel=label, ylabel="loss (nats a token)", xlim=span, ylim=(0, top))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1.2, handlelength=2.6)
    return figure


@styled
def draw_above_floor(x, losses, law, held_out=None, label="tokens read in training"):
    """Draw losses above the floor on logarithmic axes, where a law is a straight line, with its prediction interval.

    Parameters
    ----------
    x, losses : array (n,)
        Sizes and losses that the law was fitted to, every seed a point.
    law : PowerLaw
        With the floor that is known.
    held_out : tuple of arrays, optional
        Sizes and losses that were not fitted.
    label : str
        What x is.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.7)
    far = np.asarray(x) if held_out is None else np.concatenate([x, held_out[0]])
    line = np.geomspace(far.min() / 1.3, far.max() * 1.3, 60)
    least, most = (edge - law.floor for edge in prediction_interval(x, losses, law.floor, line))
    axes.fill_between(line, least, most, color=GREY, alpha=0.25, linewidth=0, label="95 % interval")
    axes.plot(line, power_law(law, line) - law.floor, LINES[0], color=COLOURS[0], label="floor known")
    axes.plot(x, losses - law.floor, "o", color=INK, markersize=4, label="fitted runs")
    if held_out is not None:
        axes.plot(held_out[0], held_out[1] - law.floor, "o", color="none", markeredgecolor=INK, label="held out")
    axes.set(xscale="log", yscale="log", xlabel=label, ylabel="loss above the floor (nats)", xlim=line[[0, -1]])
    for axis, ticks in ((axes.xaxis, (20_000, 50_000, 100_000, 200_000)), (axes.yaxis, (0.1, 0.2, 0.5, 1, 2, 4))):
        axis.set_minor_locator(NullLocator())
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_ticklabels([f"{tick:,g}" for tick in ticks])
    axes.set_ylim(0.08, 6)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1.2)
    return figure


@styled
def draw_splits(operations, splits, trained):
    """Draw, for one budget, all splits into weights and tokens as a line, and those that rules choose as points on it.

    Parameters
    ----------
    operations : float
        The budget C = 6 N D.
    splits : dict
        Name of the rule → Split, at most four.
    trained : dict
        Name of a model → (weights, tokens) that it was trained with.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=4.0)
    weights = np.array([1e6, 1e14])
    axes.plot(weights, operations / 6 / weights, "-", color=GREY, linewidth=1.2, label="all splits of the budget")
    for (name, split), colour, marker in zip(splits.items(), COLOURS, MARKERS, strict=False):
        axes.plot(*split, marker, color=colour, markersize=9, label=name, linestyle="none", zorder=3)
    for number, (name, place) in enumerate(trained.items()):
        said = None if number else "trained models"
        axes.plot(*place, "x", color=INK, markersize=6, zorder=4, linestyle="none", label=said)
        side = ("left", (6, -9)) if number % 2 else ("right", (-6, -2))  # below the line of the budget
        axes.annotate(name, place, side[1], textcoords="offset points", ha=side[0], va="center", fontsize=9)
    log_axis(axes, "x", 6, 14)
    log_axis(axes, "y", 8, 15)
    axes.set(xlabel="weights N", ylabel="tokens D")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1.2)
    return figure
