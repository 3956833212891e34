"""Panels, play, touch, text, rows and the address of figures in a built book: from a file, without a kernel."""

import itertools
import mimetypes
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.sliders.in_page import IN_PAGE

EXTENSIONS = "extra_extensions: [helpers.sliders]"
CONFIG = f"title: Any book\nonly_build_toc_files: true\nexecute:\n  timeout: 600\nsphinx:\n  {EXTENSIONS}\n"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"
ORIGIN = "http://book.test/"
# Also the theme's, on every page of any book.
NOT_OURS = ("THEBE_JS_URL", "Got invalid theme mode", "Changed to", "[togglebutton]")
LAST = 8  # step of `reading`
READING = f"""
import matplotlib.pyplot as plt
from helpers.sliders import Play, interact

@interact(step=Play(0, {LAST}, per_second=4), gate=["nothing", "open", "shut"])
def reading(step=0, gate="nothing", noted=False):
    machine, axes = plt.subplots()
    axes.set(xlim=(0, {LAST}), ylim=(0, 3), title=f"step {{step}}")
    for k in range({LAST} + 1):
        axes.text(k, 2, f"w{{k}}", gid=f"step={{k}}")
    axes.text(4, 1, f"the valve is {{gate}}", gid="gate=shut" if gate == "open" else "gate=open")
    if noted:
        axes.plot([0, step], [0.5, 0.5], marker="o")
        axes.text(1, 0.2, "a note that goes away", gid="noted=off")
    memory, axes = plt.subplots(figsize=(4.8, 3.4))
    axes.plot([{{"open": 1, "shut": 0}}.get(gate, 0.5)] * 2)
    return [machine, memory], f"At step {{step}} the gate is {{gate}}{{', noted' if noted else ''}}."
"""
TALL = """
@interact(learning_rate=(0.0, 0.4, 0.1), size=(1, 3))
def tall(learning_rate=0.2, size=2):
    figure, axes = plt.subplots(figsize=(4.8, 7))
    axes.plot([0, size], [0, learning_rate])
    return figure, f"The size is {size}, and the rate {learning_rate:.1f}."
"""
SAID = """
@interact(static={"text": ["the dog sleeps", "the cats that the dog chased sleep & dream"]})
def said(text="the dog sleeps"):
    figure, axes = plt.subplots()
    axes.set_title(text)
    return figure, f"It reads: {text}."

interact(said, static={"text": ["the dog sleeps", "words"]})
"""
HEARD = """
import numpy as np
from helpers.data.waves import wav_bytes

@interact(time=Play(0, 12, sound=wav_bytes(0.1 * np.sin(np.arange(9600) / 8), 8000)))
def heard(time=0):
    figure, axes = plt.subplots()
    axes.set_title(f"at {time}")
    return figure, f"At {time} of 12 a tone is heard."
"""
WORDS = "\n\n".join(["Some words of text that stand between two figures. " * 6] * 12)


@pytest.fixture(scope="module")
def page_path(tmp_path_factory):
    """The built page of a book of one notebook."""
    book = tmp_path_factory.mktemp("moving")
    cells = [
        new_markdown_cell("# Moving"),
        new_code_cell(READING),
        new_markdown_cell(f"## Reading\n\n{WORDS}"),
        new_code_cell(TALL),
        new_markdown_cell(WORDS),
        new_code_cell(SAID),
        new_markdown_cell(WORDS),
        new_code_cell(HEARD),
        new_markdown_cell(WORDS),
    ]
    nbformat.write(new_notebook(cells=cells), book / "moving.ipynb")
    (book / "_toc.yml").write_text("format: jb-book\nroot: moving\n", encoding="utf-8")
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n", "--keep-going"]
    environment = {key: value for key, value in os.environ.items() if key != IN_PAGE}
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return book / "_build" / "html" / "moving.html"


