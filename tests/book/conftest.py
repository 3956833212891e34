"""What the tests of the built site share: the pages, a browser with the network cut, and what it complained of."""

import os
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import sync_playwright

import chromium

ROOT = Path(__file__).parents[2]


def pytest_generate_tests(metafunc):
    """Run what asks for a `page_name` on every page, and what asks for a `chapter_name` on every page of the book."""
    for argument, names in (("page_name", pages()), ("chapter_name", [n for n in pages() if n.startswith("book/")])):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, names)


def pages():
    """What must be there, built or not: the table of contents says so."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    files = [page["file"] for chapter in chapters for page in (chapter, *chapter.get("sections", []))]
    return [f"{name}.html" for name in (toc["root"], *files, "search", "genindex")]


@pytest.fixture(scope="session")
def built_book():
    """The folder of the built pages."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail("the book is not built: run `make book` first", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def browser():
    """A running Chromium."""
    path = chromium.find()
    if path is None:
        pytest.fail("no Chromium found: run `make test`, which installs one, or set CHROMIUM", pytrace=False)
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield running
        running.close()


class Visit:
    """An open page, what it asked of other places, and what it complained of."""

    def __init__(self, page, own):
        self.page = page
        self.off_site = []
        self.complaints = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.context.route(lambda url: not url.startswith((own, "data:", "blob:")), self._refuse)

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _refuse(self, route):
        self.off_site.append(route.request.url)
        route.abort()


@pytest.fixture
def visit(browser):
    """Open a page: `visit(url, width=…, scheme=…)`; nothing but `own` is answered, and the rest is recorded.

    Further options are the browser's, such as `has_touch=True` or `reduced_motion="reduce"`.
    """
    contexts = []

    def open_one(url, own="file:", width=1440, scheme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        visited = Visit(context.new_page(), own)
        visited.page.goto(url)
        return visited

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def offline_page(visit, built_book):
    """Open a page of the book with the network cut: `offline_page("book/index.html", width=…, scheme=…)`."""

    def open_one(name, **options):
        visited = visit((built_book / name).as_uri(), **options)
        visited.page.evaluate("window.MathJax?.startup?.promise")  # until the formulas are set
        return visited

    return open_one
