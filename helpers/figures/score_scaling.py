"""What the size of queries and keys does to a batch: each query's gradient as a bar, and how many make half of it."""

import numpy as np

from helpers.core.checks import check_choice
from helpers.figures.style import BLUE, LINES, MARKERS, ORANGE, new_figure, styled
from helpers.models.query_gradients import how_many_make_half
from helpers.sliders.theme import INK


def draw_score_scaling(found, d, kind):
    """Draw one batch of queries, and over all sizes how many queries make half of the squared gradient.

    Parameters
    ----------
    found : dict
        Kind of score → {size d: list of helpers.models.query_gradients.QueryGradients}, a batch each; the first one is
        drawn.
    d : int
    kind : str

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When the kind or the size is not there.
    """
    check_choice("kind", kind, list(found))
    check_choice("d", d, list(found[kind]))
    batch = found[kind][d][0]
    return _draw(found, d, kind, batch), _tell(d, kind, batch)


@styled
def _draw(found, d, kind, batch):
    figure, (upper, lower) = new_figure(rows=2, height=4.9)
    colours = dict(zip(found, (ORANGE, BLUE), strict=False))
    sizes = np.sort(batch.queries)[::-1]
    upper.bar(np.arange(1, len(sizes) + 1), sizes, width=1.0, color=colours[kind])
    half = how_many_make_half(sizes)
    upper.axvline(half + 0.5, color=INK, linewidth=1, linestyle=":")
    upper.text(half + 4, 0.93 * sizes[0], "left of it: half of the sum of squares", va="top")
    upper.set(xlabel=f"queries of one batch, d = {d}, {kind}", ylabel="gradient norm", xlim=(0, len(sizes) + 1))
    upper.set_ylim(0, 1.05 * sizes[0])
    for (name, batches), line, marker in zip(found.items(), LINES, MARKERS, strict=False):
        places = list(batches)
        counts = np.array([[how_many_make_half(each.queries) for each in batches[place]] for place in places])
        lower.fill_between(places, counts.min(axis=1), counts.max(axis=1), color=colours[name], alpha=0.2, linewidth=0)
        look = {"color": colours[name], "marker": marker, "markersize": 5, "label": name}
        lower.plot(places, np.median(counts, axis=1), line, **look)
        if name == kind:
            at = np.median(counts[places.index(d)])
            lower.plot(d, at, "o", color=colours[name], markeredgecolor=INK, markersize=10, clip_on=False, zorder=5)
    lower.set_xscale("log", base=2)
    lower.set_xticks(places, [str(place) for place in places])
    lower.minorticks_off()
    lower.set(xlabel="size of queries and keys, d", ylabel="queries that make half", xlim=(places[0], places[-1]))
    lower.set_ylim(0, None)
    lower.legend(loc="lower left")
    return figure


def _tell(d, kind, batch):
    norms, half = batch.queries, how_many_make_half(batch.queries)
    rms = np.sqrt((norms**2).mean())
    return (
        f"d = {d}, {kind}: {half} of {len(norms)} queries make half of the batch's squared gradient. "
        f"Root mean square {rms:.2f}, median {np.median(norms):.2f}. "
        f"The heaviest of a query's weights: median {np.median(batch.heaviest):.2f}."
    )
