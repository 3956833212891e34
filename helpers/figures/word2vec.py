"""Drawings of word2vec: the tree of codes, the noise, an analogy, learning rates, and measures of models."""

import numpy as np
from matplotlib.ticker import NullLocator

from helpers.figures.names_of_points import write_names
from helpers.figures.style import BLUE, GREEN, GREY, ORANGE, log_axis, new_figure, styled
from helpers.sliders.theme import INK, PAPER


@styled
def draw_code_tree(codes, words, chosen, ways):
    """Draw a tree of codes from its root on the left, and the path to one word with the probability of each way.

    Parameters
    ----------
    codes : list of tuple of int
        The code of each word.
    words : list of str
    chosen : int
        The word whose path is marked.
    ways : list of float
        The probability of each way on that path.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=0.6 + 0.29 * len(words))
    places = tree_places(codes)
    for code in filter(None, places):
        x, y = zip(*_way(places, code), strict=True)
        on_path = codes[chosen][: len(code)] == code
        axes.plot(x, y, "-", color=ORANGE if on_path else GREY, linewidth=3 if on_path else 1, zorder=2 + on_path)
        if on_path:
            label = f"{code[-1]}: {ways[len(code) - 1]:.2f}"
            place = (places[code[:-1]][0] + 0.5, places[code][1])
            axes.text(*place, label, ha="center", va="center", fontsize=9, zorder=5, color=INK,
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6})  # fmt: skip
    for code, word in zip(codes, words, strict=True):
        depth, height = places[code]
        weight = "bold" if code == codes[chosen] else "normal"
        axes.annotate(word, (depth, height), (4, 0), textcoords="offset points", va="center", weight=weight)
    depths = np.arange(max(map(len, codes)) + 1)
    axes.set(xlabel="questions answered (bits of the code)", ylabel="word", xticks=depths, yticks=[])
    axes.set(xlim=(-0.1, depths[-1] + 1.1), ylim=(len(words) - 0.4, -0.6))
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    return figure


def tree_places(codes):
    """{beginning of a code: (depth, height)}: words stand below each other, a node in the middle of its two ways."""
    places = {code: (len(code), height) for height, code in enumerate(sorted(codes))}
    nodes = {code[:depth] for code in codes for depth in range(len(code))}
    for node in sorted(nodes, key=len, reverse=True):
        height = (places[(*node, 0)][1] + places[(*node, 1)][1]) / 2
        places[node] = (len(node), height)
    return places


def _way(places, code):
    """From a node's parent up or down, then right to the node."""
    (x, y), end = places[code[:-1]], places[code]
    return (x, y), (x, end[1]), end


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
def draw_analogy(pairs, question, missed, share, limit, title=""):
    """Draw the arrows from the first words of pairs to the second ones, and where an analogy puts its answer.

    Parameters
    ----------
    pairs : dict
        (first word, second word) → (point, point).
    question : tuple
        One of these pairs: its arrow is predicted by that of another pair.
    missed : tuple of float
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
    write_names(axes, named, limit)
    start, end = pairs[question]
    axes.plot(*zip(start, missed, strict=True), ":", color=GREEN)
    axes.plot(*missed, "X", color=GREEN, markersize=9, label=f"where the analogy puts {question[1]}")
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), title=title)
    axes.set(xlabel=f"along the mean arrow (the plane shows {share:.0%} of the variance)", ylabel="second axis")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))
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
