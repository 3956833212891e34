"""`make outputs`: nbval compares what is stored in a notebook with the run that the book was built from."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_notebook, new_output

from chapter_cache import FOLDER, kept_run, marked_source, stale_chapters, store_run

ROOT = Path(__file__).parents[2]
HTML = {"text/html": '<figure class="interact" id="figure-f">…</figure>'}
FIGURE = {"image/png": "iVBORw0KGgo=", "text/plain": "<figure f: n>"}
QUESTION = {"text/markdown": "How many?", "text/plain": "How many?"}
ASKED = {"text/html": '<div class="ask" id="ask-1">…</div>'}


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(data, **more):
    return new_output("display_data", {**data, **more})


def value(text, count=1):
    return new_output("execute_result", {"text/plain": text}, execution_count=count)


# What is stored, what the run put out, and whether nbval takes them as equal.
CASES = {
    "same": ([printed("1\n")], [printed("1\n")], True),
    "in_pieces": ([printed("12\n")], [printed("1"), printed("2\n")], True),
    "rounding": ([printed("difference 0e+00")], [printed("difference 1e-16")], True),
    "count": ([value("1", 1)], [value("1", 7)], True),
    "figure": ([shown(FIGURE)], [shown({**FIGURE, **HTML, "image/png": "other"})], True),
    "question": ([shown(QUESTION)], [shown({**QUESTION, **ASKED})], True),
    "nothing": ([], [], True),
    "other_text": ([printed("1\n")], [printed("2\n")], False),
    "more": ([printed("1\n")], [printed("1\n"), value("1")], False),
    "less": ([printed("1\n"), value("1")], [printed("1\n")], False),
    "warned": ([printed("1\n")], [printed("1\n"), printed("careful", "stderr")], False),
    "other_figure": ([shown(FIGURE)], [shown({**FIGURE, **HTML, "text/plain": "<figure g: n>"})], False),
    "no_picture": ([shown(FIGURE)], [shown({**HTML, "text/plain": "<figure f: n>"})], False),
    "figure_twice": ([shown(FIGURE)], [shown({**FIGURE, **HTML}), shown({**FIGURE, **HTML})], False),
    "other_question": ([shown(QUESTION)], [shown({**QUESTION, **ASKED, "text/markdown": "Why?"})], False),
    "other_html": ([shown(QUESTION)], [shown(QUESTION, **{"text/html": "<b>How many?</b>"})], False),
    "failed": ([printed("1\n")], [printed("1\n"), new_output("error", ename="E", evalue="e", traceback=["E"])], False),
}
CHANGED = ("no_run", "other_cell", "other_helpers")


def write(path, source, outputs=()):
    cells = [
        new_code_cell("0", execution_count=1, outputs=[value("0")], id="first"),
        new_code_cell(source, execution_count=1, outputs=list(outputs), id="cell"),
    ]
    nbformat.write(new_notebook(cells=cells), path)


def run(root, path, source, outputs):
    """Store a run of that cell; nothing runs."""
    write(path, source, outputs)
    store_run(get_cache(root / FOLDER), path, nbformat.reads(marked_source(path, root), as_version=4), 1.0)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder as the book's, with the tool, a module, and a notebook for each case."""
    root = tmp_path_factory.mktemp("kept")
    for folder in ("book", "helpers", "tools"):
        (root / folder).mkdir()
    for name in ("kept_outputs.py", "nbval.cfg"):
        shutil.copy(ROOT / "tools" / name, root / "tools")
    (root / "helpers" / "__init__.py").write_text("value = 1\n")
    (root / "helpers" / "other.py").write_text("value = 1\n")
    for name, (stored, found, _) in CASES.items():
        path, source = root / "book" / f"{name}.ipynb", f"import helpers  # {name}"  # runs of the same cells are one
        run(root, path, source, found)
        write(path, source, stored)
    for name in CHANGED[1:]:
        run(root, root / "book" / f"{name}.ipynb", f"import helpers.other  # {name}", [])
    write(root / "book" / "no_run.ipynb", "2")
    write(root / "book" / "other_cell.ipynb", "import helpers as changed")
    (root / "helpers" / "other.py").write_text("value = 2\n")
    return root


def outputs(root, *names):
    path = os.pathsep.join([str(root / "tools"), str(ROOT / "book" / "_ext")])
    command = [sys.executable, "-m", "pytest", "-p", "nbval", "-p", "kept_outputs", "-p", "no:cacheprovider", "--nbval"]
    command += ["--nbval-sanitize-with", "tools/nbval.cfg", "-rA", "--color=no", "--rootdir=.", *names]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def judged(root):
    """What nbval says of each case's second cell, and all that was said."""
    _, said = outputs(root, *(f"book/{name}.ipynb" for name in CASES))
    verdicts = re.findall(r"^(PASSED|FAILED|ERROR) book/(\w+)\.ipynb::Cell (\d)", said, re.MULTILINE)
    assert {verdict for verdict, _, cell in verdicts if cell == "0"} == {"PASSED"}
    return {name: verdict for verdict, name, cell in verdicts if cell == "1"}, said


@pytest.mark.parametrize("case", CASES)
def test_nbval_judges_the_run_that_was_kept(judged, case):
    verdicts, said = judged
    assert verdicts[case] == ("PASSED" if CASES[case][2] else "FAILED"), said


def test_what_has_changed_since_the_run_is_an_error(root):
    status, said = outputs(root, *(f"book/{name}.ipynb" for name in CHANGED))
    assert status != 0
    for name in CHANGED:
        assert f"the book has no run of {name}.ipynb as it is now: run `make book` first" in said
    assert "passed" not in said


def test_without_a_book_there_is_no_run(tmp_path):
    write(tmp_path / "one.ipynb", "1")
    with pytest.raises(LookupError, match=r"no run of one\.ipynb"):
        kept_run(tmp_path / "one.ipynb", tmp_path)


def test_a_run_is_found_until_the_chapter_changes_and_replaces_the_one_before(tmp_path):
    path, cache = tmp_path / "one.ipynb", get_cache(tmp_path / FOLDER)
    for text in ("a", "b"):
        run(tmp_path, path, f"print('{text}')", [printed(text)])
        assert kept_run(path, tmp_path).cells[1].outputs[0].text == text
        assert len(cache.list_cache_records()) == 1
        assert stale_chapters(cache, [path], tmp_path) == {}
    write(path, "print('c')")
    assert list(stale_chapters(cache, [path], tmp_path)) == [path]
