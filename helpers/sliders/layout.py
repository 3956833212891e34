"""Where the axes of a figure stand: the same places in every frame, with room for the labels of all of them.

Matplotlib lays out one figure at a time. So each frame is asked how much room its labels take around their axes,
and one figure is laid out with the largest of each: no label is cut in any frame, and nothing jumps between frames.
"""

import contextlib
import functools
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.layout_engine import ConstrainedLayoutEngine, PlaceHolderLayoutEngine, TightLayoutEngine
from matplotlib.transforms import Bbox

from helpers.sliders.theme import RC

_PAD = 4  # points that the layout leaves around the labels; RC says so
_SPARE = 1  # points of them that a label may take


class Places(NamedTuple):
    """Where one figure has its axes and its headings."""

    axes: tuple  # a Bbox in figure coordinates, or None for axes that no layout moves
    headings: dict  # "suptitle", "supxlabel", "supylabel" → (x, y)


class Room(NamedTuple):
    """How much room the labels of a figure take, in points."""

    axes: tuple  # what stands out left, below, right, above of each axes; NaN for axes that are not laid out
    outside: dict  # width and height of each heading and of each legend of the figure


def lay_out(figure, room=None):
    """Place the axes so that no label is cut or overlaps, and hold them there.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    room : Room, optional
        What the labels of other frames take: the layout has room for them too.
    """
    _free_ticks(figure)  # other places of the axes may have other ticks
    if any(axes.get_subplotspec() for axes in figure.axes):  # Matplotlib warns where there is nothing to lay out
        with matplotlib.rc_context(RC), _asking_for(figure, room):
            _engine(figure).execute(figure)
    figure.set_layout_engine("none")


def read_layout(figure):
    """Return the `Places` of a figure that has been laid out."""
    # The place that axes were given, not what an equal aspect leaves of it in this frame.
    places = [axes.get_position(original=True).frozen() if _is_placed(axes) else None for axes in figure.axes]
    return Places(tuple(places), {name: text.get_position() for name, text in _headings(figure)})


def use_layout(figure, layout):
    """Place the axes of `figure`, which must have the `skeleton` of the figure that the layout was read from."""
    figure.set_layout_engine("none")
    for axes, place in zip(figure.axes, layout.axes, strict=True):
        if place is not None:
            axes.set_position(place)
            axes.set_in_layout(True)  # set_position takes it out
    for name, text in _headings(figure):
        if name in layout.headings and getattr(text, "_autopos", False):
            text.set_position(layout.headings[name])


def skeleton(figure):
    """Tell which figures may share a layout: those of equal skeletons. None for a figure that shares none."""
    if figure.subfigs:
        return None
    size = tuple(float(side) for side in figure.get_size_inches())
    return size, tuple(_cell(axes) for axes in figure.axes)


def read_room(figure):
    """Measure the `Room` that the labels of a laid out figure take."""
    renderer, point = figure._get_renderer(), 72 / figure.dpi
    outside = {name: artist.get_tightbbox(renderer) for name, artist in _outside(figure)}
    return Room(
        tuple(_margins(axes, renderer, point) for axes in figure.axes),
        {name: (box.width * point, box.height * point) for name, box in outside.items()},
    )


def joint_room(rooms):
    """Return the smallest `Room` that has room for all of `rooms`."""
    axes = tuple(tuple(np.fmax.reduce(margins).tolist()) for margins in zip(*(r.axes for r in rooms), strict=True))
    names = dict.fromkeys(name for room in rooms for name in room.outside)
    sizes = {name: [room.outside[name] for room in rooms if name in room.outside] for name in names}
    return Room(axes, {name: tuple(max(side) for side in zip(*each, strict=True)) for name, each in sizes.items()})


def has_room(room, wanted):
    """Tell whether a figure with room for `room` has room for `wanted` too."""
    pairs = [pair for one, other in zip(wanted.axes, room.axes, strict=True) for pair in zip(one, other, strict=True)]
    pairs = [(want, max(have, -_PAD)) for want, have in pairs]
    for name, size in wanted.outside.items():
        pairs += zip(size, room.outside.get(name, (-np.inf, -np.inf)), strict=True)
    return not any(want > have + _SPARE for want, have in pairs)  # NaN, of axes that are not laid out, is not greater


class KeptLayouts:
    """The layouts of figures that are drawn one by one, as a reader moves them.

    A figure stands in the layout of those before it as long as that has room for its labels. A layout that has not is
    made anew with room for all that were seen, so that nothing jumps back.
    """

    def __init__(self):
        """Begin without a layout."""
        self._layouts = {}  # (panel, skeleton) → Places, Room

    def place(self, figure, number=0):
        """Place the axes of `figure`, which is panel `number`, so that no label is cut."""
        kind = number, skeleton(figure)
        places, room = self._layouts.get(kind, (None, None))
        if places is None:
            lay_out(figure)
            room = read_room(figure)
        else:
            engine = figure.get_layout_engine()
            use_layout(figure, places)
            wanted = read_room(figure)
            if has_room(room, wanted):
                return
            figure.set_layout_engine(engine)
            room = joint_room([room, wanted])
            lay_out(figure, room)
            room = joint_room([room, read_room(figure)])  # the new layout may have other tick labels
        if kind[1] is not None:
            self._layouts[kind] = read_layout(figure), room


