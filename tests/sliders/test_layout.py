"""One layout for all frames of a figure: nothing jumps, and no label of any frame is cut."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.figures.style import new_figure
from helpers.sliders import layout, svg
from helpers.sliders.drawing import draw_frames, figure_and_sentence
from helpers.sliders.theme import WIDTH


def whole_numbers(k):
    figure, axes = plt.subplots()
    axes.plot([0, 10 ** (3 * k)])
    axes.ticklabel_format(style="plain")
    return figure, "A line."


def colour_bar(k):
    figure, axes = new_figure()
    figure.colorbar(axes.imshow(np.eye(4) * 10**k), format="%.0f", label="weight")
    return figure, "A diagonal."


def colour_bar_of_pyplot(k):
    figure, axes = plt.subplots(figsize=(WIDTH, 5))
    figure.colorbar(axes.imshow(np.eye(4) * 100**k), format="%.0f")
    return figure, "A diagonal."


def headings(k):
    figure, axes = new_figure(columns=2, height=3)
    figure.suptitle("\n".join(["line"] * (k + 1)))
    if k:
        figure.supxlabel("below")
        figure.supylabel("left\n" * k)
    axes[0].set_ylabel("two\nlines" if k == 1 else "one")
    axes[1].set_xlabel("two\nlines" if k == 2 else "one")
    return figure, "Two frames."


def legend_outside(k):
    figure, axes = new_figure()
    axes.plot([1, 2], label="a" * (1 + 5 * k))
    figure.legend(loc="outside right upper")
    return figure, "A line."


def note_beside(k):
    figure, axes = new_figure()
    axes.text(1.02, 0.5, "1.9427" if k == 2 else "", transform=axes.transAxes)
    return figure, "A note."


def long_names(k):
    figure, axes = new_figure()
    axes.plot([1e6, 2e6])
    axes.ticklabel_format(style="plain")
    axes.set_xlabel("the distance between the two words (in units of their length)" if k else "distance")
    axes.set_title("a title that is nearly as long as the picture is" if k == 1 else "short", loc="right")
    return figure, "A line."


KINDS = [whole_numbers, colour_bar, colour_bar_of_pyplot, headings, legend_outside, note_beside, long_names]
every_kind = pytest.mark.parametrize("function", KINDS, ids=lambda f: f.__name__)
GRID = [{"k": k} for k in range(4)]


def placed_as(function, grid):
    """The figures of a grid as `draw_frames` has them when it draws them, and their pictures."""
    figures = []

    def kept(**values):
        figure, sentence = function(**values)
        figures.append((values, figure))
        return figure, sentence

    pictures = draw_frames(kept, grid, 0, "p", processes=1)
    last = {tuple(values.values()): figure for values, figure in figures}
    if len(figures) > 2 * len(grid):  # all were drawn again: the one laid out for all is not among the last
        last = {tuple(values.values()): figure for values, figure in figures[-len(grid) :]}
    return list(last.values()), pictures


def stands_out(figure):
    """By how many points something of a figure stands out of its picture."""
    with svg.for_the_page(figure):
        box, page = figure.get_tightbbox(), figure.bbox
        inches = np.array([box.min, box.max])
        width, height = page.size / figure.dpi
    return 72 * max(-inches[0].min(), inches[1][0] - width, inches[1][1] - height)


@every_kind
def test_nothing_of_any_frame_is_cut(function):
    figures, _ = placed_as(function, GRID)
    assert len(figures) == len(GRID)
    for figure in figures:
        assert stands_out(figure) <= 0.5


@every_kind
def test_nothing_jumps_between_frames(function):
    _, pictures = placed_as(function, GRID)
    places = {
        tuple((cut.get("x"), cut.get("y"), cut.get("width")) for cut in picture.tree.findall(".//clipPath/rect"))
        for picture in pictures
    }
    assert len(places) == 1


@pytest.mark.parametrize("start", range(4))
def test_whole_numbers_are_whole_whichever_frame_is_shown_first(start):
    for picture in draw_frames(whole_numbers, GRID, start, "p", processes=1):
        for text in picture.tree.iter("text"):
            if text.get("text-anchor") == "end":
                assert float(text.get("x")) > 0.55 * 9.5 * len(text.text), text.text


def test_images_of_other_shapes_keep_their_room():
    def image(wide):
        figure, axes = plt.subplots()
        axes.imshow(np.zeros((3, 12) if wide else (12, 3)))
        return figure, "An image."

    both = [{"wide": True}, {"wide": False}]
    alone = [figure_and_sentence(image, values)[0] for values in both]
    for figure in alone:
        with svg.for_the_page(figure):
            layout.lay_out(figure)
            figure.draw_without_rendering()
    for start in (0, 1):
        pictures = draw_frames(image, both, start, "p", processes=1)
        for picture, figure, long in zip(pictures, alone, ("width", "height"), strict=True):
            cut = picture.tree.find(".//clipPath/rect")
            best = getattr(figure.axes[0].get_position(), long) * 72 * figure.get_size_inches()[int(long == "height")]
            assert float(cut.get(long)) > 0.85 * best


def test_frames_of_another_structure_share_a_layout_of_their_own():
    def panels(k):
        figure, axes = new_figure(columns=1 + k % 2, squeeze=False)
        axes[0, 0].set_ylabel("one\n" * (k + 1))
        return figure, "Panels."

    pictures = draw_frames(panels, [{"k": k} for k in range(6)], 0, "p", processes=1)
    lefts = [picture.tree.find(".//clipPath/rect").get("x") for picture in pictures]
    assert len(set(lefts[::2])) == len(set(lefts[1::2])) == 1


def test_axes_that_the_author_places_stay_where_he_puts_them():
    def moved(k):
        figure = Figure()
        figure.add_axes([0.1 + 0.1 * k, 0.2, 0.5, 0.5])
        return figure, "Axes."

    pictures = draw_frames(moved, GRID, 0, "p", processes=1)
    width = 72 * WIDTH
    lefts = [float(picture.tree.find(".//clipPath/rect").get("x")) for picture in pictures]
    np.testing.assert_allclose(lefts, width * (0.1 + 0.1 * np.arange(4)), atol=0.02)


def test_a_figure_without_axes_in_a_grid_is_laid_out_without_a_warning(recwarn):
    figure = Figure(layout="constrained")
    figure.add_axes([0, 0, 1, 1])
    layout.lay_out(figure)
    assert [str(w.message) for w in recwarn] == []


def test_a_figure_that_never_asks_for_more_is_drawn_once():
    calls = []

    def steady(k):
        calls.append(k)
        figure, axes = new_figure()
        axes.set(ylim=(0, 9), xlim=(0, 9), title=f"{k}")
        return figure, f"{k}"

    draw_frames(steady, GRID, 0, "p", processes=1)
    assert sorted(calls) == [0, 0, 1, 2, 3]


def test_the_joint_room_is_the_largest_of_each():
    one = layout.Room(((1.0, 2.0, 3.0, 4.0), (np.nan,) * 4), {"suptitle": (9, 1)})
    two = layout.Room(((4.0, 1.0, -3.0, 5.0), (np.nan,) * 4), {"suptitle": (1, 2), "legend 0": (3, 3)})
    joint = layout.joint_room([one, two])
    assert joint.axes[0] == (4, 2, 3, 5)
    assert np.isnan(joint.axes[1]).all()
    assert joint.outside == {"suptitle": (9, 2), "legend 0": (3, 3)}
    assert layout.has_room(joint, one)
    assert layout.has_room(joint, two)
    assert not layout.has_room(one, joint)
    assert not layout.has_room(two, joint)


def test_ticks_that_are_found_once_are_those_that_are_found_each_time():
    for function in KINDS:
        figure, _ = figure_and_sentence(function, {"k": 2})
        with svg.for_the_page(figure):
            layout.lay_out(figure)
            each_time = svg.draw_svg(figure)
            with layout.fixed_ticks(figure):
                layout.read_room(figure)
                assert svg.draw_svg(figure) == each_time
        assert not any("_update_ticks" in vars(axes.yaxis) for axes in figure.axes)


def test_figures_in_figures_have_layouts_of_their_own():
    def nested(k):
        figure = Figure(layout="constrained")
        left, right = figure.subfigures(1, 2)
        left.subplots().set_ylabel("one\n" * (k + 1))
        right.subplots(1 + k)
        return figure, "Panels."

    pictures = draw_frames(nested, GRID, 0, "p", processes=1)
    assert ["".join(picture.tree.itertext()).count("one") for picture in pictures] == [1, 2, 3, 4]
