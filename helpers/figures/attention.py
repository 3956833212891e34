"""Drawings of attention as a soft look-up: kernel regression, and what scaling does to the weights (chapter 09)."""

import numpy as np

from helpers.figures.style import BLUE, GREY, INK, LINES, ORANGE, log_axis, new_figure, styled


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
