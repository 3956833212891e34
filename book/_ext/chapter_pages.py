"""What a chapter's page has and its notebook has not: its number, room for exercises, a companion in the side bar."""

import re

from docutils import nodes

CHAPTER = re.compile(r"(?:.*/)?(\d\d)_[^/]*")
EXERCISE = re.compile(r"\d+\.")


def setup(app):
    """Number the chapters, mark where an exercise begins, and name what unfolds the companions."""
    app.connect("doctree-read", _number_chapter, priority=400)  # before Sphinx collects the titles
    app.connect("doctree-read", _mark_exercises)
    app.connect("html-page-context", _name_toggles, priority=900)  # after the theme, whose side bar it is


def chapter_number(docname):
    """Return the number in the name of a chapter's file, as text, or None for any other page.

    A companion has the number of its chapter.

    >>> chapter_number("book/05_lstm_gru_gates"), chapter_number("book/glossary")
    ('05', None)
    """
    found = CHAPTER.fullmatch(docname)
    return found and found[1]


def _number_chapter(app, doctree):
    """Put the number before the title, in the page and wherever Sphinx names it; the heading keeps its anchor."""
    number, title = chapter_number(app.env.docname), next(doctree.findall(nodes.title), None)
    if number and title is not None:
        title.insert(0, [nodes.inline("", number, classes=["chapter-number"]), nodes.Text(" ")])


def _mark_exercises(app, doctree):
    """Mark the paragraphs that begin with a number in bold, in a section of exercises."""
    for section in doctree.findall(nodes.section):
        if "exercises" not in section["ids"]:
            continue
        for paragraph in section.findall(nodes.paragraph):
            first = next((part for part in paragraph.children if part.astext()), None)
            if isinstance(first, nodes.strong) and EXERCISE.fullmatch(first.astext()):
                paragraph["classes"].append("exercise")


def _name_toggles(app, pagename, templatename, context, doctree):
    """Name the arrow beside a chapter that has a companion: the theme gives it no text for who cannot see it."""
    make = context.get("generate_toctree_html")
    if make is None:
        return

    def make_named(*args, **options):
        tree = make(*args, **options)
        for arrow in tree.select("li > details > summary") if hasattr(tree, "select") else []:
            title = arrow.find_parent("li").find("a").get_text()
            arrow["aria-label"] = f"Pages that belong to {title}"
        return tree

    context["generate_toctree_html"] = make_named
