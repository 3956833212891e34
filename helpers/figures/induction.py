"""The induction head while it comes: where one head looks in one sequence, and how well the copies are foreseen."""

from matplotlib.patches import Rectangle

from helpers.figures.attention import draw_weight_map
from helpers.figures.style import BLUE, GREEN, ORANGE, new_figure, styled
from helpers.sliders.theme import INK


@styled
def draw_head_pattern(weights, tokens, places):
    """Draw the weights of one head over one sequence, and frame where it would look to copy.

    Parameters
    ----------
    weights : ndarray (T, T)
        Each row, of one token that asks, sums to 1.
    tokens : list of str
        T of them.
    places : list of tuple
        (token that asks, token that is to be copied), as numbers from 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=4.5)
    draw_weight_map(axes, weights, tokens, tokens)
    for query, key in places:
        axes.add_patch(Rectangle((key, query), 1, 1, fill=False, edgecolor=ORANGE, linewidth=1.6))
    axes.set(xlabel="token that is attended to", ylabel="token that asks")
    return figure


@styled
def draw_copying(steps, losses, right, scores, chosen):
    """Draw the loss of the copied tokens, the share that is foreseen, and the scores, against the training steps.

    Parameters
    ----------
    steps : list of int
    losses, right : list of float
        Of the copied tokens, nats and a share, after each of the steps.
    scores : dict
        Name → list of float from 0 to 1; at most two.
    chosen : int
        Which of the steps is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (upper, lower) = new_figure(rows=2, height=4.5, sharex=True)
    upper.plot(steps, losses, "-o", color=BLUE, markersize=3, label="loss of the copies")
    upper.set(ylabel="loss (nats)", ylim=(0, 1.08 * max(losses)))
    lower.plot(steps, right, "-o", color=BLUE, markersize=3, label="copies foreseen")
    for (name, values), colour, line in zip(scores.items(), (ORANGE, GREEN), ("--", "-."), strict=False):
        lower.plot(steps, values, line, color=colour, label=name)
    lower.set(xlabel="training step", ylabel="share", ylim=(0, 1.04))
    for axes, values in ((upper, losses), (lower, right)):
        axes.axvline(steps[chosen], color=INK, linewidth=1, linestyle=":")
        axes.plot(steps[chosen], values[chosen], "o", color=BLUE, markersize=8, clip_on=False)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1, handlelength=1.8)
    return figure
