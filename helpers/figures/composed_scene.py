"""A picture, what a captioner says of it, and what would be right, word by word."""

import textwrap

from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats, as_list, check_choice, check_shape
from helpers.data.pictures import PictureObject, caption_of, compose_scene, draw_pictures
from helpers.figures.filter_answers import draw_picture
from helpers.figures.style import BLUE, ORANGE, new_figure, styled
from helpers.models.captioner import say_pictures

_LETTERS = 26  # in a line
_MIDDLE = (16, 16)
# Where a small blue circle stands, around what is in the middle.
AROUND = {
    "above": (16, 5),
    "right above": (27, 5),
    "right": (27, 19),
    "right below": (27, 27),
    "below": (16, 27),
    "left below": (5, 27),
    "left": (5, 13),
    "left above": (5, 5),
}


def draw_composed(model, vocab, size, colour, shape, place):
    """Put an object into the middle and a small blue circle beside it, and let a captioner say it.

    Parameters
    ----------
    model : helpers.models.captioner.Captioner
    vocab : Vocab
    size, colour, shape : str
        Of the object in the middle.
    place : str
        One of `AROUND`.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is no such object or place.
    """
    check_choice("place", place, tuple(AROUND))
    middle = PictureObject(size, colour, shape, *_MIDDLE)
    scene = compose_scene([middle, PictureObject("small", "blue", "circle", *AROUND[place])])
    picture, right = draw_pictures([scene]), caption_of(scene)
    (said,) = say_pictures(model, picture, vocab)
    verdict = "Right." if said == right else "Not word for word right."
    told = f"A {size} {colour} {shape}, and {place} a small blue circle: “{' '.join(said)}”. {verdict}"
    return draw_said_of(picture[0], said, right), told


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
    texts = (("It says:", said, BLUE if same else ORANGE), ("True caption:", right, BLUE))
    for (head, text, colour), top in zip(texts, (0.98, 0.45), strict=True):
        told.text(0, top, head, va="top", transform=told.transAxes)
        for n, line in enumerate(textwrap.wrap(text or "(nothing)", _LETTERS)):
            told.text(0, top - 0.11 * (n + 1), line, va="top", color=colour, weight="bold", transform=told.transAxes)
    return figure
