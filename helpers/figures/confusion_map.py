"""A confusion matrix: what a classifier calls the things of each class."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.core.checks import as_array, check_choice, check_shape
from helpers.figures.style import ORANGE, new_figure, styled


@styled
def draw_confusion_map(counts, classes, chosen):
    """Draw for each true class, a row, the share of each answer, a column; one row is framed and told in words.

    Parameters
    ----------
    counts : ndarray of int (V, V)
        counts[i, j] things of class i were called class j. No row is empty.
    classes : list of str
        Their names, V of them.
    chosen : str
        The class whose row is framed.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When the shape does not fit, a count is negative, a row is empty or the class is unknown.
    """
    if not isinstance(classes, list):
        raise ValueError(f"classes is of type {type(classes).__name__}, expected a list of names")
    counts, V = as_array("counts", counts), len(classes)
    check_shape("counts", counts, "V W", V=V, W=V)
    check_choice("chosen", chosen, classes)
    if counts.dtype.kind not in "iu" or counts.min() < 0 or not counts.sum(axis=1).all():
        raise ValueError("counts has a negative or fractional number or an empty row, expected counts in every row")
    shares, row = counts / counts.sum(axis=1, keepdims=True), classes.index(chosen)
    figure, axes = new_figure(height=4.0)
    axes.grid(visible=False)
    axes.pcolormesh(shares, cmap="cividis", vmin=0, vmax=1, linewidth=0)
    axes.add_patch(Rectangle((0, row), V, 1, fill=False, edgecolor=ORANGE, linewidth=3, clip_on=False))
    axes.set(ylim=(V, 0), xlabel="answer (dark: never, light: always)", ylabel="true")
    axes.set_xticks(np.arange(V) + 0.5, classes, rotation=90)
    axes.set_yticks(np.arange(V) + 0.5, classes)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    others = sorted((k for k in range(V) if k != row and counts[row, k]), key=lambda k: -counts[row, k])[:3]
    confused = ", ".join(f"{classes[k]} ({counts[row, k]})" for k in others) or "no other"
    told = f"{chosen}: {counts[row, row]} of {counts[row].sum()} words right. Taken for: {confused}."
    return figure, told
