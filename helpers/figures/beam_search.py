"""Drawings of decoding: the tree of a beam search, the next token, scores, and comparisons of searches."""

from collections import Counter

import numpy as np

from helpers.decoding.beam_tree import path
from helpers.decoding.hypotheses import length_score
from helpers.figures.style import BLUE, COLOURS, GREY, LINES, MARKERS, ORANGE, new_figure, power_of_ten, styled
from helpers.sliders.theme import INK, PAPER

_ROW = 0.4  # inches: a box with two lines of text fits


@styled
def draw_beam_tree(nodes, names, rows=None, steps=None, now=None):
    """Draw the tree of a beam search: a column for each step, the branches that were kept and those that were dropped.

    What was kept stands in a box at the end of a solid line, what was dropped has a cross and a dotted line. A
    finished output shows its score. The path to the best finished output is thick.

    Parameters
    ----------
    nodes : list of helpers.decoding.beam_tree.Node
    names : list of str
        What is written for each token.
    rows, steps : int, optional
        How many nodes a column, and how many columns the figure has room for, so that no frame is larger than another;
        otherwise as many as there are.
    now : int, optional
        Draw the tree as it is after so many steps, and mark that step.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = rows or _tallest(nodes)
    steps, places = steps or nodes[-1].step, node_places(nodes, rows)
    nodes = nodes if now is None else [node for node in nodes if node.step <= now]
    figure, axes = new_figure(height=0.8 + _ROW * rows)
    best = best_node(nodes)
    won = set() if best is None else set(path(nodes, best))
    for number, node in enumerate(nodes):
        if node.parent >= 0:
            _draw_edge(axes, places[node.parent], places[number], node.kept, number in won)
        _draw_node(axes, places[number], node, names[node.token], number in won)
    axes.set(xlabel="tokens written", yticks=[], xticks=range(steps + 1))
    axes.set(xlim=(-0.45, steps + 0.45), ylim=(rows / 2, -rows / 2))
    axes.set_title("box: kept, ×: dropped, thick: the best output", fontsize=9)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    if now is not None:
        axes.axvspan(now - 0.45, now + 0.45, color=GREY, alpha=0.2, linewidth=0, zorder=0)
    return figure


def node_places(nodes, rows=None):
    """(step, height) of each node: as near to its parent as there is room, and no two branches cross.

    Parameters
    ----------
    nodes : list of helpers.decoding.beam_tree.Node
    rows : int, optional
        How many heights there are, at least as many as any step has nodes; otherwise no more than that.

    Returns
    -------
    dict
        Number of the node → (step, height).
    """
    rows = rows or _tallest(nodes)
    places = {0: (0, 0.0)}
    for step in range(1, nodes[-1].step + 1):
        column = [number for number, node in enumerate(nodes) if node.step == step]
        column.sort(key=lambda number: places[nodes[number].parent][1])  # stable: of one parent the best first
        wanted = np.array([places[nodes[number].parent][1] for number in column])
        sizes = np.array([_height(nodes[number]) for number in column])
        for number, height in zip(column, _spread(wanted, sizes, rows / 2), strict=True):
            places[number] = (step, height)
    return places


def _tallest(nodes):
    """The most nodes that a step has."""
    return max(Counter(node.step for node in nodes).values())


def _height(node):
    """How many rows a node takes: two lines of text, one in a box, or one without."""
    return 1.0 if node.finished else 0.8 if node.kept else 0.5


def _spread(wanted, sizes, most):
    """Heights from −most to most, in order and without overlap, near the wanted ones, which rise."""
    middles = np.cumsum(sizes) - sizes / 2  # where they would stand with no room between them
    # Those that want the same height stand around it. Less the room that all need, only the order is left to be kept.
    free = np.array([height - middles[wanted == height].mean() for height in wanted])
    blocks = []
    for value in free:
        blocks.append([value])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    means = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    return np.clip(means, -most, most - sizes.sum()) + middles


def best_node(nodes):
    """The number of the finished node with the best score, of equal ones the shortest; None where none has finished."""
    finished = [number for number, node in enumerate(nodes) if node.finished]
    return max(finished, key=lambda number: (nodes[number].score, -nodes[number].step), default=None)


def _draw_edge(axes, start, end, kept, won):
    x, y = zip(start, end, strict=True)
    look = {"color": ORANGE if won else BLUE if kept else GREY, "linewidth": 3.5 if won else 1.4 if kept else 1}
    axes.plot(x, y, "-" if kept else ":", zorder=2 if won else 1, **look)


def _draw_node(axes, place, node, name, won):
    colour = ORANGE if won else BLUE
    box = {"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": colour, "linewidth": 2 if won else 1}
    if not node.kept:
        name, box = f"×{name}", {"boxstyle": "round,pad=0", "facecolor": PAPER, "edgecolor": "none"}
    elif node.finished:
        name = f"{name}\n{node.score:.2f}".replace("-", "−")
    weight = "bold" if won else "normal"
    axes.text(*place, name, ha="center", va="center", fontsize=9, color=INK, weight=weight, bbox=box, zorder=3)


@styled
def draw_next_token(probabilities, names, written, chosen, heading=""):
    """Draw one step of decoding: how probable each next token is, above it what has been written so far.

    Parameters
    ----------
    probabilities : numpy.ndarray (V,)
        P(next token | written, source).
    names : list of str
        The V tokens.
    written : list of str
        The output so far.
    chosen : int
        The token that is written next; its bar is marked.
    heading : str
        What stands above the output so far, for example the source.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.1)
    bars = axes.bar(np.arange(len(names)), probabilities, color=BLUE, width=0.8)
    bars[chosen].set(facecolor=ORANGE, hatch="//", edgecolor=PAPER)
    axes.text(
        chosen, probabilities[chosen] + 0.02, f"{probabilities[chosen]:.2f}", ha="center", va="bottom", fontsize=9
    )
    axes.set_xticks(np.arange(len(names)), names, rotation=90 if max(map(len, names)) > 3 else 0)
    axes.set(xlabel="next token", ylabel="probability", ylim=(0, 1.15), yticks=[0, 0.5, 1])
    output = " ".join([*written, "▁"])
    axes.set_title(f"{heading}\n{output}" if heading else output, loc="left", fontsize=9)
    axes.grid(visible=False, axis="x")
    return figure


_HATCHES = ("", "//", "..", "xx")


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
def draw_length_scores(hypotheses, alpha, alphas, winner):
    """Draw how the scores of some hypotheses change with the exponent of the length.

    Parameters
    ----------
    hypotheses : dict
        Name → (ln P in nats, length in tokens), at most four.
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
    axes.set(xlabel="exponent α", ylabel="score ln P / length^α (nats)", xlim=(alphas[0], alphas[-1]))
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
    for n, ((name, shares), colour, hatch) in enumerate(zip(series.items(), COLOURS, _HATCHES, strict=False)):
        places = x + (n - (len(series) - 1) / 2) * width
        axes.bar(places, shares, 0.9 * width, color=colour, hatch=hatch, edgecolor=PAPER, label=name)
        for place, share in zip(places, shares, strict=True):
            axes.text(place, share + 0.02, f"{share:.2f}", ha="center", va="bottom", fontsize=9)
    axes.set_xticks(x, names)
    axes.set(xlabel=label, ylabel=measured, ylim=(0, 1.1), yticks=[0, 0.25, 0.5, 0.75, 1])
    axes.grid(visible=False, axis="x")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(series))
    return figure
