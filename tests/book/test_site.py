"""The built pages ask nothing of the world, complain of nothing, and can be read by everyone."""

import gzip
import re
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "_config.yml"
PHONE, DESK = 360, 1440
# The colours of a page do not depend on its width, so a phone sees most pages by day only.
LOOKS = {"desk-light": (DESK, "light"), "desk-dark": (DESK, "dark"), "phone-light": (PHONE, "light")}

# What says of a picture what is to be seen: its own text, or that of what stands around it.
NAMED = """
() => [...document.querySelectorAll("main :is(figure, img, svg)")].filter((node) => {
  const text = (id) => document.getElementById(id)?.textContent.trim();
  const labelled = (n) => n.getAttribute("aria-label")?.trim() ||
    (n.getAttribute("aria-labelledby") || "").split(/\\s+/).some(text);
  if (node.closest("[aria-hidden=true], mjx-container, button, a")) return false;
  if (node.matches("img")) return !node.alt?.trim();
  if (node.matches("figure")) return !labelled(node) && !node.querySelector("figcaption")?.textContent.trim();
  return !(labelled(node) || (node.closest("[role=img]") && labelled(node.closest("[role=img]"))));
}).map((node) => node.outerHTML.slice(0, 200))
"""

# What a sheet of paper would cut off: what scrolls, and what reaches over the edge.
CUT = """
() => [...document.querySelectorAll("article :is(pre, figure, img, table)")].filter((node) => {
  const scrolls = node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible";
  const over = node.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
  return node.checkVisibility() && (scrolls || over);
}).map((node) => node.outerHTML.slice(0, 200))
"""

# Code has thousands of coloured tokens, of a few styles. One of each style keeps its mark, so that its contrast is
# looked at; the others become plain text of their line. To look at all takes axe longer than all else that it does; and
# of a single letter it never says that its contrast is too low.
ONE_TOKEN_OF_EACH_STYLE = """
() => {
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
  };
  const seen = new Set();
  const again = [];
  for (const pre of document.querySelectorAll("pre")) {
    const under = ground(pre);
    for (const token of pre.querySelectorAll("span")) {
      const { color, backgroundColor, fontSize, fontWeight, opacity } = getComputedStyle(token);
      const style = [under, color, backgroundColor, fontSize, fontWeight, opacity].join();
      const letters = token.textContent.trim().length;
      letters < 2 || seen.has(style) ? again.push(token) : seen.add(style);
    }
  }
  again.forEach((token) => token.replaceWith(...token.childNodes));
  return seen.size;
}
"""
CONTRAST = "color-contrast"


@lru_cache
def soup(built_book, name):
    return BeautifulSoup((built_book / name).read_text(encoding="utf-8"), "html.parser")


def violations(page, context=None, **options):
    """What axe finds: the rules that are broken, each with the place."""
    # axe would fetch the style sheets, which a browser does not allow from file://; and to report each of the ten
    # thousand nodes that are right takes it longer than to check them.
    found = Axe().run(page, context=context, options={"preload": False, "resultTypes": ["violations"], **options})
    return [(rule["id"], node["html"][:200]) for rule in found.response["violations"] for node in rule["nodes"]]


def test_a_token_whose_colour_cannot_be_read_is_found(visit, tmp_path):
    tokens = "".join(f'<span style="color: {colour}">code</span> ' for colour in ["#000"] * 5 + ["#ccc"] * 5)
    path = tmp_path / "page.html"
    path.write_text(f'<!doctype html><html lang="en"><title>Code</title><main><h1>Code</h1><pre>{tokens}</pre></main>')
    page = visit(path.as_uri()).page
    assert page.evaluate(ONE_TOKEN_OF_EACH_STYLE) == 2
    assert [name for name, _ in violations(page)] == [CONTRAST]


@pytest.mark.parametrize(("width", "scheme"), LOOKS.values(), ids=LOOKS)
def test_page_is_quiet_and_accessible(offline_page, page_name, width, scheme):
    check_quiet_and_accessible(offline_page, page_name, width, scheme)


def test_the_first_page_is_quiet_and_accessible_on_a_phone_at_night(offline_page):
    check_quiet_and_accessible(offline_page, "book/index.html", PHONE, "dark")


def check_quiet_and_accessible(offline_page, page_name, width, scheme):
    # While a colour is on its way to another one, axe would measure the contrast of neither.
    visited = offline_page(page_name, scheme=scheme, width=width, reduced_motion="reduce")
    page = visited.page
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.evaluate(NAMED) == []
    page.evaluate(ONE_TOKEN_OF_EACH_STYLE)
    # Words and code of a chapter have the same colours on a phone as on a desk, and contrast takes most of the time.
    chapter_on_phone = page_name.startswith("book/") and width == PHONE
    rules = {CONTRAST: {"enabled": False}} if chapter_on_phone else {}
    assert violations(page, rules=rules) == []
    if chapter_on_phone:
        assert violations(page, context={"exclude": [["article"]]}, runOnly=[CONTRAST]) == []
    assert visited.off_site == []
    assert visited.complaints == []


