"""A Matplotlib figure as SVG for the page: plain attributes, ink that follows the theme, ids of its own."""

import contextlib
import functools
import io
import logging
import re
import sys
import warnings
import xml.etree.ElementTree as ElementTree

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.spines import Spine
from matplotlib.text import Text

from helpers.sliders.formulas import outline_formulas
from helpers.sliders.theme import INK, PAPER, RC

_INKED, _PAPERED = "currentColor", "var(--figure-paper, #fff)"
_THEME = {INK: _INKED, PAPER: _PAPERED}

# Presentation attributes inherit, so what holds for the whole figure is said once, on the root.
_ROOT = {"fill": _INKED, "stroke-linejoin": "round", "stroke-linecap": "butt", "font-family": "inherit"}
_BLACK, _WHITE = "#000000", "#ffffff"
_SHAPES = {"text", "path", "use", "rect", "circle", "ellipse", "polygon", "polyline"}  # filled black by default

TOUCH = "data-touch"  # what a click on a group sets: touch.py resolves it

_GENERIC = {"serif", "monospace", "cursive", "fantasy"}
_PAGE_FONTS = {"DejaVu Sans", "sans-serif"}  # what the page's own font stands for
_SIMILAR = {"DejaVu Serif": "serif", "DejaVu Sans Mono": "monospace", "STIXGeneral": "serif"}

