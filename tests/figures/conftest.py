from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Circle, Patch
from matplotlib.text import Text

from helpers.sliders import layout
from helpers.sliders.theme import WIDTH


@pytest.fixture
def check_layout():
    """Give what every drawing must pass: check_layout(figure, names="xy"), names being the axes that need a name."""
    return _check_layout


def _check_layout(figure, names="xy"):
    """The figure has the book's width, its axes say what they show, nothing is cut, and no letter is too small."""
    layout.lay_out(figure)
    assert figure.get_figwidth() == WIDTH
    renderer, page = FigureCanvasAgg(figure).get_renderer(), figure.bbox
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes]
    if figure.get_suptitle():
        boxes.append(figure._suptitle.get_window_extent(renderer))
    for box in boxes:
        assert page.x0 - 1 <= box.x0 < box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1 + 1
    for axes in figure.axes:
        shared = axes.get_shared_x_axes().joined(axes, figure.axes[-1])  # then the lowest names it for all
        assert "x" not in names or (figure.axes[-1] if shared else axes).get_xlabel()
        assert "y" not in names or axes.get_ylabel()
        texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
        texts += [*axes.get_xticklabels(), *axes.get_yticklabels()]
        assert min(text.get_fontsize() for text in texts if text.get_text()) >= 9


@pytest.fixture
def machine_faults():
    """Give what lists the faults of a machine: machine_faults(figure)."""
    return _machine_faults


@pytest.fixture
def check_machine():
    """Give what every machine must pass: check_machine(figure)."""
    return _check_machine


def _check_machine(figure):
    """No text leaves the picture, its frame or meets another text; no arrow runs through a text or a box."""
    faults = _machine_faults(figure)
    assert not faults, "\n".join(faults)


def _machine_faults(figure):
    """List what is wrong with a machine, by the boxes of its artists in inches."""
    layout.lay_out(figure)
    assert figure.get_figwidth() == WIDTH
    canvas = FigureCanvasAgg(figure)
    renderer, page = canvas.get_renderer(), figure.bbox.padded(-0.01 * figure.dpi)
    texts = [text for text in figure.texts + figure.findobj(Text) if text.get_text()]
    texts = [(text.get_text(), text.get_window_extent(renderer)) for text in dict.fromkeys(texts)]
    frames = {a.get_label()[5:]: a.get_window_extent(renderer) for a in figure.findobj(Patch) if _is(a, "part ")}
    circles = {a.get_label()[5:] for a in figure.findobj(Circle)}
    faults = [f"{text!r} leaves the picture" for text, box in texts if not _inside(box, page)]
    faults += [f"{name} leaves the picture" for name, box in frames.items() if not _inside(box, page)]
    for (one, box), (other, another) in combinations(texts, 2):
        if _meet(box.padded(-1), another.padded(-1)):
            faults.append(f"{one!r} meets {other!r}")
    for (one, box), (other, another) in combinations(frames.items(), 2):
        if _meet(box, another):
            faults.append(f"part {one} meets part {other}")
    for text, box in texts:
        for name, frame in frames.items():
            if _meet(box.padded(-1), frame) and not (frame.x0 < box.x0 and box.x1 < frame.x1):
                faults.append(f"{text!r} crosses the frame of {name}")
    for line in (a for a in figure.findobj(Patch) if _is(a, "arrow ", "head ", "rule")):
        corners = line.get_transform().transform(line.get_path().interpolated(1).to_polygons(closed_only=False)[0])
        places = np.concatenate([np.linspace(a, b, 40) for a, b in pairwise(corners)])
        half = line.get_linewidth() * figure.dpi / 72 / 2
        for text, box in texts:
            if box.padded(half - 1).count_contains(places):
                faults.append(f"{line.get_label()} runs through {text!r}")
        for name, frame in frames.items() if line.get_label() != "rule" else ():
            middle, radius = (frame.p0 + frame.p1) / 2, frame.width / 2 - 2
            near = np.hypot(*(places - middle).T) < radius if name in circles else np.array([True])
            if near.any() and frame.padded(-2).count_contains(places):
                faults.append(f"{line.get_label()} runs through part {name}")
    sizes = {text.get_fontsize() for text in figure.findobj(Text) if text.get_text()}
    faults += [f"a text of {size} pt" for size in sizes if size < 9]
    return faults


def _is(artist, *kinds):
    return str(artist.get_label()).startswith(kinds)


def _inside(box, page):
    return page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1


def _meet(one, other):
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1
