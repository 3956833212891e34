"""Drawings of words as vectors in training: where they come to lie."""

import numpy as np

from helpers.core.projection import principal_axes, project
from helpers.figures.names_of_points import write_names
from helpers.figures.style import BLUE, GREEN, GREY, ORANGE, PINK, new_figure, styled
from helpers.sliders.theme import INK

# A group has a colour and a marker, so that no group is told from another by its colour alone.
_LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PINK, "D"), (INK, "x"), (GREY, "v"))


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
    points = {word: point for words in groups.values() for word, point in words.items()}
    write_names(axes, [(word, points[word]) for word in names if word in points], limit)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit))
    axes.set(xlabel=f"first axis (the plane shows {share:.0%} of the variance)", ylabel="second axis")
    axes.set_title(title)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, handletextpad=0.1, columnspacing=1)
    return figure


def draw_drift(tables, groups, step, names=()):
    """Draw where words lie at a step of training, seen from the side where they are furthest apart at the end.

    Parameters
    ----------
    tables : list of ndarray (V, D)
        The table before each step, and after the last.
    groups : dict
        Name of the group → {word: its row}.
    step : int
    names : list of str
        The words that are written beside their points.

    Returns
    -------
    matplotlib.figure.Figure
        The plane is that of the two principal axes of the last table, and so is its scale.
    """
    rows = [row for words in groups.values() for row in words.values()]
    seen_from = principal_axes(tables[-1][rows])
    limit = 1.1 * np.abs(project(tables[-1][rows], seen_from)[0]).max()
    points, share = project(tables[step][rows], seen_from)
    at = dict(zip(rows, points.tolist(), strict=True))
    placed = {name: {word: at[row] for word, row in words.items()} for name, words in groups.items()}
    return draw_words(placed, share, limit, f"step {step}", names)
