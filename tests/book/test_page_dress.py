"""What the book adds to a page: folds, terms of the glossary, numbers, room for exercises, formulas that scroll."""

import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.sliders.in_page import IN_PAGE
from kept_together import keep_together

ROOT = Path(__file__).parents[2]
TOC = """\
format: jb-book
root: book/start
parts:
  - caption: Part
    chapters:
      - file: book/07_words
        sections:
          - file: book/07_words_deeper
      - file: book/glossary
      - file: book/experiments
"""
LONG = "+".join(f"x_{{{n}}}" for n in range(60))
MEASURED = {
    "question": "Is a & b < c?",
    "rival": "It is chance: no, every seed agrees.",
    "seeds": "3 seeds",
    "answer": "Yes: 0.1 and 0.2, beside 0.4.",
}
FILLING = "Nothing else is said in this line of text.\n\n" * 40
BEGINNING = f"""# Words of {"many " * 3}pages

The forget gate is a gate. At the far end of this quite long line, so that its note has no room, stands an ablation.

$${LONG}$$

$$x$$

Text with $x$ in it, and with $y+{LONG}$.

```python
print({"'line', " * 40})
```

| a | b |
|---|---|
| 1 | 2 |
"""
END = f"""## Exercises

**1.** Why?

<details>
<summary>Solution</summary>

Because of a gate.

$${LONG}$$

</details>

**2.** A **3.** of them, or **4.**?

{FILLING}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The built pages of a small book that is dressed as ours is."""
    book = tmp_path_factory.mktemp("dressed")
    for part in ("book/_ext", "book/_static", "book/_templates"):
        shutil.copytree(ROOT / part, book / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "_config.yml", book)
    for page in ("glossary.md", "experiments.md"):
        shutil.copy(ROOT / "book" / page, book / "book")
    (book / "_toc.yml").write_text(TOC, encoding="utf-8")
    (book / "book" / "start.md").write_text("# Start\n\nTo [](07_words.ipynb). A gate.\n", encoding="utf-8")
    (book / "book" / "07_words_deeper.md").write_text("# Words, deeper\n\nA gate.\n", encoding="utf-8")
    code = new_code_cell("# @title Count the words <of> a & b\nprint(6 * 7)", metadata={"tags": ["hide-input"]})
    measured = new_code_cell("print('shown')", metadata={"experiment": MEASURED}, id="measured")
    cells = [new_markdown_cell(BEGINNING), code, measured, new_markdown_cell(END)]
    nbformat.write(new_notebook(cells=cells), book / "book" / "07_words.ipynb")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n", "--keep-going"]
    environment = {key: value for key, value in os.environ.items() if key != IN_PAGE}
    environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return book / "_build" / "html" / "book"


def soup(folder, name):
    return BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def open_page(visit, folder):
    """Open a page of the small book, and wait until its formulas are set and measured."""

    def open_one(name="07_words", **options):
        visited = visit((folder / f"{name}.html").as_uri(), **options)
        visited.page.evaluate("window.MathJax?.startup?.promise.then(() => document.fonts.ready)")
        visited.page.wait_for_function(
            "!document.querySelector('div.math') || document.querySelector('div.math[data-more]')"
        )
        return visited.page

    return open_one


# Folds


def test_folded_code_stands_under_its_line_and_its_result_in_sight(folder):
    (fold,) = soup(folder, "07_words").select("details.fold")
    assert fold.summary.get_text() == "Count the words <of> a & b"
    assert not fold.summary.has_attr("aria-label")
    assert not fold.has_attr("open")
    assert fold.select_one("pre").get_text().strip() == "print(6 * 7)"
    assert not fold.select(".cell_output")
    assert "42" in fold.find_parent(class_="cell").select_one(".cell_output").get_text()


def test_a_fold_opens_with_the_keyboard_and_stays_shut_on_paper(open_page):
    page = open_page()
    fold = page.locator("details.fold")
    assert not fold.locator("pre").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not fold.locator("pre").is_visible()
    assert page.locator("#exercises details").first.get_attribute("open") is not None
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.locator("pre").is_visible()


