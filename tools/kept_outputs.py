"""A plugin of pytest that lets nbval judge the run from which the book was built, in place of a run of its own.

Usage: PYTHONPATH=tools:book/_ext pytest -p nbval -p kept_outputs --nbval --nbval-sanitize-with tools/nbval.cfg book

What is equal, and which cells are compared, is nbval's to say: only its kernel is another one.
"""

import itertools
from pathlib import Path

import pytest
from nbval.plugin import IPyNbFile

from chapter_cache import kept_run

ROOT = Path(__file__).resolve().parents[1]
PAGE_ONLY = "text/html"  # what the book shows in place of a live view; the notebook stores neither
STORED_WITH_LIVE = ({"image/png", "text/plain"}, {"text/markdown", "text/plain"})  # of a figure, of a question
OURS = ('<figure class="interact"', '<div class="ask"')


class KeptRun:
    """Answers as nbval's kernel does; what a cell puts out is what it put out when the book was built."""

    def __init__(self, notebook):
        """Take the cells of a notebook that has run."""
        self._cells, self._serial = iter(notebook.cells), itertools.count()
        self._messages = iter(())

    def is_alive(self):
        """Say that it can be asked."""
        return True

    def execute_cell_input(self, source, allow_stdin=None):
        """Find the cell, after those that were asked for before, and return the id of its messages."""
        cell = next((cell for cell in self._cells if cell.cell_type == "code" and cell.source == source), None)
        if cell is None:
            raise LookupError("the kept run has no such cell")
        number = f"cell-{next(self._serial)}"
        self._messages = iter([*(_message(number, output) for output in cell.outputs), _idle(number)])
        return number

    def await_reply(self, number, timeout=None):
        """Return at once."""

    def await_idle(self, number, timeout=None):
        """Return at once."""

    def get_message(self, stream, timeout=None):
        """Return the next message of the cell."""
        return next(self._messages)

    def stop(self):
        """Forget the rest."""
        self._cells = iter(())


def _message(number, output):
    content = {key: value for key, value in output.items() if key != "output_type"}
    if "data" in content:
        content["data"] = _as_stored(content["data"])
    return {"msg_type": output.output_type, "parent_header": {"msg_id": number}, "content": content}


def _idle(number):
    return {"msg_type": "status", "parent_header": {"msg_id": number}, "content": {"execution_state": "idle"}}


def _as_stored(data):
    """Leave out the page's form of a figure or a question, as a notebook leaves out its live view."""
    kept = {kind: value for kind, value in data.items() if kind != PAGE_ONLY}
    ours = data.get(PAGE_ONLY, "").startswith(OURS) and {*kept} in STORED_WITH_LIVE
    return kept if ours else data


class KeptNotebook(IPyNbFile):
    """A notebook whose cells nbval compares with the run that the book was built from."""

    def collect(self):
        """Look up the run; a notebook without one is an error."""
        try:
            self._run = kept_run(self.path, ROOT)
        except LookupError as error:
            raise self.CollectError(f"{error}: run `make book` first") from None
        yield from super().collect()

    def setup(self):
        """Let the run answer instead of a kernel."""
        self.kernel = KeptRun(self._run)
        self.setup_sanitize_files()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our notebooks in the place of nbval's."""
    found = yield
    return [KeptNotebook.from_parent(parent, path=each.path) if type(each) is IPyNbFile else each for each in found]
