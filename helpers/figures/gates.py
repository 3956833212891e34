"""Drawings of gated cells: what their gates do, how long they keep, how they count."""

import matplotlib
import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats
from helpers.core.numerics import sigmoid
from helpers.core.overflow import refuse_overflow
from helpers.figures.style import BLUE, COLOURS, GREY, LINES, MARKERS, ORANGE, log_axis, new_figure, styled
from helpers.sliders.theme import INK

# Gates run from 0 to 1, what they guard from −1 to 1: two scales, told apart with any kind of colour vision.
_GATE_COLOURS, _SIGNED_COLOURS = "cividis", "PuOr_r"


@styled
def draw_gates(gates, signed, words, position=None):
    """Draw what gates and cells held over a sentence: a row for each unit, a column for each word.

    Parameters
    ----------
    gates : dict
        Name → values from 0 to 1, shape (T, H).
    signed : dict
        Name → values, shape (T, H), drawn from −1 to 1.
    words : list of str
        What was read at each step, T of them.
    position : int, optional
        The step that is framed, from 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    blocks = [(name, values, _GATE_COLOURS, Normalize(0, 1)) for name, values in gates.items()]
    blocks += [(name, values, _SIGNED_COLOURS, Normalize(-1, 1)) for name, values in signed.items()]
    units = sum(values.shape[1] for _, values, *_ in blocks)
    T = len(words)
    figure, axes = new_figure(height=min(5.8, 1.9 + 0.13 * units + 0.16 * len(blocks)))
    axes.grid(visible=False)
    top, places = 0.0, []
    for name, values, colours, scale in blocks:
        H = values.shape[1]
        picture = matplotlib.colormaps[colours](scale(values.T))
        axes.pcolormesh(np.arange(T + 1), top + np.arange(H + 1), picture, linewidth=0)
        places.append((top + H / 2, name))
        top += H + 0.4 * max(1, H / 4)
    axes.set(xlim=(0, T), ylim=(top, -0.4), xlabel="word read", ylabel="units, by gate")
    axes.set_xticks(np.arange(T) + 0.5, words, rotation=90, fontsize=9)
    axes.set_yticks(*zip(*places, strict=True))
    axes.set_title(
        f"{', '.join(gates)}: 0 dark, 1 light\n{', '.join(signed)}: −1 violet, 0 white, 1 orange", fontsize=9
    )
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if position is not None:
        axes.add_patch(Rectangle((position, -0.25), 1, top - 0.1, fill=False, edgecolor=ORANGE, linewidth=2.5))
    return figure


@styled
def draw_forgetting(bias, paths, low=-12, high=1):
    """Draw the half-life of a cell against the forget bias, and beside it the gradient of one cell on its way back.

    Parameters
    ----------
    bias : float
        The forget bias that is marked, from −2 to 6.
    paths : dict
        Name → ∂L/∂c_t along some paths at this bias, (T, B, H); the mean of the norms is drawn, relative to the last.
    low, high : int
        Powers of ten between which the gradient is drawn.

    Returns
    -------
    list of two Figures, str
        The half-life, the gradient, and the sentence that says what is to be seen.
    """
    biases = np.linspace(-2, 6, 81)
    one, upper = new_figure(height=2.7)
    upper.plot(biases, half_life(biases), color=BLUE)
    upper.plot(bias, half_life(bias), "o", color=ORANGE, markersize=9)
    log_axis(upper, "y", -1, 3)
    upper.set(xlabel="forget bias", ylabel="half-life ln ½ / ln f (steps)", xlim=(biases[0], biases[-1]))
    two, lower = new_figure(height=2.7)
    lower.axhline(1, color=GREY, linewidth=1, linestyle="-")
    shares = {name: shares_left(gradients) for name, gradients in paths.items()}
    for (name, values), colour, line in zip(shares.items(), COLOURS, LINES, strict=False):
        lower.plot(np.arange(len(values)), values[::-1], line, color=colour, label=name)
    log_axis(lower, "y", low, high)
    lower.set(xlabel="steps back from the loss, T − t", ylabel="‖∂L/∂cₜ‖ (1 at the loss)", xlim=(0, len(values) - 1))
    lower.legend(loc="lower left")
    left = ", ".join(f"{values[0]:.1e} ({name})" for name, values in shares.items())
    said = f"Forget bias {bias:.1f}: f = {sigmoid(bias):.3f}, a half-life of {half_life(bias):.1f} steps. "
    return [one, two], f"{said}{len(values) - 1} steps back, this share of the gradient is left: {left}."


def shares_left(gradients):
    """Mean over the batch of ‖∂L/∂c_t‖, for gradients (T, B, H), divided by that of the last step: (T,)."""
    norms = np.linalg.norm(gradients, axis=-1).mean(axis=1)
    return norms / norms[-1]


@refuse_overflow
def half_life(bias):
    """ln ½ / ln σ(bias): after how many steps half of a cell is left, in steps, for a forget gate at σ(bias)."""
    return np.log(2) / np.logaddexp(0, -as_floats("bias", bias))  # −ln σ(b) = ln(1 + e⁻ᵇ)


@styled
def draw_update_dialects(bias):
    """Draw how much of a GRU's old state is left after n steps, where z = σ(bias) keeps and where z writes.

    Parameters
    ----------
    bias : float

    Returns
    -------
    Figure, str
    """
    z, steps = sigmoid(bias), np.arange(21)
    figure, axes = new_figure(height=3.0)
    kept = {"z keeps (Cho et al., PyTorch): zⁿ": z**steps, "z writes (Chung et al.): (1 − z)ⁿ": (1 - z) ** steps}
    for (name, shares), colour, line, marker in zip(kept.items(), COLOURS, LINES, MARKERS, strict=False):
        axes.plot(steps, shares, line, color=colour, marker=marker, markersize=4, label=name)
    axes.set(xlabel="steps n", ylabel="share of the old state", xlim=(0, 20), ylim=(0, 1.03))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1))
    keeps, writes = (shares[10] for shares in kept.values())
    said = f"Bias {bias:.1f}, z = {z:.3f}: after 10 steps {keeps:.1e} of the state is left where z keeps"
    return figure, f"{said}, and {writes:.1e} where z writes."


@styled
def draw_bracket_count(symbols, depth, count, label="cell, scaled"):
    """Draw a cell that counts beside the true depth of the brackets.

    Parameters
    ----------
    symbols : list of str
        What was read at each step, T of them.
    depth : numpy.ndarray of int (T,)
        How many brackets are open after each symbol.
    count : numpy.ndarray (T,)
        What the cell says, brought to the scale of the depth.
    label : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    steps = np.arange(len(symbols))
    axes.step(steps, depth, where="mid", color=GREY, linestyle="-", linewidth=4, alpha=0.6, label="true depth")
    axes.plot(steps, count, color=BLUE, linestyle="-", marker="o", markersize=3.5, label=label)
    axes.set_xticks(steps, symbols, fontsize=9)
    axes.set(xlabel="symbol read", ylabel="open brackets", xlim=(-0.5, len(steps) - 0.5))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure


