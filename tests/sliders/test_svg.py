"""Matplotlib's SVG, made fit for a page: no style attributes, ids of its own, ink that follows the theme."""

import io
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import CSS4_COLORS, XKCD_COLORS, to_hex
from matplotlib.figure import Figure
from PIL import Image

from helpers.figures.style import BLUE, log_axis, new_figure
from helpers.sliders import layout, svg
from helpers.sliders.drawing import draw_frame
from helpers.sliders.png import draw_png
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


def as_in(figure):
    return {(0, layout.skeleton(figure)): layout.read_layout(figure)}


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
    again, _ = draw_frame(function, {}, "p", as_in(figure))
    assert svg.to_text(again.tree) == svg.to_text(first.tree)


def test_freezing_keeps_the_axes_where_the_first_frame_had_them():
    _, narrow = draw_frame(line, {}, "p")
    _, wide = draw_frame(line, {"label": "two\nlines"}, "p")
    _, frozen = draw_frame(line, {"label": "two\nlines"}, "p", as_in(narrow))
    places = [figure.axes[0].get_position().bounds for figure in (narrow, wide, frozen)]
    assert places[0] == places[2]
    assert places[0] != places[1]


def test_another_number_of_axes_is_laid_out_anew():
    for one, other in ((line, two_axes), (two_axes, line), (line, grid)):
        _, figure = draw_frame(one, {}, "p")
        anew, _ = draw_frame(other, {}, "p", as_in(figure))
        assert svg.to_text(anew.tree) == text_of(other)


def test_no_label_is_cut_in_a_figure_that_has_no_layout():
    figure = Figure(figsize=(4, 3))
    figure.subplots().set(ylabel="three\nwhole\nlines", xlabel="below")
    layout.lay_out(figure)
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
    layout.lay_out(figure)
    raw = svg.draw_svg(figure)
    tree = svg.normalise(raw, "p")
    number = re.compile(r"-?\d+(?:\.\d+)?")
    before = [number.findall(d) for d in re.findall(r' d="([^"]*)"', raw)]
    after = [number.findall(e.get("d")) for e in tree.iter() if "d" in e.attrib]
    assert max(map(len, after)) >= 60
    for a, b in zip(before, after, strict=True):
        np.testing.assert_allclose(np.array(a, float), np.array(b, float), atol=0.005001)


def test_what_is_rounded_to_nothing_has_no_sign():
    path = '<path fill="none" d="M -0.001 0.004 L 1.50 -0.01" transform="rotate(-0.001 3.0 4.0)"/>'
    source = f'<svg viewBox="0 0 9 9">{path}</svg>'
    (path,) = svg.normalise(source, "p")
    assert path.attrib == {"fill": "none", "d": "M 0 0 L 1.5 -0.01"}


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
        layout.lay_out(figure)
        buffer = io.StringIO()
        with matplotlib.rc_context(RC):
            figure.savefig(buffer, format="svg", facecolor="none")
        ours, theirs = (svg.to_text(svg.normalise(text, "p")) for text in (svg.draw_svg(figure), buffer.getvalue()))
        assert ours == theirs


def test_the_png_has_its_caption_below_the_figure():
    figure, sentence = line()
    layout.lay_out(figure)
    bare, captioned = (Image.open(io.BytesIO(draw_png(figure, text))) for text in ("", sentence))
    assert captioned.height > bare.height + 10
    strip = np.asarray(captioned.convert("L"))[bare.height :]
    assert strip.min() < 100, "the caption is dark on white"
    assert captioned.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_png_leaves_the_figure_as_it_was():
    figure, _ = line()
    layout.lay_out(figure)
    before = svg.draw_svg(figure)
    assert draw_png(figure, "x") == draw_png(figure, "x")
    assert svg.draw_svg(figure) == before


@pytest.mark.parametrize("size", [700, 5000])
def test_what_coordinates_are_multiplied_by_is_not_rounded(size):
    def image():
        figure, axes = new_figure()
        axes.imshow(np.eye(size), interpolation="none")
        return figure, "A diagonal."

    figure, _ = image()
    with svg.for_the_page(figure):
        layout.lay_out(figure)
        raw = svg.draw_svg(figure)
    (before,) = re.findall(r"matrix\(([^)]*)\)", raw)
    (after,) = re.findall(r"matrix\(([^)]*)\)", svg.to_text(svg.normalise(raw, "p")))
    before, after = (np.array(re.split(r"[ ,]+", text.strip()), float) for text in (before, after))
    np.testing.assert_allclose(after[:4], before[:4], rtol=1e-4)
    np.testing.assert_allclose(after[4:], before[4:], atol=0.005001)


