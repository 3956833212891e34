"""The first page: a figure that moves before anything else, cards of the chapters, and the map."""

import json
import re
from pathlib import Path

import nbformat
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from docutils import nodes
from docutils.core import publish_doctree
from sphinx import addnodes

from chapter_cards import Chapter, cards_html, crop_svg, find_picture, listed_chapters, map_html
from notebooks import CARD, normalise

ROOT = Path(__file__).parents[2]
PAGE = "book/index.html"
LAST = 17  # the moment at which the figure starts
# Under load the page moves on between two looks at it, so it takes its own notes: {value of the slider: sentence}.
NOTE_MOMENTS = """() => {
    const figure = document.querySelector("article figure.interact");
    const [slider, sentence] = ["input[type=range]", "figcaption"].map((name) => figure.querySelector(name));
    const note = () => { window.moments[slider.value] = sentence.innerText; };
    window.moments = {};
    note();
    new MutationObserver(note).observe(sentence, {childList: true, characterData: true, subtree: true});
}"""
CARDS = {"able_to": str, "builds_on": list, "difficulty": int, "minutes": int, "picture": dict}


def notebook(docname):
    return json.loads((ROOT / f"{docname}.ipynb").read_text(encoding="utf-8"))


def chapters():
    """Return the chapters of the book, without companions, as {number: docname}."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    return {file.removeprefix("book/")[:2]: file for file in files if re.match(r"book/\d\d_", file)}


# What stands in the notebooks


@pytest.mark.parametrize("number", chapters())
def test_a_chapter_says_what_its_card_needs(number):
    said = notebook(chapters()[number])["metadata"]["unrolled"]
    assert {key: type(value) for key, value in said.items()} == CARDS
    assert said["able_to"].endswith(".")
    assert len(said["able_to"]) <= 100
    assert said["difficulty"] in (1, 2, 3)
    assert 10 <= said["minutes"] <= 120
    assert all(before in chapters() and before < number for before in said["builds_on"])


def test_the_stored_list_has_every_chapter_with_its_number_and_title():
    text = "".join(notebook("book/index")["cells"][-1]["source"])
    titles = {n: "".join(notebook(name)["cells"][0]["source"]).split("\n")[0][2:] for n, name in chapters().items()}
    wanted = [f"- [{n} {titles[n]}]({name.removeprefix('book/')}.ipynb)" for n, name in chapters().items()]
    assert text.split("\n") == wanted


def test_a_notebook_that_runs_again_keeps_its_card():
    stored = nbformat.read(ROOT / "book" / "04_vanishing_gradients.ipynb", as_version=4)
    assert normalise(stored).metadata[CARD] == stored.metadata["unrolled"]


# The functions of the extension


def bullets(*items):
    """Make a list of (text, target or None, text behind it), whose links are as Sphinx has them."""
    made = nodes.bullet_list()
    for text, target, behind in items:
        paragraph = nodes.paragraph()
        if target is None:
            paragraph += nodes.Text(text)
        else:
            paragraph += addnodes.pending_xref("", nodes.inline("", text), reftarget=target)
        paragraph += nodes.Text(behind)
        made += nodes.list_item("", paragraph)
    return made


@pytest.mark.parametrize(
    ("items", "names"),
    [
        ([("01 One", "book/01_one", ""), ("02 Two", "02_two.ipynb", "")], ["book/01_one", "book/02_two"]),
        ([("01 One", "book/01_one", ""), ("plain", None, "")], []),
        ([("01 One", "book/01_one", ": read it")], []),
        ([("notation", "book/notation", ""), ("01 One", "book/01_one", "")], []),
    ],
)
def test_a_list_of_links_to_chapters_becomes_cards_and_no_other(items, names):
    assert listed_chapters(bullets(*items), "book/") == names


FIGURE = """<figure class="interact" id="figure-{name}">
<div class="interact-controls"><svg viewBox="0 0 16 16"><path/></svg></div>
<div class="interact-panel" data-inches="4.8"><svg viewBox="0 0 345.6 200" fill="none"><g data-touch="0 1"><path/></g>
</svg></div>
<figcaption class="interact-sentence" id="x">It is &lt; {name}.</figcaption></figure>"""


def test_the_picture_is_the_first_frame_of_the_figure_that_is_named():
    doctree = publish_doctree("")
    doctree += [nodes.raw("", FIGURE.format(name=name), format="html") for name in ("one-step", "one")]
    svg, sentence = find_picture(doctree, "one_step", [10, 20.5, 30, 40])
    assert svg == '<svg viewBox="10 20.5 30 40" fill="none"><g><path/></g>\n</svg>'
    assert sentence == "It is < one-step."
    assert find_picture(doctree, "one")[1] == "It is < one."
    assert find_picture(doctree, "two") == ("", "")


def test_without_a_crop_all_is_shown():
    assert crop_svg(' viewBox="0 0 3 4"', "<g/>") == '<svg viewBox="0 0 3 4"><g/></svg>'


def some_chapters():
    parts = {"01": "Words", "03": "Recurrence", "04": "Recurrence", "09": "Attention"}
    before = {"01": (), "03": ("01",), "04": ("03",), "09": ("01", "04", "08")}
    return [
        Chapter(f"book/{n}_x", n, f"Title <{n}>", parts[n], f"Do {n}.", 40, 2, before[n], "<svg></svg>", f"Seen & {n}")
        for n in parts
    ]


def test_cards_and_map_are_escaped_and_name_only_chapters_that_are_there():
    known = some_chapters()
    places = {chapter.docname: f"{chapter.number}.html" for chapter in known}
    cards, chapter_map = cards_html(known, places), map_html(known, places)
    assert "Title &lt;01&gt;" in cards
    assert 'aria-label="Seen &amp; 04"' in cards
    assert re.findall(r'class="chapter-card (part-\d)"', cards) == ["part-1", "part-2", "part-2", "part-3"]
    assert re.findall(r'data-from="(\d\d)" data-to="(\d\d)"', chapter_map) == [
        ("01", "03"), ("03", "04"), ("01", "09"), ("04", "09"),
    ]  # fmt: skip
    assert "builds on 01 and 04<" in chapter_map
    assert chapter_map.count("begin here") == 1
    assert re.findall(r'data-from="01" data-to="09" width="\d+" height="(\d+)"', chapter_map) == ["132"]


# The built page


@pytest.fixture
def landing(offline_page):
    """Open the first page: `landing(width=…, scheme=…)`."""
    return lambda **options: offline_page(PAGE, **options)


def test_the_figure_comes_before_all_but_the_title_and_one_line(landing):
    page = landing().page
    figure = page.locator("figure.interact")
    assert figure.count() == 1
    before = page.evaluate(
        """() => {
          const figure = document.querySelector("figure.interact"), texts = [];
          const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode() && !figure.contains(walker.currentNode)) {
            const parent = walker.currentNode.parentElement, isText = walker.currentNode.data.trim();
            if (isText && parent.checkVisibility()) texts.push(parent.closest("h1, p, summary, pre"));
          }
          return [...new Set(texts)].map((node) => node.localName);
        }"""
    )
    assert before == ["h1", "p"]
    assert page.locator("article pre:visible").count() == 0
    box = figure.bounding_box()
    assert box["y"] + box["height"] <= 900, "the whole figure is on the first screen"


def test_play_goes_through_the_words_and_back(landing):
    page = landing().page
    figure = page.locator("figure.interact")
    sentence, moment = figure.locator("figcaption"), figure.locator("input[type=range]").first
    start = sentence.inner_text()
    assert moment.input_value() == str(LAST)
    page.evaluate(NOTE_MOMENTS)
    figure.get_by_role("button", name="Play", exact=True).click()
    figure.get_by_role("button", name="Pause", exact=True).wait_for()
    figure.get_by_role("button", name="Play", exact=True).wait_for(timeout=60_000)
    seen = page.evaluate("window.moments")
    assert set(seen) == {str(moment) for moment in range(LAST + 1)}
    assert len(set(seen.values())) == LAST + 1
    assert seen[str(LAST)] == start
    assert "“dogs”" in seen["3"]
    assert "−ln" in seen["11"]


def test_more_training_lets_the_gradient_arrive(landing):
    page = landing().page
    figure = page.locator("figure.interact")
    steps = figure.get_by_label("training steps")
    before = figure.locator(".interact-picture").text_content()
    steps.press("ArrowRight")
    assert steps.get_attribute("aria-valuetext") == "300"
    assert figure.locator(".interact-picture").text_content() != before
    steps.press("ArrowLeft")
    assert figure.locator(".interact-picture").text_content() == before


def test_a_click_on_a_word_reads_it(landing):
    page = landing().page
    figure = page.locator("figure.interact")
    figure.locator(".interact-panel [data-touch] text", has_text="near").last.click()
    assert "Word 3, “near”" in figure.locator("figcaption").inner_text()


def test_every_chapter_has_a_card_with_a_picture_that_says_what_it_shows(landing, built_book):
    page = landing().page
    cards = page.locator(".chapter-card").all()
    assert len(cards) == len(chapters())
    for (number, name), card in zip(chapters().items(), cards, strict=True):
        said = notebook(name)["metadata"]["unrolled"]
        picture, link = card.locator(".card-picture"), card.locator("a")
        assert picture.get_attribute("role") == "img"
        assert len(picture.get_attribute("aria-label")) > 20
        box = picture.locator("svg").bounding_box()
        assert min(box["width"], box["height"]) > 100
        assert link.inner_text().startswith(f"{number} ")
        assert (built_book / "book" / link.get_attribute("href")).resolve() == built_book / f"{name}.html"
        assert said["able_to"] in card.inner_text()
        assert f"{said['minutes']} minutes" in card.inner_text()
        assert card.get_by_role("img", name=f"{said['difficulty']} of 3").count() == 1
    assert page.locator("article > section ul:not(.chapter-cards) a[href*='.ipynb']").count() == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


def test_the_arcs_of_the_map_are_those_of_the_chapters(landing, built_book):
    page = landing().page
    drawn = page.evaluate("[...document.querySelectorAll('.map-arc')].map((a) => [a.dataset.from, a.dataset.to])")
    known = {n: notebook(name)["metadata"]["unrolled"]["builds_on"] for n, name in chapters().items()}
    assert sorted(drawn) == sorted([before, n] for n in known for before in known[n])
    rows = page.locator(".chapter-map li").all()
    for (number, name), row in zip(chapters().items(), rows, strict=True):
        before = known[number]
        assert row.inner_text().split()[0] == number
        assert (f"builds on {' and '.join(before)}" if before else "begin here") in row.text_content()
        assert (built_book / "book" / row.locator("a").get_attribute("href")).resolve() == built_book / f"{name}.html"


@pytest.mark.parametrize("width", [360, 1440])
def test_each_arc_ends_at_the_numbers_of_its_chapters(landing, width):
    page = landing(width=width).page
    far = page.evaluate(
        """() => {
          const middle = (node, side) => {
            const box = node.getBoundingClientRect();
            return side === undefined ? box.y + box.height / 2 : box[side];
          };
          const circles = [...document.querySelectorAll(".map-number")];
          const circle = (number) => circles.find((n) => n.textContent === number);
          return [...document.querySelectorAll(".map-arc")].flatMap((arc) => [
            Math.abs(middle(arc, "top") - middle(circle(arc.dataset.from))),
            Math.abs(middle(arc, "bottom") - middle(circle(arc.dataset.to))),
          ]);
        }"""
    )
    assert max(far) <= 1
    overlapping = page.evaluate(
        """() => [...document.querySelectorAll(".chapter-map li")].filter((row) => {
          const [link, circle] = ["a", ".map-number"].map((part) => row.querySelector(part).getBoundingClientRect());
          return link.height > row.clientHeight || link.left < circle.right;
        }).length"""
    )
    assert overlapping == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_the_page_fits_and_axe_finds_nothing(landing, width, scheme):
    visited = landing(width=width, scheme=scheme, reduced_motion="reduce")
    page = visited.page
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".chapter-card *, .chapter-map *")].filter((node) => {
          const box = node.getBoundingClientRect();
          return !node.closest("svg") && (box.right > innerWidth + 1 || box.left < -1);
        }).length"""
    )
    assert outside == 0
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    assert visited.off_site == []
    assert visited.complaints == []
