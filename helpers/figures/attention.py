"""Drawings of attention: alignments, the weights of heads, kernel regression and the scale of the scores."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.figures.style import BLACK, BLUE, GREY, LINES, ORANGE, log_axis, new_figure, styled
from helpers.sliders.theme import INK

_WEIGHT_COLOURS = "Blues"  # white for 0, so that frames of another colour stand out at any weight


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
    draw_weight_map(lower, weights, target, source)
    for t, s in zip(*np.nonzero(truth), strict=True):
        lower.add_patch(Rectangle((s + 0.08, t + 0.08), 0.84, 0.84, fill=False, edgecolor=ORANGE, linewidth=2))
    lower.add_patch(Rectangle((0, step), S, 1, fill=False, edgecolor=BLACK, linewidth=2, clip_on=False))
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


@styled
def draw_scaling(sizes, entropy, gradient, size, kind, weights):
    """Draw how the size of the keys acts on softmax: the weights of one query, their entropy, the gradient through.

    Parameters
    ----------
    sizes : list of int
        The d_k of the curves.
    entropy, gradient : dict
        Kind of score → ndarray (draws, len(sizes)): the entropy of the weights in nats, and the norm of the gradient
        that comes back through softmax.
    size : int
        The d_k that is marked.
    kind : str
        The kind of score that is marked.
    weights : ndarray (S,)
        One query's weights for that size and kind, drawn from the largest to the smallest.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, middle, bottom) = new_figure(rows=3, height=6.6)
    S = len(weights)
    colours = dict(zip(entropy, (BLUE, ORANGE), strict=True))
    top.bar(np.arange(1, S + 1), np.sort(weights)[::-1], color=colours[kind])
    top.axhline(1 / S, color=GREY, linewidth=1, linestyle="--")
    top.set(xlabel="keys, from the heaviest", ylabel="weight", ylim=(0, 1), title=f"one query, d_k = {size}, {kind}")
    for axes, curves in ((middle, entropy), (bottom, gradient)):
        for (name, values), line in zip(curves.items(), LINES, strict=False):
            axes.fill_between(sizes, *np.quantile(values, [0.1, 0.9], axis=0), color=colours[name], alpha=0.2, lw=0)
            axes.plot(sizes, np.median(values, axis=0), line, color=colours[name], label=name)
        marked = np.median(curves[kind], axis=0)[list(sizes).index(size)]
        axes.plot(size, marked, "o", color=colours[kind], markeredgecolor=INK, markersize=9, clip_on=False)
        axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [str(n) for n in sizes])
        axes.minorticks_off()
        axes.set(xlabel="size of the keys, d_k", xlim=(sizes[0], sizes[-1]))
    middle.set(ylabel="entropy (nats)", ylim=(0, 1.1 * np.log(S)))
    middle.axhline(np.log(S), color=GREY, linewidth=1, linestyle="--")
    middle.legend(loc="lower left")
    floor = np.floor(np.log10(min(np.median(values, axis=0).min() for values in gradient.values())))
    log_axis(bottom, "y", int(min(floor, -2)), 0)
    bottom.set_ylabel("gradient norm")
    return figure
