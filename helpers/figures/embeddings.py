"""Drawings of words as vectors: what they cost, where they drift, who their neighbours are (chapter 01)."""

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.figures.style import BLUE, COLOURS, GREEN, GREY, INK, LINES, ORANGE, PINK, log_axis, new_figure, styled
from helpers.figures.word2vec import write_lists

# A group has a colour and a marker, so that no group is told from another by its colour alone.
_LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PINK, "D"), (INK, "x"), (GREY, "v"))


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
def draw_loss(losses, floors, chosen=None):
    """Draw the loss of training steps, and the floors that it cannot go below.

    Parameters
    ----------
    losses : numpy.ndarray
        Nats a token, shape (steps,).
    floors : dict
        Name → height, in nats.
    chosen : int, optional
        A step to be marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=2.8)
    axes.plot(np.arange(len(losses)), losses, color=BLUE)
    for (name, height), line in zip(floors.items(), LINES[1:], strict=False):
        axes.axhline(height, color=INK, linewidth=1, linestyle=line)
        place = {"xytext": (0, 4), "textcoords": "offset points", "ha": "right", "va": "bottom"}
        axes.annotate(name, (len(losses) - 1, height), color=INK, fontsize=9.5, **place)
    if chosen is not None:
        axes.plot(chosen, losses[chosen], "o", color=ORANGE, markersize=8)
    axes.set(xlabel="training step", ylabel="loss (nats a token)", xlim=(0, len(losses) - 1), ylim=(0, None))
    return figure


@styled
def draw_words(groups, share, limit, title="", names=()):
    """Draw words as points in a plane, each group with its colour and marker.

    Parameters
    ----------
    groups : dict
        Name of the group → {word: (x, y)}.
    share : float
        Of the variance that the plane shows, from 0 to 1.
    limit : float
        Both axes go from −limit to limit.
    title : str
    names : list of str
        The words that are written beside their points.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=4.9)
    for (name, words), (colour, marker) in zip(groups.items(), _LOOKS, strict=False):
        x, y = np.array(list(words.values())).T
        axes.plot(x, y, marker, color=colour, markersize=6, label=name, linestyle="none")
        for word in filter(words.__contains__, names):
            axes.annotate(word, words[word], (5, 3), textcoords="offset points", fontsize=9.5)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit))
    axes.set(xlabel=f"first axis (the plane shows {share:.0%} of the variance)", ylabel="second axis")
    axes.set_title(title)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, handletextpad=0.1, columnspacing=1)
    return figure


@styled
def draw_grouped_neighbours(lists, groups):
    """Write the nearest neighbours of some words: the upper half of `draw_neighbours`, which says what is what."""
    figure, axes = new_figure(height=0.9 + 0.35 * len(lists))
    _write_grouped_lists(axes, lists, groups)
    return figure


def _write_grouped_lists(axes, lists, groups):
    def look(word, other):
        return ("", INK) if groups.get(other) == groups[word] else ("✗ ", ORANGE)

    write_lists(axes, lists, look, "✗ = not of the word's group")


@styled
def draw_neighbours(lists, groups, dimensions, shares, chosen):
    """Write the nearest neighbours of some words, and draw how often a neighbour is of the word's own group.

    Parameters
    ----------
    lists : dict
        Word → its neighbours, the nearest first; all lists of one length.
    groups : dict
        Word → its group; a word that is missing belongs to none.
    dimensions : list of int
        How long the vectors are.
    shares : list of float
        For each dimension the share of neighbours, over all words, that are of the word's own group.
    chosen : int
        Which of the dimensions the lists are of.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=5.4, height_ratios=[1.5, 1])
    _write_grouped_lists(top, lists, groups)
    bottom.plot(dimensions, shares, color=BLUE, marker="o", markersize=4)
    bottom.plot(dimensions[chosen], shares[chosen], "o", color=ORANGE, markersize=10)
    bottom.set_xscale("log", base=2)
    bottom.xaxis.set_minor_locator(NullLocator())
    bottom.set_xticks(dimensions, [str(D) for D in dimensions])
    bottom.set(xlabel="numbers for each word, D", ylabel="share of own group", ylim=(0, 1))
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
    for (name, values), (colour, marker), line in zip(accuracy.items(), _LOOKS, LINES, strict=False):
        axes.fill_between(labels, values.min(1), values.max(1), color=colour, alpha=0.15, linewidth=0)
        axes.plot(labels, values.mean(1), line, color=colour, marker=marker, markersize=5, label=name)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(labels, [str(n) for n in labels])
    axes.set(xlabel="labelled sentences", ylabel="share of right answers", ylim=(0, 1.1))
    axes.legend(loc="lower right")
    return figure
