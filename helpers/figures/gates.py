"""Drawings of gates: how long a gate that is nearly open keeps, and two dialects of the GRU's update."""

import numpy as np

from helpers.core.checks import as_floats
from helpers.core.numerics import sigmoid
from helpers.core.overflow import refuse_overflow
from helpers.figures.style import BLUE, COLOURS, GREY, LINES, MARKERS, ORANGE, log_axis, new_figure, styled


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
