"""A figure as a PNG with its caption: what a page that runs nothing can show."""

import contextlib
import io
import warnings

import matplotlib
from matplotlib.figure import Figure
from PIL import Image

from helpers.sliders.svg import MISSING_GLYPH, panels_of
from helpers.sliders.theme import RC

_WIDEST = 10  # inches: panels that are wider together stand below one another
_GAP = 0.15  # inches between panels
_CAPTION = {"va": "top", "fontsize": 9.5, "wrap": False, "parse_math": False}


def draw_png(figure, caption="", dpi=144, name="the figure"):
    """Return `figure` as PNG on white paper, with `caption` below it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure, or list of them
        Panels stand side by side, or below one another where they are too many for that.
    caption : str
    dpi : int
    name : str
        What a warning calls the figure, if the picture lacks letters that Matplotlib's fonts do not have.

    Returns
    -------
    bytes
    """
    panels = panels_of(figure)
    with matplotlib.rc_context(RC), _missing_letters_named(name):
        if len(panels) == 1:
            return _with_caption(panels[0], caption, dpi)
        return _joined(panels, caption, dpi)


def _with_caption(figure, caption, dpi):
    note = figure.text(0.02, -0.02, caption, **_CAPTION)
    try:
        return _save(figure, dpi)
    finally:
        note.remove()


def _save(figure, dpi):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, facecolor="white", bbox_inches="tight", metadata={"Software": None})
    return buffer.getvalue()


def _joined(panels, caption, dpi):
    gap = round(_GAP * dpi)
    rows, used = [[]], 0.0
    for panel in panels:
        width = panel.get_figwidth()
        if rows[-1] and used + width > _WIDEST:
            rows.append([])
            used = 0.0
        rows[-1].append(_picture(panel, dpi))
        used += width
    images = [_stack(row, gap, down=False) for row in rows]
    if caption:
        note = Figure(figsize=(1, 1))
        note.text(0, 1, caption, **_CAPTION)
        images.append(_picture(note, dpi))
    buffer = io.BytesIO()
    _stack(images, gap, down=True).save(buffer, format="png", dpi=(dpi, dpi))
    return buffer.getvalue()


def _picture(figure, dpi):
    return Image.open(io.BytesIO(_save(figure, dpi))).convert("RGB")


def _stack(images, gap, down):
    """Put images below one another, or side by side, on white."""
    along, across = (1, 0) if down else (0, 1)
    size = [0, 0]
    size[along] = sum(image.size[along] for image in images) + gap * (len(images) - 1)
    size[across] = max(image.size[across] for image in images)
    whole, place = Image.new("RGB", size, "white"), [0, 0]
    for image in images:
        whole.paste(image, tuple(place))
        place[along] += image.size[along] + gap
    return whole


@contextlib.contextmanager
def _missing_letters_named(name):
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", MISSING_GLYPH.pattern)
        yield
    found = [(warning, MISSING_GLYPH.match(str(warning.message))) for warning in caught]
    missing = sorted({chr(int(match[1])) for _, match in found if match})
    for warning in (warning for warning, match in found if not match):
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if missing:
        letters = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing)
        warnings.warn(f"the PNG of {name} lacks what no font here has: {letters}; the book shows it", stacklevel=4)
