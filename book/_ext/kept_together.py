"""What belongs to a formula stays on its line: no line begins with the comma after it, or ends with the bracket before.

To a browser a formula within text is a box, and a line may break on both sides of a box.
"""

import re

from docutils import nodes

BEFORE = re.compile(r"[(\[“]+$")
AFTER = re.compile(r"[)\]”.,:;?!]+")
CLASS = "kept-together"


def setup(app):
    """Keep them together on every page."""
    app.connect("doctree-resolved", lambda app, doctree, docname: keep_together(doctree))


def keep_together(doctree):
    """Wrap each formula within text with the marks that touch it; the style keeps a wrapper on one line.

    Parameters
    ----------
    doctree : docutils.nodes.document
        Changed in place.
    """
    for formula in list(doctree.findall(nodes.math)):
        siblings = formula.parent.children
        place = siblings.index(formula)
        before = _touching(siblings[place - 1] if place else None, BEFORE.search)
        after = _touching(siblings[place + 1] if place + 1 < len(siblings) else None, AFTER.match)
        if not before and not after:
            continue
        wrapper = nodes.inline("", classes=[CLASS])
        if after:
            siblings[place + 1] = _text(siblings[place + 1][len(after) :], formula.parent)
        formula.parent.replace(formula, wrapper)
        if before:
            siblings[place - 1] = _text(siblings[place - 1][: -len(before)], wrapper.parent)
        wrapper += [each for each in (nodes.Text(before), formula, nodes.Text(after)) if each is formula or str(each)]


def _touching(node, find):
    """Return the marks at the edge of a text, and nothing of what is no text."""
    found = find(node) if isinstance(node, nodes.Text) else None
    return found[0] if found else ""


def _text(text, parent):
    node = nodes.Text(text)
    node.parent = parent
    return node
