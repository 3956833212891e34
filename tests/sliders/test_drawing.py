"""Every frame of a grid: in order, in processes or not, and with an error that says where it arose."""

import itertools
import os
import threading

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from helpers.figures.style import new_figure
from helpers.sliders import processes, svg
from helpers.sliders.drawing import draw_frame, draw_frames, figure_and_sentence
from helpers.sliders.theme import RC, WIDTH

GRID = [{"n": n, "up": up} for n, up in itertools.product(range(1, 7), (False, True))]


def waves(n, up):
    figure, axes = new_figure()
    axes.plot(np.sin(np.arange(20) * n) + up, label=f"{n} waves")
    axes.set_ylabel("two\nlines" if up else "one")
    axes.legend(loc="upper right")
    return figure, f"{n} waves, {'up' if up else 'down'}."


def box(picture, which=0):
    """Where axes are, by the rectangle that cuts what they show: x, y, width, height."""
    cut = picture.tree.findall(".//clipPath/rect")[which]
    return tuple(float(cut.get(name)) for name in ("x", "y", "width", "height"))


def texts(pictures):
    return [(svg.to_text(picture.tree), picture.sentence) for picture in pictures]


@pytest.mark.parametrize("start", [0, 5, 11])
def test_processes_draw_what_one_draws(start):
    serial, parallel = (draw_frames(waves, GRID, start, "p", processes=n) for n in (1, 2))
    assert texts(serial) == texts(parallel)


@pytest.mark.parametrize("processes", [1, 2])
def test_frames_come_in_the_order_of_the_grid(processes):
    pictures = draw_frames(waves, GRID, 3, "p", processes)
    assert [p.sentence for p in pictures] == [f"{v['n']} waves, {'up' if v['up'] else 'down'}." for v in GRID]
    for picture, values in zip(pictures, GRID, strict=True):
        assert f"{values['n']} waves" in [e.text for e in picture.tree.iter("text")]


@pytest.mark.parametrize("start", [0, 1])
def test_every_frame_has_one_layout_whichever_is_shown_first(start):
    pictures = draw_frames(waves, GRID, start, "p", processes=1)
    assert len({box(picture) for picture in pictures}) == 1
    x, _, width, _ = box(pictures[0])
    assert (x, width) == box(draw_frame(waves, {"n": 1, "up": True}, "p")[0])[::2], "the frame with the widest label"


def test_a_function_that_cannot_be_pickled_is_drawn_in_processes():
    shift, lock = 3.0, threading.Lock()

    def local(n, up):
        with lock:
            return waves(n + shift, up)

    parallel = draw_frames(lambda **values: local(**values), GRID, 0, "p", processes=2)
    assert texts(parallel) == texts(draw_frames(local, GRID, 0, "p", processes=1))


def test_the_frames_are_drawn_in_other_processes():
    def where(n, up):
        return waves(n, up)[0], f"{os.getpid()}"

    drawn = {picture.sentence for picture in draw_frames(where, GRID, 0, "p", processes=2)[1:]}
    assert str(os.getpid()) not in drawn


def test_torch_with_threads_in_the_parent_does_not_hang_the_workers():
    x = torch.ones(300, 300)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        (x @ x).tanh().sum()

        def with_torch(n, up):
            return waves(n, up)[0], f"{(x @ x).tanh().sum():.0f} on {torch.get_num_threads()} thread"

        pictures = draw_frames(with_torch, GRID, 0, "p", processes=2)
    finally:
        torch.set_num_threads(before)
    assert {p.sentence for p in pictures[1:]} == {"90000 on 1 thread"}


def test_a_worker_that_dies_is_an_error_and_no_endless_wait():
    parent = os.getpid()

    def deadly(n, up):
        if n == 4 and os.getpid() != parent:
            os._exit(1)
        return waves(n, up)

    with pytest.raises(
        RuntimeError, match=r"draws deadly was killed, .* drew .*deadly\(n=4, up=(False|True)\)"
    ) as died:
        draw_frames(deadly, GRID, 0, "p", processes=2)
    assert str(died.value).count("deadly(") <= 2, "what was done before is not named"


