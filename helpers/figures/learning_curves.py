"""Drawings of what was measured while networks learned: curves with every seed, and maps of shares."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.figures.style import BLACK, COLOURS, GREY, LINES, MARKERS, ORANGE, WHITE, log_axis, new_figure, styled
from helpers.sliders.theme import INK, PAPER


@styled
def draw_learning_curves(curves, label="share of right answers", chosen=None, level=None, at=None, log=None):
    """Draw what was measured against the number of training steps: a thin line for each seed, a thick median.

    Parameters
    ----------
    curves : dict
        Name → (steps, values): numbers of steps (n,), rising, and values (seeds, n), as
        `helpers.data.results.by_seed` gives them.
    label : str
        What the values are, with their unit.
    chosen : list of str, optional
        Up to four that are drawn in colour, with their seeds; of the others only the median, in grey. Without it all
        are drawn in colour, and there may be four.
    level : tuple of float and str, optional
        A height that is marked, and what it is: (0.25, "guess").
    at : int, optional
        A number of steps that is marked.
    log : tuple of int and int, optional
        Powers of ten between which to draw on a logarithmic axis; without it the axis goes from 0 to 1.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When more than four are to be drawn in colour, or a chosen one is not there.
    """
    chosen = list(curves if chosen is None else chosen)
    if len(chosen) > len(COLOURS) or not {*chosen} <= {*curves}:
        raise ValueError(f"chosen is {chosen}, expected up to {len(COLOURS)} of {', '.join(curves)}")
    figure, axes = new_figure(height=3.6)
    if level is not None:
        axes.axhline(level[0], color=INK, linewidth=1, linestyle="--")
        axes.text(1.01, level[0], level[1], color=INK, va="center", transform=axes.get_yaxis_transform())
    if at is not None:
        axes.axvline(at, color=INK, linewidth=1, linestyle=":")
    for name in (name for name in curves if name not in chosen):
        steps, values = curves[name]
        axes.plot(steps, np.median(values, axis=0), "-", color=GREY, linewidth=1, alpha=0.7)
    for name, colour, line, marker in zip(chosen, COLOURS, LINES, MARKERS, strict=False):
        steps, values = curves[name]
        for seed in values:
            axes.plot(steps, seed, "-", color=colour, linewidth=0.7, alpha=0.45, clip_on=False)
        middle = np.median(values, axis=0)
        axes.plot(steps, middle, line, color=colour, marker=marker, markersize=5, label=name, clip_on=False, zorder=3)
    if len(chosen) < len(curves):
        axes.plot([], [], "-", color=GREY, linewidth=1, label="the others")
    every = np.unique(np.concatenate([steps for steps, _ in curves.values()]))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(every))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(every, [f"{steps:,}" for steps in every])
    axes.set(xlabel="training steps (a line for each seed, the median thick)", ylabel=label)
    axes.set_xlim(every[0], every[-1])
    if log is None:
        axes.set_ylim(0, 1.03)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    else:
        log_axis(axes, "y", *log)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1.2, handlelength=2.6)
    return figure


@styled
def draw_share_map(shares, rows, columns, label="", across="", texts=None, framed=None):
    """Draw shares as a map, one colour and one number for each.

    Parameters
    ----------
    shares : ndarray (len(rows), len(columns))
        From 0, dark, to 1, light.
    rows, columns : list of str
        Their names.
    label, across : str
        What the rows and the columns are.
    texts : list of list of str, optional
        What stands in the cells; without it the shares, with two digits.
    framed : tuple of int and int, optional
        Row and column of the cell that is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shares = np.asarray(shares, dtype=float)
    figure, axes = new_figure(height=1.2 + 0.34 * len(rows))
    axes.grid(visible=False)
    axes.pcolormesh(shares, cmap="cividis", vmin=0, vmax=1, edgecolor=PAPER, linewidth=1.5)
    for i, j in np.ndindex(shares.shape):
        text = f"{shares[i, j]:.2f}" if texts is None else texts[i][j]
        axes.text(j + 0.5, i + 0.5, text, ha="center", va="center", color=WHITE if shares[i, j] < 0.6 else BLACK)
    if framed is not None:
        place = (framed[1], framed[0])
        axes.add_patch(Rectangle(place, 1, 1, fill=False, edgecolor=ORANGE, linewidth=3.5, clip_on=False))
    axes.set(xlabel=across, ylabel=label, ylim=(len(rows), 0))
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns)
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


def draw_solved(curves, enough=0.9, label="network", framed=None):
    """Draw how many seeds of each network have solved the task, after how many steps of training.

    Parameters
    ----------
    curves : dict
        Name → (steps, values), as `draw_learning_curves` takes them, with the same steps for all.
    enough : float
        A seed whose value is above this has solved it.
    label : str
        What the rows are.
    framed : tuple of int and int, optional
        Row and column of the cell that is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    steps = next(iter(curves.values()))[0]
    solved = {name: (values > enough) for name, (_, values) in curves.items()}
    texts = [[f"{count} of {len(seeds)}" for count in seeds.sum(axis=0)] for seeds in solved.values()]
    shares = [seeds.mean(axis=0) for seeds in solved.values()]
    return draw_share_map(
        shares, list(curves), [f"{n:,}" for n in steps], label, "training steps", texts=texts, framed=framed
    )
