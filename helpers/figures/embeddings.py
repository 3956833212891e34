"""Drawings of words as vectors in training: the loss and its floors, and where the words come to lie."""

import numpy as np

from helpers.figures.names_of_points import write_names
from helpers.figures.style import BLUE, GREEN, GREY, LINES, ORANGE, PINK, new_figure, styled
from helpers.sliders.theme import INK

# A group has a colour and a marker, so that no group is told from another by its colour alone.
_LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PINK, "D"), (INK, "x"), (GREY, "v"))


@styled
def draw_training_loss(losses, floors, chosen=None):
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
    points = {word: point for words in groups.values() for word, point in words.items()}
    write_names(axes, [(word, points[word]) for word in names if word in points], limit)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit))
    axes.set(xlabel=f"first axis (the plane shows {share:.0%} of the variance)", ylabel="second axis")
    axes.set_title(title)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, handletextpad=0.1, columnspacing=1)
    return figure