# Numbers


def test_a_chapter_has_its_number_wherever_it_is_named(folder):
    page = soup(folder, "07_words")
    name = "07 Words of many many many pages"
    assert page.title.get_text().startswith(name)
    assert page.h1.get_text().startswith(name)
    assert page.select_one("section")["id"] == "words-of-many-many-many-pages"  # the anchor has no number
    start = soup(folder, "start")
    links = [a.get_text() for a in start.select("a[href^='07_words.html']")]
    assert len(links) >= 3  # the side bar, the text, what comes next
    assert all(name in text for text in links)
    assert soup(folder, "07_words_deeper").h1.get_text().startswith("07 Words, deeper")
    assert soup(folder, "glossary").h1.get_text().startswith("Glossary")


def test_the_arrow_beside_a_chapter_with_a_companion_has_a_name(folder):
    (arrow,) = soup(folder, "start").select(".bd-links summary")
    assert arrow["aria-label"] == "Pages that belong to 07 Words of many many many pages"


# Exercises


def test_an_exercise_is_marked_where_it_begins(folder):
    exercises = soup(folder, "07_words").select("p.exercise")
    assert [p.get_text()[:4] for p in exercises] == ["1. W", "2. A"]


def test_exercises_have_air(open_page):
    page = open_page()
    solution = page.locator("#exercises details").bounding_box()
    next_one = page.locator("p.exercise strong", has_text="2.").bounding_box()
    assert next_one["y"] - solution["y"] - solution["height"] > 40


# Terms


def test_terms_are_marked_in_chapters_and_their_companions_only(folder):
    for name, words in {
        "07_words": ["forget gate", "gate", "ablation"],
        "07_words_deeper": ["gate"],
        "start": [],
        "glossary": [],
    }.items():
        page = soup(folder, name)
        assert [a.get_text() for a in page.select("a.term")] == words
        notes = [note["data-term"] for note in page.select(".term-note")]
        assert notes == [f"term-{word.replace(' ', '-')}" for word in words]
        for term in page.select("a.term"):
            assert page.find(id=term["aria-describedby"])


def test_a_term_leads_to_its_row_and_every_row_has_an_anchor(folder):
    rows = soup(folder, "glossary").select("table.glossary tbody tr")
    assert len({row["id"] for row in rows}) == len(rows) > 150
    (row,) = (row for row in rows if row["id"] == "term-forget-gate")
    assert [cell.get_text() for cell in row.select("td")][:2] == ["forget gate", "遗忘门"]
    assert soup(folder, "07_words").select_one("a.term")["href"] == "glossary.html#term-forget-gate"
    note = soup(folder, "07_words").find(id="about-term-forget-gate").get_text()
    assert "遗忘门" in note
    assert row.select("td")[2].get_text() in note


def test_the_search_finds_no_page_by_what_its_notes_say(folder):
    index = json.loads((folder.parent / "searchindex.js").read_text(encoding="utf-8")[len("Search.setIndex(") : -1])
    found = index["terms"]["contribut"]  # of the meaning of ablation
    places = found if isinstance(found, list) else [found]
    assert [index["docnames"][place] for place in places] == ["book/glossary"]


def shown(page):
    """Return the notes that are in sight, each with its heading."""
    return [note.locator("strong").inner_text() for note in page.locator(".term-note:visible").all()]


def is_inside(page):
    box = page.locator(".term-note:visible").bounding_box()
    width = page.evaluate("document.documentElement.clientWidth")
    return box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= 900


def test_focus_shows_a_note_and_escape_hides_it(open_page):
    page = open_page()
    term = page.locator("a.term").first
    term.focus()
    assert shown(page) == ["forget gate"]
    assert is_inside(page)
    page.keyboard.press("Escape")
    assert shown(page) == []
    page.keyboard.press("Tab")
    assert shown(page) == ["gate"]
    page.evaluate("document.activeElement.blur()")
    assert shown(page) == []
    term.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-forget-gate")


