"""A Matplotlib figure as SVG for the page: plain attributes, ink that follows the theme, ids of its own."""

import io
import re
import sys
import xml.etree.ElementTree as ElementTree

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.layout_engine import ConstrainedLayoutEngine, TightLayoutEngine

from helpers.sliders.theme import INK, PAPER, RC

# Presentation attributes inherit, so what holds for the whole figure is said once, on the root.
_ROOT = {"fill": "currentColor", "stroke-linejoin": "round", "stroke-linecap": "butt", "font-family": "inherit"}
_THEME = {INK: "currentColor", PAPER: "var(--figure-paper, #fff)"}

_GEOMETRY = {"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "transform"}
_DECIMALS = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_NO_TURN = re.compile(r"\s*rotate\(-?0(?: [^)]*)?\)")
_SPACES = re.compile(r"\s+")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def lay_out(figure):
    """Place the axes so that no label is cut or overlaps, and hold them there."""
    with matplotlib.rc_context(RC):
        (figure.get_layout_engine() or _new_engine(figure)).execute(figure)
    figure.set_layout_engine("none")


def read_layout(figure):
    """Return where the axes of `figure` and its headings are."""
    return [axes.get_position() for axes in figure.axes], [text.get_position() for text in _headings(figure)]


def use_layout(figure, layout):
    """Place the axes where an earlier figure had them: nothing jumps between frames, and no layout is done twice."""
    headings = _headings(figure)
    axes_places, heading_places = layout
    if len(axes_places) != len(figure.axes) or len(heading_places) != len(headings):
        lay_out(figure)
        return
    figure.set_layout_engine("none")
    for axes, place in zip(figure.axes, axes_places, strict=True):
        axes.set_position(place)
    for text, place in zip(headings, heading_places, strict=True):
        text.set_position(place)


def draw_svg(figure):
    """Return Matplotlib's own SVG of `figure`, without dates, on transparent paper.

    `Figure.savefig` draws everything twice, for the sake of a layout that ours has had, so it is not used here.
    """
    buffer = io.StringIO()
    canvas, paper = figure.canvas, figure.get_facecolor()
    figure.set_facecolor("none")
    try:
        with matplotlib.rc_context(RC):
            FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    finally:
        figure.set_canvas(canvas)
        figure.set_facecolor(paper)
    return buffer.getvalue()


def draw_png(figure, caption="", dpi=144):
    """Return `figure` as PNG on white paper, with `caption` below it: what a page that runs nothing can show."""
    buffer = io.BytesIO()
    with matplotlib.rc_context(RC):
        note = figure.text(0.02, -0.02, caption, va="top", fontsize=9.5, wrap=False)
        figure.savefig(
            buffer, format="png", dpi=dpi, facecolor="white", bbox_inches="tight", metadata={"Software": None}
        )
        note.remove()
    return buffer.getvalue()


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
    property becomes a presentation attribute. Coordinates are rounded to a hundredth of a point.
    """
    root = ElementTree.fromstring(svg)
    _drop(root, {"metadata", "style"})
    for element in root.iter():
        element.tag = _local(element.tag)
        _plain_text(element)
        element.attrib = dict(_plain_attributes(element.attrib))
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


def _new_engine(figure):
    # A colour bar added without a layout engine sits in a grid that only the tight layout understands.
    bars = [axes for axes in figure.axes if hasattr(axes, "_colorbar") and axes.get_subplotspec() is not None]
    return TightLayoutEngine() if bars else ConstrainedLayoutEngine()


def _headings(figure):
    # The layout moves these too, and Matplotlib tells where they are in no other way.
    return [text for text in (figure._suptitle, figure._supxlabel, figure._supylabel) if text is not None]


def _local(name):
    return name.rpartition("}")[2]


def _drop(parent, tags):
    for child in list(parent):
        if _local(child.tag) in tags:
            parent.remove(child)
        else:
            _drop(child, tags)


def _rename_ids(root, prefix):
    """Number the ids that something refers to, and drop the others."""
    ids = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            found = _referred(name, value)
            if found:
                new = ids.setdefault(found, f"{prefix}-{len(ids) + 1}")
                element.set(name, value.replace(found, new))
    for element in root.iter():
        if "id" in element.attrib:
            new = ids.get(element.attrib.pop("id"))
            element.attrib |= {"id": new} if new else {}


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
            value = _SPACES.sub(" ", _NO_TURN.sub("", _DECIMALS.sub(_hundredth, value))).strip()
            if value or name != "transform":
                yield name, value
        else:
            yield name, value


def _declarations(style):
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name and name != "font-family":
            yield name, _THEME.get(value.lower(), value)


def _hundredth(match):
    rounded = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded
