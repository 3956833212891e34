"""What a norm does to a vector: its numbers before and after, and what stays the same if the vector is moved."""

import numpy as np

from helpers.core.checks import check_choice, check_number, check_shape
from helpers.figures.machine import short_number
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.layers.transformer.norms import NormParams, layer_norm, rms_norm
from helpers.sliders.theme import INK

NORMS = ("LayerNorm", "RMSNorm")


def normed_vector(x, norm, shift=0.0, stretch=1.0):
    """Return stretch · x + shift, and its norm with γ = 1 and β = 0.

    Raises
    ------
    ValueError
        When x is no vector, the norm is unknown, or a number is not finite.
    """
    x = np.asarray(x, dtype=float)
    check_shape("x", x, "D")
    check_choice("norm", norm, NORMS)
    check_number("stretch", stretch)
    check_number("shift", shift)
    moved = stretch * x + shift
    one = np.ones_like(x)
    y = layer_norm(moved, NormParams(one, 0 * one))[0] if norm == "LayerNorm" else rms_norm(moved, one)[0]
    return moved, y


@styled
def draw_norm(x, norm, shift=0.0, stretch=1.0):
    """Draw a vector that is stretched and shifted, and its norm: what is the same again, and what is not.

    Parameters
    ----------
    x : ndarray (D,)
    norm : str
        One of NORMS.
    shift, stretch : float
        The vector is stretch · x + shift.

    Returns
    -------
    matplotlib.figure.Figure, str
    """
    moved, y = normed_vector(x, norm, shift, stretch)
    plain = normed_vector(x, norm)[1]
    places = np.arange(1, len(x) + 1)
    figure, (upper, lower) = new_figure(rows=2, height=4.2, sharex=True)
    upper.bar(places, moved, color=GREY, width=0.7)
    upper.axhline(moved.mean(), color=ORANGE, linestyle="--", label="mean")
    upper.set(ylabel="vector", ylim=(-9, 9))
    upper.legend(loc="lower left", ncols=2)
    lower.bar(places, y, color=BLUE, width=0.7, label="its norm")
    lower.plot(places, plain, "_", color=INK, markersize=16, markeredgewidth=1.6, label="that of x itself")
    lower.set(ylabel=norm, xlabel="number of the vector", xticks=places, ylim=(-2.9, 2.9))
    lower.legend(loc="lower left", ncols=2, fontsize=9.5)
    for axes in (upper, lower):
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.grid(axis="x", visible=False)
    same = np.allclose(y, plain, atol=0.01)
    said = "the same as that of x itself" if same else "another than that of x itself"
    numbers = f"mean {short_number(moved.mean())}, size {short_number(np.sqrt(np.mean(moved**2)))}"
    after = f"mean {short_number(y.mean())}, size {short_number(np.sqrt(np.mean(y**2)))}"
    return figure, f"{short_number(stretch)} · x + {short_number(shift)}: {numbers}. {norm}: {after}; it is {said}."
