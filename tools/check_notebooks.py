"""Checks that every chapter keeps the conventions; says which cell breaks which rule.

Usage: python tools/check_notebooks.py [notebook ...]

A cell that must break a rule carries the rule's tag, such as `allow-class`.
"""

import re
import sys
from pathlib import Path

import nbformat
import yaml

from chapter_imports import packages_named, shown_and_fast
from notebooks import LIVE_VIEW, ROOT, normalise

LINES = 15
CELLS = range(20, 61)
PACKAGES = 14
BANNED = {
    "allow-class": (re.compile(r"^\s*class\s+\w", re.MULTILINE), "a chapter holds no class"),
    "allow-sys-path": (re.compile(r"\bsys\.path\b"), "a chapter does not touch sys.path"),
    "allow-rcparams": (re.compile(r"\brcParams\b|\brc_context\b"), "styles come from helpers.figures, not rcParams"),
}
SET_UP_MAY = {"allow-sys-path": "setup"}  # the set-up cell looks for helpers in the folder above
MYST = {
    "a directive": re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\s*\{", re.MULTILINE),
    "a role": re.compile(r"\{[a-z][\w:+-]*\}`"),
    "a label": re.compile(r"^\([^()\s]+\)=\s*$", re.MULTILINE),
    "a labelled equation": re.compile(r"\$\$[ \t]*\([\w:-]+\)[ \t]*$", re.MULTILINE),
}
SETUP = re.compile(r'^REPOSITORY = "(.*)"$', re.MULTILINE)


def problems(notebook, name, repository=""):
    """Yield a sentence for each rule that a notebook breaks.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    name : str
        Of its file; the numbers of cells are demanded of numbered chapters only.
    repository : str
        The address in `_config.yml`.
    """
    if name[:2].isdigit() and len(notebook.cells) not in CELLS:
        yield f"{name}: it has {len(notebook.cells)} cells; a chapter has {CELLS[0]} to {CELLS[-1]}"
    yield from _title(notebook, name)
    yield from _setup(notebook, name, repository)
    yield from _helpers(notebook, name)
    code = _code_cells(notebook)
    if not any(cell.outputs for cell in code):
        yield f"{name}: it has no stored outputs, so nothing would be compared; run `make notebooks`"
    for number, cell in enumerate(notebook.cells, start=1):
        where = f"{name}, cell {number} ({cell.get('id', 'no id')})"
        rules = _code(cell) if cell.cell_type == "code" else _text(cell)
        yield from (f"{where}: {rule}" for rule in rules)
    if normalise(notebook) != notebook:
        yield f"{name}: it is not as `make notebooks` writes it (timings, widgets' state or metadata); run that"


def _code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _title(notebook, name):
    first = notebook.cells[0].source if notebook.cells else ""
    if not re.match(r"# \S", first):
        yield f"{name}, cell 1: it must begin with the chapter's title, '# …'"
    elif re.match(r"# (?:Chapter )?\d", first):
        yield f"{name}, cell 1: a title carries no number; the order stands in _toc.yml"


def _setup(notebook, name, repository):
    tagged = [cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        yield f"{name}: it has {len(tagged)} cells tagged 'setup'; it needs one, which makes Colab work"
        return
    found = SETUP.search(tagged[0].source)
    if found is None:
        yield f'{name}: its set-up cell has no line REPOSITORY = "…"'
    elif found[1] != repository:
        yield f"{name}: its set-up cell says {found[1]!r}, _config.yml {repository!r}; run `make repo URL=…`"


def _helpers(notebook, name):
    sources = [cell.source for cell in _code_cells(notebook)]
    named = packages_named(sources)
    if len(named) > PACKAGES:
        yield f"{name}: it names {len(named)} packages of helpers, at most {PACKAGES}: {', '.join(named)}"
    yield from (f"{name}: {problem}" for problem in shown_and_fast(sources))


def _code(cell):
    tags = cell.metadata.get("tags", [])
    lines = cell.source.count("\n") + 1
    if lines > LINES and "allow-long" not in tags:
        yield f"it has {lines} lines; a code cell has at most {LINES}"
    for tag, (pattern, rule) in BANNED.items():
        if pattern.search(cell.source) and not {tag, SET_UP_MAY.get(tag)} & {*tags}:
            yield f"{rule} (tag {tag})"
    if cell.source.strip() and cell.execution_count is None:
        yield "it has not been run; run `make notebooks`"
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"its stored output is an error: {output.ename}"
        if output.get("name") == "stderr":
            yield f"its stored output has stderr: {output.text.strip().splitlines()[0]}"
        if LIVE_VIEW in output.get("data", {}):
            yield "its stored output has a live view, which is dead until the cell runs; run `make notebooks`"


def _text(cell):
    # What is quoted as code is not syntax.
    source = re.sub(r"(?ms)^(`{3,})(?!\s*\{).*?^\1", "", cell.source)
    for what, pattern in MYST.items():
        found = pattern.search(source)
        if found:
            yield f"{what} is MyST only, and reads as {found[0].strip()!r} in Jupyter, Colab and GitHub"


def main(names):
    """Check the notebooks that are named, or all of them."""
    repository = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    paths = [Path(name) for name in names] or sorted((ROOT / "book").glob("*.ipynb"))
    found = [p for path in paths for p in problems(nbformat.read(path, as_version=4), path.name, repository)]
    if found:
        sys.exit("\n".join(found))
    print(f"{len(paths)} notebooks keep the conventions.")


if __name__ == "__main__":
    main(sys.argv[1:])
