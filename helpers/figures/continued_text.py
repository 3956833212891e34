"""A text that a model continues: how probable each word was that it drew, and how many words it could draw."""

import numpy as np

from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.sliders.theme import INK


@styled
def draw_continued_text(written, names, settings, rows=13):
    """Draw a row for each word: given, or drawn with a probability, out of so many words that were possible.

    Parameters
    ----------
    written : list of WrittenToken
        See `helpers.decoding.writing.write_tokens`.
    names : sequence of str (V,)
        How each token is written.
    settings : str
        How it was drawn, for the title.
    rows : int
        Words that there is room for; the others are left out.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(height=1.0 + 0.22 * rows)
    shown = written[:rows]
    for row, each in enumerate(shown):
        if each.given:
            axes.text(0.01, row, "given", va="center", fontsize=9)
            continue
        p, possible = each.p[each.next], int(np.count_nonzero(each.p > 0))
        likeliest = each.next == each.p.argmax()
        axes.barh(row, p, 0.7, color=BLUE if likeliest else ORANGE, hatch="" if likeliest else "///", edgecolor=INK)
        of = f"{p:.2f} of 1" if possible == 1 else f"{p:.2f}, 1 of {possible}"
        axes.text(1.42, row, of, va="center", ha="right", fontsize=9)
    axes.set_yticks(range(len(shown)), [names[each.next] for each in shown])
    axes.set(xlim=(0, 1.45), xticks=[0, 0.5, 1], ylim=(rows - 0.4, -0.6), ylabel="word")
    axes.set_xlabel("probability (and one of how many possible words)")
    axes.set_title(settings, loc="left", fontsize=9.5)
    axes.axvline(1, color=GREY, linewidth=1)
    axes.grid(visible=False, axis="y")
    return figure
