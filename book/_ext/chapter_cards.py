"""The list of chapters on the first page, as cards with pictures, and the map of what builds on what.

In the notebook it is a plain list of links. What the cards say of a chapter stands in the chapter's own metadata:

    "unrolled": {
      "able_to": "Read words as vectors.",
      "builds_on": ["01"],
      "difficulty": 2,
      "minutes": 60,
      "picture": {"crop": [20, 0, 230, 150], "figure": "one_step"}
    }

`crop` is left, top, width and height of what is shown of the figure's first frame, in points, of which a figure is
345.6 wide; without it, all is shown.
"""

import html
import json
import re
from pathlib import Path
from typing import NamedTuple

import yaml
from docutils import nodes
from sphinx.util import logging

from chapter_pages import chapter_number

KEY = "unrolled"
SVG = re.compile(r'<div class="interact-panel"[^>]*>\s*<svg\b([^>]*)>(.*?)</svg>', re.DOTALL)
SENTENCE = re.compile(r'<figcaption class="interact-sentence"[^>]*>(.*?)</figcaption>', re.DOTALL)
BOX = re.compile(r'viewBox="([^"]+)"')
TOUCH = re.compile(r' data-touch="[^"]*"')
# Of the map, in pixels, as landing.css has them: the height of a row, where the numbers stand, and their radius.
ROW, WIDE, RADIUS = 44, 84, 14

logger = logging.getLogger(__name__)


class Chapter(NamedTuple):
    """What a card and the map say of a chapter."""

    docname: str
    number: str
    title: str
    part: str  # the caption of its part of the book
    able_to: str
    minutes: int
    difficulty: int  # 1 to 3
    builds_on: tuple  # numbers of chapters
    picture: str  # SVG, or "" where there is none
    sentence: str  # what the picture shows


class chapter_cards(nodes.General, nodes.Element):  # noqa: N801 - docutils' nodes have such names
    """The place of the cards; `docnames` are the chapters."""


def setup(app):
    """Turn the list of chapters on the first page into cards and a map, and let its figure come before the code."""
    app.add_css_file("landing.css")
    app.add_node(chapter_cards, html=(_write_cards, None), override=True)
    app.connect("doctree-read", _find_list)
    app.connect("doctree-resolved", _put_figure_first)
    app.connect("env-updated", _first_page)


def listed_chapters(bullets, folder):
    """Return the pages that a list links to, if each of its items is a link to a chapter, or an empty list.

    Parameters
    ----------
    bullets : docutils.nodes.bullet_list
    folder : str
        Of the page, with a slash at its end: links are relative to it.

    Returns
    -------
    list of str
        Names of documents, such as "book/05_lstm_gru_gates".
    """
    names = []
    for item in bullets.children:
        links = [node for node in item.findall(nodes.Element) if node.get("reftarget") or node.get("refuri")]
        if len(links) != 1 or item.astext().strip() != links[0].astext().strip():
            return []
        target = links[0].get("reftarget") or links[0]["refuri"]
        stem = target.rpartition("/")[2].removesuffix(".ipynb").removesuffix(".md")
        if not chapter_number(stem):
            return []
        names.append(folder + stem)
    return names


def _find_list(app, doctree):
    page = app.env.docname
    if page != app.config.root_doc:
        return
    folder = page[: page.rfind("/") + 1]
    for bullets in list(doctree.findall(nodes.bullet_list)):
        names = listed_chapters(bullets, folder)
        if names:
            cards = chapter_cards()
            cards["docnames"] = names
            bullets.replace_self(cards)
            app.env.unrolled_cards = page


def _put_figure_first(app, doctree, docname):
    """Let the first page's figure stand above the line that unfolds its code: nothing comes before the figure."""
    if docname != app.config.root_doc:
        return
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code" and cell.get("hide_mode") == "input":
            fold = cell.children[0]
            cell.remove(fold)
            cell.append(fold)


def _first_page(app, env):
    """Write the first page again with every change: the pictures are those of other pages."""
    page = getattr(env, "unrolled_cards", None)
    return [page] if page in env.found_docs else []


def read_chapter(app, docname):
    """Return what is said of a chapter, or None, with a warning, where its notebook says nothing of itself."""
    env, number = app.env, chapter_number(docname)
    said = json.loads(Path(env.doc2path(docname)).read_text(encoding="utf-8"))["metadata"].get(KEY)
    if said is None:
        logger.warning("%s has no %r in its metadata, which its card needs", docname, KEY, location=docname)
        return None
    picture, sentence = find_picture(env.get_doctree(docname), **said["picture"])
    if not picture:
        logger.warning(
            "its card shows the figure %r, which it does not have", said["picture"]["figure"], location=docname
        )
    title = env.titles[docname].astext().removeprefix(number).strip()
    facts = said["able_to"], said["minutes"], said["difficulty"], tuple(said["builds_on"])
    return Chapter(docname, number, title, _parts(app).get(docname, ""), *facts, picture, sentence)


