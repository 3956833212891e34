"""Drawings of backpropagation that is truncated: what a window keeps of the gradient, and what is learned with it."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.figures.style import BLUE, COLOURS, GREEN, GREY, LINES, MARKERS, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_DECADES = 2  # sizes below 1 % of the largest are all drawn alike


@styled
def draw_truncation(sizes, window, shares, cosines, title=""):
    """Draw which terms of the gradient a window keeps, and how much of the gradient that is for every window.

    Parameters
    ----------
    sizes : numpy.ndarray
        The size of each term, shape (T, T): row t - 1 is the loss L_t, column k - 1 the step k that it asks.
    window : int
        Steps in each window.
    shares : numpy.ndarray
        The share of the summed sizes that is kept by windows of 1 … T steps, shape (T,).
    cosines : numpy.ndarray
        The cosine between the truncated gradient and the full one, for the same windows, shape (T,).
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=6.2, height_ratios=[1.9, 1])
    T = len(sizes)
    step = np.arange(T)
    kept = step[:, None] // window == step // window
    strength = np.clip(1 + np.log10(np.maximum(sizes / sizes.max(), 1e-9)) / _DECADES, 0.06, 1)
    colours = np.where(kept[..., None], to_rgb(BLUE), to_rgb(ORANGE))
    shades = np.dstack([colours, np.where(step[:, None] >= step, strength, 0)])  # no loss asks of later steps
    edges = np.arange(T + 1) + 0.5
    top.pcolormesh(edges, edges, shades)
    for first in range(0, T, window):
        size = min(window, T - first)
        top.add_patch(Rectangle((first + 0.5, first + 0.5), size, size, fill=False, edgecolor=INK, linewidth=1.2))
    top.set(xlabel="step k that is asked to change", ylabel="loss Lₜ that asks", title=title)
    top.set(xlim=(0.5, T + 0.5), ylim=(T + 0.5, 0.5))
    every = max(1, T // 6)
    top.set_xticks(range(every, T + 1, every))
    top.set_yticks(range(every, T + 1, every))
    top.legend(handles=[Patch(color=BLUE, label="kept (inside a window)"), Patch(color=ORANGE, label="lost")])
    top.grid(visible=False)

    windows = np.arange(1, T + 1)
    bottom.axhline(1, color=GREY, linewidth=1)
    bottom.plot(windows, shares, "-", color=BLUE, marker="o", markersize=4, label="share kept")
    bottom.plot(windows, cosines, "--", color=GREEN, marker="s", markersize=4, label="cosine with the full gradient")
    bottom.axvline(window, color=INK, linewidth=1.2, linestyle=":")
    bottom.set(xlabel="window (steps)", ylabel="share, cosine", ylim=(-0.15, 1.1), xticks=range(every, T + 1, every))
    bottom.legend(loc="lower right")
    return figure


@styled
def draw_learning_by_window(curves, levels, label="share of right echoes"):
    """Draw what networks learn from truncated gradients against how much they have read: a line for each window.

    Parameters
    ----------
    curves : dict
        Window in steps → (read, shares): how many sequences were read (n,), rising, and the share of right answers
        then, shape (seeds, n). Up to five windows.
    levels : dict
        Name → a share that is marked by a dashed line, such as that of a guess.
    label : str
        What the shares are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.9)
    for name, level in levels.items():
        beside = "top" if level == min(levels.values()) else "bottom"  # two that are close stay apart
        axes.axhline(level, color=INK, linewidth=1, linestyle="--")
        axes.text(1.01, level, name, color=INK, va=beside, transform=axes.get_yaxis_transform())
    looks = zip((*COLOURS, INK), (*LINES, "-"), (*MARKERS, "v"), strict=True)
    for (window, (read, shares)), (colour, line, marker) in zip(curves.items(), looks, strict=False):
        for seed in shares:
            axes.plot(read, seed, "-", color=colour, linewidth=0.7, alpha=0.45, clip_on=False)
        middle = np.median(shares, axis=0)
        look = {"color": colour, "marker": marker, "markersize": 5, "clip_on": False, "zorder": 3}
        axes.plot(read, middle, line, label=str(window), **look)
    every = np.unique(np.concatenate([read for read, _ in curves.values()]))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(every))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(every, [f"{read:,}" for read in every])
    axes.set(xlabel="sequences of 24 steps that were read", ylabel=label)
    axes.set(xlim=(every[0], every[-1]), ylim=(0, 1.03), yticks=[0, 0.25, 0.5, 0.75, 1])
    title = "window (steps)"
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=5, title=title, columnspacing=1, handlelength=2.4)
    return figure
