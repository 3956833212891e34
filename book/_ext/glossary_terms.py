"""Words of the glossary, marked where a section first uses them, with their meaning and the Chinese term beside them.

The notebooks stay as they are: the words are found in the plain text of a page while it is built. Code, formulas,
headings, links, figures, references and what is folded stay unmarked.
"""

import html
import re
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.util import logging

from chapter_pages import chapter_number

GLOSSARY = "book/glossary"
ROW = re.compile(r"^\| (?!Term \|)([^|]+?) *\| *([^|]+?) *\| *([^|]+?) *\|$", re.MULTILINE)
NAME = re.compile(r"([^(]+?)(?: \((?:((?:of|in) [^)]+)|([^)]+))\))?")
# Words of the glossary that mean something else in these phrases.
OTHER_MEANINGS = (
    "bidirectional encoder representation",
    "chain rule of probability",
    "last bit",
    "unit key",
    "unit vector",
)
UNMARKED = (nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.reference,
            nodes.figure, nodes.image, nodes.comment, nodes.target)  # fmt: skip
FOLD = re.compile(r"<(/?)details\b")
IRREGULAR = {"corpus": "corpora", "hypothesis": "hypotheses", "matrix": "matrices"}

logger = logging.getLogger(__name__)


class Term(NamedTuple):
    """A row of the glossary."""

    name: str  # without what stands in brackets
    forms: tuple  # the words that stand for it: the name, an abbreviation, and their plurals
    everyday: bool  # the word has other meanings too: it is this term where it stands in bold, alone
    chinese: str
    meaning: str
    anchor: str  # of its row on the glossary's page


class term_mark(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils' nodes have such names
    """A word that is marked; `term` is its row."""


def setup(app):
    """Mark the terms in the chapters, and give every row of the glossary an anchor."""
    app.add_node(term_mark, html=(_open_mark, _close_mark), override=True)
    app.connect("doctree-resolved", _mark_page)
    app.connect("html-page-context", _add_notes)


def read_glossary(text):
    """Return the rows of the glossary's table.

    What a name has in brackets is another name for it, such as an abbreviation. If it begins with `of` or `in`, it says
    which meaning of an everyday word the row has: `code (of a word)`.

    Parameters
    ----------
    text : str
        Of glossary.md.

    Returns
    -------
    list of Term

    Raises
    ------
    ValueError
        If two rows have the same name.
    """
    terms = []
    for head, chinese, meaning in ROW.findall(text):
        name, sense, other = NAME.fullmatch(head).groups()
        forms = tuple(form for each in (name, other) if each for form in (each, _plural(each)))
        anchor = "term-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        terms.append(Term(name, forms, bool(sense), chinese, meaning, anchor))
    anchors = [term.anchor for term in terms]
    for anchor in {anchor for anchor in anchors if anchors.count(anchor) > 1}:
        raise ValueError(f"the glossary has two rows for #{anchor}, expected one")
    return terms


def _plural(word):
    for singular, plural in IRREGULAR.items():
        if word.endswith(singular):
            return word.removesuffix(singular) + plural
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:[sx]|[cs]h)$", word) else "s")


