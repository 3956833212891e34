"""The build of a small book: what runs again, and what makes it fail."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.sliders.in_page import IN_PAGE

ROOT = Path(__file__).parents[2]
TOC = "format: jb-book\nroot: book/near\nchapters:\n  - file: book/far\n  - file: book/page\n"


def write(book, name, source):
    cells = [new_markdown_cell(f"# {name}", id="title"), new_code_cell(source, id="code")]
    nbformat.write(new_notebook(cells=cells), book / "book" / f"{name}.ipynb")


@pytest.fixture
def book(tmp_path):
    """A book of two notebooks over a `helpers` of its own, built as ours is."""
    for part in ("book/_ext", "book/_static", "book/_templates", "helpers/sliders"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    (tmp_path / "book" / "page.md").write_text("# Page\n\nTo [near](near.ipynb).\n", encoding="utf-8")
    for name in ("__init__", "one", "two"):
        (tmp_path / "helpers" / f"{name}.py").write_text("value = 'before'\n", encoding="utf-8")
    write(tmp_path, "near", "import os\nfrom helpers.one import value\nprint(value, os.environ.get('SLIDERS_IN_PAGE'))")
    write(tmp_path, "far", "import os\nfrom helpers.two import value\nprint(value, os.environ['OMP_NUM_THREADS'])")
    return tmp_path


def build(book):
    """Build it; return whether that went well, which chapters ran, and what was said."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n", "--keep-going"]
    environment = {**os.environ, "PYTHONPATH": str(book), "OMP_NUM_THREADS": "1"}
    environment.pop(IN_PAGE, None)
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    return done.returncode == 0, sorted(re.findall(r"^ran (\w+)\.ipynb", said, re.MULTILINE)), said


def page(book, name):
    return (book / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")


def test_only_what_changed_runs_again(book):
    good, ran, said = build(book)
    assert good, said
    assert ran == ["far", "near"]
    assert "before 1" in page(book, "near")
    assert build(book)[:2] == (True, [])
    (book / "helpers" / "one.py").write_text("value = 'after'\n", encoding="utf-8")
    assert build(book)[:2] == (True, ["near"])
    assert "after 1" in page(book, "near")
    assert "before 1" in page(book, "far")
    for source in (book / "book" / "_static" / "book.css", book / "helpers" / "sliders" / "static" / "replay.js"):
        source.write_text("/* other */", encoding="utf-8")
        assert build(book)[:2] == (True, [])
        assert (book / "_build" / "html" / "_static" / source.name).read_text(encoding="utf-8") == "/* other */"


def test_a_change_of_the_glossary_dresses_the_pages_anew(book):
    glossary = book / "book" / "glossary.md"
    table = "# Glossary\n\n| Term | 中文 | Meaning |\n|---|---|---|\n| page | 页 | {} |\n"
    (book / "book" / "01_page.md").write_text("# Page\n\nA page.\n", encoding="utf-8")
    toc = TOC.replace("page\n", "01_page\n") + "  - file: book/page\n  - file: book/glossary\n"
    (book / "_toc.yml").write_text(toc, encoding="utf-8")
    for meaning, again in (("one side of a leaf", ["far", "near"]), ("what a browser shows", [])):
        glossary.write_text(table.format(meaning), encoding="utf-8")
        good, ran, said = build(book)
        assert good, said
        assert ran == again
        assert meaning in page(book, "01_page")


def test_a_cell_that_fails_fails_the_build_and_is_shown_last(book):
    write(book, "far", "1 / 0")
    for _ in range(2):
        good, ran, said = build(book)
        assert not good
        assert "far.ipynb failed" in said
        assert "ZeroDivisionError" in said[-1000:]
    assert ran == []  # near ran the first time, and was kept


def test_a_warning_fails_the_build_until_it_is_mended(book):
    text = "# Page\n\nTo [nothing](nothing.ipynb).\n"
    (book / "book" / "page.md").write_text(text, encoding="utf-8")
    for _ in range(2):
        good, _, said = build(book)
        assert not good
        assert "nothing.ipynb" in said
    (book / "book" / "page.md").write_text("# Page\n", encoding="utf-8")
    assert build(book)[0]


def test_words_on_stderr_fail_the_build(book):
    write(book, "far", "import sys\nprint('careful', file=sys.stderr)")
    good, ran, said = build(book)
    assert not good
    assert ran == ["far", "near"]
    assert "stderr" in said
