"""The length curve: the share of right outputs against the length of the source (chapters 08, 09 and 12)."""

import numpy as np

from helpers.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PINK, new_figure, styled

# The same model has the same look in every chapter: colour, line and marker.
_LOOKS = {
    "one context": (BLUE, "-", "o"),
    "additive attention": (ORANGE, "--", "s"),
    "multiplicative attention": (GREEN, "-.", "^"),
    "Transformer": (PINK, ":", "D"),
}


@styled
def draw_length_curve(lengths, accuracy, length=None, longest=None, label="right outputs (share)"):
    """Draw the share of right outputs against the length of the source: a point for each seed, a line for the median.

    Parameters
    ----------
    lengths : list of int
        Source tokens.
    accuracy : dict
        Name of the model → shares from 0 to 1, shape (seeds, len(lengths)). The names in `_LOOKS` always look the
        same; others take the looks that are left.
    length : int, optional
        The length that is marked.
    longest : int, optional
        The longest source that was trained on; beyond it the figure is shaded.
    label : str
        What the shares are.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=3.2)
    left = [look for name, look in _LOOKS.items() if name not in accuracy]
    for name, shares in accuracy.items():
        colour, line, marker = _LOOKS[name] if name in _LOOKS else left.pop()
        middle = np.median(shares, axis=0)
        for values in shares:
            axes.plot(lengths, values, marker, color=colour, markersize=3.5, alpha=0.6, clip_on=False)
        axes.plot(lengths, middle, line, color=colour, marker=marker, markersize=5, clip_on=False, label=name)
        if length is not None:
            at = list(lengths).index(length)
            axes.plot(length, middle[at], "o", color=INK, markersize=13, fillstyle="none", clip_on=False)
    if length is not None:
        axes.plot([length, length], [0, 1], color=INK, linewidth=1, linestyle="--", zorder=0)
    low, high = lengths[0] - 0.5, lengths[-1] + 0.5
    if longest is not None and longest < high:
        axes.axvspan(longest + 0.5, high, color=GREY, alpha=0.15, linewidth=0)
        axes.text(high - 0.1, 1.02, "longer than in training", ha="right", va="bottom", fontsize=9)
    axes.set(xlabel="source length (tokens)", ylabel=label, xlim=(low, high), ylim=(0, 1.15 if longest else 1.05))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handletextpad=0.4, columnspacing=1)
    return figure
