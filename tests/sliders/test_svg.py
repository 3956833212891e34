"""Matplotlib's SVG, made fit for a page: no style attributes, ids of its own, ink that follows the theme."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers.figures.style import BLUE, log_axis, new_figure
from helpers.sliders import svg
from helpers.sliders.drawing import draw_frame
from helpers.sliders.theme import INK, PAPER, RC


def line(label="height"):
    figure, axes = new_figure()
    axes.plot(np.sin(np.arange(30)), color=BLUE)
    axes.set(xlabel="time < & >", ylabel=label, title="A title")
    return figure, "A wave."


def logarithm():
    figure, axes = new_figure()
    axes.plot(np.arange(1, 9), 10.0 ** np.arange(-4, 4))
    log_axis(axes, "y", -4, 4)
    return figure, "A straight line."


def heat():
    figure, axes = new_figure()
    axes.pcolormesh(np.eye(4), edgecolor=PAPER)
    return figure, "A diagonal."


def colour_bar():
    figure, axes = new_figure()
    figure.colorbar(axes.imshow(np.eye(4)))
    return figure, "A diagonal."


def colour_bar_of_pyplot():
    figure, axes = plt.subplots()
    figure.colorbar(axes.imshow(np.eye(4)))
    return figure, "A diagonal."


def grid():
    figure, axes = new_figure(rows=2, columns=2, height=4)
    for each in axes.flat:
        each.set(xlabel="x", ylabel="y", title="t")
    axes[0, 0].twinx().plot([5, 600])
    figure.suptitle("all")
    figure.supxlabel("below")
    return figure, "Four frames."


def two_axes():
    figure, axes = new_figure(columns=2)
    axes[0].set_title("left")
    return figure, "Two frames."


def hatch():
    figure, axes = new_figure()
    axes.bar([1, 2], [3, 4], hatch="//", edgecolor=INK, label="b")
    figure.legend(loc="outside lower center")
    return figure, "Two bars."


def mathtext():
    figure, axes = new_figure()
    axes.set(title=r"$\alpha_i \frac{a}{b}$", xlabel=r"$10^{-3}$")
    return figure, "Formulas."


def tight():
    figure = Figure(layout="tight")
    figure.subplots().set(ylabel="two\nlines")
    return figure, "Nothing."


KINDS = [line, logarithm, heat, colour_bar, colour_bar_of_pyplot, grid, hatch, mathtext, tight]
every_kind = pytest.mark.parametrize("function", KINDS, ids=lambda f: f.__name__)


def tree_of(function, prefix="p"):
    return draw_frame(function, {}, prefix)[0].tree


def text_of(function, prefix="p"):
    return svg.to_text(tree_of(function, prefix))


@every_kind
def test_nothing_that_a_strict_policy_forbids(function):
    for element in tree_of(function).iter():
        assert element.tag not in ("style", "script", "metadata")
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
        assert ":" not in "".join(element.attrib)


@every_kind
def test_every_reference_has_its_id_and_every_id_its_prefix(function):
    tree = tree_of(function, "mine")
    ids = [e.get("id") for e in tree.iter() if "id" in e.attrib]
    assert ids
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"mine-\d+", identity) for identity in ids)
    referred = set(re.findall(r"url\(#([^)]*)\)", svg.to_text(tree)))
    referred |= {e.get("href")[1:] for e in tree.iter() if e.get("href", "").startswith("#")}
    assert referred == set(ids)


@every_kind
def test_figures_with_different_prefixes_share_no_id(function):
    ids = [{e.get("id") for e in tree_of(function, prefix).iter()} - {None} for prefix in ("a", "a-1")]
    assert not ids[0] & ids[1]


@every_kind
def test_two_draws_are_equal(function):
    assert text_of(function) == text_of(function)


def test_two_processes_draw_the_same():
    script = "import runpy, sys; t = runpy.run_path(sys.argv[1]); print([t['text_of'](f) for f in t['KINDS']])"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__))],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@every_kind
def test_a_frozen_layout_gives_the_same_picture(function):
    first, figure = draw_frame(function, {}, "p")
    again, _ = draw_frame(function, {}, "p", svg.read_layout(figure))
    assert svg.to_text(again.tree) == svg.to_text(first.tree)


def test_freezing_keeps_the_axes_where_the_first_frame_had_them():
    _, narrow = draw_frame(line, {}, "p")
    _, wide = draw_frame(line, {"label": "two\nlines"}, "p")
    _, frozen = draw_frame(line, {"label": "two\nlines"}, "p", svg.read_layout(narrow))
    places = [figure.axes[0].get_position().bounds for figure in (narrow, wide, frozen)]
    assert places[0] == places[2]
    assert places[0] != places[1]


def test_another_number_of_axes_is_laid_out_anew():
    for one, other in ((line, two_axes), (two_axes, line), (line, grid)):
        _, figure = draw_frame(one, {}, "p")
        anew, _ = draw_frame(other, {}, "p", svg.read_layout(figure))
        assert svg.to_text(anew.tree) == text_of(other)


def test_no_label_is_cut_in_a_figure_that_has_no_layout():
    figure = Figure(figsize=(4, 3))
    figure.subplots().set(ylabel="three\nwhole\nlines", xlabel="below")
    svg.lay_out(figure)
    box = figure.get_tightbbox()
    assert box.x0 >= 0
    assert box.y0 >= 0


def test_text_stays_text():
    texts = [element.text for element in tree_of(line).iter("text")]
    assert {"time < & >", "height", "A title"} <= set(texts)
    assert {"10⁻⁴", "10⁰"} <= {element.text for element in tree_of(logarithm).iter("text")}


def test_ink_and_paper_follow_the_theme_and_colours_do_not():
    text = text_of(line)
    assert "#000000" not in text
    assert "black" not in text
    assert 'stroke="currentColor"' in text
    assert f'stroke="{BLUE}"' in text
    assert tree_of(line).get("fill") == "currentColor"
    assert 'stroke="var(--figure-paper, #fff)"' in text_of(heat)


@every_kind
def test_coordinates_have_two_decimals_at_most(function):
    for element in tree_of(function).iter():
        for name in ("d", "x", "y", "transform"):
            assert not re.search(r"\.\d{3}|-0(?![.\d])", element.get(name, "")), element.attrib


def test_rounding_moves_nothing_by_more_than_half_a_hundredth():
    figure, _ = line()
    svg.lay_out(figure)
    raw = svg.draw_svg(figure)
    tree = svg.normalise(raw, "p")
    number = re.compile(r"-?\d+(?:\.\d+)?")
    before = [number.findall(d) for d in re.findall(r' d="([^"]*)"', raw)]
    after = [number.findall(e.get("d")) for e in tree.iter() if "d" in e.attrib]
    assert max(map(len, after)) >= 60
    for a, b in zip(before, after, strict=True):
        np.testing.assert_allclose(np.array(a, float), np.array(b, float), atol=0.005001)


def test_what_is_rounded_to_nothing_has_no_sign():
    source = '<svg viewBox="0 0 9 9"><path d="M -0.001 0.004 L 1.50 -0.01" transform="rotate(-0.001 3.0 4.0)"/></svg>'
    (path,) = svg.normalise(source, "p")
    assert path.attrib == {"d": "M 0 0 L 1.5 -0.01"}


def test_a_turned_label_keeps_its_turn_and_a_level_one_has_none():
    turns = {e.text: e.get("transform") for e in tree_of(line).iter("text")}
    assert "rotate(-90" in turns["height"]
    assert turns["A title"] is None


def test_a_screen_reader_hears_the_sentence_not_the_svg():
    assert tree_of(line).get("aria-hidden") == "true"


def test_the_paper_is_transparent_and_the_figure_stays_as_it_was():
    figure = Figure(facecolor="#123456")
    figure.subplots()
    canvas, paper = figure.canvas, figure.get_facecolor()
    assert "#123456" not in svg.draw_svg(figure)
    assert (figure.canvas, figure.get_facecolor()) == (canvas, paper)


def test_the_picture_is_the_one_that_savefig_draws():
    for function in KINDS:
        figure, _ = function()
        svg.lay_out(figure)
        buffer = io.StringIO()
        with matplotlib.rc_context(RC):
            figure.savefig(buffer, format="svg", facecolor="none")
        ours, theirs = (svg.to_text(svg.normalise(text, "p")) for text in (svg.draw_svg(figure), buffer.getvalue()))
        assert ours == theirs


def test_the_png_has_its_caption_below_the_figure():
    figure, sentence = line()
    svg.lay_out(figure)
    bare, captioned = (Image.open(io.BytesIO(svg.draw_png(figure, text))) for text in ("", sentence))
    assert captioned.height > bare.height + 10
    strip = np.asarray(captioned.convert("L"))[bare.height :]
    assert strip.min() < 100, "the caption is dark on white"
    assert captioned.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_png_leaves_the_figure_as_it_was():
    figure, _ = line()
    svg.lay_out(figure)
    before = svg.draw_svg(figure)
    assert svg.draw_png(figure, "x") == svg.draw_png(figure, "x")
    assert svg.draw_svg(figure) == before
