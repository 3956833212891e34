"""Drawings of vectors that are trained beside vectors that are counted, and of what their settings do."""

import numpy as np
from matplotlib.ticker import NullLocator

from helpers.figures.style import BLUE, COLOURS, GREY, LINES, MARKERS, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_ACROSS, _UP = (-6.5, 6.5), (-6.5, 6.5)


@styled
def draw_scores_by_pmi(pmi, scores, shift, word, named=()):
    """Draw trained scores of one word and its contexts against their PMI, with the line where they should lie.

    Parameters
    ----------
    pmi, scores : ndarray (n,)
        In nats; what lies beyond ±6.5 is drawn at the edge.
    shift : float
        The line is score = PMI − shift.
    word : str
        The word whose contexts they are.
    named : dict, optional
        Place in the arrays → the name of the context, written beside its point.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.9)
    line = np.array(_ACROSS)
    axes.plot(line, line, ":", color=GREY, linewidth=1.2, label="score = PMI")
    axes.plot(line, line - shift, "--", color=INK, linewidth=1.2, label="score = PMI − ln 5")
    x, y = np.clip(pmi, *_ACROSS), np.clip(scores, *_UP)
    axes.plot(x, y, "o", color=BLUE, markersize=5, alpha=0.7, clip_on=False)
    for place, name in dict(named).items():
        axes.plot(x[place], y[place], "o", color=ORANGE, markersize=7, clip_on=False)
        axes.annotate(name, (x[place], y[place]), (6, -11), textcoords="offset points", color=INK)
    axes.set(xlim=_ACROSS, ylim=_UP, xlabel=f"counted: PMI with “{word}” (nats)", ylabel="trained: score E · W")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure


@styled
def draw_seeds_by_arm(rows, label, across=(0, 1), level=None):
    """Draw measures of several arms as a row of points each: every seed small, the median large.

    Parameters
    ----------
    rows : dict
        Name → {measure: values (seeds,)}; up to four measures, the same for all.
    label : str
        What the horizontal axis shows.
    across : tuple of float
        Where the horizontal axis begins and ends.
    level : float, optional
        A value that is marked by a line.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=1.2 + 0.36 * len(rows))
    measures = list(next(iter(rows.values())))
    if level is not None:
        axes.axvline(level, color=INK, linewidth=1, linestyle=":")
    for number, (measure, colour, marker) in enumerate(zip(measures, COLOURS, MARKERS, strict=False)):
        height = (number - (len(measures) - 1) / 2) * 0.2
        places = np.arange(len(rows)) + height
        values = [np.asarray(measured[measure]) for measured in rows.values()]
        for place, seeds in zip(places, values, strict=True):
            axes.plot(seeds, np.full(len(seeds), place), marker, color=colour, markersize=3, alpha=0.6)
        axes.plot([np.median(v) for v in values], places, marker, color=colour, markersize=7, label=measure)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set(xlim=across, ylim=(len(rows) - 0.4, -0.6), xlabel=label)
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=2, handletextpad=0.1, columnspacing=1)
    return figure


@styled
def draw_rates_of_contexts(curves, chosen, title=""):
    """Draw ρ of CBOW and of skip-gram against the learning rate: a thin line for each text, the median thick.

    Parameters
    ----------
    curves : dict
        Name → (rates (n,), values (seeds, n)).
    chosen : dict
        Name → the rate that is marked.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.6)
    for (name, (rates, values)), colour, line, marker in zip(curves.items(), COLOURS, LINES, MARKERS, strict=False):
        for seed in values:
            axes.plot(rates, seed, "-", color=colour, linewidth=0.7, alpha=0.5)
        middle = np.median(values, axis=0)
        axes.plot(rates, middle, line, color=colour, marker=marker, markersize=5, label=name)
        best = list(rates).index(chosen[name])
        axes.plot(rates[best], middle[best], marker, color=colour, markersize=13, fillstyle="none", markeredgewidth=2)
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    ticks = sorted({float(rate) for rates, _ in curves.values() for rate in rates})
    axes.set_xticks(ticks, [f"{rate:g}" for rate in ticks])
    axes.set(xlabel="learning rate at the start (the best is ringed)", ylabel="Spearman's ρ")
    axes.set(ylim=(0, 0.9), title=title)
    axes.legend(loc="upper left", ncols=2)
    return figure


@styled
def draw_leanings(counted, measured, names, most=0.3):
    """Draw how far words lean in their vectors against how far they lean in the text.

    Parameters
    ----------
    counted, measured : ndarray (n,)
        Both 0 without a lean; the first is a difference of shares, from −1 to 1.
    names : list of str
    most : float
        The vertical axis goes from −most to most.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.6)
    axes.plot([-1.1, 1.1], [0, 0], "-", color=GREY, linewidth=1)
    axes.axvline(0, color=GREY, linewidth=1)
    order = np.argsort(measured)
    heights = _spread(np.asarray(measured)[order], most / 9, most)
    for place, height in zip(order, heights, strict=True):
        x, y = counted[place], measured[place]
        colour = BLUE if place % 2 == 0 else ORANGE
        axes.plot(x, y, "os"[place % 2], color=colour, markersize=6)
        axes.plot([x, 1.28], [y, height], "-", color=colour, linewidth=0.5, alpha=0.6)
        axes.text(1.3, height, names[place], va="center", color=INK, fontsize=9.5)
    axes.set(xlim=(-1.1, 2.1), ylim=(-most, most), xticks=[-1, -0.5, 0, 0.5, 1])
    axes.set(xlabel="in the text: share of “his” − share of “her”", ylabel="in the vectors: s(w)")
    return figure


def _spread(values, gap, most):
    """Move rising heights as far apart as their names need, within ±most."""
    places = np.array(values, dtype=float)
    for _ in range(50):
        for i in range(len(places) - 1):
            missing = gap - (places[i + 1] - places[i])
            if missing > 0:
                places[i] -= missing / 2
                places[i + 1] += missing / 2
        places += max(0, -most + gap / 2 - places[0]) - max(0, places[-1] - (most - gap / 2))
    return places
