"""The path of an optimiser through a valley: the loss as a map, and the loss after each step."""

import numpy as np

from helpers.figures.style import BLUE, GREEN, ORANGE, log_axis, new_figure, scientific, styled
from helpers.models.valley import squared_error
from helpers.sliders.theme import INK

_REACH = np.array([1.5, 2.0])  # of the map beyond the start and the bottom
_LEVELS = np.geomspace(0.03, 60, 9)
_HIGHEST, _NEAR = 3, 0.01  # the exponent at the top of the loss axis; a loss above the floor that counts as there


def draw_valley_path(data, path, name):
    """Draw a path on the map of the loss, and how far above the bottom the loss is after each step.

    Parameters
    ----------
    data : helpers.models.valley.ValleyData
    path : ndarray (steps + 1, 2)
        As `helpers.models.valley.optimiser_path` gives it.
    name : str
        What made it, for the sentence.

    Returns
    -------
    list of two Figure, str
    """
    floor, _ = squared_error(data.best, data.x, data.y)
    above = np.maximum(np.array([squared_error(w, data.x, data.y)[0] for w in path]) - floor, 0.0)
    return [_draw_map(data, path, floor), _draw_losses(above)], _tell(above, name)


@styled
def _draw_map(data, path, floor):
    figure, axes = new_figure(height=2.75)
    low, high = np.minimum(data.start, data.best) - _REACH, np.maximum(data.start, data.best) + _REACH
    first, second = np.meshgrid(np.linspace(low[0], high[0], 70), np.linspace(low[1], high[1], 70))
    weights = np.stack([first, second], axis=-1)
    losses = ((weights @ data.x.T - data.y) ** 2).mean(axis=-1) / 2 - floor
    axes.contour(first, second, losses, levels=_LEVELS, colors="#808080", linewidths=0.9)
    axes.plot(*path.T, "-o", color=BLUE, markersize=3.5, linewidth=1.2)
    axes.plot(*data.start, "s", color=ORANGE, markersize=8, label="start")
    axes.plot(*data.best, "*", color=GREEN, markersize=13, label="bottom")
    axes.set(xlabel="weight w₁", ylabel="weight w₂", xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    axes.grid(visible=False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure


@styled
def _draw_losses(above):
    figure, axes = new_figure(height=2.3)
    axes.axhline(_NEAR, color=INK, linewidth=1, linestyle=":")
    axes.plot(np.clip(above, 1e-5, 10.0**_HIGHEST), "-", color=BLUE)
    log_axis(axes, "y", -5, _HIGHEST, most=5)
    axes.set(xlabel="steps made", ylabel="loss above the bottom", xlim=(0, len(above) - 1))
    return figure


def _tell(above, name):
    if above[-1] > above[0]:
        grown = f"from {above[0]:.2f} to {scientific(above[-1])} above the bottom"
        return f"{name}: the loss grows {grown}. The steps are too long."
    far = np.flatnonzero(above >= _NEAR)
    if far.size and far[-1] == len(above) - 1:
        return f"{name}: after {len(above) - 1} steps the loss is still {scientific(above[-1])} above the bottom."
    near = far[-1] + 1 if far.size else 0
    return f"{name}: from step {near} on, the loss stays within {_NEAR} of the bottom."
