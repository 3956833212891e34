"""The page of all experiments: a table for each chapter, made from what its cells say of themselves.

The page's source has a marker, and behind it a paragraph that says so where no book is built:

    <!-- experiments -->

    The table is made when the book is built.
"""

from pathlib import Path

import nbformat
from docutils import nodes

from chapter_pages import chapter_number
from experiment_cells import read_experiments

PAGE = "book/experiments"
MARKER = "<!-- experiments -->"
HEADS = ("Question", "Rival explanation", "Seeds", "Answer")
WIDTHS = (28, 30, 12, 30)
CLASS = "experiments"


def setup(app):
    """Fill the page, and give every cell that it leads to an anchor."""
    app.connect("env-get-outdated", _outdated)
    app.connect("doctree-read", _set_anchors)
    app.connect("doctree-read", _fill, priority=400)  # before Sphinx collects the titles
    app.connect("doctree-resolved", _lead_to_cells)


def _outdated(app, env, added, changed, removed):
    """Read the page again where a chapter has come or gone; a changed one it depends on."""
    return [PAGE] if PAGE in env.found_docs and (added or removed) else []


def _set_anchors(app, doctree):
    if not chapter_number(app.env.docname):
        return
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    anchors = {row.cell: row.anchor for row in read_experiments(nbformat.read(path, as_version=4))}
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code" and cell["cell_index"] in anchors:
            cell["ids"].append(anchors[cell["cell_index"]])


def _fill(app, doctree):
    """Put the tables in the place of the marker and of the paragraph behind it."""
    env = app.env
    if env.docname != PAGE:
        return
    chapters = []
    for name in sorted(filter(chapter_number, env.found_docs)):
        path = Path(env.doc2path(name))
        if path.suffix == ".ipynb":
            env.note_dependency(str(path))
            chapters.append((name, nbformat.read(path, as_version=4)))
    marker = next(node for node in doctree.findall(nodes.raw) if node.astext().strip() == MARKER)
    parent, place = marker.parent, marker.parent.index(marker)
    parent[place : place + 2] = chapter_tables(chapters)


def chapter_tables(chapters):
    """Return a section for each chapter that has experiments, with its title and a table.

    Parameters
    ----------
    chapters : list of (str, nbformat.NotebookNode)
        The name of its document, and the notebook.

    Returns
    -------
    list of docutils.nodes.section
        A link in it has `docname` and `anchor`, and no address yet.
    """
    sections = []
    for docname, notebook in chapters:
        rows = read_experiments(notebook)
        if rows:
            number, title = chapter_number(docname), notebook.cells[0].source.split("\n")[0].removeprefix("# ")
            section = nodes.section(ids=[f"of-{docname.rpartition('/')[2].replace('_', '-')}"])
            name = nodes.inline("", number, classes=["chapter-number"]), nodes.Text(f" {title}")
            section += nodes.title("", "", _link(docname, "", *name))
            section += _table([_row(docname, row) for row in rows])
            sections.append(section)
    return sections


def _table(rows):
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in WIDTHS), cols=len(WIDTHS))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", name)) for name in HEADS))
    group += [nodes.thead("", head), nodes.tbody("", *rows)]
    return nodes.table("", group, classes=[CLASS, "colwidths-given"])


def _row(docname, row):
    """Make a row of the table; below its answer it has the command for each table that it draws on."""
    question = nodes.paragraph("", "", _link(docname, row.anchor, nodes.Text(row.question)))
    commands = [nodes.paragraph("", "", nodes.literal("", command)) for command in commands_of(row)]
    cells = [question], [nodes.paragraph("", row.rival)], [nodes.paragraph("", row.seeds)]
    return nodes.row("", *(nodes.entry("", *cell) for cell in (*cells, [nodes.paragraph("", row.answer), *commands])))


def commands_of(row):
    """Return what to type to make again the tables that an experiment draws on."""
    return [f"make experiments TABLES={name}" for name in row.tables]


def _link(docname, anchor, *parts):
    return nodes.reference("", "", *parts, docname=docname, anchor=anchor, internal=True)


def _lead_to_cells(app, doctree, docname):
    if docname != PAGE:
        return
    for link in doctree.findall(nodes.reference):
        if link.get("docname"):
            address = app.builder.get_relative_uri(docname, link["docname"])
            link["refuri"] = f"{address}#{link['anchor']}" if link["anchor"] else address