MISSING_GLYPH = re.compile(r"Glyph (\d+) .*missing from font")
_ADDRESS = re.compile(r"(?:https?|mailto):|[^:/?#]*(?:[/?#]|$)", re.IGNORECASE)  # of other pages, and within this one
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")
_GEOMETRY = {"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "transform"}
_DECIMALS = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_NO_TURN = re.compile(r"\s*rotate\(-?0(?: [^)]*)?\)")
_SCALES = re.compile(r"(?:matrix|scale)\([^)]*\)")
_SPACES = re.compile(r"\s+")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def panels_of(figure):
    """Return the figures of what a figure's function returns: one figure, or a list of them."""
    return [figure] if isinstance(figure, Figure) else list(figure)


def draw_svg(figure):
    """Return Matplotlib's own SVG of `figure`, without dates, on transparent paper.

    `Figure.savefig` draws everything twice, for the sake of a layout that ours has had, so it is not used here.
    """
    buffer = io.StringIO()
    paper = figure.get_facecolor()
    figure.set_facecolor("none")
    try:
        with for_the_page(figure):
            figure.dpi = figure.canvas.image_dpi  # for its images; all else is written in points
            figure.canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    finally:
        figure.set_facecolor(paper)
    return buffer.getvalue()


@contextlib.contextmanager
def for_the_page(figure):
    """Measure and draw `figure` as an SVG: in points and in our settings, for others may have other ticks.

    Matplotlib does not warn of letters that its fonts lack: text stays text, and the page has more fonts.
    """
    canvas, dpi = figure.canvas, figure.dpi
    if not hasattr(canvas, "image_dpi"):
        FigureCanvasSVG(figure).image_dpi = dpi
    figure.dpi = 72
    try:
        with matplotlib.rc_context(RC), ignore_missing_glyphs():
            yield
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi


@contextlib.contextmanager
def ignore_missing_glyphs():
    """Let Matplotlib not warn of letters that its fonts lack: text stays text, and the page has more fonts."""
    formulas = logging.getLogger("matplotlib.mathtext")
    formulas.addFilter(_says_more)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", MISSING_GLYPH.pattern)
            yield
    finally:
        formulas.removeFilter(_says_more)


def _says_more(record):
    return "does not have a glyph" not in record.getMessage()


def use_ink(figure):
    """Make ink of the black in which a figure that was made without our settings has its text, spines and ticks."""
    for text in figure.findobj(Text):
        if same_color(text.get_color(), "black"):
            text.set_color(INK)
    for spine in figure.findobj(Spine):
        if same_color(spine.get_edgecolor(), "black"):
            spine.set_edgecolor(INK)
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        for which, ticks in (("major", axis.get_major_ticks()), ("minor", axis.get_minor_ticks())):
            if ticks and same_color(ticks[0].tick1line.get_markeredgecolor(), "black"):
                axis.set_tick_params(which=which, color=INK)


def normalise(svg, prefix):
    """Return Matplotlib's SVG as an element tree that is safe and small on a page with other figures.

    Parameters
    ----------
    svg : str
        What `draw_svg` returns.
    prefix : str
        Unique on the page. The ids of the figure become `prefix-1`, `prefix-2`, … in the order of appearance, so
        two frames that differ in content only have the same ids.

    Notes
    -----
    A `style` attribute is forbidden by a strict Content-Security-Policy and hides what has changed, so each
    property becomes a presentation attribute. Coordinates are rounded to a hundredth of a point; factors by which
    something is scaled are not. Black and white of the data stay; `INK` and `PAPER` follow the page's theme.
    """
    root = ElementTree.fromstring(svg)
    _drop(root, {"metadata", "style"})
    for element in root.iter():
        element.tag = _local(element.tag)
        _plain_text(element)
        element.attrib = dict(_plain_attributes(element.attrib))
        _drop_address(element)
    outline_formulas(root)
    _put_paper_behind_ink(root)
    _fill(root)
    _rename_ids(root, prefix)
    view_box = root.attrib["viewBox"]
    root.attrib = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": view_box, "aria-hidden": "true", **_ROOT}
    return root


def to_text(element):
    """Serialise an element tree."""
    return ElementTree.tostring(element, encoding="unicode")


def close_in_pyplot(figure):
    """Let pyplot forget `figure`, if it came from there, so that it is not shown twice."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)


def _local(name):
    return name.rpartition("}")[2]


def _drop(parent, tags):
    for child in list(parent):
        if _local(child.tag) in tags:
            parent.remove(child)
        else:
            _drop(child, tags)


def _rename_ids(root, prefix):
    """Number the ids that something refers to, keep what a gid says of touch, and drop the others."""
    ids = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            found = _referred(name, value)
            if found:
                new = ids.setdefault(found, f"{prefix}-{len(ids) + 1}")
                element.set(name, value.replace(found, new))
    for element in root.iter():
        if "id" in element.attrib:
            old = element.attrib.pop("id")
            if old in ids:
                element.set("id", ids[old])
            elif "=" in old:
                element.set(TOUCH, old)


def _referred(name, value):
    if name == "href":
        return value[1:] if value.startswith("#") else None
    found = _REFERENCE.fullmatch(value)
    return found and found[1]


def _plain_text(element):
    # White space between elements is Matplotlib's indentation; inside <text> it is content.
    if element.text is not None and not element.text.strip():
        element.text = None
    if element.tail is not None and not element.tail.strip():
        element.tail = None


def _plain_attributes(attributes):
    for name, value in attributes.items():
        name = _local(name)
        if name == "style":
            yield from _declarations(value)
        elif name in _GEOMETRY:
            value = _round(value)
            if value or name != "transform":
                yield name, value
        else:
            yield name, _THEME.get(value, value)


def _declarations(style):
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font-family":
            value = _family(value)
        if name and value:
            yield name, _THEME.get(value.lower(), value)


@functools.lru_cache
def _family(names):
    """Return the font that a text asks for, or "" where the page's own will do."""
    first, *others = (name.strip().strip("'\"") for name in names.split(","))
    last = others[-1] if others else _SIMILAR.get(first, first)
    if first in _PAGE_FONTS or last in _PAGE_FONTS:
        return ""
    if others and last in _GENERIC:
        return last  # Matplotlib writes out what it knows of the kind; the reader's browser knows better
    return ", ".join(name if name in _GENERIC else f"'{name}'" for name in dict.fromkeys((first, *others, last)))


def _round(value):
    """Round coordinates to a hundredth, but not what they are multiplied by."""
    scales = iter(_SCALES.findall(value))
    places = (_DECIMALS.sub(_hundredth, part) for part in _SCALES.split(value))
    rounded = "".join(part + _round_shift(next(scales, "")) for part in places)
    return _SPACES.sub(" ", _NO_TURN.sub("", rounded)).strip()


def _round_shift(scale):
    # matrix(a b c d e f): e and f are a place, the others are factors.
    if not scale.startswith("matrix"):
        return scale
    *factors, e, f = re.split(r"[\s,]+", scale[len("matrix(") : -1].strip())
    return f"matrix({' '.join([*factors, *(_DECIMALS.sub(_hundredth, place) for place in (e, f))])})"


def _hundredth(match):
    rounded = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded


def _drop_address(element):
    """Take away an address that could run something."""
    address = element.get("href", "")
    picture = element.tag == "image" and address.startswith("data:image/png;base64,")
    if not picture and not _ADDRESS.match(_UNSEEN.sub("", address)):
        del element.attrib["href"]


def _put_paper_behind_ink(root):
    """Let a white box that has ink on it follow the theme as the ink does: a text's box, a legend, a table's cells."""
    for group in root.iter("g"):
        name, boxes = group.get("id", ""), []
        if name.startswith("table"):
            boxes = group
        elif name.startswith("legend") or any(child.get("fill") == _INKED for child in group[1:]):
            boxes = group[:1]
        for path in (path for box in boxes if box.tag == "g" for path in box if path.tag == "path"):
            if path.get("fill") == _WHITE:
                path.set("fill", _PAPERED)
            if name.startswith("table") and path.get("stroke") == _BLACK:
                path.set("stroke", _INKED)


def _fill(parent, fill=None):
    """Say what Matplotlib leaves unsaid, that a shape is black, and leave unsaid that it is ink, as the root says."""
    for child in parent:
        if child.tag in ("defs", "clipPath"):
            continue
        own = child.get("fill", fill)
        if own is None and child.get("id", "").startswith("Quiver"):
            own = _INKED  # arrows are black where their author gives no colour
        if own is None and child.tag in _SHAPES:
            child.set("fill", _BLACK)
        elif own == _INKED and fill in (None, _INKED):
            child.attrib.pop("fill", None)
        _fill(child, own)