@pytest.mark.parametrize("processes", [1, 2])
def test_a_function_that_raises_says_for_which_values(processes):
    def shy(n, up):
        if n == 4 and up:
            raise ZeroDivisionError("no 4")
        return waves(n, up)

    with pytest.raises(RuntimeError, match=r"shy\(n=4, up=True\) raised ZeroDivisionError: no 4") as raised:
        draw_frames(shy, GRID, 0, "p", processes)
    assert str(raised.value).startswith("shy(n=4, up=True)"), "not in a note only"
    told = "".join(getattr(raised.value, "__notes__", [])) + repr(raised.value.__cause__)
    assert "ZeroDivisionError" in told


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "must return a Matplotlib figure and one sentence, not NoneType"),
        (new_figure()[0], "must return a Matplotlib figure and one sentence, not Figure"),
        (("figure", "A sentence."), "must return a Matplotlib Figure first, not str"),
        ((new_figure()[0], ""), "must return a sentence that says what is to be seen, not ''"),
        ((new_figure()[0], "  "), "must return a sentence"),
        ((new_figure()[0], None), "must return a sentence that says what is to be seen, not None"),
        ((new_figure()[0], "One.", "Two."), "one sentence, not tuple"),
        ([new_figure()[0], "A list."], "one sentence, not list"),
        (([], "A sentence."), "must return at least one Matplotlib Figure in its list"),
        (([new_figure()[0], "figure"], "A sentence."), "must return a list of Matplotlib Figures first, not of str"),
    ],
)
def test_what_a_function_must_return(returned, message, processes):
    def wrong(n, up):
        return waves(n, up) if n < 3 else returned

    with pytest.raises(ValueError, match=r"wrong\(n=3, up=False\) .*" + message):
        draw_frames(wrong, GRID, 0, "p", processes)


def panels(n, up):
    machine, sentence = waves(n, up)
    tall, axes = new_figure(height=4)
    axes.plot([0, 10 ** (3 * n)])
    axes.ticklabel_format(style="plain")
    return [machine, tall], sentence


@pytest.mark.parametrize("processes", [1, 2])
def test_panels_have_layouts_and_ids_of_their_own(processes):
    pictures = draw_frames(panels, GRID, 3, "p", processes)
    alone = draw_frames(waves, GRID, 3, "p", processes=1)
    for picture, wanted in zip(pictures, alone, strict=True):
        first, second = picture.panels
        assert svg.to_text(first).replace("p-1-", "p-") == svg.to_text(wanted.tree), "the other panel changes nothing"
        ids = [{e.get("id") for e in tree.iter() if "id" in e.attrib} for tree in (first, second)]
        assert ids[0]
        assert not ids[0] & ids[1]
    others = [picture._replace(panels=picture.panels[1:]) for picture in pictures]
    assert len({box(picture) for picture in others}) == 1, "one layout for all frames, with room for the longest label"
    longest = max(len(text.text) for other in others for text in other.tree.iter("text"))
    assert box(others[0])[0] > 0.55 * 9.5 * longest


def test_only_a_panel_that_needs_more_room_is_drawn_again(monkeypatch):
    def steady_beside(n, up):
        steady, axes = new_figure(height=2)
        axes.set_title(f"{n}")
        return [steady, panels(n, up)[0][1]], f"{n}."

    heights, draw_svg = [], svg.draw_svg
    monkeypatch.setattr(svg, "draw_svg", lambda figure: heights.append(figure.get_figheight()) or draw_svg(figure))
    pictures = draw_frames(steady_beside, GRID, 3, "p", processes=1)
    once = len(GRID) + 1  # the frame that is shown first is drawn twice
    assert [heights.count(height) for height in (2, 4)] == [once, once + len(GRID)]
    assert all(f"{values['n']}" in picture.tree.itertext() for values, picture in zip(GRID, pictures, strict=True))


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("more", [[], [1, 2]])
def test_every_frame_has_the_same_number_of_panels(more, processes):
    def some(n, up):
        figures, sentence = panels(n, up)
        return (figures if n < 6 else [figures[0], *(new_figure()[0] for _ in more)]), sentence

    message = rf"some\(n=6, up=False\) returns {1 + len(more)} figures, and some\(n=1, up=False\) returns 2"
    with pytest.raises(ValueError, match=message):
        draw_frames(some, GRID, 0, "p", processes)


def test_one_figure_in_a_list_is_that_figure():
    (listed,) = draw_frames(lambda n, up: ([waves(n, up)[0]], "A."), GRID[:1], 0, "p")
    (plain,) = draw_frames(lambda n, up: (waves(n, up)[0], "A."), GRID[:1], 0, "p")
    assert svg.to_text(listed.tree) == svg.to_text(plain.tree)


def test_a_gid_stays_as_what_a_touch_sets_and_other_gids_go():
    def marked(n):
        figure, axes = new_figure()
        axes.set_title("a title", gid="n=2")
        axes.set_xlabel("a label", gid="label")
        return figure, "A sentence."

    tree = draw_frame(marked, {"n": 1}, "p")[0].tree
    groups = [group for group in tree.iter("g") if svg.TOUCH in group.attrib]
    assert [(group.get(svg.TOUCH), group.find("text").text) for group in groups] == [("n=2", "a title")]
    assert not [e for e in tree.iter() if e.get("id") in ("n=2", "label")]