@pytest.fixture
def open_page(browser, page_path):
    """Open the page from its file in a window; nothing may be asked of other places, and nothing complained of."""
    contexts, faults = [], []

    def listen(message):
        if not any(fault in message.text for fault in NOT_OURS):
            faults.append(message.text)

    def open_one(address="", size=(1366, 650), finger=False, clock=False, **options):
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, offline=True, has_touch=finger, is_mobile=finger, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if clock:
            page.clock.install(time=0)
        page.on("console", listen)
        page.on("pageerror", lambda error: listen(type("Error", (), {"text": str(error)})))
        page.goto(page_path.as_uri() + address)
        if clock:
            page.clock.pause_at(100_000)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


def figure_named(page, name):
    return page.locator(f"#figure-{name}")


def sentence(figure):
    return figure.locator("figcaption").inner_text()


def state(figure):
    """What the controls say: the place of a slider, the text of a menu, whether a box is checked."""
    return figure.evaluate(
        """figure => [...figure.querySelectorAll("input, select")].map((each) =>
             each.type === "checkbox" ? each.checked : each.type === "range" ? Number(each.value)
             : each.selectedOptions[0].text)"""
    )


def box(locator):
    found = locator.bounding_box()
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


# Panels


@pytest.mark.parametrize(
    ("size", "beside"),
    [((1440, 900), True), ((1366, 650), True), ((1280, 720), True), ((768, 900), True), ((360, 640), False)],
)
def test_panels_stand_side_by_side_where_there_is_room(open_page, size, beside):
    figure = figure_named(open_page(size=size), "reading")
    first, second = (box(figure.locator(".interact-panel").nth(i)) for i in range(2))
    if beside:
        assert first[1] == second[1]
        assert first[2] < second[0]
    else:
        assert first[3] < second[1]
        assert first[0] == second[0]
    left, _, right, _ = box(figure)
    assert left <= first[0]
    assert second[2] <= right + 1
    # No text is smaller than on a phone.
    scales = figure.evaluate(
        """figure => [...figure.querySelectorAll(".interact-panel > svg")]
             .map((svg) => svg.clientWidth / svg.viewBox.baseVal.width)"""
    )
    assert abs(scales[0] - scales[1]) < 0.01
    assert scales[0] >= 0.94


def test_a_control_moves_each_panel_that_depends_on_it(open_page):
    figure = figure_named(open_page(), "reading")
    first, second = (figure.locator(".interact-panel").nth(i) for i in range(2))
    before = first.inner_html(), second.inner_html()
    figure.get_by_role("slider").press("ArrowRight")
    assert first.inner_html() != before[0]
    assert second.inner_html() == before[1]
    figure.get_by_role("combobox").select_option("open")
    assert second.inner_html() != before[1]
    figure.get_by_role("button", name="Reset").click()
    assert (first.inner_html(), second.inner_html()) == before


def test_a_screen_reader_meets_one_picture(open_page):
    figure = figure_named(open_page(), "reading")
    pictures = figure.get_by_role("img")
    assert pictures.count() == 1
    assert pictures.get_attribute("aria-labelledby") == figure.locator("figcaption").get_attribute("id")


# Play


def start(page, figure):
    figure.scroll_into_view_if_needed()
    figure.get_by_role("button", name="Play").click()


def test_it_plays_each_step_stops_at_the_end_and_begins_again(open_page):
    page = open_page(clock=True)
    figure = figure_named(page, "reading")
    assert state(figure)[0] == 0
    start(page, figure)
    seen = [state(figure)[0]]
    while figure.get_by_role("button", name="Pause").count():
        page.clock.run_for(250)
        seen.append(state(figure)[0])
        assert sentence(figure) == f"At step {seen[-1]} the gate is nothing."
        assert len(seen) < 2 * LAST
    assert seen == list(range(1, LAST + 1))
    page.clock.run_for(5_000)
    assert state(figure)[0] == LAST, "it stops at the end"
    figure.get_by_role("button", name="Play").click()
    assert state(figure)[0] == 0
    page.clock.run_for(250)
    assert state(figure)[0] == 1


def press_thumb(page, slider, place):
    left, top, right, bottom = box(slider)
    page.mouse.move(left + 8 + place / LAST * (right - left - 16), (top + bottom) / 2)
    page.mouse.down()
    assert slider.input_value() == f"{place}"


