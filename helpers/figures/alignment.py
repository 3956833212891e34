"""Drawings of who attends to whom: the alignment of a translation, and the heads of a self-attention (chapter 09)."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.figures.style import BLUE, GREY, INK, ORANGE, new_figure, styled

WEIGHT_COLOURS = "Blues"  # white for 0, so that frames of another colour stand out at any weight
_BLACK = "#000001"  # for frames on the map: they must not turn white with the page's theme, as ink would


@styled
def draw_alignment(weights, target, source, step, truth=None):
    """Draw which source tokens an output came from: the weights of one step as bars, and those of all steps as a map.

    Parameters
    ----------
    weights : ndarray (T, S)
        Each row sums to 1.
    target, source : list of str
        T and S tokens.
    step : int
        The output step that is framed and drawn as bars, from 0.
    truth : ndarray of bool (T, S), optional
        The true alignment: outlined on the map, and marked by a triangle above the bars.

    Returns
    -------
    matplotlib.figure.Figure
    """
    T, S = weights.shape
    truth = np.zeros((T, S), bool) if truth is None else truth
    figure, (upper, lower) = new_figure(rows=2, height=2.6 + 0.21 * T, sharex=True, height_ratios=[1.1, 0.21 * T + 0.1])
    columns = np.arange(S) + 0.5
    upper.bar(columns, weights[step], color=BLUE)
    marked = columns[truth[step]]  # a mark above the axis: it must not be read as a weight
    upper.plot(marked, np.full(len(marked), 1.13), "v", color=ORANGE, markeredgecolor=INK, markersize=10)
    upper.set(ylabel="weight", ylim=(0, 1.23), yticks=[0, 0.5, 1], title=f"output {step + 1}: {target[step]}")
    draw_map(lower, weights, target, source)
    for t, s in zip(*np.nonzero(truth), strict=True):
        lower.add_patch(Rectangle((s + 0.08, t + 0.08), 0.84, 0.84, fill=False, edgecolor=ORANGE, linewidth=2))
    lower.add_patch(Rectangle((0, step), S, 1, fill=False, edgecolor=_BLACK, linewidth=2, clip_on=False))
    lower.set(xlabel="source token" + (" (orange: the true one)" if truth.any() else ""), ylabel="output token")
    return figure


@styled
def draw_heads(weights, tokens, head, names=None):
    """Draw the weights of several heads side by side, and those of one of them at size, with the tokens.

    Parameters
    ----------
    weights : ndarray (K, T, T)
        The weights of every head in self-attention over one sequence.
    tokens : list of str
        T of them.
    head : int
        The head that is drawn at size and framed, from 0.
    names : list of str, optional
        What the heads are called; their numbers from 1 unless given.

    Returns
    -------
    matplotlib.figure.Figure
    """
    K, T, _ = weights.shape
    names = [f"head {k + 1}" for k in range(K)] if names is None else names
    figure, (upper, lower) = new_figure(rows=2, height=2.6 + 0.3 * T, height_ratios=[1.3, 0.3 * T + 0.3])
    gap = T / 6
    for k, values in enumerate(weights):
        left = k * (T + gap)
        upper.pcolormesh(left + np.arange(T + 1), np.arange(T + 1), values, cmap=WEIGHT_COLOURS, vmin=0, vmax=1)
        chosen = k == head
        edge = {"edgecolor": ORANGE, "linewidth": 3} if chosen else {"edgecolor": GREY, "linewidth": 1}
        upper.add_patch(Rectangle((left, 0), T, T, fill=False, clip_on=False, **edge))
    upper.set_xticks([k * (T + gap) + T / 2 for k in range(K)], names)
    upper.set(xlim=(-0.1, K * (T + gap) - gap + 0.1), ylim=(T, 0), xlabel="attended to", ylabel="asks")
    upper.set_yticks([])
    _bare(upper)
    draw_map(lower, weights[head], tokens, tokens)
    lower.set(xlabel="token that is attended to", ylabel="token that asks", title=names[head])
    return figure


def draw_map(axes, weights, rows, columns):
    """Draw weights (T, S) as a map with a name for each row and column; 0 is white and 1 dark blue."""
    T, S = weights.shape
    axes.pcolormesh(weights, cmap=WEIGHT_COLOURS, vmin=0, vmax=1, edgecolor="#d0d0d0", linewidth=0.4)
    upright = max(map(len, columns)) < 3
    axes.set_xticks(np.arange(S) + 0.5, columns, rotation=0 if upright else 90, fontsize=9.5)
    axes.set_yticks(np.arange(T) + 0.5, rows, fontsize=9.5)
    axes.set(xlim=(0, S), ylim=(T, 0))
    _bare(axes)


def _bare(axes):
    axes.grid(visible=False)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)
