"""Any Jupyter Book can have the figures: one line in its `_config.yml` is all that they need."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.sliders.in_page import IN_PAGE
from helpers.sliders.sphinx_extension import STATIC

CONFIG = "title: Any book\nonly_build_toc_files: true\nsphinx:\n  extra_extensions: [helpers.sliders]\n"
FIGURE = """
import matplotlib.pyplot as plt
from helpers.sliders import interact

@interact(power=(1, 4))
def powers(power=2):
    figure, axes = plt.subplots()
    axes.plot([x**power for x in range(6)])
    axes.set_title(f"x to the power of {power}")
    return figure, f"At 5 the curve reaches {5**power}."
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The built page of a book of one notebook, which knows nothing of ours but `helpers.sliders`."""
    book = tmp_path_factory.mktemp("any_book")
    cells = [new_markdown_cell("# Powers"), new_code_cell(FIGURE)]
    nbformat.write(new_notebook(cells=cells), book / "powers.ipynb")
    (book / "_toc.yml").write_text("format: jb-book\nroot: powers\n", encoding="utf-8")
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n", "--keep-going"]
    environment = {key: value for key, value in os.environ.items() if key != IN_PAGE}
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return book / "_build" / "html" / "powers.html"


def test_the_page_names_the_script_and_the_style_and_has_them(page):
    source = page.read_text(encoding="utf-8")
    script, style = (
        r'<script [^>]*src="_static/replay\.js[?"]',
        r'<link rel="stylesheet"[^>]* href="_static/figures\.css[?"]',
    )
    assert (len(re.findall(script, source)), len(re.findall(style, source))) == (1, 1)
    for name in ("replay.js", "figures.css"):
        assert (page.parent / "_static" / name).read_bytes() == (STATIC / name).read_bytes()
    assert not list((page.parent / "_static").rglob("*.py"))
    assert "vnd.jupyter.widget" not in source, "a page that stores widgets fetches scripts from elsewhere to show them"


def test_a_slider_moves_the_figure_without_a_kernel(page, visit):
    visited = visit(page.as_uri())
    figure = visited.page.locator("figure.interact")
    assert figure.count() == 1
    slider, sentence, picture = (figure.locator(part) for part in ("input", "figcaption", ".interact-picture svg"))
    assert sentence.inner_text() == "At 5 the curve reaches 25."
    before = picture.inner_html()
    slider.press("ArrowRight")
    assert sentence.inner_text() == "At 5 the curve reaches 125."
    assert "x to the power of 3" in picture.text_content()
    figure.locator(".interact-reset").click()
    assert sentence.inner_text() == "At 5 the curve reaches 25."
    assert picture.inner_html() == before
    assert visited.off_site == []
    the_themes_own = ("THEBE_JS_URL", "Got invalid theme mode")
    assert [each for each in visited.complaints if not any(fault in each for fault in the_themes_own)] == []