def find_picture(doctree, figure, crop=None):
    """Return the first frame of a page's figure as SVG, and its sentence; two empty texts where there is none.

    Parameters
    ----------
    doctree : docutils.nodes.document
    figure : str
        The name of the function that draws it.
    crop : sequence of float, optional
        Left, top, width, height, in points.
    """
    start = f'<figure class="interact" id="figure-{figure.replace("_", "-")}"'
    for raw in doctree.findall(nodes.raw):
        source = raw.astext()
        if start in source:
            found = SVG.search(source)
            return crop_svg(*found.groups(), crop), html.unescape(SENTENCE.search(source)[1])
    return "", ""


def crop_svg(attributes, content, crop=None):
    """Return an SVG that shows a part of another one, whose clicks set nothing."""
    if crop:
        attributes = BOX.sub(f'viewBox="{" ".join(f"{side:g}" for side in crop)}"', attributes)
    return f"<svg{attributes}>{TOUCH.sub('', content)}</svg>"


def _parts(app):
    """Return the caption of each page's part of the book."""
    toc = yaml.safe_load(Path(app.srcdir, app.config.external_toc_path).read_text(encoding="utf-8"))
    return {page["file"]: part.get("caption", "") for part in toc.get("parts", []) for page in part["chapters"]}


# The page


def _write_cards(self, node):
    app = self.builder.app
    chapters = [read_chapter(app, name) for name in node["docnames"] if name in app.env.found_docs]
    chapters = [chapter for chapter in chapters if chapter]
    places = {c.docname: self.builder.get_relative_uri(self.builder.current_docname, c.docname) for c in chapters}
    self.body.append(cards_html(chapters, places) + map_html(chapters, places))
    raise nodes.SkipNode


def cards_html(chapters, places):
    """Write a card for each chapter; `places` has the address of each."""
    parts = list(dict.fromkeys(chapter.part for chapter in chapters))
    cards = "".join(_card(c, places[c.docname], parts.index(c.part) + 1) for c in chapters)
    return f'<ul class="chapter-cards">\n{cards}</ul>\n'


def _card(chapter, place, part):
    said = html.escape(chapter.sentence or chapter.title)
    return (
        f'<li class="chapter-card part-{part}">'
        f'<div class="card-picture" role="img" aria-label="{said}">{chapter.picture}</div>\n'
        f'<p class="card-part">{html.escape(chapter.part)}</p>\n'
        f'<p class="card-title"><a href="{place}"><span>{chapter.number}</span> {html.escape(chapter.title)}</a></p>\n'
        f"<p>{html.escape(chapter.able_to)}</p>\n"
        f'<p class="card-facts">{chapter.minutes} minutes · difficulty '
        f'<span role="img" aria-label="{chapter.difficulty} of 3">{"●" * chapter.difficulty}'
        f"{'○' * (3 - chapter.difficulty)}</span></p></li>\n"
    )


def map_html(chapters, places):
    """Write the map: the chapters in a row downwards, each with an arc from every chapter that it builds on."""
    numbers = [chapter.number for chapter in chapters]
    parts = list(dict.fromkeys(chapter.part for chapter in chapters))
    rows = "".join(_row(c, places[c.docname], numbers, parts.index(c.part) + 1) for c in chapters)
    head = '<p class="map-title" id="chapter-map">What builds on what</p>'
    return f'<nav class="chapter-map" aria-labelledby="chapter-map">{head}\n<ol>\n{rows}</ol></nav>\n'


def _row(chapter, place, numbers, part):
    known = [number for number in chapter.builds_on if number in numbers]
    arcs = "".join(_arc(number, chapter.number, numbers) for number in known)
    told = f"builds on {' and '.join(known)}" if known else "begin here"
    title = f'<span class="map-number">{chapter.number}</span> {html.escape(chapter.title)}'
    return f'<li class="part-{part}">{arcs}<a href="{place}">{title}</a> <span class="map-before">{told}</span></li>\n'


def _arc(start, end, numbers):
    """Draw the arrow from one number of the map to another below it: straight to the next one, around others."""
    rows = numbers.index(end) - numbers.index(start)
    height, beside = rows * ROW, WIDE - RADIUS - 1
    if rows == 1:
        line, tip = f"M{WIDE} {RADIUS + 1}V{height - RADIUS - 8}", f"M{WIDE - 4.5} {height - RADIUS - 9}h9l-4.5 8z"
    else:
        bow = beside - min(WIDE, 26 + 16 * rows)
        line, tip = (
            f"M{beside} 0C{bow} 0 {bow} {height} {beside - 8} {height}",
            f"M{beside - 8} {height - 4.5}v9l8-4.5z",
        )
    return (
        f'<svg class="map-arc" data-from="{start}" data-to="{end}" width="{WIDE}" height="{height}" aria-hidden="true">'
        f'<path d="{line}"/><path class="map-tip" d="{tip}"/></svg>'
    )