def test_a_scale_is_not_rounded_and_a_shift_is():
    path = '<path fill="none" d="M 0 0" transform="translate(1.2345 2) scale(0.01234 -0.01)"/>'
    source = f'<svg viewBox="0 0 9 9">{path}</svg>'
    (path,) = svg.normalise(source, "p")
    assert path.get("transform") == "translate(1.23 2) scale(0.01234 -0.01)"


def test_no_colour_map_has_the_colours_of_ink_and_paper():
    shades = np.linspace(0, 1, 1025)
    for name in matplotlib.colormaps:
        colours = {to_hex(colour) for colour in matplotlib.colormaps[name](shades)}
        assert not colours & {INK, PAPER}, name
    assert not {INK, PAPER} & {to_hex(name) for name in (*CSS4_COLORS, *XKCD_COLORS)}


def fills(tree):
    """The fill of every shape as a browser has it."""
    found = []

    def walk(parent, fill):
        for child in parent:
            if child.tag in ("defs", "clipPath"):
                continue
            own = child.get("fill", fill)
            if child.tag in ("path", "use", "text", "rect"):
                found.append((child.tag, own))
            walk(child, own)

    walk(tree, tree.get("fill"))
    return found


def test_black_and_white_of_the_data_stay():
    def grey():
        figure, axes = new_figure()
        axes.pcolormesh(np.array([[0.0, 1.0]]), cmap="gray")
        axes.scatter([0.5, 0.5], [0.3, 0.6], c=["black", "white"])
        axes.bar([1], [1], color="k")
        axes.plot([0, 1], [0, 1], color="black")
        return figure, "Two cells."

    tree = tree_of(grey)
    shapes = [fill for tag, fill in fills(tree) if tag != "text"]
    assert shapes.count("#000000") == 3
    assert shapes.count("#ffffff") == 2
    assert {fill for tag, fill in fills(tree) if tag == "text"} == {"currentColor"}
    assert svg.to_text(tree).count('stroke="#000000"') >= 1


def test_text_spines_and_ticks_are_ink():
    tree = tree_of(line)
    assert {fill for tag, fill in fills(tree) if tag == "text"} == {"currentColor"}
    assert "#000000" not in svg.to_text(tree)
    assert [e.get("fill") for e in tree.iter("text")] == [None] * len(list(tree.iter("text"))), "the root says it"


def test_text_in_black_or_white_by_choice_stays_and_the_box_of_ink_is_paper():
    def cells():
        figure, axes = new_figure()
        axes.text(0.1, 0.1, "on dark", color="white")
        axes.text(0.1, 0.3, "on light", color="black")
        axes.text(0.1, 0.5, "note", bbox={"facecolor": "white"})
        axes.text(0.1, 0.7, "black note", color="black", bbox={"facecolor": "white"})
        axes.plot([0, 1], label="a line")
        axes.legend(frameon=True, facecolor="white")
        return figure, "Texts."

    tree = tree_of(cells)
    parents = {child: parent for parent in tree.iter() for child in parent}
    text = {e.text: e for e in tree.iter("text")}
    assert (text["on dark"].get("fill"), text["on light"].get("fill")) == ("#ffffff", "#000000")
    boxes = {name: parents[text[name]][0][0].get("fill") for name in ("note", "black note")}
    assert boxes == {"note": "var(--figure-paper, #fff)", "black note": "#ffffff"}
    assert parents[parents[text["a line"]]][0][0].get("fill") == "var(--figure-paper, #fff)"


def test_a_table_and_arrows_without_colours_are_ink_on_paper():
    def table():
        figure, axes = new_figure()
        axes.table([["a", "b"]])
        axes.quiver([0, 1], [0, 1], [1, 1], [1, 1])
        return figure, "A table."

    tree = tree_of(table)
    assert "#ffffff" not in svg.to_text(tree)
    assert "#000000" not in svg.to_text(tree)


def test_a_figure_made_elsewhere_has_its_black_text_in_ink_and_its_data_as_they_are():
    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], color="black")
    axes.set(title="a title", xlabel="time")
    axes.set_ylabel("red", color="red")
    assert "currentColor" not in svg.to_text(svg.normalise(svg.draw_svg(figure), "p")).split(">", 1)[1]
    svg.use_ink(figure)
    tree = svg.normalise(svg.draw_svg(figure), "p")
    assert {fill for tag, fill in fills(tree) if tag == "text"} == {"currentColor", "#ff0000"}
    assert svg.to_text(tree).count('stroke="#000000"') == 1