STOPS = {
    "pause": lambda page, figure: figure.get_by_role("button", name="Pause").click(),
    "a key on the slider": lambda page, figure: figure.get_by_role("slider").press("Home"),
    "a press on the slider": lambda page, figure: figure.get_by_role("slider").click(),
    "a press on its thumb": lambda page, figure: press_thumb(page, figure.get_by_role("slider"), 2),
    "a step": lambda page, figure: figure.get_by_role("button", name="One step back").click(),
    "another control": lambda page, figure: figure.get_by_role("combobox").select_option("open"),
    "a box": lambda page, figure: figure.get_by_role("checkbox").check(),
    "a touch": lambda page, figure: figure.get_by_text("w3", exact=True).click(),
    "reset": lambda page, figure: figure.get_by_role("button", name="Reset").click(),
    "paper": lambda page, figure: page.evaluate("dispatchEvent(new Event('beforeprint'))"),
    "another tab": lambda page, figure: page.evaluate("document.dispatchEvent(new Event('visibilitychange'))"),
    "the end of the page": lambda page, figure: page.evaluate("scrollTo(0, document.body.scrollHeight)"),
}


@pytest.mark.parametrize("way", STOPS)
def test_it_stops_when_the_reader_does_something_else(open_page, way):
    page = open_page(clock=True)
    figure = figure_named(page, "reading")
    start(page, figure)
    page.clock.run_for(250)
    assert state(figure)[0] == 2
    STOPS[way](page, figure)
    figure.get_by_role("button", name="Play").wait_for(state="attached")
    stopped = state(figure)[0]
    page.clock.run_for(2_000)
    assert state(figure)[0] == stopped


def test_steps_go_back_and_on_and_not_beyond_the_ends(open_page):
    figure = figure_named(open_page(), "reading")
    back, on = (figure.get_by_role("button", name=f"One step {way}") for way in ("back", "on"))
    back.click()
    assert state(figure)[0] == 0
    on.click()
    on.click()
    back.click()
    assert (state(figure)[0], sentence(figure)) == (1, "At step 1 the gate is nothing.")
    figure.get_by_role("slider").press("End")
    on.click()
    assert state(figure)[0] == LAST


def test_the_keyboard_plays_and_pauses(open_page):
    page = open_page(clock=True)
    figure = figure_named(page, "reading")
    figure.get_by_role("button", name="Play").focus()
    page.keyboard.press("Space")
    page.clock.run_for(250)
    assert state(figure)[0] == 2
    page.keyboard.press("Enter")
    page.clock.run_for(1_000)
    assert state(figure)[0] == 2
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert state(figure)[0] == 3


def test_who_wants_no_motion_gets_one_step_for_each_press(open_page):
    page = open_page(clock=True, reduced_motion="reduce")
    figure = figure_named(page, "reading")
    run = figure.get_by_role("button", name="Play one step")
    assert "less motion" in run.get_attribute("title")
    for step in (1, 2):
        run.click()
        page.clock.run_for(3_000)
        assert state(figure)[0] == step


def test_the_sentence_is_read_aloud_only_when_it_stands_still(open_page):
    page = open_page(clock=True)
    figure = figure_named(page, "reading")
    news = figure.locator(".interact-news")
    start(page, figure)
    for _ in range(4):
        page.clock.run_for(250)
        assert news.text_content() == ""
    figure.get_by_role("button", name="Pause").click()
    page.clock.run_for(600)
    assert news.text_content() == sentence(figure)


# Sound, 1.2 s of it over 12 steps: the browser plays it, and no clock of the test's makes it go faster


def listen_to(page):
    figure = figure_named(page, "heard")
    figure.scroll_into_view_if_needed()
    figure.evaluate(
        """figure => {
             window.seen = [];
             const said = figure.querySelector("figcaption"), audio = figure.querySelector("audio");
             new MutationObserver(() => seen.push([Number(said.textContent.match(/\\d+/)[0]), audio.currentTime]))
               .observe(said, {childList: true});
           }"""
    )
    figure.get_by_role("button", name="Listen", exact=True).click()
    return figure


