"""The best path is not the best text: two frames, one letter and the blank, all four paths and both texts."""

import numpy as np

from helpers.core.checks import check_share
from helpers.decoding.ctc import best_path, exhaustive_transcripts
from helpers.figures.style import BLUE, ORANGE, new_figure, styled
from helpers.sliders.theme import INK, PAPER

_HEIGHT = 2.9  # inches
_NAMES = {(): "empty", (1,): "a"}
_LOOKS = {(): {"color": BLUE}, (1,): {"color": ORANGE, "hatch": "//", "edgecolor": PAPER}}


def draw_paths_and_texts(blank):
    """Draw P of every path of two frames, and P of the two texts that they collapse to.

    Parameters
    ----------
    blank : float
        P(blank) at both frames, between 0 and 1; what is left is for the letter a.

    Returns
    -------
    list of Figure, str

    Raises
    ------
    ValueError
        When the share is not between 0 and 1.
    """
    check_share("blank", blank)
    log_y = np.log(np.tile([blank, 1 - blank], (2, 1)))
    texts = {found.tokens: float(np.exp(found.log_prob)) for found in exhaustive_transcripts(log_y)}
    paths = {f"{'–a'[i]}{'–a'[j]}": float(np.exp(log_y[0, i] + log_y[1, j])) for i in (0, 1) for j in (0, 1)}
    of_path = {path: (1,) if "a" in path else () for path in paths}
    taken = best_path(log_y).tokens
    best = max(texts, key=texts.get)
    panels = [
        _draw_bars(paths, [_LOOKS[of_path[path]] for path in paths], "path", "P(path)"),
        _draw_bars({_NAMES[t]: texts[t] for t in _NAMES}, [_LOOKS[t] for t in _NAMES], "text", "P(text)"),
    ]
    told = f"P(blank) = {blank:.2f}: the best path says {_quoted(taken)}, the best text is {_quoted(best)}"
    numbers = f"P({_NAMES[()]}) = {texts[()]:.2f}, P(a) = {texts[1,]:.2f}"
    return panels, f"{told}. {'They differ' if taken != best else 'They agree'}: {numbers}."


@styled
def _draw_bars(shares, looks, what, label):
    figure, axes = new_figure(height=_HEIGHT)
    for n, (share, look) in enumerate(zip(shares.values(), looks, strict=True)):
        axes.bar(n, share, 0.7, **look)
        axes.text(n, share + 0.02, f"{share:.2f}", ha="center", va="bottom", color=INK)
    axes.set_xticks(range(len(shares)), list(shares))
    axes.set(xlabel=what, ylabel=label, ylim=(0, 1.12), yticks=[0, 0.5, 1])
    axes.grid(visible=False, axis="x")
    return figure


def _quoted(text):
    return "empty" if not text else "“a”"