def test_links_lead_somewhere(built_book, page_name):
    broken = []
    for tag in soup(built_book, page_name).find_all(["a", "img", "script", "link"]):
        target = tag.get("href") or tag.get("src")
        if not target or target == "#" or re.match(r"(https?:|mailto:|data:)", target):
            continue
        path, anchor = urldefrag(target)
        path = unquote(path.split("?")[0])
        file = (built_book / page_name).parent / path if path else built_book / page_name
        if not file.is_file():
            broken.append(target)
        elif anchor and file.suffix == ".html":
            other = soup(built_book, file.resolve().relative_to(built_book).as_posix())
            if not other.find(id=unquote(anchor)):
                broken.append(target)
    assert broken == []


def test_page_weighs_at_most_1_MB(built_book, page_name):
    assert len(gzip.compress((built_book / page_name).read_bytes(), 6)) <= 1_000_000


def test_page_loads_nothing_from_elsewhere(built_book, page_name):
    loaded = [tag.get("src") or tag.get("href") for tag in soup(built_book, page_name).select("[src], link[href]")]
    assert [target for target in loaded if re.match(r"(https?:)?//", target)] == []


def test_no_page_shows_a_failed_cell(built_book, page_name):
    assert soup(built_book, page_name).select(".output.traceback, .output.stderr") == []


def test_entrance_leads_to_the_book(visit, built_book):
    visited = visit((built_book / "index.html").as_uri())
    visited.page.wait_for_url("**/book/index.html")
    assert visited.complaints == []
    entrance = soup(built_book, "index.html")
    assert entrance.html["lang"] == "en"
    assert entrance.title.text
    assert (built_book / entrance.a["href"]).is_file()  # for who has switched the leading on off


def test_mathematics_is_typeset_with_fonts_of_the_site(offline_page):
    visited = offline_page("book/notation.html")
    assert visited.page.locator("mjx-container").count() > 0
    assert visited.page.evaluate("[...document.fonts].some((f) => f.family.includes('MJX') && f.status === 'loaded')")
    assert visited.off_site == []


def test_search_finds_a_word_from_a_folder(offline_page):
    word = "notation"
    visited = offline_page("book/index.html")
    page = visited.page
    page.locator("button.search-button-field:visible").first.click()
    page.locator("#pst-search-dialog input").fill(word)
    page.locator("#pst-search-dialog input").press("Enter")
    page.wait_for_url("**/search.html?q=*")
    page.locator("#search-results li a").first.wait_for()
    assert "notation.html" in " ".join(a.get_attribute("href") for a in page.locator("#search-results li a").all())
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/book/**")
    assert visited.complaints == []
    assert visited.off_site == []


def test_paper_shows_all_and_offers_nothing_to_press(offline_page, chapter_name):
    page = offline_page(chapter_name, width=794, scheme="dark").page  # A4 at 96 dots an inch
    folds = page.locator("details:not([open])").count()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.locator("details:not([open], .fold)").count() == 0
    assert page.locator("details.fold[open]").count() == 0
    for pressed in ("main button:visible", "main input:visible", "main select:visible", ".bd-sidebar-primary:visible"):
        assert page.locator(pressed).count() == 0, pressed
    for figure in page.locator("figure.interact").all():
        assert figure.locator(".interact-picture svg").first.is_visible()
        assert figure.locator("figcaption").is_visible()
    cut = page.evaluate(CUT)
    assert cut == []
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("details:not([open])").count() == folds


def test_a_chapter_offers_its_notebook(built_book, chapter_name):
    notebook = ROOT / Path(chapter_name).with_suffix(".ipynb")
    links = soup(built_book, chapter_name).select("a[download]")
    if not notebook.is_file():
        assert links == []
        return
    (link,) = links
    assert link["title"] == "Download this notebook"
    # As it is committed: without the mark that the build gives it.
    assert (built_book / chapter_name).parent.joinpath(link["href"]).read_bytes() == notebook.read_bytes()


@pytest.fixture
def served(built_book):
    """The address of the site where a server offers it."""
    handler = partial(QuietHandler, directory=built_book)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_): ...


def test_the_notebook_is_saved_where_a_server_offers_it_and_shown_where_none_does(visit, served, built_book):
    page = visit(f"{served}/book/index.html", own=served).page
    with page.expect_download() as download:
        page.locator("a[download]:visible").click()
    assert download.value.suggested_filename == "index.ipynb"
    # A browser saves nothing on behalf of a page that is a file itself: it opens the notebook, and the reader saves it.
    page = visit((built_book / "book" / "index.html").as_uri()).page
    page.locator("a[download]:visible").click()
    page.wait_for_url("**/_sources/book/index.ipynb")


def test_buttons_are_there_only_with_an_address(built_book):
    buttons = soup(built_book, "book/index.html").select(
        ".btn-source-repository-button, .btn-source-edit-button, .dropdown-launch-buttons, .dropdown-source-buttons"
    )
    address = re.search(r'(?m)^repository:\n  url: "(.*?)"', CONFIG.read_text(encoding="utf-8"))[1]
    assert bool(buttons) == bool(address)
