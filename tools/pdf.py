"""Prints the built book as one PDF, with a contents page, page numbers and an outline: `make pdf`.

Chromium prints each page as a reader would, and each figure that moves shows its first frame. Links between pages of
the site lead to the page of the PDF.
"""

import os
import sys
from html import escape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

import chromium

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "unrolled.pdf"
PAPER = {"format": "A4", "print_background": True}
SCALE = 0.8  # so that a line of paper is as long as one of a wide screen, and equations fit
MARGIN = {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
LETTERS = "font: 11pt/1.5 'DejaVu Sans', sans-serif; color: #222"
READY = "async () => { await document.fonts.ready; if (window.MathJax?.startup) await MathJax.startup.promise; }"


class Leaf(NamedTuple):
    """A page of the site: its file, its title, the part it opens (or ""), and whether it stands under a chapter."""

    file: Path
    title: str
    part: str
    below: bool


def leaves(toc, built):
    """List the pages of the site in the order of the table of contents.

    Raises
    ------
    FileNotFoundError
        When a page is not built.
    """
    found = [(toc["root"], "", False)]
    for part in toc["parts"]:
        caption = part["caption"]
        for chapter in part["chapters"]:
            found.append((chapter["file"], caption, False))
            found.extend((page["file"], "", True) for page in chapter.get("sections", []))
            caption = ""
    files = [built / f"{name}.html" for name, _, _ in found]
    for file in files:
        if not file.is_file():
            raise FileNotFoundError(f"{file.relative_to(built)} is not built")
    return [Leaf(file, "", part, below) for file, (_, part, below) in zip(files, found, strict=True)]


def print_page(page, leaf):
    """Print one page of the site: what it is called, and its PDF as bytes."""
    page.goto(leaf.file.as_uri(), wait_until="load")
    page.emulate_media(media="print", color_scheme="light")
    page.evaluate(READY)
    title = page.locator("h1").first.evaluate(
        "h => [...h.childNodes].filter(n => !n.classList?.contains('headerlink')).map(n => n.textContent).join('')"
    )
    return title.strip(), page.pdf(**PAPER, margin=MARGIN, scale=SCALE, outline=True, tagged=True)


def print_html(page, html, margin=MARGIN):
    """Print a page that is not of the site."""
    page.set_content(f"<html lang='en'><meta charset='utf-8'><body style=\"margin:0; {LETTERS}\">{html}</body></html>")
    return PdfReader(BytesIO(page.pdf(**PAPER, margin=margin)))


def contents_html(entries):
    """The contents: `entries` are (title, part, below, number of the page), one for each page of the site."""
    rows = []
    for place, (title, part, below, number) in enumerate(entries):
        if part:
            rows.append(f"<h2 style='font-size:11pt; margin:14pt 0 2pt; break-after:avoid'>{escape(part)}</h2>")
        link = f"<a href='contents:{place}' style='color:inherit; text-decoration:none'>{escape(title)}</a>"
        indent = "2em" if below else "0"
        rows.append(
            f"<div style='display:flex; gap:1em; padding-left:{indent}'><span>{link}</span>"
            "<span style='flex:1; border-bottom:1px dotted #999; margin-bottom:5pt'></span>"
            f"<span>{number}</span></div>"
        )
    return f"<h1 style='font-size:20pt'>Unrolled</h1><p>Contents</p>{''.join(rows)}"


def numbers_html(total):
    """One page without margins for each page of the book, empty but for its number, which stands below the text."""
    style = "box-sizing:border-box; height:296mm; padding-bottom:9mm; font-size:9pt; color:#666"
    style += "; display:flex; align-items:flex-end; justify-content:center"
    return "".join(
        f"<div style='{style}; break-after:{'auto' if n == total else 'page'}'>{n}</div>" for n in range(1, total + 1)
    )


def lead_inside(writer, starts, built):
    """Let each link to a page of the site lead to where it begins in the PDF.

    Parameters
    ----------
    writer : PdfWriter
    starts : dict
        The address of a page (or `contents:0`, …) → its place in the PDF, from 0.
    built : Path
        Links to other files below this folder are dropped: the PDF is read without them.

    Returns
    -------
    int
        How many links lead inside.
    """
    led = 0
    for page in writer.pages:
        kept = ArrayObject()
        for reference in page.get("/Annots", []):
            note = reference.get_object()
            address = note.get("/A", {}).get("/URI")
            start = starts.get(urldefrag(address).url) if address else None
            if start is not None:
                where = ArrayObject([writer.pages[start].indirect_reference, NameObject("/Fit")])
                note[NameObject("/A")] = DictionaryObject(
                    {NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): where}
                )
                led += 1
            elif address and address.startswith(built.as_uri()):
                continue
            kept.append(reference)
        if "/Annots" in page:
            page[NameObject("/Annots")] = kept
    return led


def make_book(toc, built, page, told=print):
    """Print every page, put contents before them and numbers on them; return a PdfWriter."""
    pages = leaves(toc, built)
    printed = []
    for n, leaf in enumerate(pages, 1):
        title, data = print_page(page, leaf)
        told(f"{n} of {len(pages)}: {title}")
        printed.append((leaf._replace(title=title), PdfReader(BytesIO(data))))

    def contents(first):
        entries, number = [], first
        for leaf, reader in printed:
            entries.append((leaf.title, leaf.part, leaf.below, number + 1))
            number += len(reader.pages)
        return entries, print_html(page, contents_html(entries))

    front = len(contents(0)[1].pages)  # how long the contents are does not depend on the numbers
    entries, front_pages = contents(front)
    writer = PdfWriter()
    writer.append(front_pages, outline_item="Contents")
    starts, part, chapter = {}, None, None
    for place, ((leaf, reader), (title, caption, below, number)) in enumerate(zip(printed, entries, strict=True)):
        if caption:
            part = writer.add_outline_item(title=caption, page_number=None)
        first = len(writer.pages)
        writer.append(reader, import_outline=False)
        item = writer.add_outline_item(title=title, page_number=first, parent=chapter if below else part)
        chapter = chapter if below else item
        starts[leaf.file.as_uri()] = starts[f"contents:{place}"] = first
        assert number == first + 1
    lead_inside(writer, starts, built)
    for sheet, number in zip(writer.pages, print_html(page, numbers_html(len(writer.pages)), {}).pages, strict=True):
        sheet.merge_page(number)
    writer.add_metadata({"/Title": "Unrolled: sequence models from one-hot to GPT"})
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects()
    return writer


def main():
    """Write _build/unrolled.pdf."""
    if not (BUILT / "index.html").is_file():
        sys.exit("The book is not built: run `make book` first.")
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=sandbox)
        writer = make_book(toc, BUILT, browser.new_page())
        browser.close()
    writer.write(TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {len(writer.pages)} pages, {TARGET.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
