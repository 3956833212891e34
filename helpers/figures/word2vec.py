"""Drawings of word2vec: the noise, learning rates, and measures of models."""

import numpy as np
from matplotlib.ticker import NullLocator

from helpers.figures.style import BLUE, GREEN, ORANGE, log_axis, new_figure, styled


@styled
def draw_noise_distribution(text, noise, names):
    """Draw how often words are drawn as noise, beside how often they occur.

    Parameters
    ----------
    text, noise : numpy.ndarray
        Probabilities of the words that occur, from frequent to rare, shape (V,).
    names : dict
        Rank, from 0 → the word that is written there.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.7)
    rank = np.arange(1, len(text) + 1)
    axes.plot(rank, text, "--", color=BLUE, label="in the text, p(w)")
    axes.plot(rank, noise, "-", color=ORANGE, label="as noise, q(w)")
    log_axis(axes, "y", -6, 0)
    axes.set(xlabel="rank of the word, the most frequent first", ylabel="probability")
    axes.set_xscale("log")
    axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes.xaxis.set_minor_locator(NullLocator())
    for place, word in names.items():
        axes.plot(place + 1, noise[place], "o", color=ORANGE, markersize=6)
        axes.annotate(word, (place + 1, noise[place]), (0, 6), textcoords="offset points", ha="center", fontsize=9.5)
    axes.legend(loc="lower left")
    return figure


@styled
def draw_learning_rates(panels):
    """Draw how well the two contexts know rare and frequent words, against the learning rate.

    Parameters
    ----------
    panels : dict
        Title → {(context, words): (rates, values)}, the values being Spearman's ρ of shape (len(rates), seeds).

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, many = new_figure(rows=len(panels), height=2.6 * len(panels) + 0.4, sharex=True, squeeze=False)
    colours = {"skip-gram": (BLUE, "o"), "cbow": (ORANGE, "s")}
    for axes, (title, curves) in zip(many[:, 0], panels.items(), strict=True):
        for (context, words), (rates, values) in curves.items():
            colour, marker = colours[context]
            line = "-" if words == "frequent" else "--"
            axes.fill_between(rates, values.min(1), values.max(1), color=colour, alpha=0.15, linewidth=0)
            axes.plot(rates, values.mean(1), line, color=colour, marker=marker, label=f"{context}, {words}")
        axes.set(title=title, ylabel="Spearman's ρ", ylim=(-0.1, 0.9))
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    ticks = sorted({rate for curves in panels.values() for rates, _ in curves.values() for rate in rates})
    many[-1, 0].set_xticks(ticks, [f"{rate:g}" for rate in ticks])
    many[-1, 0].set_xlabel("learning rate at the start")
    many[0, 0].legend(loc="upper left", ncols=2, columnspacing=1, handlelength=3, title="model, words")
    return figure


@styled
def draw_measures(rows, label, what="model", most=1.0):
    """Draw one or several measures of each of some things, as dots beside their names.

    Parameters
    ----------
    rows : dict
        Name → {measure: value}, the same measures for all; values from 0 to 1.
    label : str
        What the horizontal axis shows.
    what : str
        What the names are those of.
    most : float
        Where the horizontal axis ends.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=1.3 + 0.3 * len(rows))
    measures = list(next(iter(rows.values())))
    for measure, colour, marker in zip(measures, (BLUE, ORANGE, GREEN), "os^", strict=False):
        values = [scores[measure] for scores in rows.values()]
        axes.plot(values, range(len(rows)), marker, color=colour, markersize=7, label=measure)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set(xlim=(-0.03 * most, 1.03 * most), ylim=(len(rows) - 0.5, -0.5), xlabel=label, ylabel=what)
    if len(measures) > 1:
        axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=3, handletextpad=0.1, columnspacing=1)
    return figure