def test_the_pointer_shows_a_note_and_may_go_onto_it(open_page):
    page = open_page()
    term = page.locator("a.term", has_text="ablation")
    term.hover()
    assert shown(page) == ["ablation"]
    page.locator(".term-note:visible").hover()
    page.wait_for_timeout(400)
    assert shown(page) == ["ablation"]
    page.mouse.move(5, 850)
    page.locator(".term-note:visible").wait_for(state="detached")
    assert shown(page) == []


def test_a_tap_shows_a_note_and_a_tap_elsewhere_hides_it(open_page):
    page = open_page(width=360, has_touch=True)
    for term in page.locator("a.term").all():
        term.tap()
        assert shown(page) == [term.inner_text()]
        assert is_inside(page)
        page.locator("article h1").tap()
        assert shown(page) == []
    assert page.url.endswith("07_words.html")
    term.tap()
    page.locator(".term-note:visible a").tap()
    page.wait_for_url("**/glossary.html#term-ablation")


def test_a_second_tap_follows_the_link(open_page):
    page = open_page(width=360, has_touch=True)
    page.locator("a.term").first.tap()
    page.locator("a.term").first.tap()
    page.wait_for_url("**/glossary.html#term-forget-gate")


def test_a_note_goes_with_its_word_and_does_not_stay_when_it_is_scrolled_away(open_page):
    page = open_page()
    page.locator("a.term").first.focus()
    before = page.locator(".term-note:visible").bounding_box()["y"]
    page.mouse.move(700, 800)
    page.mouse.wheel(0, 30)
    page.wait_for_function("scrollY >= 30")
    page.wait_for_function(f"document.querySelector('.term-note:not([hidden])').getBoundingClientRect().y < {before}")
    page.mouse.wheel(0, 1500)
    page.wait_for_function("!document.querySelector('.term-note:not([hidden])')")


def test_on_paper_a_term_is_a_word(open_page):
    page = open_page()
    page.locator("a.term").first.focus()
    page.emulate_media(media="print")
    assert shown(page) == []
    assert page.locator("a.term").last.evaluate("(a) => getComputedStyle(a).textDecorationLine") == "none"


# Formulas


def test_a_long_formula_scrolls_and_says_so(open_page):
    page = open_page(width=360)
    long, short = (page.locator("div.math").nth(n) for n in range(2))
    inner = long.locator("mjx-container")
    assert inner.get_attribute("tabindex") == "0"
    assert long.get_attribute("data-more") == "right"
    assert long.evaluate("(box) => getComputedStyle(box, '::after').content").startswith('"›"')
    inner.evaluate("(box) => box.scrollBy(100, 0)")
    page.wait_for_function("document.querySelector('div.math').dataset.more === 'left right'")
    inner.evaluate("(box) => box.scrollBy(100000, 0)")
    page.wait_for_function("document.querySelector('div.math').dataset.more === 'left'")
    assert short.get_attribute("data-more") is None
    others = page.locator("mjx-container:not([tabindex='0'])")
    assert others.count() >= 2  # the short one and those in the text are no stops of the Tab key
    page.locator("#exercises summary").click()
    page.wait_for_function("document.querySelector('#exercises div.math').dataset.more === 'right'")


def test_marks_stay_with_the_formula_that_they_touch():
    doctree = publish_doctree("")
    paragraph = nodes.paragraph()
    formulas = [nodes.math("", name) for name in "abcd"]
    texts = ["A set (", "), or ", "", " and", ". The end, so. "]
    for text, formula in zip(texts, [*formulas, None], strict=True):
        paragraph += [each for each in (nodes.Text(text), formula) if each]
    doctree += paragraph
    text = doctree.astext()
    keep_together(doctree)
    assert doctree.astext() == text
    assert [kept.astext() for kept in doctree.findall(nodes.inline)] == ["(a),", "d."]
    assert [formula.parent.astext() for formula in formulas[1:3]] == [text, text]
    assert all(child.parent is node for node in doctree.findall(nodes.Element) for child in node.children)


