"""Drawings of what a search finds: underflow, scores against alpha, quality against beam width (chapter 08)."""

import numpy as np

from helpers.decoding.hypotheses import length_score
from helpers.figures.style import COLOURS, INK, LINES, ORANGE, PAPER, new_figure, power_of_ten, styled

MARKERS = ("o", "s", "^", "D")


@styled
def draw_products(products, lowest=-340):
    """Draw products of probabilities against how many there are, as far as each floating-point type holds them.

    Parameters
    ----------
    products : dict
        Name of the type → the product of the first 1, 2, … probabilities, computed in it; 0 where it has underflowed.
    lowest : int
        The power of ten at which the axis ends.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.3)
    for n, ((name, values), colour, line) in enumerate(zip(products.items(), COLOURS, LINES, strict=False)):
        held = int(np.count_nonzero(values))  # a product never comes back from 0
        powers = np.log10(values[:held].astype(np.float64))
        axes.plot(np.arange(1, held + 1), powers, line, color=colour, linewidth=2 + 1.6 * (len(products) - 1 - n))
        if held < len(values):
            axes.plot(held, powers[-1], "x", color=INK, markersize=9, markeredgewidth=2, zorder=4)
            label = f"{name}: 0 from {held + 1} tokens on"
        else:
            label = f"{name}: not yet 0"
        axes.annotate(label, (held, powers[-1]), (8, 2), textcoords="offset points", va="center", fontsize=9)
    ticks = np.arange(0, lowest, -100)
    axes.set_yticks(ticks, [power_of_ten(tick) for tick in ticks])
    length = len(values)
    axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= length])
    axes.set(xlabel="tokens in the output", ylabel="product of probabilities")
    axes.set(xlim=(0, 1.75 * length), ylim=(lowest, 12))
    return figure


@styled
def draw_scores(hypotheses, alpha, alphas, winner):
    """Draw how the scores of some hypotheses change with the exponent of the length.

    Parameters
    ----------
    hypotheses : dict
        Name → (log P in nats, length in tokens), at most four.
    alpha : float
        The exponent that is marked.
    alphas : numpy.ndarray
        The exponents of the curves, rising.
    winner : str
        The name of the hypothesis whose score at `alpha` is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    for (name, (log_prob, length)), colour, line in zip(hypotheses.items(), COLOURS, LINES, strict=False):
        axes.plot(alphas, [length_score(log_prob, length, a) for a in alphas], line, color=colour, label=name)
    axes.axvline(alpha, color=INK, linewidth=1, linestyle="--")
    best = length_score(*hypotheses[winner], alpha)
    axes.plot(alpha, best, "o", markersize=10, color=ORANGE, markeredgecolor=PAPER, zorder=4)
    axes.set(xlabel="exponent α", ylabel="score log P / length^α (nats)", xlim=(alphas[0], alphas[-1]))
    axes.set_ylim(None, 0)
    axes.legend(loc="lower right")
    return figure


@styled
def draw_panels(places, panels, label="beam width"):
    """Draw what changes with the beam width, or with something else, one panel below the other.

    Parameters
    ----------
    places : list of int
        The widths; they stand at equal distances, whatever they are.
    panels : dict
        What is measured, with its unit → {name: one number for each width}.
    label : str
        What the places are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, all_axes = new_figure(rows=len(panels), height=0.5 + 2.0 * len(panels), sharex=True, squeeze=False)
    x = np.arange(len(places))
    for axes, (measured, series) in zip(all_axes[:, 0], panels.items(), strict=True):
        for (name, values), colour, line, marker in zip(series.items(), COLOURS, LINES, MARKERS, strict=False):
            axes.plot(x, values, line, color=colour, marker=marker, label=name)
        axes.set_ylabel(measured)
        axes.margins(y=0.15)
        if len(series) > 1:
            axes.legend(loc="best")
    axes.set_xticks(x, [str(place) for place in places])
    axes.set_xlabel(label)
    return figure
