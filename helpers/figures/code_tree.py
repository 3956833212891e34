"""A tree of codes as a river: what arrives at a node is shared out, and all of it arrives at the leaves."""

from itertools import pairwise

import numpy as np

from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.sliders.theme import INK, PAPER

_WIDEST = 11.0  # points, of a line through which everything flows


@styled
def draw_tree_flow(codes, words, p, chosen, asked, control=""):
    """Draw a tree of codes from its root on the left; a line is as wide as the probability that flows along it.

    It has flowed as far as so many questions take it; what lies further is dotted.

    Parameters
    ----------
    codes : list of tuple of int
        The code of each word.
    words : list of str
    p : ndarray (V,)
        The probability of each word; they sum to 1.
    chosen : int
        The word whose path is marked.
    asked : int
        How many questions are answered, at most as many as the longest code has bits.
    control : str
        A click on a word sets this control to it.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When more questions are answered than there are.
    """
    _check_asked(codes, asked)
    figure, axes = new_figure(height=0.62 + 0.27 * len(words))
    places, walked = tree_places(codes), codes[chosen][:asked]
    arriving = {node: _flow_to(node, codes, p) for node in places}
    for code in filter(None, places):
        on_path = walked[: len(code)] == code
        look = {"linewidth": 0.7 + _WIDEST * arriving[code], "alpha": 1 if on_path else 0.55, "linestyle": "-"}
        if len(code) > asked:
            look = {"linewidth": 1, "linestyle": ":"}
        axes.plot(*_way(places, code), color=ORANGE if on_path else GREY, solid_capstyle="butt",
                  solid_joinstyle="miter", zorder=2 + on_path, **look)  # fmt: skip
        if on_path:
            share = arriving[code] / arriving[code[:-1]]
            place = (places[code[:-1]][0] + 0.52, places[code][1])
            axes.text(*place, f"{share:.2f}", ha="center", va="center", fontsize=9, zorder=5, color=INK,
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})  # fmt: skip
    axes.plot(*places[walked], "o", color=BLUE, markersize=8, zorder=6)
    for code, word, q in zip(codes, words, p, strict=True):
        label = f"{word}  {q:.3f}" if len(code) <= asked else word
        look = {"va": "center", "fontsize": 9.5, "weight": "bold" if code == codes[chosen] else "normal", "zorder": 7}
        text = axes.annotate(label, places[code], (7, 0), textcoords="offset points", **look)
        if control:
            text.set_gid(f"{control}={word}")
    depths = np.arange(max(map(len, codes)) + 1)
    axes.set(xlabel="questions answered (bits of the code)", ylabel="word and p", xticks=depths, yticks=[])
    axes.set(xlim=(-0.1, depths[-1] + 1.9), ylim=(len(words) - 0.4, -0.6))
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    return figure


def tell_tree_flow(codes, words, p, chosen, asked, seen):
    """Say in words what `draw_tree_flow` shows after the word `seen`.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When more questions are answered than there are.
    """
    _check_asked(codes, asked)
    reached = [len(code) <= asked for code in codes]
    share = np.asarray(p)[reached].sum()
    arrived = f"{sum(reached)} of {len(words)} words are reached, with {share:.2f} of the probability."
    code = codes[chosen][:asked]
    if not code:
        return f"After “{seen}”: all of the probability, 1.00, stands at the root."
    flows = [_flow_to(code[:n], codes, p) for n in range(len(code) + 1)]
    ways = " · ".join(f"{below / above:.2f}" for above, below in pairwise(flows))
    return f"Towards “{words[chosen]}” after “{seen}”: {ways} = {flows[-1]:.3f}. {arrived}"


def _flow_to(node, codes, p):
    """The probability of all words whose codes begin as this one."""
    return sum(q for code, q in zip(codes, p, strict=True) if code[: len(node)] == node)


def _check_asked(codes, asked):
    longest = max(map(len, codes))
    if not 0 <= asked <= longest:
        raise ValueError(f"asked is {asked}, expected 0 to {longest}, the length of the longest code")


def tree_places(codes):
    """{beginning of a code: (depth, height)}: words stand below each other, a node in the middle of its two ways."""
    places = {code: (len(code), height) for height, code in enumerate(sorted(codes))}
    nodes = {code[:depth] for code in codes for depth in range(len(code))}
    for node in sorted(nodes, key=len, reverse=True):
        height = (places[(*node, 0)][1] + places[(*node, 1)][1]) / 2
        places[node] = (len(node), height)
    return places


def _way(places, code):
    """From a node's parent up or down, then right to the node: x and y of the three corners."""
    (x, y), (x_end, y_end) = places[code[:-1]], places[code]
    return (x, x, x_end), (y, y_end, y_end)
