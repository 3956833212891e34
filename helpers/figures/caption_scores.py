"""A caption beside the right one, and what several judges make of it."""

import textwrap

from matplotlib.transforms import blended_transform_factory

from helpers.core.checks import as_list, is_number
from helpers.figures.style import BLUE, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_LETTERS = 44  # in a line


@styled
def draw_caption_scores(said, right, scores):
    """Draw two captions, the words in which they differ, and a bar for each score.

    Parameters
    ----------
    said, right : sequence of str
        Words.
    scores : dict
        Name of the judge → from 0 to 1.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When a score is not from 0 to 1.
    """
    said, right = as_list("said", said), as_list("right", right)
    for name, score in scores.items():
        if not is_number(score) or not 0 <= score <= 1:
            raise ValueError(f"the score of {name!r} is {score}, expected a number from 0 to 1")
    figure, (told, bars) = new_figure(2, 1, height=2.0 + 0.3 * len(scores), height_ratios=[1.5, 0.3 * len(scores)])
    told.axis("off")
    place = blended_transform_factory(figure.transFigure, told.transAxes)
    same = said == right
    for head, words, colour, top in (("right:", right, BLUE, 1.0), ("said:", said, BLUE if same else ORANGE, 0.45)):
        told.text(0.02, top, head, va="top", transform=place)
        for n, line in enumerate(textwrap.wrap(" ".join(words), _LETTERS)):
            told.text(0.13, top - 0.17 * n, line, va="top", color=colour, weight="bold", transform=place)
    names = list(scores)
    bars.barh(range(len(names)), list(scores.values()), height=0.6, color=BLUE)
    for place, score in enumerate(scores.values()):
        bars.text(score + 0.015, place, f"{100 * score:.0f}", va="center", color=INK)
    bars.set(xlim=(0, 1.12), ylim=(len(names) - 0.5, -0.5), xlabel="score (of 100)", xticks=[0, 0.5, 1])
    bars.set_xticks([0, 0.5, 1], ["0", "50", "100"])
    bars.set_yticks(range(len(names)), names)
    bars.grid(axis="y", visible=False)
    return figure