def test_no_line_begins_with_the_mark_after_a_formula(open_page):
    page = open_page(width=360)
    kept = page.locator(".kept-together")
    assert kept.count() == 1  # the long formula, and the full stop
    assert kept.evaluate("(box) => getComputedStyle(box).whiteSpace") == "nowrap"
    formula = kept.locator(".math").bounding_box()
    assert formula["width"] > 250
    assert formula["x"] + formula["width"] <= 360 - 16


def test_code_and_a_formula_within_text_scroll_and_fade_where_there_is_more(open_page):
    page = open_page(width=360)
    for name in ("span.math", "article pre"):
        boxes = page.locator(name)
        wide = next(box for box in boxes.all() if box.get_attribute("data-more"))
        assert wide.get_attribute("data-more") == "right"
        assert wide.get_attribute("tabindex") == "0"
        assert wide.evaluate("(box) => getComputedStyle(box).overflowX") == "auto"
        assert "gradient" in wide.evaluate("(box) => getComputedStyle(box).maskImage")
        assert len([box for box in boxes.all() if box.get_attribute("data-more")]) == 1
        handle = wide.element_handle()
        for scrolled, more in ((100, "left right"), (100_000, "left")):
            handle.evaluate("(box, by) => box.scrollBy(by, 0)", scrolled)
            page.wait_for_function("([box, more]) => box.dataset.more === more", arg=[handle, more])
        page.emulate_media(media="print")
        assert handle.evaluate("(box) => getComputedStyle(box).maskImage") == "none"
        page.emulate_media(media="screen")


# Experiments


def test_a_row_says_what_the_cell_says_and_leads_to_it(folder):
    page = soup(folder, "experiments")
    assert "The tables stand here in the built book" not in page.article.get_text()
    (table,) = page.select("table.experiments")
    assert [head.get_text() for head in table.select("th")] == ["Question", "Rival explanation", "Seeds", "Answer"]
    assert [cell.get_text() for cell in table.select("tbody td")] == [*MEASURED.values()]
    assert table.a["href"] == "07_words.html#experiment-measured"
    assert "shown" in soup(folder, "07_words").find(id="experiment-measured").get_text()
    assert page.select_one("article h2 a")["href"] == "07_words.html"
    assert page.select_one("article h2").get_text().startswith("07 Words of many many many pages")
    assert "07 Words of many many many pages" in page.select_one(".bd-sidebar-secondary").get_text()


def test_on_a_phone_an_experiment_is_a_block_that_does_not_scroll(open_page):
    page = open_page("experiments", width=360)
    table = page.locator("table.experiments")
    assert table.evaluate("(t) => t.scrollWidth - t.clientWidth") <= 0
    assert table.get_attribute("tabindex") is None
    boxes = [cell.bounding_box() for cell in table.locator("tbody td").all()]
    assert all(below["y"] >= above["y"] + above["height"] - 1 for above, below in pairwise(boxes))
    assert min(box["width"] for box in boxes) > 300
    wide = open_page("experiments", width=1440)
    assert len({cell.bounding_box()["y"] for cell in wide.locator("table.experiments tbody td").all()}) == 1


# The page as a whole


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["07_words", "glossary", "experiments", "start"])
def test_axe_finds_nothing_with_all_open(open_page, name, width, scheme):
    page = open_page(name, width=width, scheme=scheme, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    if page.locator("a.term").count():
        page.locator("a.term").first.focus()
        assert shown(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []


def test_on_a_phone_a_row_of_the_glossary_is_a_block_that_does_not_scroll(open_page):
    page = open_page("glossary", width=360)
    table = page.locator("table.glossary")
    assert table.evaluate("(t) => t.scrollWidth - t.clientWidth") <= 0
    assert table.get_attribute("tabindex") is None
    row = page.locator("#term-cache")
    term, _, meaning = (cell.bounding_box() for cell in row.locator("td").all())
    assert meaning["y"] >= term["y"] + term["height"] - 1
    assert meaning["width"] > 300
    wide = open_page("glossary", width=1440)
    term, _, meaning = (cell.bounding_box() for cell in wide.locator("#term-cache td").all())
    assert meaning["y"] == term["y"]
