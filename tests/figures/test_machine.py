"""Machines: what is written fits, roles are told apart, widths and fills are magnitudes, and faults are found."""

from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.image import imread
from matplotlib.patches import Polygon

from helpers.figures.machine import ROLES, Arrow, Group, Part, Term, Words, draw_machine, short_number
from helpers.figures.machine.drawn_parts import FULL, NEGATIVE, POSITIVE
from helpers.figures.machine.layout import lay_out_machine, route
from helpers.sliders.drawing import draw_frame
from helpers.sliders.png import draw_png
from helpers.sliders.theme import INK, WIDTH

PAGES, INKS = ("#ffffff", "#14181e"), ("#222832", "#ced6dd")  # light and dark
PARTS = [
    Part("c", (0, 0), value=0.5, label="c₁", role="memory"),
    Part("times", (1, 0), "op", label="×"),
    Part("f", (1, 1), "gate", "gate", 0.25, label="f"),
    Part("h", (3, 0), value=-0.9, label="c₂"),
]
ARROWS = [Arrow("c", "times", 0.5), Arrow("f", "times", 0.25), Arrow("times", "h", 1)]


def artists(figure, label):
    return list(figure.findobj(lambda a: a.get_label() == label))


def texts(figure):
    return {text.get_text(): text for text in figure.texts + figure.artists if hasattr(text, "get_text")}


def luminance(colour):
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.914, "0.91"), (-0.0, "0.00"), (-1e-9, "0.00"), (-0.0049, "0.00"), (0.005, "0.01"), (-0.996, "−1.00"),
        (9.996, "10.0"), (12.34, "12.3"), (99.97, "100"), (-1234.4, "−1234"), (99999, "1e5"), (1e6, "1e6"),
        (-3.4e12, "−3e12"), (np.inf, "∞"), (-np.inf, "−∞"), (np.nan, "NaN"), (1e300, "huge"),
    ],
)  # fmt: skip
def test_a_number_is_written_short(value, text):
    assert short_number(value) == text


def test_a_tiny_gradient_keeps_its_size_and_more_decimals_are_kept():
    assert [short_number(v, tiny=True) for v in (-3e-9, 0.004, 0.0, 1e-12, -1e-12)] == [
        "−3e−9", "4e−3", "0.00", "≈0", "≈0"
    ]  # fmt: skip
    assert [short_number(v, decimals=4) for v in (0.76159, -1.94268, 12.3456)] == ["0.7616", "−1.9427", "12.346"]
    assert short_number(1, decimals=0) == "1"


def test_no_number_is_longer_than_its_cell(machine_faults):
    values = np.concatenate([s * 10.0 ** np.arange(-320, 308) * m for s in (1, -1) for m in (1, 9.4, 9.96, 9.9999)])
    assert max(len(short_number(value)) for value in values) <= 6
    assert max(len(short_number(value, tiny=True)) for value in values) <= 6
    for value in (-9.96e-10, -9.99, -99.9, -1234, -9.4e9, -3e-9):
        figure = draw_machine([Part("c", (0, 0), value=value, back=value)], [], now=("c",))
        assert machine_faults(figure) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_role_is_seen_on_the_page(page):
    for role, colour in ROLES.items():
        assert colour == INK or contrast(colour, page) >= 3, role  # ink follows the page


@pytest.mark.parametrize(("page", "ink"), [*zip(PAGES, INKS, strict=True)])
def test_ink_is_read_on_every_fill(page, ink):
    for colour, alpha in [(POSITIVE, FULL), (NEGATIVE, FULL), (ROLES["back"], 0.2), (ROLES["gate"], 0.45)]:
        mixed = alpha * np.array(to_rgb(colour)) + (1 - alpha) * np.array(to_rgb(page))
        assert contrast(mixed, ink) >= 4.5, colour


# Machado, Oliveira, Fernandes 2009, of linear RGB: no red cones, no green cones.
SEEN_WITH = {
    "all": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
}