def wait_for_the_end(figure):
    figure.get_by_role("button", name="Listen", exact=True).wait_for()
    return figure.page.evaluate("seen")


def test_the_control_follows_the_sound(open_page):
    figure = listen_to(open_page())
    seen = wait_for_the_end(figure)
    steps = [step for step, _ in seen]
    assert steps == sorted(set(steps))
    assert len(steps) > 1, "a busy machine may leave out some"
    assert steps[-1] == state(figure)[0] == 12
    assert all(-0.15 <= time - step / 10 <= 0.3 for step, time in seen[:-1])
    assert figure.locator("audio").evaluate("audio => audio.ended")


def test_the_sound_follows_the_control_and_begins_again_after_its_end(open_page):
    page = open_page()
    figure = figure_named(page, "heard")
    figure.get_by_role("slider").press("End")
    figure.get_by_role("slider").press("ArrowLeft")
    figure.get_by_role("slider").press("ArrowLeft")
    listen_to(page)
    assert min(time for _, time in wait_for_the_end(figure)) >= 0.99
    listen_to(page)
    assert wait_for_the_end(figure)[0][0] <= 2


@pytest.mark.parametrize("way", ["a key on the slider", "a step", "reset", "another tab", "Stop listening"])
def test_the_sound_stops_when_the_reader_does_something_else(open_page, way):
    page = open_page()
    figure = listen_to(page)
    page.wait_for_function("seen.length > 1")
    if way in STOPS:
        STOPS[way](page, figure)
    else:
        figure.get_by_role("button", name=way).press("Enter")
    figure.get_by_role("button", name="Listen", exact=True).wait_for()
    assert figure.locator("audio").evaluate("audio => audio.paused && !audio.ended")
    stopped = state(figure)[0]
    page.wait_for_timeout(400)
    assert state(figure)[0] == stopped
    start(page, figure)  # in silence
    page.wait_for_timeout(300)
    assert figure.locator("audio").evaluate("audio => audio.paused")


@pytest.mark.parametrize("fault", ["return Promise.reject(new Error('no'))", "return new Promise(() => {})"])
def test_where_no_sound_comes_the_control_moves_by_its_own_clock(open_page, fault):
    page = open_page()
    page.evaluate(f"() => {{ HTMLMediaElement.prototype.play = function () {{ {fault}; }}; }}")
    figure = listen_to(page)
    seen = [step for step, _ in wait_for_the_end(figure)]
    assert seen == sorted(set(seen))
    assert len(seen) > 1
    assert seen[-1] == 12


def test_who_wants_no_motion_hears_the_sound_and_then_sees_its_end(open_page):
    page = open_page(reduced_motion="reduce")
    figure = listen_to(page)
    assert [step for step, _ in wait_for_the_end(figure)] == [12]
    listen_to(page)
    page.wait_for_function("document.querySelector('audio').currentTime > 0.4")
    figure.get_by_role("slider").press("Home")
    figure.get_by_role("button", name="Listen", exact=True).wait_for()
    assert state(figure)[0] == 0, "what the reader chose stays"


# One control a row


@pytest.mark.parametrize("size", [(1366, 650), (360, 640)])
def test_each_control_has_a_row_of_its_own(open_page, size):
    page = open_page(size=size, finger=size[0] < 500)
    for name in ("reading", "tall"):
        figure = figure_named(page, name)
        figure.scroll_into_view_if_needed()
        around = box(figure.locator(".interact-controls"))
        labels = [box(label) for label in figure.locator(".interact-controls label").all()]
        moved = [box(each) for each in figure.locator("input, select").all()]
        assert len({label[0] for label in labels}) == 1, "the labels are one column"
        for label, control in zip(labels, moved, strict=True):
            assert label[2] < control[0], "the label is on the left"
            assert control[2] <= around[2]
        for one, other in itertools.pairwise(moved):
            assert one[3] <= other[1] + 1, "one control a row"
        for slider, value in zip(figure.get_by_role("slider").all(), figure.locator("output").all(), strict=True):
            assert box(slider)[2] <= box(value)[0]
            assert slider.bounding_box()["width"] > 100
        reset = box(figure.get_by_role("button", name="Reset"))
        assert around[2] - reset[2] < 16
        assert reset[1] - around[1] < 16
        assert figure.get_by_role("button", name="Reset").get_attribute("title") == "Reset"


