"""Drawings of language models: what counting more tokens buys, how a text is cut, and what sampling changes."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from helpers.figures.machine.writing import FONT_SIZE, text_width
from helpers.figures.style import BLUE, COLOURS, GREY, LINES, MARKERS, ORANGE, new_figure, styled
from helpers.sliders.theme import INK, WIDTH

_LINE, _GAP, _PAD = 0.36, 0.05, 0.09  # inches: from line to line of a cut text, between tokens, beside their letters


@styled
def draw_nats_against(places, nats, chosen, label, levels=(), unit="nats a letter"):
    """Draw losses against what was changed: the n of an n-gram model, or the steps of training.

    Parameters
    ----------
    places : sequence of int
        What was changed, rising. Each has the same room.
    nats : dict
        Name → losses (len(places),), in nats a letter. Up to four.
    chosen : int
        The place that is marked.
    label : str
        What was changed.
    levels : sequence of (float, str)
        Losses of other models, drawn across.
    unit : str
        What the losses are measured in.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When `chosen` is none of the places.
    """
    places = list(places)
    if chosen not in places:
        raise ValueError(f"chosen is {chosen}, expected one of {', '.join(map(str, places))}")
    at, x = places.index(chosen), np.arange(len(places))
    figure, axes = new_figure(height=2.9)
    axes.axvline(at, color=INK, linewidth=1, linestyle=":")
    for level, name in levels:
        axes.axhline(level, color=INK, linewidth=1.2, linestyle="--", label=name)
    for (name, losses), colour, line, marker in zip(nats.items(), COLOURS, LINES, MARKERS, strict=False):
        axes.plot(x, losses, line, color=colour, marker=marker, markersize=5, label=name)
        axes.plot(at, losses[at], marker, color=colour, markersize=11, alpha=0.6)
    axes.set_xticks(x, [f"{place:,}" for place in places])
    axes.set(xlabel=label, ylabel=unit, xlim=(-0.3, x[-1] + 0.3))
    axes.legend()
    return figure


@styled
def draw_cut_text(tokens, height=None, marked=None):
    """Draw a text as a row of boxes, one for each token; it goes on in the next line where the page ends.

    Parameters
    ----------
    tokens : sequence of str
        A space is drawn as ␣, a line's end as ⏎.
    height : int, optional
        Lines to leave room for, so that frames are of one height.
    marked : sequence of bool, optional
        For each token: True in orange, False in grey. Without it two colours take turns.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When the tokens need more lines than `height`, or `marked` is of another length.
    """
    tokens = list(tokens)
    if marked is not None and len(marked) != len(tokens):
        raise ValueError(f"marked has {len(marked)} members, expected one for each of {len(tokens)} tokens")
    lines, used = [[]], 0.0
    for place, token in enumerate(tokens):
        text = token.replace(" ", "␣").replace("\n", "⏎")
        width = text_width(text) + 2 * _PAD
        if lines[-1] and used + width > WIDTH - 0.1:
            lines.append([])
            used = 0.0
        lines[-1].append((used, width, text, None if marked is None else (GREY, ORANGE)[int(marked[place])]))
        used += width + _GAP
    height = height or len(lines)
    if len(lines) > height:
        raise ValueError(f"the tokens need {len(lines)} lines, expected at most {height}")
    figure, axes = new_figure(height=_LINE * height + 0.12)
    figure.set_layout_engine("none")
    axes.set(position=(0, 0, 1, 1), xlim=(0, WIDTH), ylim=(_LINE * height + 0.06, -0.06))
    axes.axis("off")
    for number, line in enumerate(lines):
        for order, (left, width, text, colour) in enumerate(line):
            colour = colour or (BLUE, ORANGE)[(order + number) % 2]
            place = (left + 0.05, _LINE * number + 0.04), width, _LINE - 0.1
            look = {"boxstyle": "round,pad=0,rounding_size=0.05"}
            axes.add_patch(FancyBboxPatch(*place, facecolor=colour, alpha=0.18, linewidth=0, **look))
            axes.add_patch(FancyBboxPatch(*place, facecolor="none", edgecolor=colour, linewidth=1.3, **look))
            middle = left + 0.05 + width / 2
            axes.text(
                middle, _LINE * number + _LINE / 2 - 0.01, text, ha="center", va="center", color=INK, fontsize=FONT_SIZE
            )
    return figure


@styled
def draw_merges(merges, tokens_a_name, chosen, label="tokens a name"):
    """Draw how many tokens a text needs against the number of merges, on an axis that ends in its logarithm.

    Parameters
    ----------
    merges : sequence of int
        Rising, from 0.
    tokens_a_name : sequence of float
    chosen : int
        One of the merges, which is marked.
    label : str
    """
    places = np.arange(len(merges))
    figure, axes = new_figure(height=2.2)
    axes.plot(places, tokens_a_name, "-o", color=BLUE, markersize=5)
    at = list(merges).index(chosen)
    axes.plot(at, tokens_a_name[at], "o", color=ORANGE, markersize=11)
    axes.set_xticks(places, [f"{each:,}" for each in merges])
    axes.set(xlabel="merges", ylabel=label, ylim=(0, None))
    return figure


@styled
def draw_next_tokens(before, after, names):
    """Draw the probability of every next token, as the model gives it and as it is drawn from.

    Parameters
    ----------
    before, after : ndarray (V,)
    names : sequence of str (V,)
        Tokens named "" are left out.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = [v for v, name in enumerate(names) if name]
    places = np.arange(len(shown))
    figure, axes = new_figure(height=2.5)
    axes.bar(places, after[shown], 0.8, color=BLUE, label="drawn from")
    axes.bar(places, before[shown], 0.8, facecolor="none", edgecolor=GREY, linewidth=1.5, label="of the model")
    axes.set_xticks(places, [names[v] for v in shown])
    axes.set(ylabel="probability", ylim=(0, 1), xlim=(-0.7, len(shown) - 0.3))
    axes.grid(axis="x", visible=False)
    axes.legend()
    return figure