def lab(colour, cones):
    rgb = np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(np.array(cones) @ rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("cones", SEEN_WITH)
def test_roles_are_told_apart_without_some_cones(cones):
    for one, other in combinations(sorted({*ROLES.values()}), 2):
        assert np.linalg.norm(lab(one, SEEN_WITH[cones]) - lab(other, SEEN_WITH[cones])) >= 9, (one, other)
    assert np.linalg.norm(lab(POSITIVE, SEEN_WITH[cones]) - lab(NEGATIVE, SEEN_WITH[cones])) > 40


def test_an_arrow_is_as_wide_as_its_size():
    figure = draw_machine(PARTS, [ARROWS[0]._replace(size=0.0), *ARROWS[1:]])
    names = ("c times", "f times", "times h")
    widths = [artists(figure, f"arrow {name}")[0].get_linewidth() for name in names]
    assert widths[0] < widths[1] < widths[2]
    for size in (5, -1, np.inf, np.nan):
        (arrow,) = artists(draw_machine(PARTS, [ARROWS[2]._replace(size=size)]), "arrow times h")
        assert arrow.get_linewidth() == widths[2]


def test_an_arrow_of_the_way_back_is_turned_and_has_the_second_colour():
    for back in (False, True):
        (head,) = artists(draw_machine(PARTS, [ARROWS[2]._replace(back=back)]), "head arrow times h")
        tip, *base = head.get_xy()[:3]
        assert (tip[0] < min(x for x, _ in base)) == back
        assert (to_hex(head.get_facecolor()) == ROLES["back"]) == back


def test_what_is_computed_now_stands_out():
    figure = draw_machine(PARTS, [*ARROWS, Arrow("h", "f", back=True)], now=("times",))
    frame = {name: artists(figure, f"part {name}")[0].get_linewidth() for name in "cfh"}
    assert artists(figure, "part times")[0].get_linewidth() > max(frame.values())
    assert texts(figure)["×"].get_weight() == "bold" != texts(figure)["0.50"].get_weight()
    colours = [to_hex(artists(figure, f"arrow {n}")[0].get_edgecolor()) for n in ("c times", "times h", "h f")]
    assert colours == [ROLES["memory"], ROLES["plain"], ROLES["back"]]
    lit = draw_machine(PARTS, ARROWS)
    assert to_hex(artists(lit, "arrow times h")[0].get_edgecolor()) == ROLES["state"]


def test_a_cell_is_filled_by_sign_and_size():
    figure = draw_machine([Part("W", (0, 0), value=[[1, -0.5], [0, 4]])], [], scale=2)
    fills = sorted((f.get_alpha(), to_hex(f.get_facecolor())) for f in artists(figure, "fill"))
    expected = [(0.25 * FULL, NEGATIVE), (0.5 * FULL, POSITIVE), (FULL, POSITIVE)]
    assert [(pytest.approx(alpha), colour) for alpha, colour in expected] == fills


def test_a_gate_is_filled_as_far_as_it_is_open():
    for value, share in ((0.25, 0.25), (1.0, 1.0), (7.0, 1.0)):
        figure = draw_machine([Part("f", (0, 0), "gate", "gate", value, label="f")], [])
        (level,) = [a for a in artists(figure, "fill") if isinstance(a, Polygon)]
        y = level.get_xy()[:, 1]
        frame = artists(figure, "part f")[0]
        assert (y.max() - y.min()) / (2 * frame.get_radius()) == pytest.approx(share)
        assert y.min() == pytest.approx(frame.center[1] - frame.get_radius())
    assert artists(draw_machine([Part("f", (0, 0), "gate", value=0.0)], []), "fill") == []


def test_a_bar_is_as_long_as_its_probability():
    part = Part("p", (0, 0), "bars", "output", [0.75, 0.25], names=("a", "dog"))
    long, short = artists(draw_machine([part], []), "fill")
    assert long.get_width() == pytest.approx(3 * short.get_width())


def test_a_value_that_is_not_there_yet_leaves_an_empty_cell():
    figure = draw_machine([Part("c", (0, 0)), Part("W", (1, 0), shape=(2, 3)), Part("f", (3, 0), "gate")], [])
    assert artists(figure, "fill") == []
    assert len(artists(figure, "rule")) == 1 + 2  # between the rows and the columns of W
    assert set(texts(figure)) <= {""}


def test_nothing_moves_when_a_gradient_comes_or_an_equation():
    one, other = (lay_out_machine([Part("c", (0, 0), value=1, back=b), PARTS[2]]) for b in (None, -0.5))
    assert one.boxes["c"][:4] == other.boxes["c"][:4]
    assert one.height == other.height
    heights = {draw_machine(PARTS, ARROWS, equation=e).get_figheight() for e in ("", "c = 1", (Term("c", 1.0),))}
    assert len(heights) == 1


def test_columns_share_the_page_and_corners_and_groups_have_room():
    plain = lay_out_machine(PARTS).boxes
    assert plain["c"].edges[0] == pytest.approx(WIDTH - plain["h"].edges[2])
    assert plain["c"].edges[0] < 0.1
    grouped = lay_out_machine(PARTS, groups=[Group(("c", "times"), pad=0.3)]).boxes
    assert grouped["c"].edges[0] == pytest.approx(plain["c"].edges[0] + 0.3)
    around = Arrow("c", "h", via=((-1, 0), (-1, 1), (3, 1)), label="residual", side="left")
    layout = lay_out_machine(PARTS, [around])
    assert layout.place((-1, 0))[0] > 0.6  # the label stands to the left of it


def test_routes_leave_and_enter_at_the_borders():
    layout = lay_out_machine(PARTS)
    c, f = layout.boxes["c"], layout.boxes["f"]
    across = route(Arrow("c", "f", via="-|", shift=0.1), layout)
    np.testing.assert_allclose(across[1], [f.x + 0.1, c.y])
    assert across[0][0] > c.edges[2] - 1e-9
    assert np.hypot(*(across[2] - [f.x, f.y])) == pytest.approx(f.half_width, abs=0.06)
    down = route(Arrow("c", "f", via="|-"), layout)
    np.testing.assert_allclose(down[1], [c.x, f.y])
    port = route(Arrow("c", "f", leaves="below", enters="left"), layout)
    np.testing.assert_allclose(port[[0, 1], [0, 1]], [c.x, f.y])
    level = route(Arrow("c", "h", shift=0.05), layout)
    np.testing.assert_allclose(level[:, 1], c.y + 0.05)


def test_a_part_that_can_be_touched_has_the_control_on_all_its_artists():
    parts = [PARTS[0]._replace(touch="step=3"), *PARTS[1:]]
    figure = draw_machine(parts, ARROWS, words=Words(("a", "dog"), 1, "word"))
    assert {a.get_gid() for a in figure.findobj() if a.get_gid()} == {"step=3", "word=0", "word=1"}
    assert texts(figure)["0.50"].get_gid() == artists(figure, "part c")[0].get_gid() == "step=3"
    assert texts(figure)["a"].get_gid() == "word=0"


def test_each_term_of_an_equation_stands_over_its_number():
    figure = draw_machine(PARTS, [], equation=(Term("c₉", -0.123, "memory"), "=", Term("f", 0.25, "gate"), "× 2"))
    symbol, number = (texts(figure)[text].get_position() for text in ("c₉", "−0.12"))
    assert symbol[0] == number[0]
    assert symbol[1] > number[1]


def test_the_word_that_is_read_stands_out_and_a_long_sentence_goes_on_below(machine_faults):
    words = ("the", "carpenters") * 7
    figure = draw_machine(PARTS, ARROWS, words=Words(words, 3))
    written = [a for a in figure.artists if hasattr(a, "get_text") and a.get_text() in words]
    assert [w.get_weight() == "bold" for w in written] == [k == 3 for k in range(14)]
    assert len({w.get_position()[1] for w in written}) > 1
    assert machine_faults(figure) == []


@pytest.mark.parametrize(
    ("parts", "arrows", "look", "message"),
    [
        ([*PARTS, PARTS[0]], [], {}, "twice: c"),
        (PARTS, [Arrow("c", "y")], {}, "no part is called y; there are c, times"),
        (PARTS, [], {"now": ("z",)}, "no part is called z"),
        (PARTS, [], {"groups": [Group(("a",))]}, "no part is called a"),
        ([Part("c", (0, 0), "cell")], [], {}, "kind 'cell' of .*'cells'"),
        ([Part("c", (0, 0), role="red")], [], {}, "role 'red'"),
        (PARTS, [Arrow("c", "f", enters="top")], {}, "side 'top'"),
        ([Part("p", (0, 0), "bars", value=[1.0], names=("a", "b"))], [], {}, "1 bars and 2 names"),
        ([Part("t", (0, 0), "text", label="wide " * 20)], [], {}, "wider than the page"),
        (PARTS, [], {"equation": "a + b " * 40}, "room for 2"),
        (PARTS, [], {"equation": [Term("h₁₂₃", 0.5)] * 20}, "too wide"),
    ],
)
def test_what_cannot_be_drawn_is_said(parts, arrows, look, message):
    with pytest.raises(ValueError, match=message):
        draw_machine(parts, arrows, **look)


def cells(*at, **look):
    return [Part(f"p{k}", place, value=0.5, **look) for k, place in enumerate(at)]


@pytest.mark.parametrize(
    ("figure", "fault"),
    [
        (lambda: draw_machine(cells((0, 0), (1, 0), (12, 0)), []), "part p0 meets part p1"),
        (lambda: draw_machine(cells((0, 0), (1, 0), (2, 0)), [Arrow("p0", "p2")]), "runs through part p1"),
        (lambda: draw_machine(cells((0, 0), (0, 1), label="w"), [Arrow("p0", "p1")]), "runs through 'w'"),
        (lambda: draw_machine(cells((0, 0), size=(0.2, 0.2)), []), "crosses the frame of p0"),
        (lambda: draw_machine(cells((0, 0), (0, 2)), [Arrow("p0", "p1", label="far " * 20)]), "leaves the picture"),
    ],
)
def test_faults_are_found(figure, fault, machine_faults):
    assert fault in "\n".join(machine_faults(figure()))


def test_a_machine_is_the_same_each_time():
    def look(value=0.5):
        return draw_machine(PARTS, ARROWS, equation=(Term("c", value), "=", Term("f", 0.2))), "A machine."

    trees = [draw_frame(look, {}, "f")[0].tree for _ in range(2)]
    assert len({str([e.attrib for e in tree.iter()]) for tree in trees}) == 1


def test_the_caption_of_a_png_stands_below_the_machine():
    figure = draw_machine(PARTS, ARROWS, equation="c")
    plain, captioned = (imread(BytesIO(draw_png(figure, caption))) for caption in ("", "one line\nand another"))
    assert len(captioned) > len(plain)
    first, same = ((picture.min(axis=(1, 2)) < 0.5).argmax() for picture in (plain, captioned))  # rows with ink
    assert abs(first - same) <= 1


def test_only_ink_and_paper_follow_the_theme():
    picture, _ = draw_frame(lambda: (draw_machine(PARTS, ARROWS, now=("c",)), "A machine."), {}, "f")
    colours = {e.get(name) for e in picture.tree.iter() for name in ("fill", "stroke")} - {None, "none"}
    assert {c for c in colours if not c.startswith("#")} <= {"currentColor", "var(--figure-paper, #fff)"}
    assert "#000000" not in colours
    assert "#ffffff" not in colours
