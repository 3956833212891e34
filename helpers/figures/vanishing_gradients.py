"""Drawings of gradients that vanish or explode, and of what that does to training."""

import numpy as np

from helpers.figures.style import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    LINES,
    ORANGE,
    WHITE,
    log_axis,
    new_figure,
    styled,
)
from helpers.sliders.theme import INK

_NORM_LABEL = "‖∂L/∂hₜ‖ (1 at the loss)"


@styled
def draw_gradient_norms(norms, low=-25, high=20, title=""):
    """Draw the norm of ∂L/∂hₜ against the number of steps back from the loss.

    Parameters
    ----------
    norms : numpy.ndarray
        ‖∂L/∂hₜ‖ for t = 1 … T, shape (T,). It is drawn relative to its last value.
    low, high : int
        Powers of ten between which it is drawn.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=2.8)
    back = np.arange(len(norms))
    axes.axhline(1, color=GREY, linewidth=1)
    axes.plot(back, norms[::-1] / norms[-1], color=BLUE, marker="o", markersize=3)
    log_axis(axes, "y", low, high)
    axes.set(xlabel="steps back from the loss, T − t", ylabel=_NORM_LABEL, xlim=(0, len(norms) - 1))
    axes.set_title(title)
    return figure


@styled
def draw_transient(norms, radius, singular, low=-4, high=6):
    """Draw ‖Wⁿ‖ between what the eigenvalues promise in the end and what the singular value allows at once.

    Parameters
    ----------
    norms : numpy.ndarray
        ‖Wⁿ‖ for n = 0 … N, shape (N + 1,).
    radius : float
        The spectral radius of W.
    singular : float
        Its largest singular value.
    low, high : int
        Powers of ten between which it is drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    n = np.arange(len(norms))
    curves = [
        (singular**n, "bound σⁿ", ORANGE, LINES[1]),
        (norms, "norm ‖Wⁿ‖", BLUE, LINES[0]),
        (radius**n, "ρⁿ", GREEN, LINES[2]),
    ]
    for values, label, colour, line in curves:
        axes.plot(n, values, line, color=colour, label=label)
    axes.axhline(1, color=GREY, linewidth=1)
    log_axis(axes, "y", low, high)
    axes.set(xlabel="steps n", ylabel="factor after n steps", xlim=(0, len(norms) - 1))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1.2)
    return figure


@styled
def draw_initialisations(curves, low=-15, high=3):
    """Draw the gradient norms of several initialisations with their spread.

    Parameters
    ----------
    curves : dict
        Name → norms relative to the last step, shape (seeds, T), in time order.
    low, high : int
        Powers of ten between which they are drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.3)
    for (name, norms), colour, line in zip(curves.items(), COLOURS, LINES, strict=False):
        backward = norms[:, ::-1]
        back = np.arange(backward.shape[1])
        axes.fill_between(back, backward.min(0), backward.max(0), color=colour, alpha=0.2, linewidth=0)
        axes.plot(back, np.median(backward, 0), line, color=colour, label=name)
    log_axis(axes, "y", low, high)
    axes.set(xlabel="steps back from the loss, T − t", ylabel=_NORM_LABEL, xlim=(0, len(back) - 1))
    axes.legend(loc="lower left")
    return figure


@styled
def draw_contributions(shares):
    """Draw how much each step of the sequence contributes to ∂L/∂W: shares by steps back from the loss."""
    figure, axes = new_figure(height=2.6)
    back = np.arange(len(shares))
    axes.bar(back, shares[::-1], color=BLUE, edgecolor=INK, linewidth=0.4)
    axes.set(xlabel="steps back from the loss, T − t", ylabel="share of the summed sizes", ylim=(0, None))
    return figure


@styled
def draw_cliff(surface, path, losses, title=""):
    """Draw a walk over the cliff of a loss surface, and the loss on the way.

    Parameters
    ----------
    surface : tuple of numpy.ndarray
        w (n,), b (m,) and the loss (m, n) on their grid.
    path : OneUnitParams
        The places of the walk.
    losses : numpy.ndarray
        The loss at each of them.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    w, b, loss = surface
    figure, (top, bottom) = new_figure(rows=2, height=5.2, height_ratios=[1.7, 1])
    levels = np.linspace(-4, 0.6, 24)
    bands = top.contourf(w, b, np.log10(np.maximum(loss, 1e-4)), levels=levels, cmap="cividis", extend="both")
    bands.set(edgecolor="face", linewidth=0.5)  # or thin seams of the page show between them
    top.plot(path.w, path.b, "-", color=WHITE, linewidth=3.5)
    top.plot(path.w, path.b, "-o", color=ORANGE, linewidth=1.5, markersize=3.5)
    top.plot(path.w[0], path.b[0], "s", color=WHITE, markeredgecolor=BLACK, markersize=8)
    top.text(w[-1] - 0.05, b[0] + 0.08, "plateau: loss 2.9", color=BLACK, ha="right")
    top.text(w[0] + 0.05, b[-1] - 0.08, "dark: low loss", color=BLACK, va="top")
    top.set(xlabel="w", ylabel="b", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]), title=title)
    top.grid(visible=False)
    bottom.plot(np.arange(len(losses)), losses, color=BLUE, marker="o", markersize=3, clip_on=False)
    bottom.set(xlabel="step of gradient descent", ylabel="loss", ylim=(0, 3.2), xlim=(0, len(losses) - 1))
    return figure
