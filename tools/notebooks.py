"""Runs the chapters in place, and keeps of them what belongs in the repository.

Usage: python tools/notebooks.py [notebook ...]
"""

import hashlib
import os
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from chapter_runner import run_all, set_environment  # noqa: E402
from experiment_cells import KEY as EXPERIMENT  # noqa: E402
from folded_code import TAG  # noqa: E402
from helpers.sliders.in_page import IN_PAGE  # noqa: E402

LIVE_VIEW = "application/vnd.jupyter.widget-view+json"
TIMEOUT = 600  # seconds a cell
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CARD = "unrolled"  # what the first page's card says of a chapter, see book/_ext/chapter_cards.py


def normalise(notebook):
    """Return what is committed of a notebook: the same for every run, and readable where nothing runs.

    A live figure keeps its PNG and its text; live views, widgets' state, timings and versions are dropped. A cell whose
    code the book folds, by the tag `hide-input`, is folded in JupyterLab and in Colab too. What a cell says of its
    experiment stays: the book's table of experiments is made of it.
    """
    cells, ids = [], set()
    for number, cell in enumerate(notebook.cells):
        kept = {
            "id": _cell_id(cell, number, ids),
            "cell_type": cell.cell_type,
            "metadata": _metadata(cell.metadata),
            "source": cell.source.rstrip(),
        }
        if cell.cell_type == "code":
            kept["execution_count"] = cell.execution_count
            kept["outputs"] = _merge_streams([_normalise_output(output) for output in cell.outputs])
        cells.append(kept)
    metadata = METADATA | {key: value for key, value in notebook.metadata.items() if key == CARD}
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def write(notebook, path):
    """Write a notebook as it is committed."""
    nbformat.validate(notebook)
    Path(path).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def _cell_id(cell, number, taken):
    """Keep a cell's id, or make one that is the same next time."""
    name = cell.get("id")
    if not name or name in taken:
        name = hashlib.sha256(f"{number} {cell.source}".encode()).hexdigest()[:8]
    taken.add(name)
    return name


def _metadata(found):
    """Return a cell's tags, what it says of its experiment, and what folds its code in JupyterLab and in Colab."""
    tags = found.get("tags", [])
    metadata = {"tags": sorted(tags)} if tags else {}
    metadata |= {key: value for key, value in found.items() if key == EXPERIMENT}
    if TAG in tags:
        metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    return metadata


def _normalise_output(output):
    output = dict(output)
    if "data" in output:
        data = dict(output["data"])
        if data.pop(LIVE_VIEW, None) is not None and "image/png" in data:
            data = {kind: data[kind] for kind in ("image/png", "text/plain") if kind in data}
        output["data"] = data
        output["metadata"] = {kind: value for kind, value in output["metadata"].items() if kind in data and value}
    return output


def _merge_streams(outputs):
    """Join what was printed in pieces: where the pieces end is a matter of time."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == last.get("output_type") == "stream" and output["name"] == last["name"]:
            last["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def main(names):
    """Run the notebooks that are named, or all of them."""
    paths = [Path(name).resolve() for name in names] or sorted((ROOT / "book").glob("*.ipynb"))
    set_environment()
    os.environ.pop(IN_PAGE, None)  # a notebook keeps the live figure, not the page's
    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    done = lambda path, notebook, _: write(normalise(notebook), path)  # noqa: E731
    failures = run_all(notebooks, TIMEOUT, lambda line: print(line, flush=True), done)
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main(sys.argv[1:])
