"""Hard attention: the exact gradient of the scores of all places, and what a few draws make of it."""

import numpy as np

from helpers.core.checks import as_floats, check_choice, check_finite, check_integer, check_shape
from helpers.core.numerics import softmax
from helpers.figures.filter_answers import draw_signed
from helpers.figures.style import new_figure, styled
from helpers.layers.attention.hard import expected_loss_backward, reinforce

BASELINES = ("none", "mean loss")


@styled
def draw_estimate(scores, losses, draws, baseline="none", seed=0):
    """Draw the weights of the places of a map, the exact gradient of their scores, and the mean of some estimates.

    Parameters
    ----------
    scores, losses : ndarray (P · P,)
        Of each place, row by row.
    draws : int
        How many places are drawn.
    baseline : "none" or "mean loss"
        What REINFORCE takes off each loss: 0, or the expected loss.
    seed : int

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When shapes do not fit, something is not finite, or the baseline is unknown.
    """
    check_choice("baseline", baseline, BASELINES)
    for name, array in (("scores", scores), ("losses", losses)):
        check_finite(name, as_floats(name, array))
    (S,) = check_shape("scores", scores, "S")
    check_shape("losses", losses, "S", S=S)
    side = int(np.sqrt(S))
    weights = softmax(scores)
    exact = expected_loss_backward(weights, losses)
    drawn = np.random.default_rng(seed).choice(S, size=check_integer("draws", draws), p=weights)
    b = float(weights @ losses) if baseline == "mean loss" else 0.0
    estimate = reinforce(weights, losses, drawn, b).mean(axis=0)
    off = np.linalg.norm(estimate - exact) / max(np.linalg.norm(exact), 1e-300)
    figure, panels = new_figure(1, 3, height=2.0)
    names = ("weights", "exact gradient", f"from {draws:,} draws")
    for axes, values, name in zip(panels, (weights, exact, estimate), names, strict=True):
        draw_signed(axes, values.reshape(side, side))
        axes.set_title(name)
    times = "draw" if draws == 1 else "draws"
    return figure, (
        f"{draws:,} {times}, baseline: {baseline}. The estimate is off by {off:.2f} times the length of the gradient."
    )