def finder(terms):
    """Return a pattern that finds the forms of all terms as whole words, the longest where several begin.

    A form that begins with a small letter is found at the beginning of a sentence too.
    """
    forms = {form for term in terms for form in term.forms} | {p for each in OTHER_MEANINGS for p in (each, each + "s")}
    words = "|".join(_any_case(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")


def _any_case(form):
    pattern = re.escape(form).replace(r"\ ", r"\s+").replace("'", "['’]")
    return f"[{form[0]}{form[0].upper()}]{pattern[1:]}" if form[0].islower() else pattern


def mark_terms(doctree, terms):
    """Put a `term_mark` around the first use of each term in each section below the page's title.

    Parameters
    ----------
    doctree : docutils.nodes.document
        Changed in place.
    terms : list of Term
    """
    pattern = finder(terms)
    meant = {form: term for term in terms for form in term.forms}
    for texts in _sections(doctree):
        seen = set()
        for text in texts:
            parts, end = [], 0
            for found in pattern.finditer(text):
                term = _term(found[0], meant)
                if term is None or term in seen or (term.everyday and not _is_bold_alone(text, found[0])):
                    continue
                seen.add(term)
                mark = term_mark("", found[0])
                mark["term"] = term
                parts += [nodes.Text(text[end : found.start()]), mark]
                end = found.end()
            if parts:
                parts.append(nodes.Text(text[end:]))
                text.parent.replace(text, [part for part in parts if part.astext()])


def _is_bold_alone(text, words):
    return isinstance(text.parent, nodes.strong) and text.parent.astext() == words


def _term(words, meant):
    words = " ".join(words.split()).replace("’", "'")
    return meant.get(words) or meant.get(words[0].lower() + words[1:])


def _sections(doctree):
    """Return the texts that may be marked, a list for each section below the page's title."""
    sections, folds = [[]], 0

    def walk(node, depth):
        nonlocal folds
        if isinstance(node, nodes.raw):
            folds += sum(-1 if closes else 1 for closes in FOLD.findall(node.astext()))
        if isinstance(node, UNMARKED) or str(node.get("nb_element", "")).startswith("cell_code"):
            return
        if isinstance(node, nodes.section):
            if "references" in node["ids"]:
                return  # the titles of papers
            depth += 1
            if depth == 2:
                sections.append([])
        _join_texts(node)
        for child in node.children:
            if not isinstance(child, nodes.Text):
                walk(child, depth)
            elif not folds:
                sections[-1].append(child)

    walk(doctree, 0)
    return sections


def _join_texts(node):
    """Make one text of those that stand side by side: MyST begins a new one with every line."""
    for text in [child for child in node.children if isinstance(child, nodes.Text)]:
        before = node.children[max(node.index(text) - 1, 0)]
        if before is not text and isinstance(before, nodes.Text):
            node.remove(text)
            node.replace(before, nodes.Text(before + text))


def _terms(app):
    return read_glossary(Path(app.env.doc2path(GLOSSARY)).read_text(encoding="utf-8"))


def _mark_page(app, doctree, docname):
    if GLOSSARY not in app.env.found_docs or app.builder.format != "html":
        return
    if docname == GLOSSARY:
        _set_anchors(doctree, _terms(app))
    elif chapter_number(docname):
        mark_terms(doctree, _terms(app))


def _set_anchors(doctree, terms):
    rows = []
    for table in doctree.findall(nodes.table):
        table["classes"].append("glossary")
        rows += [row for body in table.findall(nodes.tbody) for row in body.children]
    if len(rows) != len(terms):
        logger.warning("the glossary's page has %d rows, and %d terms were read", len(rows), len(terms))
    for row, term in zip(rows, terms, strict=False):
        row["ids"] = [term.anchor]


# The page: a mark is a link to the glossary, and a note beside it holds what the row says.


def _open_mark(self, node):
    address = self.builder.get_relative_uri(self.builder.current_docname, GLOSSARY)
    anchor = node["term"].anchor
    self.body.append(f'<a class="term" href="{address}#{anchor}" aria-describedby="about-{anchor}">')


def _close_mark(self, node):
    self.body.append("</a>")


def _add_notes(app, pagename, templatename, context, doctree):
    """Put the notes behind the text: there the search, which reads the doctree, does not find them."""
    if doctree is None:
        return
    terms = list(dict.fromkeys(mark["term"] for mark in doctree.findall(term_mark)))
    if terms:
        address = app.builder.get_relative_uri(pagename, GLOSSARY)
        context["body"] += "".join(_note(term, address) for term in terms)


def _note(term, address):
    name, chinese, meaning = (html.escape(text) for text in (term.name, term.chinese, term.meaning))
    return (
        f'<div class="term-note" data-term="{term.anchor}" hidden><div id="about-{term.anchor}">'
        f'<p><strong>{name}</strong> <span lang="zh-CN">{chinese}</span></p><p>{meaning}</p></div>'
        f'<p><a href="{address}#{term.anchor}">{name} in the glossary</a></p></div>\n'
    )
