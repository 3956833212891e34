"""Drawings that several chapters use to compare models: by cost, by labelled data, by delay, by length."""

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.figures.style import COLOURS, GREY, LINES, MARKERS, log_axis, new_figure, styled
from helpers.sliders.theme import INK


@styled
def draw_cost(sizes, counted, seconds, chosen, label="bytes of the input"):
    """Draw what ways to do the same thing cost, against the size of the vocabulary.

    Parameters
    ----------
    sizes : list of int
        |V|.
    counted, seconds : dict
        Name → what it costs at each size, in what the label says and in seconds.
    chosen : int
        Which of the sizes is marked.
    label : str
        What was counted.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = new_figure(rows=2, height=4.8, sharex=True)
    for axes, curves, what in zip(panels, (counted, seconds), (label, "time (s)"), strict=True):
        for (name, values), colour, line in zip(curves.items(), COLOURS, LINES, strict=False):
            axes.plot(sizes, values, line, color=colour, marker="o", markersize=3, label=name)
            axes.plot(sizes[chosen], values[chosen], "o", color=colour, markersize=9)
        every = np.concatenate(list(curves.values()))
        log_axis(axes, "y", np.floor(np.log10(every.min())), np.ceil(np.log10(every.max())))
        axes.axvline(sizes[chosen], color=GREY, linewidth=1, linestyle="-")
        axes.set(ylabel=what, xlabel="size of the vocabulary |V|")
    panels[0].set_xscale("log", base=2)
    panels[0].xaxis.set_major_locator(FixedLocator(sizes[::2]))
    panels[0].xaxis.set_minor_locator(NullLocator())
    panels[1].set_xticks(sizes[::2], [f"{size:,}" for size in sizes[::2]])
    panels[0].set_xlabel("")
    panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure


@styled
def draw_accuracy_by_labels(labels, accuracy, ceiling):
    """Draw right answers against the number of labelled sentences, with the spread over the seeds.

    Parameters
    ----------
    labels : list of int
    accuracy : dict
        Name → shares of right answers, shape (len(labels), seeds).
    ceiling : float
        The share that the best possible answer gets right.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.6)
    axes.axhline(ceiling, color=GREY, linewidth=1, linestyle="-")
    axes.text(labels[0], ceiling, "best possible", color=INK, va="bottom")
    for (name, values), colour, marker, line in zip(accuracy.items(), COLOURS, MARKERS, LINES, strict=False):
        axes.fill_between(labels, values.min(1), values.max(1), color=colour, alpha=0.15, linewidth=0)
        axes.plot(labels, values.mean(1), line, color=colour, marker=marker, markersize=5, label=name)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(labels, [str(n) for n in labels])
    axes.set(xlabel="labelled sentences", ylabel="share of right answers", ylim=(0, 1.1))
    axes.legend(loc="lower right")
    return figure


@styled
def draw_values_of_seeds(groups, label, limits=(0, 1)):
    """Draw a column for each group: a point for each seed, and a bar for their median.

    Parameters
    ----------
    groups : dict
        Name → one number for each seed; up to four.
    label : str
        What the numbers are, with their unit.
    limits : tuple of float
        The ends of the axis.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=2.9)
    for column, (values, colour, marker) in enumerate(zip(groups.values(), COLOURS, MARKERS, strict=False)):
        beside = np.linspace(-0.2, 0.2, len(values))
        axes.plot([column - 0.32, column + 0.32], [np.median(values)] * 2, color=INK, linestyle="-", linewidth=1.5)
        axes.plot(column + beside, values, marker, color=colour, markersize=6, linestyle="none", clip_on=False)
    axes.set_xticks(range(len(groups)), list(groups))
    axes.set(
        xlim=(-0.6, len(groups) - 0.4), ylim=limits, xlabel="a point for each seed, a bar for the median", ylabel=label
    )
    axes.grid(visible=False, axis="x")
    return figure


# The same model has the same look in every chapter: colour, line and marker.
_MODELS = ("one context", "additive attention", "multiplicative attention", "Transformer")
_LOOKS = dict(zip(_MODELS, zip(COLOURS, LINES, MARKERS, strict=True), strict=True))


@styled
def draw_length_curve(lengths, accuracy, length=None, longest=None, label="right outputs (share)"):
    """Draw the share of right outputs against the length of the source: a point for each seed, a line for the median.

    Parameters
    ----------
    lengths : list of int
        Source tokens.
    accuracy : dict
        Name of the model → shares from 0 to 1, shape (seeds, len(lengths)). "one context", "additive attention",
        "multiplicative attention" and "Transformer" always look the same; others take the looks that are left.
    length : int, optional
        The length that is marked.
    longest : int, optional
        The longest source that was trained on; beyond it the figure is shaded.
    label : str
        What the shares are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    left = [look for name, look in _LOOKS.items() if name not in accuracy]
    for name, shares in accuracy.items():
        colour, line, marker = _LOOKS[name] if name in _LOOKS else left.pop()
        middle = np.median(shares, axis=0)
        for values in shares:
            axes.plot(lengths, values, marker, color=colour, markersize=3.5, alpha=0.6, clip_on=False)
        axes.plot(lengths, middle, line, color=colour, marker=marker, markersize=5, clip_on=False, label=name)
        if length is not None:
            at = list(lengths).index(length)
            axes.plot(length, middle[at], "o", color=INK, markersize=13, fillstyle="none", clip_on=False)
    if length is not None:
        axes.plot([length, length], [0, 1], color=INK, linewidth=1, linestyle="--", zorder=0)
    low, high = lengths[0] - 0.5, lengths[-1] + 0.5
    if longest is not None and longest < high:
        axes.axvspan(longest + 0.5, high, color=GREY, alpha=0.15, linewidth=0)
        axes.text(high - 0.1, 1.02, "longer than in training", ha="right", va="bottom", fontsize=9)
    axes.set(xlabel="source length (tokens)", ylabel=label, xlim=(low, high), ylim=(0, 1.15 if longest else 1.05))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handletextpad=0.4, columnspacing=1)
    return figure
