"""The drawing of a tree of codes, and of the path to one word (chapter 02)."""

import numpy as np

from helpers.figures.style import GREY, INK, ORANGE, PAPER, new_figure, styled


@styled
def draw_tree(codes, words, chosen, ways):
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