def test_figures_of_pyplot_are_closed():
    def with_pyplot(n, up):
        figure, axes = plt.subplots()
        axes.plot([n, up])
        return figure, "A line."

    draw_frames(with_pyplot, GRID, 0, "p", processes=1)
    assert plt.get_fignums() == []


def test_a_figure_of_the_reader_is_left_open():
    mine = plt.figure()
    try:
        draw_frames(waves, GRID[:2], 0, "p", processes=1)
        assert plt.get_fignums() == [mine.number]
    finally:
        plt.close(mine)


def test_functions_draw_in_the_style_of_the_book_and_leave_the_reader_his_own():
    before = dict(matplotlib.rcParams)

    def plain():
        assert matplotlib.rcParams["lines.linewidth"] == RC["lines.linewidth"]
        return plt.figure(), "Nothing."

    figure, _ = figure_and_sentence(plain, {})
    plt.close(figure)
    assert dict(matplotlib.rcParams) == before


def test_a_figure_of_pyplot_is_legible_on_a_phone_without_a_style_of_ours():
    def plain():
        figure, axes = plt.subplots()
        axes.set(title="a title", xlabel="time")
        return figure, "Nothing."

    figure, _ = figure_and_sentence(plain, {})
    (axes,) = figure.axes
    assert figure.get_figwidth() == WIDTH
    texts = [axes.title, axes.xaxis.label, *axes.get_xticklabels()]
    assert min(text.get_fontsize() for text in texts) * 360 / (72 * WIDTH) > 9  # px where the page is 360 px wide


def test_a_handful_of_frames_is_drawn_here(monkeypatch):
    monkeypatch.setattr(processes, "_forked_pool", lambda _: pytest.fail("no process is worth it for 4 frames"))
    assert len(draw_frames(waves, GRID[:4], 0, "p")) == 4


def shared_generator(wild):
    rng = np.random.default_rng(0)

    def drawn(n, up):
        return new_figure()[0], f"{rng.normal() if wild else n:.3f}"

    return drawn


def test_a_figure_that_draws_from_a_shared_generator_is_an_error():
    message = r"drawn\(n=1, up=False\) draws another picture when it is called again.*random generator"
    with pytest.raises(ValueError, match=message):
        draw_frames(shared_generator(True), GRID, 0, "p", processes=1)
    assert len(draw_frames(shared_generator(False), GRID, 0, "p", processes=1)) == len(GRID)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_control_character_names_its_figure_frame_and_text(processes):
    def titled(n, up):
        figure, axes = new_figure()
        axes.set_title("rate \beta" if n == 3 else "rate")
        return figure, "A sentence."

    with pytest.raises(
        ValueError, match=r"titled\(n=3, up=False\) has the text 'rate \\x08eta' with .* '\\x08'.* r before"
    ):
        draw_frames(titled, GRID, 0, "p", processes)


def test_a_control_character_in_a_sentence_names_its_figure_and_frame():
    with pytest.raises(ValueError, match=r"said\(n=1\) has the sentence 'a\\x07b'"):
        draw_frame(said, {"n": 1}, "p")


def said(n):
    return new_figure()[0], "a\x07b"


@pytest.mark.parametrize("processes", [1, 2])
def test_what_matplotlib_cannot_draw_names_its_figure_and_frame(processes):
    def formula(n, up):
        figure, axes = new_figure()
        axes.set_title(r"$\frac{a}$" if n == 3 else "a")
        return figure, "A sentence."

    with pytest.raises(RuntimeError, match=r"formula\(n=3, up=False\) cannot be drawn, [^$]*frac"):
        draw_frames(formula, GRID, 0, "p", processes)


def test_a_letter_that_no_font_here_has_is_drawn_without_a_word(recwarn):
    def titled(n, up):
        figure, axes = new_figure()
        axes.set_title("\u6ce8\u610f\u529b")
        return figure, "\u6ce8\u610f\u529b"

    picture = draw_frames(titled, GRID[:2], 0, "p", processes=1)[1]
    assert "\u6ce8\u610f\u529b" in [e.text for e in picture.tree.iter("text")]
    assert [str(w.message) for w in recwarn] == []


def test_a_letter_beside_a_formula_that_no_font_here_has_is_named(caplog):
    def titled(n):
        figure, axes = new_figure()
        axes.set_title("\u6ce8 $\\alpha$")
        return figure, "A sentence."

    with pytest.raises(RuntimeError, match=r"titled\(n=1\) cannot be drawn, .*cannot write \u6ce8 beside one"):
        draw_frame(titled, {"n": 1}, "p")
    assert caplog.records == []
