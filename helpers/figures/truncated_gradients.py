"""Drawings of backpropagation that is truncated: what a window keeps of the gradient, and what is learned with it."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch, Rectangle

from helpers.figures.style import BLUE, GREEN, GREY, ORANGE, new_figure, styled
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
def draw_accuracy_by_window(windows, accuracy, delay, chance):
    """Draw the share of right echoes after training against the window of its truncated gradient.

    Parameters
    ----------
    windows : list of int
    accuracy : numpy.ndarray
        Shares of right answers, shape (seeds, len(windows)).
    delay : int
        Steps from a symbol to its echo.
    chance : float
        The share that guessing gets.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=2.9)
    axes.axhline(chance, color=GREY, linewidth=1, linestyle="--")
    axes.text(1.01, chance, "guess", color=INK, va="center", transform=axes.get_yaxis_transform())
    axes.axvline(delay, color=INK, linewidth=1.2, linestyle=":")
    axes.text(delay, 1.06, "delay", color=INK, ha="center", va="bottom")
    axes.fill_between(windows, accuracy.min(0), accuracy.max(0), color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(windows, np.median(accuracy, axis=0), color=BLUE, marker="o")
    axes.set(xlabel="window (steps)", ylabel="share of right echoes", ylim=(0, 1.05), xticks=windows)
    return figure
