"""The PDF of the book: every page in the order of the contents, with links that lead inside, numbers and an outline."""

from io import BytesIO

import pytest
from pypdf import PdfReader

import pdf

TOC = {
    "root": "book/index",
    "parts": [
        {"caption": "First part", "chapters": [{"file": "book/one", "sections": [{"file": "book/one_deeper"}]}]},
        {"caption": "Second & last", "chapters": [{"file": "book/two"}]},
    ],
}
LONG = "<p style='break-after: page'>A sheet.</p>" * 3


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of four pages; the second fills four sheets."""
    folder = tmp_path_factory.mktemp("html")
    (folder / "book").mkdir()
    bodies = {
        "index": "<h1>The start</h1><a href='two.html#end'>to two</a> <a href='notes.txt'>a file</a>",
        "one": f"<h1>One<a class='headerlink' href='#one'>#</a></h1>{LONG}<a href='https://example.org/'>elsewhere</a>",
        "one_deeper": "<h1>One, deeper</h1><a href='one.html'>back</a>",
        "two": "<h1>Two</h1><p id='end'>The last words.</p>",
    }
    for name, body in bodies.items():
        (folder / "book" / f"{name}.html").write_text(f"<!doctype html><html lang='en'>{body}</html>", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(site, browser):
    """The PDF of that site, read again."""
    page, written = browser.new_page(), BytesIO()
    pdf.make_book(TOC, site, page, told=lambda line: None).write(written)
    page.close()
    return PdfReader(written)


def texts(printed):
    return [sheet.extract_text() for sheet in printed.pages]


def addresses(printed):
    """(sheet, target): the sheet that a link leads to, or its address."""
    found = []
    for n, sheet in enumerate(printed.pages, 1):
        for note in sheet.get("/Annots", []):
            action = note.get_object()["/A"]
            inside = action["/S"] == "/GoTo"
            found.append((n, printed.get_page_number(action["/D"][0].get_object()) + 1 if inside else action["/URI"]))
    return found


def test_every_page_is_there_in_order(printed):
    contents, *sheets = texts(printed)
    assert [line in contents for line in ("The start", "One", "One, deeper", "Two", "Second & last")] == [True] * 5
    begins = [
        next(n for n, text in enumerate(sheets, 2) if title in text) for title in ("start", "One", "deeper", "Two")
    ]
    assert begins == [2, 3, 7, 8]
    assert len(printed.pages) == 8


def test_every_sheet_has_its_number(printed):
    assert [text.split()[-1] for text in texts(printed)] == [str(n) for n in range(1, 9)]


def test_the_contents_name_the_sheet_and_lead_to_it(printed):
    assert [link for link in addresses(printed) if link[0] == 1] == [(1, 2), (1, 3), (1, 7), (1, 8)]
    words = texts(printed)[0].split()
    assert [words[words.index(title) + 1] for title in ("start", "deeper", "Two")] == ["2", "7", "8"]


def test_links_between_pages_lead_inside_and_others_stay(printed):
    assert [link for link in addresses(printed) if link[0] > 1] == [(2, 8), (6, "https://example.org/"), (7, 3)]


def test_the_outline_has_parts_chapters_and_companions(printed):
    def named(items):
        return [named(item) if isinstance(item, list) else item.title for item in items]

    assert named(printed.outline) == [
        "Contents", "The start", "First part", ["One", ["One, deeper"]], "Second & last", ["Two"],
    ]  # fmt: skip


def test_a_page_that_is_not_built_is_named(site):
    missing = {"root": "book/index", "parts": [{"caption": "", "chapters": [{"file": "book/three"}]}]}
    with pytest.raises(FileNotFoundError, match=r"book/three\.html is not built"):
        pdf.leaves(missing, site)