@styled
def draw_spread(groups, label, line=None, log=None):
    """Draw the result of every seed as a point, a column for each group, and the median as a bar.

    Parameters
    ----------
    groups : dict
        Name → one number for each seed.
    label : str
        What the numbers are, with their unit.
    line : tuple of float and str, optional
        A height that is marked, and what it is.
    log : tuple of int and int, optional
        Powers of ten between which to draw on a logarithmic axis; without it the axis is linear.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    if line is not None:
        axes.axhline(line[0], color=INK, linewidth=1, linestyle="--")
        axes.text(1.01, line[0], line[1], color=INK, va="center", transform=axes.get_yaxis_transform())
    for column, (values, colour, marker) in enumerate(zip(groups.values(), COLOURS, MARKERS, strict=False)):
        beside = np.linspace(-0.25, 0.25, len(values))
        axes.plot(column + beside, values, marker, color=colour, markersize=5, linestyle="none", clip_on=False)
        axes.plot([column - 0.35, column + 0.35], [np.median(values)] * 2, color=INK, linestyle="-", linewidth=1.5)
    axes.set_xticks(range(len(groups)), list(groups))
    axes.set(xlim=(-0.6, len(groups) - 0.4), xlabel="cell (a point for each seed, a bar for the median)", ylabel=label)
    if log is None:
        axes.set_ylim(0, None)
    else:
        log_axis(axes, "y", *log)
    axes.grid(visible=False, axis="x")
    return figure
