"""Write a table of results run by run, so that what was interrupted can go on."""

import platform
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTLY, DONE = ROOT / "_build" / "experiments", ROOT / "helpers" / "data" / "results"


def make_table(name, columns, runs, partly=PARTLY, done=DONE):
    """Make `helpers/data/results/<name>.csv`, a row for each measurement.

    What is there of an interrupted table is kept, if it has the same columns and was made with the same versions.

    Parameters
    ----------
    name : str
    columns : list of str
    runs : dict
        Key → a function without arguments that makes the rows of one run. A key is a tuple of the values of the first
        columns, which tell the runs apart; they are not repeated in the rows.
    partly, done : Path
        The folders of the table while it is made, and after.
    """
    head = [f"# python -m experiments.{name}: {versions()}", ",".join(columns)]
    path = partly / f"{name}.csv"
    partly.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or _lines(path)[:2] != head:
        path.write_text(_text(head), encoding="utf-8")
    for number, (key, run) in enumerate(runs.items(), 1):
        if not _rows(path, key):
            rows = [_start(key) + ",".join(map(written, row)) for row in run()]
            with path.open("a", encoding="utf-8") as file:
                file.write(_text(rows))
            print(f"{name}: {number} of {len(runs)}, {_start(key)[:-1]}", file=sys.stderr)
    rows = [row for key in runs for row in _rows(path, key)]
    (done / path.name).write_text(_text(head + rows), encoding="utf-8")
    path.unlink()


def versions():
    """Name what the numbers depend on besides the code."""
    return f"Python {platform.python_version()}, numpy {metadata.version('numpy')}"


def written(value):
    """Write a number with four digits that count, and a whole number or a word as it is."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _start(key):
    return ",".join(map(written, key)) + ","


def _rows(path, key):
    return [line for line in _lines(path) if line.startswith(_start(key))]


def _lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def _text(lines):
    return "".join(f"{line}\n" for line in lines)