def keep_inside(figure):
    """Move titles and axis labels that are longer than their axes into the picture, if they have room there."""
    renderer, page = figure._get_renderer(), figure.bbox
    for axes in figure.axes:
        if not axes.get_visible():
            continue
        titles = (axes.title, axes._left_title, axes._right_title)
        for text in (*titles, axes.xaxis.label):
            _shift(text, 0, renderer, axes.bbox, page)
        _shift(axes.yaxis.label, 1, renderer, axes.bbox, page)


@contextlib.contextmanager
def fixed_ticks(figure):
    """Let a figure find its ticks and the boxes of their labels once, not a dozen times while it is measured and drawn.

    Its axes must not move meanwhile, unless `lay_out` moves them: it lets the figure find its ticks anew.
    """
    for axis in _every_axis(figure):
        axis._update_ticks = functools.cache(axis._update_ticks)
        axis._get_ticklabel_bboxes = _boxes_once(axis._get_ticklabel_bboxes)
    try:
        yield
    finally:
        _free_ticks(figure)


def _free_ticks(figure):
    for axis in _every_axis(figure):
        axis.__dict__.pop("_update_ticks", None)
        axis.__dict__.pop("_get_ticklabel_bboxes", None)


def _every_axis(figure):
    every = [axes for parent in figure.axes for axes in (parent, *parent.child_axes)]
    return [axis for axes in every for axis in axes._axis_map.values()]


def _boxes_once(measure):
    """Let `measure` do its work once: all who ask mean the ticks that are drawn."""
    boxes = []

    def answer(ticks, renderer):
        if not boxes:
            boxes.extend(measure(ticks, renderer))
        return boxes

    return answer


def _shift(text, along, renderer, frame, page):
    if not text.get_text() or not text.get_visible():
        return
    box = text.get_window_extent(renderer)
    below, above = page.min[along] - box.min[along], box.max[along] - page.max[along]  # how far it stands out
    if max(below, above) > 0:
        middle = (below - above) / 2
        least = max(below, 0) - max(above, 0)
        place = list(text.get_position())
        place[along] += (middle if below + above > 0 else least) / frame.size[along]
        text.set_position(place)


def _engine(figure):
    engine = figure.get_layout_engine()
    if engine is not None and not isinstance(engine, PlaceHolderLayoutEngine):  # which stands for one turned off
        return engine
    # A colour bar added without a layout engine sits in a grid that only the tight layout understands.
    bars = [axes for axes in figure.axes if hasattr(axes, "_colorbar") and axes.get_subplotspec() is not None]
    return TightLayoutEngine() if bars else ConstrainedLayoutEngine()


def _is_placed(axes):
    """Tell whether a layout moves these axes; others stay where the author has put them."""
    return axes.get_in_layout() and (axes.get_subplotspec() is not None or hasattr(axes, "_colorbar_info"))


def _cell(axes):
    spec = axes.get_subplotspec()
    if spec is None:
        bar = getattr(axes, "_colorbar_info", None)
        return bar and (bar["location"], bar["shrink"], bar["aspect"], bar["pad"])
    grid = spec.get_gridspec()
    ratios = tuple(map(tuple, (grid.get_width_ratios(), grid.get_height_ratios())))
    return (grid.nrows, grid.ncols, spec.num1, spec.num2, ratios)


def _headings(figure):
    # The layout moves these too, and Matplotlib tells where they are in no other way.
    headings = {name: getattr(figure, f"_{name}") for name in ("suptitle", "supxlabel", "supylabel")}
    return [(name, text) for name, text in headings.items() if text is not None and text.get_text()]


def _outside(figure):
    """Return what takes room beside the axes, by name: headings, and legends such as "outside lower center"."""
    legends = [(f"legend {i}", each) for i, each in enumerate(figure.legends) if each.get_in_layout()]
    return [*_headings(figure), *legends]


def _margins(axes, renderer, point):
    box = axes.get_tightbbox(renderer, for_layout_only=True) if _is_placed(axes) else None
    if box is None:
        return (np.nan,) * 4
    place = _place(axes)
    return tuple(float(side) for side in (*(place.min - box.min) * point, *(box.max - place.max) * point))


def _place(axes):
    return axes.get_position(original=True).transformed(axes.get_figure(root=False).transSubfigure)


@contextlib.contextmanager
def _asking_for(figure, room):
    """Let the artists of a figure say, while it is laid out, that their labels take the room that all frames need."""
    askers = {} if room is None else _askers(figure, room)
    for artist, asks in askers.items():
        artist.get_tightbbox = asks
    try:
        yield
    finally:
        for artist in askers:
            del artist.get_tightbbox


def _askers(figure, room):
    """Return, for each artist that the layout asks for its box, what is to answer in its stead."""
    pixels = figure.dpi / 72

    def box_of(axes, margins):
        def asks(renderer=None, **_):
            place, grow = _place(axes), np.array(margins) * pixels
            return Bbox([place.min - grow[:2], place.max + grow[2:]])

        return asks

    def size_of(artist, size):
        whole = artist.get_tightbbox

        def asks(renderer=None, **_):
            box = whole(renderer)
            return Bbox.from_bounds(box.x0, box.y0, *(np.array(size) * pixels))

        return asks

    placed = zip(figure.axes, room.axes, strict=True)
    askers = {axes: box_of(axes, margins) for axes, margins in placed if not np.isnan(margins[0])}
    for name in room.outside:
        if name.startswith("sup") and getattr(figure, f"_{name}") is None:
            getattr(figure, name)(" ")  # a heading that only other frames have
    return askers | {artist: size_of(artist, room.outside[name]) for name, artist in _outside(figure)}
