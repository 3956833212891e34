"""Drawings of attention: a map of weights, the weights of several heads, and kernel regression."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.figures.style import BLUE, GREY, LINES, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_WEIGHT_COLOURS = "Blues"  # white for 0, so that frames of another colour stand out at any weight


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
        upper.pcolormesh(left + np.arange(T + 1), np.arange(T + 1), values, cmap=_WEIGHT_COLOURS, vmin=0, vmax=1)
        chosen = k == head
        edge = {"edgecolor": ORANGE, "linewidth": 3} if chosen else {"edgecolor": GREY, "linewidth": 1}
        upper.add_patch(Rectangle((left, 0), T, T, fill=False, clip_on=False, **edge))
    upper.set_xticks([k * (T + gap) + T / 2 for k in range(K)], names)
    upper.set(xlim=(-0.1, K * (T + gap) - gap + 0.1), ylim=(T, 0), xlabel="attended to", ylabel="asks")
    upper.set_yticks([])
    _bare(upper)
    draw_weight_map(lower, weights[head], tokens, tokens)
    lower.set(xlabel="token that is attended to", ylabel="token that asks", title=names[head])
    return figure


def draw_weight_map(axes, weights, rows, columns):
    """Draw weights (T, S) as a map with a name for each row and column; 0 is white and 1 dark blue."""
    T, S = weights.shape
    axes.pcolormesh(weights, cmap=_WEIGHT_COLOURS, vmin=0, vmax=1, edgecolor="#d0d0d0", linewidth=0.4)
    upright = max(map(len, columns)) < 3
    axes.set_xticks(np.arange(S) + 0.5, columns, rotation=0 if upright else 90, fontsize=9.5)
    axes.set_yticks(np.arange(T) + 0.5, rows, fontsize=9.5)
    axes.set(xlim=(0, S), ylim=(T, 0))
    _bare(axes)


def _bare(axes):
    axes.grid(visible=False)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)


@styled
def draw_kernel_regression(keys, values, grid, truth, estimate, query, weights):
    """Draw kernel regression in one dimension: the points, the estimate, and the weights of one query.

    Parameters
    ----------
    keys, values : ndarray (S,)
        Where the function is known, and what it is there.
    grid : ndarray (N,)
        Where the two curves are drawn, rising.
    truth, estimate : ndarray (N,)
        The true function and the estimate.
    query : float
        The place that is asked for, marked on the estimate.
    weights : ndarray (S,)
        What each point counts for this query; drawn as bars and as the size of the points.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (upper, lower) = new_figure(rows=2, height=4.8, sharex=True, height_ratios=[2, 1])
    upper.plot(grid, truth, LINES[1], color=GREY, linewidth=1.5, label="true function")
    upper.plot(grid, estimate, LINES[0], color=BLUE, label="estimate")
    upper.scatter(keys, values, s=14 + 300 * weights, color=ORANGE, edgecolor=INK, linewidth=0.6, label="points")
    upper.plot(query, np.interp(query, grid, estimate), "D", color=BLUE, markeredgecolor=INK, markersize=9)
    upper.set(ylabel="value", xlim=(grid[0], grid[-1]))
    legend = upper.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handletextpad=0.4, columnspacing=1)
    legend.legend_handles[-1].set_sizes([40])  # not the size of whichever point comes first
    lower.bar(keys, weights, width=0.012 * (grid[-1] - grid[0]), color=ORANGE)
    lower.set(xlabel="key, and query (diamond and line)", ylabel="weight", ylim=(0, 1))
    for axes in (upper, lower):
        axes.axvline(query, color=INK, linewidth=1, linestyle=":")
    return figure
