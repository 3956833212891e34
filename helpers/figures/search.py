"""Drawings of what is found: underflow, scores against alpha, quality against beam width or kind (chapter 08)."""

import numpy as np

from helpers.decoding.hypotheses import length_score
from helpers.figures.style import COLOURS, INK, LINES, PAPER, new_figure, power_of_ten, styled

MARKERS = ("o", "s", "^", "D")
HATCHES = ("", "//", "..", "xx")


@styled
def draw_products(products, lowest=-340):
    """Draw products of probabilities against how many there are, as far as each floating-point type holds them.

    Parameters
    ----------
    products : dict
        Name of the type → the product of the first 1, 2, … probabilities, computed in it.
    lowest : int
        The power of ten at which the axis ends.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.7)
    for n, ((name, values), colour, line) in enumerate(zip(products.items(), COLOURS, LINES, strict=False)):
        held = held_until(values)
        powers = np.log10(values[:held].astype(np.float64))
        label = f"{name}: not yet lost"
        if held < len(values):
            axes.plot(held, powers[-1], "x", color=INK, markersize=9, markeredgewidth=2, zorder=4, clip_on=False)
            label = f"{name}: {'0' if values[held] == 0 else 'stuck'} from {held + 1} tokens on"
        look = {"color": colour, "linewidth": 2 + 1.6 * (len(products) - 1 - n)}  # all are seen where they lie together
        axes.plot(np.arange(1, held + 1), powers, line, label=label, **look)
    ticks = np.arange(0, lowest, -100)
    axes.set_yticks(ticks, [power_of_ten(tick) for tick in ticks])
    axes.set_xticks(np.linspace(0, len(values), 4).round())
    axes.set(xlabel="tokens in the output", ylabel="product of probabilities")
    axes.set(xlim=(0, len(values)), ylim=(lowest, 12))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1))
    return figure


def held_until(values):
    """How many of the products 1, 2, … are neither 0 nor what the one before was, rounded to the same number."""
    lost = (values == 0) | (values == np.append(np.inf, values[:-1]))
    return int(lost.argmax()) if lost.any() else len(values)


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
    own = COLOURS[list(hypotheses).index(winner)]  # the dot is on the winner's line, and has its colour
    axes.plot(alpha, best, "o", markersize=10, color=own, markeredgecolor=INK, zorder=4, clip_on=False)
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


@styled
def draw_bars(names, series, measured, label):
    """Draw shares of things that have no order, from 0 to 1: a group of bars for each, a bar for each series.

    Parameters
    ----------
    names : sequence of str
        The groups.
    series : dict
        Name → one share for each group, at most four.
    measured : str
        What the shares are of.
    label : str
        What the groups are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    x, width = np.arange(len(names)), 0.8 / len(series)
    for n, ((name, shares), colour, hatch) in enumerate(zip(series.items(), COLOURS, HATCHES, strict=False)):
        places = x + (n - (len(series) - 1) / 2) * width
        axes.bar(places, shares, 0.9 * width, color=colour, hatch=hatch, edgecolor=PAPER, label=name)
        for place, share in zip(places, shares, strict=True):
            axes.text(place, share + 0.02, f"{share:.2f}", ha="center", va="bottom", fontsize=9)
    axes.set_xticks(x, names)
    axes.set(xlabel=label, ylabel=measured, ylim=(0, 1.1), yticks=[0, 0.25, 0.5, 0.75, 1])
    axes.grid(visible=False, axis="x")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(series))
    return figure
