"""The form of what a cell says of its experiment: four fields of plain text, short enough for a table."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book" / "_ext"))

from experiment_cells import FIELDS, KEY

WORDS = 25  # of a field
ASSERTS = re.compile(r"^\s*assert\b", re.MULTILINE)
MARKUP = re.compile(r"[$`\n]|\*\*")


def experiment_problems(cell):
    """Yield what is wrong with the description of an experiment; nothing where a cell has none."""
    if KEY not in cell.metadata:
        return
    said = cell.metadata[KEY]
    if cell.cell_type != "code" or not ASSERTS.search(cell.source):
        yield "it describes an experiment, and asserts nothing; the cell that asserts its sentence describes it"
    if not isinstance(said, dict) or set(said) != {*FIELDS}:
        yield f"its experiment says {list(said) if isinstance(said, dict) else said}, expected {list(FIELDS)}"
        return
    for field in FIELDS:
        text = said[field]
        if not isinstance(text, str) or not text.strip():
            yield f"its experiment says nothing as {field}"
        elif len(text.split()) > WORDS:
            yield f"its experiment has {len(text.split())} words as {field}, at most {WORDS}"
        elif MARKUP.search(text):
            yield f"its experiment has {MARKUP.search(text)[0]!r} as {field}, which is plain text on one line"
    if str(said["question"]).strip()[-1:] != "?":
        yield "the question of its experiment does not end with a question mark"
