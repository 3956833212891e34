"""The induction head while it comes: where one head looks in one sequence, and how well the copies are foreseen."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.figures.attention import draw_weight_map
from helpers.figures.style import BLUE, COLOURS, GREEN, LINES, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def draw_head_in_training(looks, batch, step, layer, head):
    """Draw one head at one step, over the first sequence of a batch, and all that was measured along the training.

    Parameters
    ----------
    looks : dict
        Number of steps → `helpers.models.induction.Look`.
    batch : RepeatedBlocks
        Which was looked at; its tokens are written as letters.
    step : int
    layer, head : int
        From 0.

    Returns
    -------
    figures : list of matplotlib.figure.Figure
    sentence : str

    Raises
    ------
    ValueError
        When there is no such step, or a token has no letter.
    """
    if step not in looks:
        raise ValueError(f"step is {step}, expected one of {', '.join(map(str, looks))}")
    tokens, distance = batch.tokens[0], int(batch.distance[0])
    if max(tokens) >= len(_LETTERS):
        raise ValueError(f"there is a token {max(tokens)}, expected at most {len(_LETTERS) - 1}, which have letters")
    asks = np.flatnonzero(batch.copied[0]) - 1
    places = [(int(t), int(t) + 1 - distance) for t in asks]
    pattern = draw_head_pattern(looks[step].weights[layer, head], [_LETTERS[t] for t in tokens[:-1]], places)
    every = looks.values()
    scores = {
        "induction score": [float(look.scores.induction[layer, head]) for look in every],
        "token before": [float(look.scores.previous[layer, head]) for look in every],
    }
    losses, right = ([getattr(look.copying, name) for look in every] for name in ("loss", "right"))
    at = list(looks).index(step)
    induction, before = (values[at] for values in scores.values())
    said = f"Step {step}, layer {layer + 1}, head {head + 1}: induction score {induction:.2f}, token before "
    said += f"{before:.2f}; {right[at]:.0%} of the copies right."
    return [pattern, draw_copying(list(looks), losses, right, scores, at)], said


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
    lower.plot(steps, right, "-o", color=BLUE, markersize=3, label="copies right")
    for (name, values), colour, line in zip(scores.items(), (ORANGE, GREEN), ("--", "-."), strict=False):
        lower.plot(steps, values, line, color=colour, label=name)
    lower.set(xlabel="training step", ylabel="share", ylim=(0, 1.04))
    for axes, values in ((upper, losses), (lower, right)):
        axes.axvline(steps[chosen], color=INK, linewidth=1, linestyle=":")
        axes.plot(steps[chosen], values[chosen], "o", color=BLUE, markersize=8, clip_on=False)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1, handlelength=1.8)
    return figure


@styled
def draw_seeds_of_copying(arms, label, level=None):
    """Draw what was measured of several models against the training steps: a line for each seed.

    Parameters
    ----------
    arms : dict
        Name → (steps, values): numbers of steps (n,) and values (seeds, n); at most four.
    label : str
        What the values are.
    level : tuple of float and str, optional
        A height that is marked, and what it is.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.3)
    if level is not None:
        axes.axhline(level[0], color=INK, linewidth=1, linestyle=":", label=level[1])
    for (name, (steps, values)), colour, line in zip(arms.items(), COLOURS, LINES, strict=False):
        for number, seed in enumerate(values):
            axes.plot(steps, seed, line, color=colour, linewidth=1.4, label=None if number else name)
    most = max(np.max(values) for _, values in arms.values())
    axes.set(xlabel="training step (a line for each seed)", ylabel=label, ylim=(0, max(1, 1.04 * most)))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1, handlelength=1.8)
    return figure