@pytest.mark.parametrize("finger", [False, True])
def test_buttons_are_big_enough(open_page, finger):
    page = open_page(size=(360, 640) if finger else (1366, 650), finger=finger)
    for button in page.locator("figure button").all():
        size = button.bounding_box()
        assert min(size["width"], size["height"]) >= (36 if finger else 30)


# What stays in view


def test_a_figure_fits_a_small_laptop(open_page):
    page = open_page(size=(1366, 650))
    figure = figure_named(page, "reading")
    assert figure.bounding_box()["height"] <= 650 - page.locator(".bd-header-article").bounding_box()["height"]
    assert figure.locator("[data-stays]").count() == 0


TOP_OF = """element => {
  const {left, top, width, height} = element.getBoundingClientRect();
  const points = [0.1, 0.5, 0.9].map((share) => [left + width / 2, top + share * height]);
  return points.map(([x, y]) => y < 0 || y >= innerHeight || element.contains(document.elementFromPoint(x, y)));
}"""


@pytest.mark.parametrize("size", [(1366, 650), (1024, 600), (360, 640)])
def test_controls_and_sentence_of_a_high_figure_stay_in_view(open_page, size):
    page = open_page(size=size, finger=size[0] < 500)
    figure = figure_named(page, "tall")
    controls, said = figure.locator(".interact-controls"), figure.locator("figcaption")
    header = page.locator(".bd-header-article").bounding_box()["height"]
    assert figure.bounding_box()["height"] > size[1] - header
    top = figure.evaluate("figure => figure.getBoundingClientRect().top + scrollY")
    height = figure.bounding_box()["height"]
    for share in (0.1, 0.25):
        page.evaluate("y => scrollTo(0, y)", top + share * height - header)
        assert abs(box(controls)[1] - header) <= 1
        assert box(said)[3] <= size[1] + 1
        assert box(controls)[3] < box(said)[1]
        assert all(controls.evaluate(TOP_OF)), "nothing covers the controls"
        assert all(said.evaluate(TOP_OF)), "nothing covers the sentence"
    covered = controls.bounding_box()["height"] + said.bounding_box()["height"]
    assert covered <= 0.4 * size[1]
    figure.get_by_role("slider").last.press("End")
    assert sentence(figure).startswith("The size is 3")


def test_the_sentence_does_not_cover_the_controls_when_the_figure_comes(open_page):
    page = open_page()
    figure = figure_named(page, "tall")
    controls = figure.locator(".interact-controls")
    top = figure.evaluate("figure => figure.getBoundingClientRect().top + scrollY")
    for seen in (60, 90, 120, 180):
        page.evaluate("y => scrollTo(0, y)", top + seen - 650)
        assert all(controls.evaluate(TOP_OF))


def test_neither_covers_the_other_when_the_figure_goes(open_page):
    page = open_page()
    figure = figure_named(page, "tall")
    controls, said = figure.locator(".interact-controls"), figure.locator("figcaption")
    bottom = figure.evaluate("figure => figure.getBoundingClientRect().bottom + scrollY")
    for left in (300, 150, 80):
        page.evaluate("y => scrollTo(0, y)", bottom - left - 48)
        assert box(controls)[3] <= box(said)[1] + 1
        assert all(said.evaluate(TOP_OF))


def test_what_would_cover_too_much_does_not_stay(open_page):
    page = open_page(size=(700, 300))
    figure = figure_named(page, "tall")
    assert figure.locator("figcaption[data-stays]").count() == 0
    page.set_viewport_size({"width": 700, "height": 640})
    figure.locator("figcaption[data-stays]").wait_for(state="attached")


