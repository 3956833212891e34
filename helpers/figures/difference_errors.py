"""The error of a central difference against its step: too large a step on one side, rounding on the other."""

import numpy as np

from helpers.core.checks import check_finite
from helpers.figures.style import BLUE, GREEN, ORANGE, log_axis, new_figure, power_of_ten, scientific, styled

_ROUNDING = np.finfo(np.float64).eps / 2  # the relative error of a float64
_LOWEST = 1e-12


def draw_difference_errors(exponents, errors, chosen, above, below):
    """Draw the error for every step, with a line for each of its two causes, and mark one step.

    Parameters
    ----------
    exponents : sequence of int
        The steps are ten to the power of these.
    errors : sequence of float
        The relative error of the gradient at each.
    chosen : int
        The exponent that is marked.
    above, below : float
        The loss on both sides, at that step.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When the chosen exponent is none of them, or an error is no finite number.
    """
    exponents, errors = list(exponents), np.asarray(errors, dtype=float)
    check_finite("errors", errors)
    if chosen not in exponents or len(errors) != len(exponents):
        raise ValueError(f"chosen is {chosen}, expected one of {exponents}, with an error for each")
    error = errors[exponents.index(chosen)]
    return _draw(exponents, errors, chosen, error), _tell(exponents, errors, chosen, error, above, below)


@styled
def _draw(exponents, errors, chosen, error):
    figure, axes = new_figure(height=3.3)
    steps = 10.0 ** np.array(exponents)
    largest = int(np.argmax(steps))
    bend = errors[largest] / steps[largest] ** 2
    axes.plot(steps, bend * steps**2, "--", color=GREEN, linewidth=1.4, label="the bend of the curve: grows with ε²")
    axes.plot(steps, _ROUNDING / steps, ":", color=ORANGE, linewidth=2, label="rounding: grows with 1/ε")
    axes.plot(steps, np.maximum(errors, _LOWEST), "-o", color=BLUE, markersize=5, label="measured")
    axes.plot(10.0**chosen, max(error, _LOWEST), "o", color=BLUE, markersize=12, markerfacecolor="none", zorder=4)
    log_axis(axes, "x", min(exponents) - 0.5, max(exponents) + 0.5, most=8)
    axes.set_xticks(10.0 ** np.array(exponents[::2]), [power_of_ten(exponent) for exponent in exponents[::2]])
    log_axis(axes, "y", -12, 0)
    axes.set(xlabel="step ε", ylabel="relative error")
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1))
    return figure


def _tell(exponents, errors, chosen, error, above, below):
    best = exponents[int(np.argmin(errors))]
    same = _digits_alike(above, below)
    said = f"ε = {power_of_ten(chosen)}: error {scientific(error)}. "
    if chosen == best:
        return f"{said}This is the best of these steps: both errors are small."
    if chosen > best:
        return f"{said}The step is long, and the curve bends on the way."
    return f"{said}The two losses are alike in {same} digits of about 16, and only the others tell them apart."


def _digits_alike(above, below):
    size = max(abs(above), abs(below))
    return 16 if above == below or size == 0 else max(0, int(-np.log10(abs(above - below) / size)))
