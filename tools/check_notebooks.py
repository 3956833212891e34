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
from experiment_form import experiment_problems
from figure_names import names_set_again
from folded_cells import FoldedByMeaning, fold_problems, hiding_problems, is_folded, is_setup
from folded_code import fold_title
from notebooks import LIVE_VIEW, ROOT, normalise

LINES = 15
CELLS = range(25, 46)
WORDS = 4000  # of text, formulas and addresses too: all that stands between spaces
FIGURE_WITHIN = 6  # cells
TRUE_OR_FALSE = 3
COMPANION = "_deeper"
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
MOVES = re.compile(r"<figure [^>]+>")  # how a stored figure names itself and its controls
SETUP = re.compile(r'^REPOSITORY = "(.*)"$', re.MULTILINE)


def problems(notebook, name, repository=""):
    """Yield a sentence for each rule that a notebook breaks.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    name : str
        Of its file: the limits of a chapter are demanded of numbered ones only, and not of their companions.
    repository : str
        The address in `_config.yml`.
    """
    stem = Path(name).stem
    if stem[:2].isdigit():
        yield from _folds(notebook, name)
        if not stem.endswith(COMPANION):
            yield from _limits(notebook, name)
    yield from _title(notebook, name)
    yield from _setup(notebook, name, repository)
    yield from _helpers(notebook, name)
    code = _code_cells(notebook)
    if not any(cell.outputs for cell in code):
        yield f"{name}: it has no stored outputs, so nothing would be compared; run `make notebooks`"
    yield from _figures(notebook, name)
    for number, cell in enumerate(notebook.cells, start=1):
        where = _where(name, number, cell)
        rules = _code(cell) if cell.cell_type == "code" else _text(cell)
        yield from (f"{where}: {rule}" for rule in (*rules, *experiment_problems(cell)))
    if normalise(notebook) != notebook:
        yield f"{name}: it is not as `make notebooks` writes it (timings, widgets' state, what folds a cell); run that"


def _where(name, number, cell):
    return f"{name}, cell {number} ({cell.get('id', 'no id')})"


def _folds(notebook, name):
    """Yield what is shown and should be folded, and what is hidden in another way."""
    meaning = FoldedByMeaning([cell.source for cell in _code_cells(notebook)])
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        yield from (f"{_where(name, number, cell)}: {problem}" for problem in hiding_problems(cell))
        reason = "the set-up" if is_setup(cell) else meaning.reason(cell.source)
        if reason and not is_folded(cell) and "allow-shown" not in cell.metadata.get("tags", []):
            yield f"{_where(name, number, cell)}: it holds {reason}, which is folded by hide-input (or allow-shown)"


def _figures(notebook, name):
    """Yield the cells that set again what a figure before them reads: its slider would then draw another thing."""
    code = [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    for figure, _, changed, later in names_set_again([_without_magics(cell.source) for _, cell in code]):
        yield f"{_where(name, *code[later])}: it sets {changed} again, which the figure {figure} reads"


def _limits(notebook, name):
    """Yield each limit of a chapter that it goes beyond."""
    cells, code = len(notebook.cells), [cell for cell in _code_cells(notebook) if not is_setup(cell)]
    if cells not in CELLS:
        yield f"{name}: it has {cells} cells; a chapter has {CELLS[0]} to {CELLS[-1]}"
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    if words > WORDS:
        yield f"{name}: it has {words:,} words; a chapter has at most {WORDS:,}, and the rest goes to its companion"
    shown = sum(not is_folded(cell) for cell in code)
    if shown > len(code) / 2:
        yield f"{name}: it shows {shown} of {len(code)} code cells; at most half are shown, the others folded"
    if not any(_moves(cell) for cell in notebook.cells[:FIGURE_WITHIN]):
        yield f"{name}: no figure moves in its first {FIGURE_WITHIN} cells"
    said = sum(len(re.findall(r"\b(?:True|False)\b", _printed(cell))) for cell in code)
    if said > TRUE_OR_FALSE:
        yield f"{name}: it prints True or False {said} times, at most {TRUE_OR_FALSE}; print the number that decides it"


def _without_magics(source):
    return re.sub(r"(?m)^(\s*)%.*$", r"\1pass", source)


def _moves(cell):
    return any(MOVES.fullmatch(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", []))


def _printed(cell):
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


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
    yield from fold_problems(cell)
    lines = cell.source.count("\n") + 1 - (fold_title(cell.source) is not None)
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