def test_paper_shows_no_control_and_nothing_that_stays(open_page):
    page = open_page()
    page.emulate_media(media="print")
    for figure in page.locator("figure.interact").all():
        assert figure.locator("button:visible, input:visible, select:visible").count() == 0
        assert figure.locator("svg:visible").count() > 0
        assert figure.locator("figcaption").evaluate("each => getComputedStyle(each).position") != "sticky"


# Touch


def test_a_click_on_an_artist_sets_its_control(open_page):
    figure = figure_named(open_page(), "reading")
    figure.get_by_text("w5", exact=True).click()
    assert state(figure) == [5, "nothing", False]
    assert sentence(figure) == "At step 5 the gate is nothing."
    for valve in ("open", "shut", "open"):  # the target itself changes from frame to frame
        figure.locator("text", has_text="the valve is").click()
        assert state(figure) == [5, valve, False]
    figure.get_by_text("step 5", exact=True).click()
    assert state(figure) == [5, "open", False], "what has no gid is no target"


def test_a_click_finds_its_target_in_a_frame_of_another_structure(open_page):
    figure = figure_named(open_page(), "reading")
    figure.get_by_role("checkbox").check()
    figure.get_by_text("w2", exact=True).click()
    assert state(figure) == [2, "nothing", True]
    figure.get_by_text("a note that goes away").click()
    assert state(figure) == [2, "nothing", False]
    figure.get_by_text("w3", exact=True).click()
    assert state(figure) == [3, "nothing", False]


def test_a_finger_may_miss_by_a_little_and_hits_the_nearest(open_page):
    page = open_page(size=(360, 800), finger=True)
    figure = figure_named(page, "reading")
    figure.locator(".interact-picture").scroll_into_view_if_needed()
    _, top, left, bottom = box(figure.get_by_text("w4", exact=True))
    right, *_ = box(figure.get_by_text("w5", exact=True))
    between = right - left
    assert 16 < between < 32, "both are within reach"
    for share, step in ((0.3, 4), (0.7, 5), (0.4, 4)):
        page.touchscreen.tap(left + share * between, (top + bottom) / 2)
        assert state(figure)[0] == step
    left, top, *_ = box(figure.get_by_text("w0", exact=True))
    page.touchscreen.tap(left, top - 40)
    assert state(figure)[0] == 4


def test_the_mouse_sees_what_can_be_clicked(open_page):
    page = open_page()
    figure = figure_named(page, "reading")
    mark, picture = figure.locator(".interact-mark"), figure.locator(".interact-picture")
    before = figure.locator("svg").first.evaluate("svg => svg.outerHTML")
    target = figure.get_by_text("w4", exact=True)
    assert not mark.is_visible()
    target.hover()
    left, top, right, bottom = box(target)
    around = box(mark)
    assert around[0] <= left
    assert around[1] <= top + 1
    assert around[2] >= right
    assert around[3] >= bottom - 1
    assert around[2] - around[0] < right - left + 12
    assert picture.evaluate("picture => picture.style.cursor") == "pointer"
    assert figure.locator("svg").first.evaluate("svg => svg.outerHTML") == before
    figure.get_by_text("step 0", exact=True).hover()
    assert not mark.is_visible()
    assert picture.evaluate("picture => picture.style.cursor") == ""
    target.hover()
    page.mouse.move(1, 1)
    assert not mark.is_visible()


SIGN = """box => {
  const [left, top, right, bottom] = box;
  return [...document.querySelectorAll("#figure-reading .interact-signs > *")].filter((each) => {
    const sign = each.getBoundingClientRect();
    const far = [sign.left - left, sign.top - top, sign.right - right, sign.bottom - bottom].map(Math.abs);
    return getComputedStyle(each).borderBottomStyle === "dotted" && Math.max(...far) < 6;
  }).length;
}"""


def opacity(figure):
    return float(figure.locator(".interact-signs").evaluate("each => getComputedStyle(each).opacity"))


