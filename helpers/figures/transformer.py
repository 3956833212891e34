"""Drawings of the Transformer: masks, positions, mistakes in training, and cost against length."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.figures.attention import draw_weight_map
from helpers.figures.style import BLACK, BLUE, COLOURS, GREY, LINES, ORANGE, new_figure, power_of_ten, styled
from helpers.sliders.theme import INK


@styled
def draw_mask(visible, weights, tokens, query, control=""):
    """Draw who may attend to whom, with the weights, and those of one query as bars; what is hidden is crossed out.

    Parameters
    ----------
    visible : ndarray of bool (T, T)
        True = may attend.
    weights : ndarray (T, T)
        Each row sums to 1, or is 0.
    tokens : list of str
        T of them.
    query : int
        The row that is framed and drawn as bars, from 0.
    control : str
        A click on the name of a row sets this control to its number, from 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    T = len(tokens)
    figure, (upper, lower) = new_figure(rows=2, height=2.5 + 0.26 * T, sharex=True, height_ratios=[1.1, 0.26 * T])
    columns = np.arange(T) + 0.5
    upper.bar(columns, weights[query], color=BLUE)
    upper.plot(columns[~visible[query]], np.full((~visible[query]).sum(), 0.08), "x", color=INK, markersize=8)
    upper.set(ylabel="weight", ylim=(0, 1.03), title=f"query {query + 1}: {tokens[query]}")
    draw_weight_map(lower, weights, tokens, tokens)
    rows, hidden = np.nonzero(~visible)
    lower.plot(hidden + 0.5, rows + 0.5, "x", color=GREY, markersize=6, linestyle="none")
    lower.add_patch(Rectangle((0, query), T, 1, fill=False, edgecolor=BLACK, linewidth=2, clip_on=False))
    lower.set(xlabel="key (a cross: hidden by the mask)", ylabel="query")
    for number, name in enumerate(lower.get_yticklabels() if control else (), 1):
        name.set_gid(f"{control}={number}")
    return figure


@styled
def draw_positions(P, position, pairs):
    """Draw some columns of a table of positions, and the dot product of one row with all rows.

    Parameters
    ----------
    P : ndarray (T, D)
        Such as `helpers.layers.transformer.positions.sinusoids` gives.
    position : int
        The row that is marked.
    pairs : list of int
        The pairs i whose sine, column 2 i, is drawn; four at most.

    Returns
    -------
    matplotlib.figure.Figure
    """
    T, D = P.shape
    figure, (upper, lower) = new_figure(rows=2, height=4.6, sharex=True)
    for i, colour, line in zip(pairs, COLOURS, LINES, strict=False):
        upper.plot(P[:, 2 * i], line, color=colour, linewidth=1.5, label=f"i = {i}")
        upper.plot(position, P[position, 2 * i], "o", color=colour, markeredgecolor=INK, markersize=8, clip_on=False)
    upper.set(ylabel="sine of pair i", ylim=(-1.1, 1.1), xlim=(0, T - 1))
    upper.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(pairs), handlelength=1.6, columnspacing=1)
    products = P @ P[position]
    lower.plot(products, color=BLUE)
    lower.plot(position, products[position], "o", color=ORANGE, markeredgecolor=INK, markersize=9, clip_on=False)
    lower.axhline(D / 2, color=GREY, linewidth=1, linestyle="--")
    lower.set(xlabel="position", ylabel="dot product", ylim=(min(0, products.min()) - 1, 1.15 * D / 2))
    for axes in (upper, lower):
        axes.axvline(position, color=INK, linewidth=1, linestyle=":")
    return figure


@styled
def draw_mistake(losses, right, name):
    """Draw the loss of training with a mistake beside that without, and the share of right outputs of every training.

    Parameters
    ----------
    losses : dict
        Name of the mistake → ndarray (steps,), in nats; the first name is that of no mistake.
    right : dict
        Name → share of right outputs, from 0 to 1.
    name : str
        The mistake that is drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (upper, lower) = new_figure(rows=2, height=4.8, height_ratios=[1.5, 1])
    first = next(iter(losses))
    shown = dict.fromkeys((first, name))
    for key, colour, line in zip(shown, (BLUE, ORANGE), LINES, strict=False):
        upper.plot(np.arange(1, len(losses[key]) + 1), losses[key], line, color=colour, linewidth=1.5, label=key)
    top = max(values.max() for values in losses.values())
    upper.set(xlabel="step of training", ylabel="loss (nats)", ylim=(0, 1.05 * top), xlim=(1, len(losses[first])))
    upper.legend(loc="upper right")
    rows = np.arange(len(right))
    colours = [ORANGE if key == name != first else BLUE if key == name else GREY for key in right]
    lower.barh(rows, list(right.values()), color=colours)
    for row, share in zip(rows, right.values(), strict=True):
        lower.text(share + 0.01, row, f"{share:.0%}", va="center", fontsize=9.5)
    lower.set_yticks(rows, list(right))
    lower.set(xlabel="right outputs (share)", ylabel="trained with", xlim=(0, 1.12), ylim=(len(right) - 0.5, -0.5))
    lower.grid(visible=False, axis="y")
    return figure


@styled
def draw_growth(x, panels, xlabel, marked=None):
    """Draw how several quantities grow, one below the other, on logarithmic axes.

    Parameters
    ----------
    x : list of int
        Rising, such as lengths.
    panels : dict
        What is drawn, with its unit → dict of name → values (len(x),), above 0. All panels have the same names.
    xlabel : str
    marked : int, optional
        The x that is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, all_axes = new_figure(rows=len(panels), height=0.9 + 1.75 * len(panels), sharex=True, squeeze=False)
    for axes, (label, curves) in zip(all_axes[:, 0], panels.items(), strict=True):
        for (name, values), colour, line in zip(curves.items(), COLOURS, LINES, strict=False):
            axes.plot(x, values, line, color=colour, label=name)
            if marked is not None:
                at = values[list(x).index(marked)]
                axes.plot(marked, at, "o", color=colour, markeredgecolor=INK, markersize=8, clip_on=False)
        if marked is not None:
            axes.axvline(marked, color=INK, linewidth=1, linestyle=":")
        axes.set(xscale="log", yscale="log", ylabel=label, xlim=(x[0], x[-1]))
        _whole_powers(axes, np.concatenate([np.asarray(values, float) for values in curves.values()]))
    all_axes[-1, 0].set_xticks(x[::2], [f"{n:,}".replace(",", " ") for n in x[::2]])
    all_axes[-1, 0].minorticks_off()
    all_axes[-1, 0].set_xlabel(xlabel)
    all_axes[0, 0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1)
    return figure


def _whole_powers(axes, values):
    """Ticks at whole powers of ten, four at most, in plain text."""
    low, high = int(np.floor(np.log10(values.min()))), int(np.ceil(np.log10(values.max())))
    high = max(high, low + 1)
    exponents = range(low, high + 1, max(1, -(-(high - low) // 4)))
    axes.set_ylim(10.0**low / 1.3, 10.0**high * 1.3)
    axes.set_yticks([10.0**n for n in exponents], [power_of_ten(n) for n in exponents])
    axes.minorticks_off()
