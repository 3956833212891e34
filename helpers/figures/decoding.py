"""Drawings of decoding: the tree that a beam search grows, and one step of it (chapters 08, 09 and 13)."""

from collections import Counter

import numpy as np

from helpers.decoding.tree import path
from helpers.figures.style import BLUE, GREY, INK, ORANGE, PAPER, new_figure, styled

_ROW = 0.4  # inches: a box with two lines of text fits


@styled
def draw_beam_tree(nodes, names, rows=None, steps=None):
    """Draw the tree of a beam search: a column for each step, the branches that were kept and those that were dropped.

    What was kept stands in a box at the end of a solid line, what was dropped has a cross and a dotted line. A
    finished output shows its score. The path to the best finished output is thick.

    Parameters
    ----------
    nodes : list of helpers.decoding.tree.Node
    names : list of str
        What is written for each token.
    rows, steps : int, optional
        How many nodes a column, and how many columns the figure has room for, so that no frame is larger than another;
        otherwise as many as there are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = rows or _tallest(nodes)
    steps, places = steps or nodes[-1].step, node_places(nodes, rows)
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
    return figure


def node_places(nodes, rows=None):
    """(step, height) of each node: as near to its parent as there is room, and no two branches cross.

    Parameters
    ----------
    nodes : list of helpers.decoding.tree.Node
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
