"""Code that is folded under a line which says what it does.

A cell with the tag `hide-input` begins with `# @title What it does`. The page shows that line in the place of the code,
Colab makes it the title of a form, and JupyterLab shows the first line of a cell that it folds: one line for all three.
"""

import html
import re

from docutils import nodes

TAG = "hide-input"
TITLE = re.compile(r"# @title[ \t]+(\S[^\n]*?)[ \t]*(?:\n+|$)")


def setup(app):
    """Give each fold of a page the title of its cell."""
    from myst_nb.sphinx_ import HideCodeCellNode  # here, because the tools that read titles need no builder of books

    app.add_node(HideCodeCellNode, override=True, html=(_open_fold, _close_fold))
    app.connect("doctree-read", _take_titles)


def fold_title(source):
    """Return what the first line of a cell says that it does, or None where there is no such line.

    >>> fold_title("# @title Compare with PyTorch\\nassert close(ours, theirs)")
    'Compare with PyTorch'
    """
    found = TITLE.match(source)
    return found and found[1]


def _take_titles(app, doctree):
    """Move the title from the code into the fold's line: who opens the fold has just read it."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code" or cell.get("hide_mode") != "input":
            continue
        code = next(cell.findall(nodes.literal_block), None)
        title = code and fold_title(code.astext())
        if title:
            # MyST-NB hands the prompts on, and calls what it folds {type}.
            cell["prompt_show"] = cell["prompt_hide"] = title
            rest = TITLE.sub("", code.astext(), count=1)
            code.rawsource, code.children = rest, []
            code += nodes.Text(rest)


def _open_fold(self, node):
    self.body.append(f'<details class="fold">\n<summary>{html.escape(node["prompt_show"])}</summary>\n')


def _close_fold(self, node):
    self.body.append("</details>\n")
