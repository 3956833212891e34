"""Drawings of analogies: the arrows between two words of a pair, and right answers beside those without an arrow."""

import numpy as np

from helpers.core.projection import principal_axes, project
from helpers.figures.names_of_points import write_names
from helpers.figures.style import BLUE, GREEN, ORANGE, new_figure, styled


@styled
def draw_arrows(pairs, question, put, share, limit, title=""):
    """Draw the arrows from the first words of pairs to the second ones, and where an analogy puts its answer.

    Parameters
    ----------
    pairs : dict
        (first word, second word) → (point, point).
    question : tuple
        One of these pairs: its arrow is predicted by that of another pair.
    put : tuple of float
        The point that the analogy gives for the second word of the question.
    share : float
        Of the variance of these words that the plane shows, from 0 to 1.
    limit : float
        Both axes go from −limit to limit.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=4.9)
    named = []
    for names, (start, end) in pairs.items():
        colour = ORANGE if names == question else BLUE
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.5})
        for name, (x, y), marker in zip(names, (start, end), "os", strict=True):
            axes.plot(x, y, marker, color=colour, markersize=4)
            if np.hypot(x, y) > limit / 20:  # while all vectors are tiny, their names would lie on one another
                named.append((name, (x, y)))
    marks = [put, *(np.mean(arrow, axis=0) for arrow in pairs.values())]
    write_names(axes, named, limit, marks)
    start, end = pairs[question]
    axes.plot(*zip(start, put, strict=True), ":", color=GREEN)
    axes.plot(*put, "X", color=GREEN, markersize=9, label=f"where the analogy puts “{question[1]}”")
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), title=title)
    axes.set(xlabel=f"first axis (both show {share:.0%} of the variance)", ylabel="second axis")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))
    return figure


def draw_learned_arrows(names, now, last, title=""):
    """Draw the arrows of pairs of words at some moment of training, in the plane that shows most of them at its end.

    The question is the second pair, and the arrow of the first pair answers it.

    Parameters
    ----------
    names : list of tuple of str (N,)
        (first word, second word), at least two pairs.
    now, last : ndarray (N, 2, D)
        The vectors of these words at that moment, and at the end. Both axes go a third beyond the points at the end.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    N, _, D = last.shape
    plane = principal_axes(last.reshape(2 * N, D))
    points, share = project(now.reshape(2 * N, D), plane)
    at_end, _ = project(last.reshape(2 * N, D), plane)
    points = points.reshape(N, 2, 2)
    put = points[1, 0] + points[0, 1] - points[0, 0]
    arrows = dict(zip(names, points.tolist(), strict=True))
    return draw_arrows(arrows, names[1], put, share, 1.35 * abs(at_end).max(), title)


def tell_gain(panels, least=0.1):
    """Say for which rows the first measure is above the second by more than `least`, in every seed.

    Parameters
    ----------
    panels : dict
        Name → rows, as `draw_beside_baseline` takes them.
    least : float

    Returns
    -------
    str
    """
    said = []
    for name, rows in panels.items():
        better = [row for row, (measure, baseline) in rows.items() if (measure - baseline).min() > least]
        said.append(f"{name}: {', '.join(better) or 'none'}")
    return f"the arrow gains more than {least} in all texts, {'; '.join(said)}."


@styled
def draw_beside_baseline(
    rows, label="share of right answers", what="relation", names=("with the arrow", "nearest to c alone")
):
    """Draw for each row two measures of several seeds: a small mark for each seed, a large one for the median.

    Parameters
    ----------
    rows : dict
        Name → (measure, baseline), each of several seeds (n,), from 0 to 1.
    label : str
        What the horizontal axis shows.
    what : str
        What the rows are.
    names : tuple of str
        What the two measures are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=1.15 + 0.42 * len(rows))
    for place, values in enumerate(rows.values()):
        for seeds, colour, marker, up in zip(values, (BLUE, ORANGE), "os", (-0.13, 0.13), strict=True):
            look = {"color": colour, "clip_on": False}
            axes.plot(seeds, np.full(len(seeds), place + up), marker, markersize=4, alpha=0.55, **look)
            axes.plot(np.median(seeds), place + up, marker, markersize=9, **look)
    for name, colour, marker in zip(names, (BLUE, ORANGE), "os", strict=True):
        axes.plot([], [], marker, color=colour, markersize=9, label=name)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set(xlim=(-0.02, 1.02), ylim=(len(rows) - 0.5, -0.5), xlabel=label, ylabel=what)
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=2, handletextpad=0.1, columnspacing=1)
    return figure
