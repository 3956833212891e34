"""A picture, what a captioner says of it, and what would be right, word by word."""

import textwrap

from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats, as_list, check_shape
from helpers.figures.filter_answers import draw_picture
from helpers.figures.style import BLUE, ORANGE, new_figure, styled

_LETTERS = 26  # in a line


@styled
def draw_said_of(picture, said, right, boxes=()):
    """Draw a picture beside two captions: what is said of it, and what is right.

    Parameters
    ----------
    picture : ndarray (H, H, 3)
    said, right : sequence of str
        Words.
    boxes : sequence of (left, top, right, bottom)
        Framed in the picture, in pixels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    check_shape("picture", as_floats("picture", picture), "H W C", C=3)
    said, right = (" ".join(as_list(name, words)) for name, words in (("said", said), ("right", right)))
    figure, (shown, told) = new_figure(1, 2, height=2.75, width_ratios=[1, 1.1])
    draw_picture(shown, picture)
    shown.set_title("picture")
    for left, top, end, bottom in boxes:
        shown.add_patch(Rectangle((left - 0.5, top - 0.5), end - left, bottom - top, fill=False, edgecolor=ORANGE))
    told.axis("off")
    same = said == right
    texts = (("It says:", said, BLUE if same else ORANGE), ("Right is:", right, BLUE))
    for (head, text, colour), top in zip(texts, (0.98, 0.45), strict=True):
        told.text(0, top, head, va="top", transform=told.transAxes)
        for n, line in enumerate(textwrap.wrap(text or "(nothing)", _LETTERS)):
            told.text(0, top - 0.11 * (n + 1), line, va="top", color=colour, weight="bold", transform=told.transAxes)
    return figure