def test_what_can_be_touched_has_a_sign_while_the_mouse_is_over_the_picture(open_page):
    page = open_page(reduced_motion="reduce")
    figure = figure_named(page, "reading")
    signs, line = figure.locator(".interact-signs"), figure.locator(".interact-touch")
    assert opacity(figure) == 0
    figure.locator(".interact-picture").hover(position={"x": 3, "y": 3})
    page.wait_for_function("getComputedStyle(document.querySelector('.interact-signs')).opacity > 0.3")
    assert signs.locator("> *").count() == LAST + 2, "the words, and the valve"
    for text in ("w0", "w4", "the valve is nothing"):
        assert page.evaluate(SIGN, box(figure.get_by_text(text, exact=True))) == 1
    assert page.evaluate(SIGN, box(figure.get_by_text("step 0", exact=True))) == 0
    assert not line.is_visible()
    figure.locator("text", has_text="the valve is").click()  # under the sign
    assert state(figure)[1] == "open"
    page.mouse.move(1, 1)
    page.wait_for_function("getComputedStyle(document.querySelector('.interact-signs')).opacity < 0.01")


def test_the_signs_follow_the_frame(open_page):
    page = open_page()
    figure = figure_named(page, "reading")
    figure.locator(".interact-picture").hover(position={"x": 3, "y": 3})
    signs = figure.locator(".interact-signs > *")
    assert signs.count() == LAST + 2
    figure.get_by_role("checkbox").press("Space")
    figure.locator(".interact-picture").hover(position={"x": 3, "y": 3})
    assert signs.count() == LAST + 3
    assert page.evaluate(SIGN, box(figure.get_by_text("a note that goes away"))) == 1
    page.set_viewport_size({"width": 700, "height": 650})
    figure.locator(".interact-picture").hover(position={"x": 3, "y": 3})
    assert page.evaluate(SIGN, box(figure.get_by_text("a note that goes away"))) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_mouse_the_signs_are_seen_and_a_line_says_what_they_mean(open_page, scheme):
    page = open_page(size=(360, 640), finger=True, color_scheme=scheme)
    figure = figure_named(page, "reading")
    line = figure.locator(".interact-touch")
    assert opacity(figure) > 0.3
    assert line.inner_text() == (
        "Tap what is dotted: “w0” sets step, “the valve is nothing” sets gate. The controls do the same."
    )
    assert box(line)[3] <= box(figure.locator(".interact-picture"))[1]
    assert page.evaluate(SIGN, box(figure.get_by_text("w3", exact=True))) == 1
    assert figure.locator(".interact-signs").get_attribute("aria-hidden") == "true"
    for name in ("tall", "said"):
        assert figure_named(page, name).first.locator(".interact-touch, .interact-signs > *").count() == 0
    found = Axe().run(page, context="figure", options={"preload": False}).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    figure.locator("text", has_text="the valve is").tap()
    assert state(figure)[1] == "open"
    page.emulate_media(media="print")
    assert not line.is_visible()
    assert not figure.locator(".interact-signs").is_visible()


# Text


def test_a_text_is_a_choice_of_sentences(open_page):
    page = open_page(size=(360, 640))
    figure = figure_named(page, "said")
    figure.get_by_role("combobox", name="text").select_option("the cats that the dog chased sleep & dream")
    assert sentence(figure) == "It reads: the cats that the dog chased sleep & dream."
    assert box(figure.get_by_role("combobox"))[2] <= 360


# The address


def address(page):
    page.wait_for_function("location.hash.includes('?')")
    return page.url.partition("#")[2]


def test_the_address_has_the_state_of_the_figure_moved_last(open_page):
    page = open_page()
    entries = page.evaluate("history.length")
    reading, said = figure_named(page, "reading"), figure_named(page, "said")
    reading.get_by_role("slider").press("End")
    reading.get_by_role("checkbox").check()
    assert address(page) == f"reading?step={LAST}&gate=nothing&noted=on"
    said.get_by_role("combobox").select_option(index=1)
    page.wait_for_function("location.hash.startsWith('#said?')")
    assert "reading" not in page.url
    assert page.evaluate("history.length") == entries
    other = open_page(f"#{address(page)}")
    assert sentence(figure_named(other, "said")) == sentence(said)


