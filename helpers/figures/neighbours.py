"""Drawings of the nearest neighbours of words: their lists, and of what sort they are."""

from helpers.figures.style import BLUE, LINES, ORANGE, new_figure, styled
from helpers.sliders.theme import INK


@styled
def draw_neighbour_lists(lists, groups=None):
    """Write the nearest neighbours of some words, and mark those that are not of the word's own group.

    Parameters
    ----------
    lists : dict
        Word → its neighbours, the nearest first; all lists of one length.
    groups : dict, optional
        Word → its group; a word that is missing belongs to none. Without it nothing is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=0.9 + 0.35 * len(lists))
    if groups is None:
        _write_lists(axes, lists, lambda word, other: ("", INK))
    else:
        _write_grouped_lists(axes, lists, groups)
    return figure


@styled
def draw_neighbours_by_window(lists, kinds, rows, windows, shares, chosen):
    """Write the neighbours of some words, and draw of what sort neighbours are for each window.

    Parameters
    ----------
    lists : dict
        Word → its neighbours, the nearest first; all lists of one length.
    kinds, rows : dict
        Word → what it is (a country), and what it belongs to (France).
    windows : list of int
    shares : dict
        "same kind" and "same row" → the share of neighbours for each window.
    chosen : int
        Which of the windows the lists are of.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=5.6, height_ratios=[1.5, 1])
    _write_lists(top, lists, lambda word, other: _kind_or_row(word, other, kinds, rows), "= same kind, → same row")
    for (name, values), colour, line, marker in zip(shares.items(), (BLUE, ORANGE), LINES, "os", strict=False):
        bottom.plot(windows, values, line, color=colour, marker=marker, markersize=4, label=name)
        bottom.plot(windows[chosen], values[chosen], marker, color=colour, markersize=10)
    bottom.set(xlabel="window (words to either side)", ylabel="share of neighbours", ylim=(0, 1), xticks=windows)
    bottom.legend(loc="upper right")
    return figure


def _write_grouped_lists(axes, lists, groups):
    def look(word, other):
        return ("", INK) if groups.get(other) == groups[word] else ("✗ ", ORANGE)

    _write_lists(axes, lists, look, "✗ = not of the word's group")


def _kind_or_row(word, other, kinds, rows):
    """The sign and the colour for a neighbour of the same kind, of the same row, or neither."""
    if kinds.get(other) == kinds[word]:
        return "= ", BLUE
    if rows.get(other) == rows[word]:
        return "→ ", ORANGE
    return "", INK


def _write_lists(axes, lists, look, signs=""):
    """Write a row for each word: the word, and its neighbours from left to right.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    lists : dict
        Word → its neighbours, the nearest first; all lists of one length.
    look : callable
        look(word, neighbour) → the sign and the colour with which the neighbour is written.
    signs : str
        What the signs mean.
    """
    for row, (word, neighbours) in enumerate(lists.items()):
        for column, other in enumerate(neighbours):
            sign, colour = look(word, other)
            axes.text(column, row, sign + other, ha="center", va="center", color=colour, fontsize=9.5)
    count = len(next(iter(lists.values())))
    axes.set(xlim=(-0.5, count - 0.5), ylim=(len(lists) - 0.5, -0.5))
    axes.set(xlabel="neighbour, the nearest first" + (f" ({signs})" if signs else ""), ylabel="word")
    axes.set_xticks(range(count), [str(n + 1) for n in range(count)])
    axes.set_yticks(range(len(lists)), list(lists))
    axes.tick_params(length=0)
    axes.grid(visible=False)