@pytest.mark.parametrize(
    ("family", "written"),
    [
        ("serif", "serif"),
        ("monospace", "monospace"),
        ("sans-serif", None),
        ("DejaVu Sans", None),
        ("DejaVu Sans Mono", "'DejaVu Sans Mono', monospace"),
        ("STIXGeneral", "'STIXGeneral', serif"),
    ],
)
def test_a_text_keeps_the_kind_of_its_font(family, written):
    def text():
        figure, axes = new_figure()
        axes.text(0, 0, "here", family=family)
        return figure, "A text."

    (found,) = [e for e in tree_of(text).iter("text") if e.text == "here"]
    assert found.get("font-family") == written


def corners(path):
    shift = np.array(re.findall(r"-?[\d.]+", path.get("transform", "translate(0 0)")), float)
    numbers = np.array(re.findall(r"-?[\d.]+", path.get("d")), float).reshape(-1, 2)
    return numbers.min(0) + shift, numbers.max(0) + shift


@pytest.mark.parametrize("formula", [r"$\sqrt{x}$", r"$\sqrt{\frac{a}{b}}$", r"$1 + \sqrt{\frac{1}{1 + x^2}}$"])
@pytest.mark.parametrize("fonts", ["dejavusans", "stix", "cm"])
def test_a_root_meets_its_bar(formula, fonts):
    def root():
        figure, axes = new_figure()
        axes.set_title(formula, math_fontfamily=fonts)
        return figure, "A root."

    tree = tree_of(root)
    assert "√" not in "".join(tree.itertext()), "a reader's own font has it elsewhere"
    (group,) = [g for g in tree.iter("g") if g.find("rect") is not None]
    roots = [corners(path) for path in group.findall("path")]
    bars = [[float(bar.get(name)) for name in ("x", "y", "width", "height")] for bar in group.findall("rect")]
    x, y, _, height = min(bars, key=lambda bar: bar[1])  # the uppermost
    (_, top), (right, _) = min(roots, key=lambda box: abs(box[1][0] - x) + abs(box[0][1] - y))
    assert -0.1 < right - x < 0.6
    assert y <= top <= y + height


def test_formulas_in_the_fonts_of_tex_are_outlines():
    def formula():
        figure, axes = new_figure()
        axes.set_title(r"$\alpha_i$", math_fontfamily="cm")
        return figure, "A formula."

    tree = tree_of(formula)
    assert "®" not in "".join(tree.itertext()), "alpha has this code in TeX's font"
    assert (
        sum("fill" not in e.attrib and e.get("transform", "").startswith("translate") for e in tree.iter("path")) == 2
    )


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=c:d", True),
        ("mailto:a@example.org", True),
        ("#figure", True),
        ("other.html", True),
        ("../a/b:c.html", True),
        ("javascript:alert(1)", False),
        (" JavaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("vbscript:x", False),
        ("data:text/html,<script>alert(1)</script>", False),
    ],
)
def test_an_address_that_could_run_something_is_dropped(address, kept):
    def link():
        figure, axes = new_figure()
        axes.text(0, 0, "here", url=address)
        axes.scatter([0], [0], url=None).set_urls([address])
        axes.imshow(np.eye(2))
        return figure, "A link."

    tree = tree_of(link)
    assert [e.get("href") is not None for e in tree.iter("a")] == [kept] * 2
    assert [e.get("href")[:10] for e in tree.iter("image")] == ["data:image"]


@pytest.mark.parametrize("caption", ["It costs $$5.", "$", r"$\frac{$", "a $x$ b"])
def test_a_caption_is_no_formula(caption):
    figure, _ = line()
    layout.lay_out(figure)
    assert draw_png(figure, caption)
    assert figure.texts == []


def test_a_note_does_not_stay_in_a_figure_that_cannot_be_drawn():
    figure, _ = line()
    figure.axes[0].set_title(r"$\frac{a}$")
    with pytest.raises(ValueError, match="frac"):
        draw_png(figure, "A caption.")
    assert figure.texts == []


def test_a_png_names_the_letters_that_it_lacks_and_an_svg_has_them():
    figure, axes = new_figure()
    axes.set(title="\u6ce8\u610f", xlabel="\u610f")
    with pytest.warns(
        UserWarning, match=r"the PNG of attention lacks .*: \u610f \(U\+610F\), \u6ce8 \(U\+6CE8\)"
    ) as caught:
        draw_png(figure, "", name="attention")
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "\u6ce8\u610f" in svg.draw_svg(figure)


def test_other_warnings_of_a_png_are_heard():
    figure, axes = new_figure()
    axes.text(0, 0, "x").draw = lambda *_, **__: warnings.warn("mind this", stacklevel=1)
    with pytest.warns(UserWarning, match="mind this"):
        draw_png(figure)