def test_while_it_plays_the_address_waits(open_page):
    page = open_page(clock=True)
    figure = figure_named(page, "reading")
    start(page, figure)
    for _ in range(4):
        page.clock.run_for(250)
        assert "#" not in page.url
    figure.get_by_role("button", name="Pause").click()
    page.clock.run_for(600)
    assert page.url.endswith("#reading?step=5&gate=nothing&noted=off")


def in_view(page, figure):
    page.wait_for_function(
        "figure => { const top = figure.getBoundingClientRect().top; return top >= 0 && top < 150; }",
        arg=figure.element_handle(),
    )


@pytest.mark.parametrize("size", [(1366, 650), (360, 640)])
def test_an_address_that_was_sent_shows_its_figure_in_its_state(open_page, size):
    page = open_page("#tall?learning_rate=0.4&size=1", size=size)
    figure = figure_named(page, "tall")
    assert sentence(figure) == "The size is 1, and the rate 0.4."
    in_view(page, figure)
    assert sentence(figure_named(page, "reading")) == "At step 0 the gate is nothing."
    page.evaluate("location.hash = '#said-2?text=words'")
    figure = figure_named(page, "said-2")
    in_view(page, figure)
    assert sentence(figure) == "It reads: words."
    assert sentence(figure_named(page, "said")) == "It reads: the dog sleeps."


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("#tall?size=9&learning_rate=0.1", "The size is 2, and the rate 0.1."),
        ("#tall?nothing=1&size=3", "The size is 3, and the rate 0.2."),
        ("#tall?", "The size is 2, and the rate 0.2."),
        ("#tall?size=%E0%A4%A", "The size is 2, and the rate 0.2."),
        ("#%E0%A4%A?size=1", "The size is 2, and the rate 0.2."),
        ("#nobody?size=1", "The size is 2, and the rate 0.2."),
        ("#tall", "The size is 2, and the rate 0.2."),
    ],
)
def test_what_an_address_has_wrong_is_ignored(open_page, written, wanted):
    assert sentence(figure_named(open_page(written), "tall")) == wanted


def test_a_heading_of_the_same_name_is_still_reached(open_page):
    page = open_page("#reading")
    heading = page.locator("#reading")
    assert heading.evaluate("each => each.localName") == "section"
    in_view(page, heading)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("link", name="Reading", exact=True).first.click()
    in_view(page, heading)
    assert page.url.endswith("#reading")


# Everyone


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_it_can_be_read_by_everyone(open_page, width, scheme):
    page = open_page(size=(width, 900), color_scheme=scheme)
    page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = Axe().run(page, context="figure.interact", options={"preload": False, "resultTypes": ["violations"]})
    assert [(rule["id"], node["html"][:200]) for rule in found.response["violations"] for node in rule["nodes"]] == []


def test_a_strict_policy_stops_nothing_of_ours(browser, page_path):
    context = browser.new_context()
    root = page_path.parent

    def serve(route):
        path = root / re.split("[?#]", route.request.url.removeprefix(ORIGIN))[0]
        if not route.request.url.startswith(ORIGIN) or not path.is_file():
            route.abort()
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        route.fulfill(body=path.read_bytes(), headers={"Content-Type": kind, "Content-Security-Policy": POLICY})

    context.route("**/*", serve)
    context.add_init_script(
        "window.stopped = []; addEventListener('securitypolicyviolation', (event) => {"
        "if (event.target.closest?.('figure') || /replay|picture|controls/.test(event.sourceFile))"
        "stopped.push(event.violatedDirective); });"
    )
    page = context.new_page()
    page.goto(f"{ORIGIN}moving.html#reading?step=2")
    figure = figure_named(page, "reading")
    assert sentence(figure) == "At step 2 the gate is nothing."
    figure.get_by_text("w5", exact=True).click()
    figure.get_by_role("button", name="One step on").click()
    assert sentence(figure) == "At step 6 the gate is nothing."
    figure.get_by_role("button", name="Play").click()
    figure.get_by_role("button", name="Play").wait_for()
    first, second = (box(figure.locator(".interact-panel").nth(i)) for i in range(2))
    assert first[2] < second[0]
    assert page.evaluate("stopped") == []
    context.close()
