"""A pipeline of processes, each with a share of the layers: who works when, and who waits."""

from fractions import Fraction

from matplotlib.patches import Rectangle

from helpers.core.checks import check_integer
from helpers.figures.style import BLUE, GREY, ORANGE, WHITE, new_figure, styled


def pipeline_times(stages, pieces):
    """Say when each stage works on each piece of a batch: forward as soon as it comes, and backward after all forwards.

    A forward and a backward pass of one piece through one stage take one unit of time each, so that the share of the
    time for which stages wait is the same as with a backward pass that takes twice as long.

    Parameters
    ----------
    stages, pieces : int

    Returns
    -------
    forward, backward : dict
        (stage, piece) → the time at which it begins, from 0.
    waits : Fraction
        The share of the time of all stages in which nothing is done.

    References
    ----------
    Huang et al. 2019, "GPipe", figure 2, https://arxiv.org/abs/1811.06965
    """
    p, m = check_integer("stages", stages), check_integer("pieces", pieces)
    pairs = [(stage, piece) for stage in range(p) for piece in range(m)]
    forward = {(stage, piece): stage + piece for stage, piece in pairs}
    backward = {(stage, piece): (m + p - 1) + (p - 1 - stage) + (m - 1 - piece) for stage, piece in pairs}
    total = p * 2 * (m + p - 1)
    return forward, backward, Fraction(total - 2 * p * m, total)


@styled
def draw_pipeline(stages, pieces):
    """Draw a row for each stage and a cell for each piece: forward blue, backward orange, and nothing where it waits.

    Returns
    -------
    matplotlib.figure.Figure
    """
    forward, backward, _ = pipeline_times(stages, pieces)
    figure, axes = new_figure(height=3.0)
    for times, colour in ((forward, BLUE), (backward, ORANGE)):
        for (stage, piece), time in times.items():
            axes.add_patch(Rectangle((time, stage - 0.4), 1, 0.8, facecolor=colour, edgecolor=WHITE, linewidth=0.8))
            if pieces + stages <= 9:
                axes.text(time + 0.5, stage, f"{piece + 1}", color=WHITE, ha="center", va="center", fontsize=9)
    end = 2 * (stages + pieces - 1)
    for stage in range(stages):
        axes.plot([0, end], [stage, stage], "-", color=GREY, linewidth=1, zorder=0)
    axes.set_yticks(range(stages), [f"stage {stage + 1}" for stage in range(stages)])
    axes.set(xlim=(0, end), ylim=(stages - 0.4, -0.6), xlabel="time, in passes of one piece")
    axes.grid(visible=False)
    for colour, name in ((BLUE, "forward"), (ORANGE, "backward"), (GREY, "waits")):
        axes.plot([], [], "s" if name != "waits" else "-", color=colour, label=name)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    return figure
