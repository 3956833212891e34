"""Polynomials through noisy points, and their loss on the points of training and on others, for every size."""

import numpy as np

from helpers.figures.style import BLUE, GREEN, GREY, LINES, ORANGE, new_figure, scientific, styled
from helpers.models.polynomial_fit import NOISE, fit_polynomial, mean_squared_error, polynomial_at, true_curve
from helpers.sliders.theme import INK

_TOP = 0.6  # of the loss axis
_CLEARLY = 1.5  # times the lowest validation loss: this is overfitting


def draw_polynomial(training, validation, size, sizes):
    """Draw one polynomial with its points, and the losses of all sizes with this one marked.

    Parameters
    ----------
    training, validation : helpers.models.polynomial_fit.Points
    size : int
        How many parameters the drawn polynomial has.
    sizes : sequence of int
        All that are compared.

    Returns
    -------
    list of two Figure, str
    """
    fits = {each: fit_polynomial(training, each) for each in sizes}
    losses = np.array([[mean_squared_error(w, points) for w in fits.values()] for points in (training, validation)])
    seen, new = losses[:, list(sizes).index(size)]
    best = int(losses[1].argmin())
    said = _tell(size, seen, new, list(sizes)[best], losses[1, best])
    return [_draw_fit(training, validation, fits[size]), _draw_both(sizes, losses, size)], said


def _tell(size, seen, new, best, lowest):
    said = f"{size} parameters: loss {seen:.3f} in training, {scientific(new)} in validation."
    if size == best:
        return f"{said} No other size has a lower validation loss."
    if size < best:
        return f"{said} Too small: {best} parameters do better on both."
    if new > _CLEARLY * lowest:
        return f"{said} Overfitting: with {best} parameters it is {scientific(lowest)}."
    return f"{said} No gain: with {best} parameters it is {scientific(lowest)}."


@styled
def _draw_fit(training, validation, weights):
    figure, axes = new_figure(height=2.7)
    x = np.linspace(-1, 1, 201)
    axes.plot(x, true_curve(x), LINES[1], color=GREY, linewidth=1.4, label="truth")
    axes.plot(validation.x, validation.y, "s", color=ORANGE, markersize=2.5, alpha=0.5, label="validation")
    axes.plot(x, np.clip(polynomial_at(weights, x), -9, 9), "-", color=BLUE, label="fitted")
    axes.plot(training.x, training.y, "o", color=INK, markersize=5.5, label="training")
    axes.set(xlim=(-1, 1), ylim=(-2, 2), xlabel="x", ylabel="y")
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=4, columnspacing=0.9, handlelength=1.3)
    return figure


@styled
def _draw_both(sizes, losses, size):
    figure, axes = new_figure(height=2.7)
    axes.axhline(NOISE**2, color=GREEN, linewidth=1.3, linestyle=":", label="the noise")
    for values, colour, line, marker, name in zip(
        losses, (BLUE, ORANGE), ("-", "--"), "os", ("training", "validation"), strict=True
    ):
        axes.plot(sizes, np.minimum(values, 2 * _TOP), line, color=colour, marker=marker, markersize=4.5, label=name)
    axes.axvline(size, color=INK, linewidth=1, linestyle=":")
    axes.set(ylim=(0, _TOP), xlabel="size of the model (parameters)", ylabel="mean squared error")
    axes.set_xticks(list(sizes))
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=3, columnspacing=0.9)
    return figure
