"""The figures of the built book move: by mouse, keyboard and touch, with the network cut, under a strict policy."""

import json
import mimetypes
import random
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from helpers.sliders.controls import Control
from helpers.sliders.drawing import Picture
from helpers.sliders.in_page import figure_page
from helpers.sliders.sphinx_extension import FIGURE_SCRIPTS, STATIC

SOURCES = Path(__file__).parents[2] / "book"
CALL = re.compile(r"^\s*@?interact\b", re.MULTILINE)
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"
ORIGIN = "http://book.test/"
SCRIPTS = "".join(f'<script defer src="{(STATIC / name).as_uri()}"></script>' for name in FIGURE_SCRIPTS)

# What the tests ask the page. `canon` writes a tree with sorted attributes, for their order says nothing; `frame` makes
# a frame from the stored differences in the plainest way, to compare with what replay.js made of them.
SPY = """
window.spy = {
  canon(node) {
    if (node.nodeType === Node.TEXT_NODE) return JSON.stringify(node.data);
    const attributes = [...node.attributes].map((a) => `${a.name}=${JSON.stringify(a.value)}`).sort();
    return `<${[node.localName, ...attributes].join(" ")}>${[...node.childNodes].map(spy.canon).join("")}</>`;
  },
  figures: () => [...document.querySelectorAll("figure.interact")].filter((f) => f.querySelector(".interact-controls")),
  inputs: (figure) => [...figure.querySelectorAll(".interact-controls input, .interact-controls select")],
  read: new WeakMap(),
  data(figure) {
    const source = figure.querySelector("script");
    if (!spy.read.has(source)) spy.read.set(source, JSON.parse(source.textContent));
    return spy.read.get(source);
  },
  svgs: (figure) => [...figure.querySelectorAll(".interact-panel > svg")],
  picture: (figure) => spy.svgs(figure).map(spy.canon).join(),
  place: (input) => (input.type === "checkbox" ? Number(input.checked) : Number(input.value)),
  index(figure) {
    const sizes = spy.data(figure).controls.map((control) => control.texts.length);
    return spy.inputs(figure).reduce((sum, input, i) => sum * sizes[i] + spy.place(input), 0);
  },
  frame(figure, index) {
    return spy.data(figure).panels.map((panel, i) => spy.panel(panel, index, spy.first.get(figure)[i])).join();
  },
  panel(panel, index, first) {
    const [base, changes] = panel.frames[panel.shown[index]];
    const box = document.createElement("template");
    box.innerHTML = base ? panel.bases[base] : first;
    const svg = box.content.firstElementChild;
    const elements = [svg, ...svg.querySelectorAll("*")];
    for (const [place, values] of changes) {
      const element = elements[place];
      for (const [name, value] of Object.entries(values)) {
        const node = { "": element.firstChild, "~": element.nextSibling }[name];
        if (name !== "" && name !== "~") {
          value === null ? element.removeAttribute(name) : element.setAttribute(name, value);
        } else {
          if (node?.nodeType === Node.TEXT_NODE) node.remove();
          if (value !== null) name === "" ? element.prepend(value) : element.after(value);
        }
      }
    }
    return spy.canon(svg);
  },
  look(figure) {
    const index = spy.index(figure);
    return {
      index,
      picture: spy.picture(figure),
      wanted: spy.frame(figure, index),
      sentence: figure.querySelector("figcaption").textContent,
      wantedSentence: spy.data(figure).sentences[index],
      controls: spy.inputs(figure).map((input, i) => ({
        place: spy.place(input),
        text: spy.data(figure).controls[i].texts[spy.place(input)],
        spoken: input.getAttribute("aria-valuetext"),
        written: input.closest(".interact-control").querySelector("output")?.textContent,
        type: input.type,
      })),
    };
  },
  show(figure, index) {
    const controls = spy.data(figure).controls;
    const inputs = spy.inputs(figure);
    for (let i = inputs.length - 1; i >= 0; i--) {
      const size = controls[i].texts.length;
      spy.set(inputs[i], index % size);
      index = Math.floor(index / size);
    }
  },
  // The corners of a text in the picture's own units, less the room above and below its letters.
  corners(text, picture) {
    const box = text.getBBox();
    const matrix = picture.getScreenCTM().inverse().multiply(text.getScreenCTM());
    const [left, right, top, bottom] = [box.x, box.x + box.width, box.y + 0.22 * box.height, box.y + 0.82 * box.height];
    const corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
    return corners.map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  },
  // By how much two quadrilaterals lie over each other: the least of what their sides tell apart.
  overlap(one, other) {
    let least = Infinity;
    for (const quad of [one, other]) {
      for (const [from, to] of [[quad[0], quad[1]], [quad[1], quad[2]]]) {
        const length = Math.hypot(to.x - from.x, to.y - from.y);
        if (length === 0) return 0;
        const [a, b] = [one, other].map((q) => {
          const along = q.map((p) => ((p.x - from.x) * (to.x - from.x) + (p.y - from.y) * (to.y - from.y)) / length);
          return [Math.min(...along), Math.max(...along)];
        });
        least = Math.min(least, a[1] - b[0], b[1] - a[0]);
        if (least <= 0) return 0;
      }
    }
    return least;
  },
  crowded(figure, tolerance) {
    const faults = new Map();
    const note = (fault, index) => faults.set(fault, [...(faults.get(fault) || []), index]);
    const moves = spy.inputs(figure).length > 0;
    const frames = moves ? spy.data(figure).sentences : [null];
    const every = frames.flatMap((_, index) => spy.svgs(figure).map((_, panel) => [index, panel]));
    every.forEach(([index, panel]) => {
      if (moves && panel === 0) spy.show(figure, index);
      const picture = spy.svgs(figure)[panel];
      const page = picture.viewBox.baseVal;
      const texts = [...picture.querySelectorAll("text")].filter((text) => text.textContent.trim());
      const quads = texts.map((text) => spy.corners(text, picture));
      const reach = quads.map((quad) => [
        Math.min(...quad.map((p) => p.x)),
        Math.max(...quad.map((p) => p.x)),
        Math.min(...quad.map((p) => p.y)),
        Math.max(...quad.map((p) => p.y)),
      ]);
      const name = (i) => JSON.stringify(texts[i].textContent);
      reach.forEach(([left, right, top, bottom], i) => {
        const out = Math.max(page.x - left, right - page.x - page.width, page.y - top, bottom - page.y - page.height);
        if (out > tolerance) note(`${name(i)} is cut`, index);
        for (let j = 0; j < i; j++) {
          const apart = left >= reach[j][1] || right <= reach[j][0] || top >= reach[j][3] || bottom <= reach[j][2];
          if (!apart && spy.overlap(quads[i], quads[j]) > tolerance) note(`${name(j)} under ${name(i)}`, index);
        }
      });
    });
    return [...faults].map(([fault, frames]) => `${fault} in ${frames.length} frames, first in ${frames[0]}`);
  },
  set(input, place) {
    if (input.type === "checkbox") input.checked = Boolean(place);
    else input.value = place;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  },
};
spy.stopped = []; // what a policy stopped in our figures and in our script; the theme's faults are its own
addEventListener("securitypolicyviolation", (event) => {
  const ours = event.target.closest?.("figure.interact") || /(replay|picture|controls)[.]js/.test(event.sourceFile);
  if (ours) spy.stopped.push(`${event.violatedDirective} ${event.target.outerHTML?.slice(0, 200)}`);
});
addEventListener("DOMContentLoaded", () => {
  spy.first = new Map(spy.figures().map((figure) => [figure, spy.svgs(figure).map((svg) => svg.outerHTML)]));
});
"""


def pages_with_figures():
    """The chapters that call `interact`, by name."""
    names = []
    for path in sorted(SOURCES.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if any(cell["cell_type"] == "code" and CALL.search("".join(cell["source"])) for cell in cells):
            names.append(path.stem)
    return names


def built(book, name):
    """The built page of a chapter: it stands in the book's folder, as its notebook does."""
    return book / SOURCES.name / f"{name}.html"


@pytest.fixture(scope="module", params=pages_with_figures())
def name(request):
    """Each chapter with figures: all tests of one come before those of the next, for they share its open page."""
    return request.param


class Opener:
    """Opens pages of the book with the network cut, and notes what they request or complain of from then on."""

    def __init__(self, browser, built_book):
        self.browser, self.built_book = browser, built_book
        self.contexts, self.faults = [], []

    def open(self, name, url=None, script=True, prepare=None, **options):
        context = self.browser.new_context(offline=url is None, java_script_enabled=script, **options)
        self.contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(SPY)
        page = context.new_page()
        if prepare:
            prepare(page)
        page.goto(url or built(self.built_book(), name).as_uri(), wait_until="load", timeout=60_000)
        page.on("request", self._ask)
        page.on("console", lambda message: self._listen(message, strict=url is not None))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def close(self):
        for context in self.contexts:
            context.close()

    def _listen(self, message, strict):
        # What a strict policy stops in the theme is not the figures' fault.
        if message.type in ("error", "warning") and not (strict and "Content Security Policy" in message.text):
            self.faults.append(message.text)

    def _ask(self, request):
        if request.resource_type != "font":  # the theme's icons may come late
            self.faults.append(f"a request: {request.url[:200]}")


@pytest.fixture
def open_page(browser, request):
    """Open a page of the book for one test, and fail on what it requests or complains of."""
    opener = Opener(browser, lambda: request.getfixturevalue("built_book"))
    yield opener.open
    opener.close()
    assert opener.faults == []


@pytest.fixture(scope="module")
def open_chapter(browser, built_book, name):
    """A chapter that is open for all tests that need nothing special, and how its figures were when it came."""
    opener = Opener(browser, lambda: built_book)
    page = opener.open(name)
    yield opener, page, [figure.look() for figure in figures(page)]
    opener.close()


@pytest.fixture
def chapter_page(open_chapter):
    """The open page of a chapter, as it was when it came; fail on what it requests or complains of."""
    opener, page, start = open_chapter
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    page.mouse.move(1, 1)
    every = figures(page)
    for figure in every:
        page.evaluate("button => button.click()", figure.reset)
    assert [figure.look() for figure in every] == start, "a page that is reset is the page that came"
    yield page
    page.emulate_media(media="null")
    faults, opener.faults = opener.faults, []
    assert faults == []


class Figure:
    """One interactive figure on an open page."""

    def __init__(self, page, handle):
        self.page, self.handle = page, handle
        self.inputs = handle.query_selector_all(".interact-controls input, .interact-controls select")
        self.reset = handle.query_selector(".interact-reset")
        self.name = handle.get_attribute("id")

    def look(self):
        """Return what is shown, after making sure that it is what the controls say."""
        seen = self.page.evaluate("figure => spy.look(figure)", self.handle)
        assert seen["picture"] == seen["wanted"], f"{self.name}: not the frame {seen['index']}"
        assert seen["sentence"] == seen["wantedSentence"]
        for control in seen["controls"]:
            if control["type"] == "range":
                assert control["spoken"] == control["written"] == control["text"]
        return seen

    def kind(self, i):
        return self.page.evaluate("input => input.type", self.inputs[i])

    def last(self, i):
        return self.page.evaluate("([f, i]) => spy.data(f).controls[i].texts.length - 1", [self.handle, i])

    def set(self, i, place):
        self.page.evaluate("([input, place]) => spy.set(input, place)", [self.inputs[i], place])

    def has_focus(self, i):
        return self.page.evaluate("input => document.activeElement === input", self.inputs[i])

    def point(self, i, share):
        """Where on the screen a share of a slider's way is."""
        self.inputs[i].scroll_into_view_if_needed()
        box = self.inputs[i].bounding_box()
        return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2


def figures(page):
    found = page.evaluate_handle("spy.figures()")
    handles = [handle.as_element() for handle in found.get_properties().values()]
    assert handles, "no figure to move"
    return [Figure(page, handle) for handle in handles]


def assert_another(before, after, figure, i):
    """Moving a control must show: in the picture, in the sentence, in what is written beside it."""
    assert after["picture"] != before["picture"], f"{figure.name}: control {i} does not move the picture"
    assert after["sentence"] != before["sentence"], f"{figure.name}: control {i} does not change the sentence"
    assert after["controls"][i]["text"] != before["controls"][i]["text"]


def test_there_are_pages_with_figures_and_none_is_missed(built_book):
    built = [p.stem for p in built_book.rglob("*.html") if 'class="interact-controls"' in p.read_text(encoding="utf-8")]
    assert sorted(built) == pages_with_figures() != []


def test_the_keyboard_moves_every_control(chapter_page):
    for figure in figures(chapter_page):
        for i in range(len(figure.inputs)):
            figure.inputs[i].focus()
            if figure.kind(i) == "checkbox":
                before = figure.look()
                figure.page.keyboard.press("Space")
                assert_another(before, figure.look(), figure, i)
            else:
                figure.page.keyboard.press("Home")
                first = figure.look()
                assert first["controls"][i]["place"] == 0
                figure.page.keyboard.press("ArrowRight" if figure.kind(i) == "range" else "ArrowDown")
                assert figure.look()["controls"][i]["place"] == 1
                figure.page.keyboard.press("End")
                last = figure.look()
                assert last["controls"][i]["place"] == figure.last(i)
                assert_another(first, last, figure, i)
                figure.page.keyboard.press("ArrowLeft" if figure.kind(i) == "range" else "ArrowUp")
                assert figure.look()["controls"][i]["place"] == figure.last(i) - 1
            assert figure.has_focus(i), "the control must keep the focus while the figure changes"


def test_the_mouse_moves_every_control(chapter_page):
    for figure in figures(chapter_page):
        for i in range(len(figure.inputs)):
            if figure.kind(i) == "checkbox":
                before = figure.look()
                figure.inputs[i].click()
            elif figure.kind(i) == "range":
                figure.page.mouse.click(*figure.point(i, 0.0))
                before = figure.look()
                assert before["controls"][i]["place"] == 0
                figure.page.mouse.down()
                figure.page.mouse.move(*figure.point(i, 1.0), steps=7)
                figure.page.mouse.up()
                assert figure.look()["controls"][i]["place"] == figure.last(i)
            else:
                figure.inputs[i].select_option(index=0)
                before = figure.look()
                figure.inputs[i].select_option(index=figure.last(i))
            assert_another(before, figure.look(), figure, i)


def test_a_finger_moves_every_slider(open_page, name):
    page = open_page(name, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    for figure in figures(page):
        for i in range(len(figure.inputs)):
            if figure.kind(i) == "range":
                page.touchscreen.tap(*figure.point(i, 0.0))
                before = figure.look()
                page.touchscreen.tap(*figure.point(i, 1.0))
                after = figure.look()
                assert after["controls"][i]["place"] == figure.last(i)
                assert_another(before, after, figure, i)


def test_reset_gives_the_first_frame_back(chapter_page):
    for figure in figures(chapter_page):
        first = figure.look()
        for i in range(len(figure.inputs)):
            place = first["controls"][i]["place"]
            figure.set(i, figure.last(i) if place == 0 else 0)
        assert figure.look()["picture"] != first["picture"]
        figure.reset.click()
        assert figure.look() == first


def test_no_frame_depends_on_the_way_to_it(chapter_page):
    rng = random.Random(0)
    for figure in figures(chapter_page):
        first = figure.look()
        for _ in range(12):
            for i in range(len(figure.inputs)):
                figure.set(i, rng.randint(0, figure.last(i)))
            figure.look()
        figure.reset.click()
        assert figure.look() == first


def test_every_frame_is_shown_as_it_was_drawn(chapter_page):
    for figure in figures(chapter_page):
        page = figure.page
        wrong = page.evaluate(
            """figure => {
              return spy.data(figure).sentences.map((_, index) => {
                spy.show(figure, index);
                return spy.picture(figure) === spy.frame(figure, index) ? -1 : index;
              }).filter((index) => index >= 0);
            }""",
            figure.handle,
        )
        assert wrong == [], figure.name


TOLERANCE = 1.0  # points by which two letters may meet, or one stand out of the picture


def test_no_text_is_cut_and_none_lies_over_another_in_any_frame(chapter_page):
    page = chapter_page
    page.evaluate("document.fonts.ready.then(() => true)")
    every = [
        Figure(page, handle) for handle in page.query_selector_all("figure.interact")
    ]  # those that stand still too
    faults = {figure.name: crowded(figure) for figure in every}
    assert {name: found for name, found in faults.items() if found} == {}


def crowded(figure):
    return figure.page.evaluate("([figure, tolerance]) => spy.crowded(figure, tolerance)", [figure.handle, TOLERANCE])


@pytest.mark.parametrize(
    ("texts", "faults"),
    [
        ('<text x="10" y="50">one</text><text x="50" y="50">two</text>', []),
        ('<text x="10" y="50">one</text><text x="10" y="62">two</text>', []),
        ('<text x="10" y="50">one</text><text x="15" y="52">two</text>', ['"one" under "two" in 1 frames, first in 1']),
        ('<text x="90" y="50">three</text>', ['"three" is cut in 1 frames, first in 1']),
        ('<text x="10" y="99" transform="rotate(-90 10 99)">a turned label that is long</text>', ["is cut"]),
        ('<g transform="translate(-9 0)"><text x="5" y="50">a</text></g>', ['"a" is cut in 1 frames, first in 1']),
        (
            '<text x="20" y="40" transform="rotate(45 20 40)">slanted</text>'
            '<text x="32" y="40" transform="rotate(45 32 40)">slant</text>',
            [],
        ),
        ('<text x="-50" y="50"> </text>', []),
    ],
)
def test_the_look_at_every_frame_finds_what_is_cut_and_what_meets(open_page, tmp_path, texts, faults):
    svg = '<svg viewBox="0 0 100 100" font-size="10">{}</svg>'
    trees = [ElementTree.fromstring(svg.format(each)) for each in ("", texts, "")]
    for tree in trees:
        tree.set("xmlns", "http://www.w3.org/2000/svg")
    pictures = [Picture((tree,), f"{i}") for i, tree in enumerate(trees)]
    control = Control("n", "n", "range", (0, 1, 2), tuple("012"), 0)
    path = tmp_path / "page.html"
    source = figure_page("small", [control], pictures, 0)
    path.write_text(f"<!DOCTYPE html>{SCRIPTS}{source}", encoding="utf-8")
    (figure,) = figures(open_page(None, url=path.as_uri()))
    found = crowded(figure)
    assert len(found) == len(faults)
    assert all(wanted in each for wanted, each in zip(faults, found, strict=True))


# Frames of two structures, in which attributes, texts and tails come and go.
HARD = [
    '<svg viewBox="0 0 9 9"><g x="1" fill="red">a<text>b</text>c</g><text/></svg>',
    '<svg viewBox="0 0 9 9"><g y="2">A<text/></g><text>d</text>e</svg>',
    '<svg viewBox="0 0 9 8"><g x="1"><text x="">b</text>C</g>f<text>g</text></svg>',
    '<svg viewBox="0 0 9 9"><g x="1">a<text>b</text>c</g></svg>',
    '<svg viewBox="0 0 7 9"><g y="1"><text>B</text></g>h</svg>',
    '<svg viewBox="0 0 7 9"><g x="3">i<text/>j</g></svg>',
]


def test_whatever_may_change_is_changed_and_changed_back(open_page, tmp_path):
    pictures = [Picture((ElementTree.fromstring(source),), f"Sentence {i}.") for i, source in enumerate(HARD)]
    control = Control("n", "n", "range", tuple(range(6)), tuple("012345"), 0)
    path = tmp_path / "page.html"
    figure = figure_page("hard", [control], pictures, 0)
    path.write_text(f"<!DOCTYPE html>{SCRIPTS}{figure}", encoding="utf-8")
    (figure,) = figures(open_page(None, url=path.as_uri()))
    first = figure.look()
    rng = random.Random(0)
    seen = {}
    for _ in range(200):
        place = rng.randrange(6)
        figure.set(0, place)
        picture = figure.look()["picture"]
        assert seen.setdefault(place, picture) == picture
    assert len(set(seen.values())) == 6
    figure.set(0, 0)
    assert figure.look() == first


def test_a_figure_leaves_the_others_alone(chapter_page):
    every = figures(chapter_page)
    start = [figure.look() for figure in every]
    for k, figure in enumerate(every):
        for i in range(len(figure.inputs)):
            figure.set(i, figure.last(i))
        assert [f.look() for f in every[k + 1 :]] == start[k + 1 :]


def test_a_strict_content_security_policy_stops_no_figure(open_page, built_book, name):
    def serve(route):
        path = built_book / route.request.url.removeprefix(ORIGIN).split("?")[0]
        if not path.is_file():
            route.fulfill(status=404)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        headers = {"content-security-policy": POLICY, "content-type": kind}
        route.fulfill(body=path.read_bytes(), headers=headers)

    path = built(built_book, name)
    url = ORIGIN + path.relative_to(built_book).as_posix()
    page = open_page(name, url=url, prepare=lambda page: page.route("**/*", serve))
    for figure in figures(page):
        # By mouse and keyboard only: a policy does not stop what a debugger calls, and our other ways are one.
        figure.reset.click()
        before = figure.look()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Space" if figure.kind(-1) == "checkbox" else "End")
        if figure.look() == before:
            page.keyboard.press("Home")
        assert_another(before, figure.look(), figure, -1)
    assert page.evaluate("spy.stopped") == []


def test_without_javascript_there_are_the_first_frame_and_its_sentence(open_page, name):
    page = open_page(name, script=False)
    every = page.locator("figure.interact:has(.interact-controls)")
    assert every.count() > 0
    for i in range(every.count()):
        figure = every.nth(i)
        assert figure.locator(".interact-picture svg").first.is_visible()
        assert figure.locator(".interact-picture svg").first.bounding_box()["height"] > 100
        assert figure.locator("figcaption").is_visible()
        assert figure.locator("figcaption").inner_text().strip()
        for control in figure.locator("input, select, button").all():
            assert not control.is_visible()


def test_in_print_there_is_the_figure_without_its_controls(chapter_page):
    chapter_page.emulate_media(media="print")
    for figure in figures(chapter_page):
        assert not figure.handle.query_selector(".interact-controls").is_visible()
        assert figure.handle.query_selector(".interact-picture svg").is_visible()
        assert figure.handle.query_selector("figcaption").is_visible()


def test_the_sentence_is_read_aloud_once_the_reader_has_stopped(open_page):
    page = open_page(pages_with_figures()[0])  # the same script reads every figure
    figure = figures(page)[0]
    news = figure.handle.query_selector(".interact-news")
    assert news.text_content() == ""
    assert news.get_attribute("aria-live") == "polite"
    figure.set(0, 0)
    figure.set(0, figure.last(0))
    assert news.text_content() == "", "a sentence for every step would be noise"
    sentence = figure.look()["sentence"]
    page.wait_for_function("([news, text]) => news.textContent === text", arg=[news, sentence], timeout=3000)
    page.wait_for_function("news => news.textContent === ''", arg=news, timeout=5000)


@pytest.mark.parametrize("width", [360, 1440])
def test_no_figure_is_wider_than_the_page_and_every_control_is_big_enough(open_page, name, width):
    page = open_page(name, viewport={"width": width, "height": 800}, color_scheme="light")
    every = figures(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for figure in every:
            box = figure.handle.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            for control in [*figure.inputs, figure.reset]:
                inner = control.bounding_box()
                assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
                assert min(inner["width"], inner["height"]) >= 20


def test_ids_are_unique_and_no_state_of_widgets_is_stored(chapter_page, built_book, name):
    ids = chapter_page.evaluate(
        "[...document.querySelectorAll('figure.interact, figure.interact [id]')].map((e) => e.id)"
    )
    assert len(ids) == len(set(ids))
    path = built(built_book, name)
    assert "vnd.jupyter.widget" not in path.read_text(encoding="utf-8")
