"""Chapters in JupyterLab, as a reader opens them: every cell runs, and a slider moves its figure.

The chapters that train longest, and the companions, are left to `LAB=all make site`: the book runs them too,
and nbval judges that run; with a second run of them the tests would take more than half an hour on two cores.
"""

import contextlib
import json
import os
import re
import shutil
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from folded_code import fold_title
from helpers.sliders.in_page import IN_PAGE
from own_lab import running

ROOT = Path(__file__).parents[2]
LONG = ("05", "06", "07", "08", "09", "10", "11", "12", "13", "14")
ALL = sorted(path.name for path in (ROOT / "book").glob("[0-9][0-9]_*.ipynb"))
SHORT = [name for name in ALL if not name.startswith(LONG) and "_deeper" not in name]
CHAPTERS = ALL if os.environ.get("LAB") == "all" else SHORT
RUN = 600  # s: the slowest machine that we think of
NO_PROMPT = "[...document.querySelectorAll('.jp-Notebook .jp-InputArea-prompt')].every((p) => !/\\d/.test(p.innerText))"


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab of its own, with a copy of the chapters."""
    shutil.copytree(ROOT / "book", tmp_path / "book", ignore=shutil.ignore_patterns("_*", ".*"))
    with running(tmp_path, tmp_path / "book", without=(IN_PAGE,)) as address:
        yield address


@pytest.fixture
def notebook(tmp_path, visit):
    """Open a notebook with these cells in a JupyterLab of its own, and run them."""
    with contextlib.ExitStack() as stack:

        def open_one(*cells, settings=None):
            kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
            new = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
            )
            (tmp_path / "notebooks").mkdir()
            nbformat.write(new, tmp_path / "notebooks" / "own.ipynb")
            address = stack.enter_context(running(tmp_path, tmp_path / "notebooks", (IN_PAGE,), settings))
            visited = visit(f"{address}/lab/tree/own.ipynb", own=address)
            _wait_for_kernel(visited.page)
            _run_all(visited.page)
            return visited

        yield open_one


def _wait_for_kernel(page):
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
    page.get_by_text("Python 3", exact=False).first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=120_000)


def _unfold_all(page, path):
    """See that each folded cell says what it does, and open it: what is folded has no prompt to wait for."""
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    folded = [source.partition("\n")[0] for source in sources if fold_title(source)]
    assert page.locator(".jp-InputPlaceholder").all_inner_texts() == folded
    page.get_by_role("menuitem", name="View", exact=True).click()
    page.get_by_role("menuitem", name="Expand All Code", exact=True).click()
    page.wait_for_function("!document.querySelector('.jp-InputPlaceholder')")


def _run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    code = page.locator(".jp-Notebook .jp-CodeCell")
    deadline = time.monotonic() + RUN
    while time.monotonic() < deadline:
        prompts = [text.strip() for text in code.locator(".jp-InputArea-prompt").all_inner_texts()]
        if prompts and all(re.fullmatch(r"\[\d+\]:", text) for text in prompts):
            return
        broken = page.locator("[data-mime-type='application/vnd.jupyter.error']")
        if broken.count():
            pytest.fail(f"a cell failed in JupyterLab:\n{broken.first.inner_text()}", pytrace=False)
        page.wait_for_timeout(500)
    pytest.fail(f"the chapter did not run through in {RUN} s; prompts: {prompts}", pytrace=False)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_runs_and_its_sliders_move_their_figures(chapter, lab, visit):
    page = visit(f"{lab}/lab/tree/{chapter}", own=lab).page
    _wait_for_kernel(page)
    _unfold_all(page, ROOT / "book" / chapter)
    # The stored prompts must go first, or the test would take them for those of its own run.
    page.get_by_role("menuitem", name="Edit", exact=True).click()
    page.get_by_role("menuitem", name="Clear Outputs of All Cells", exact=True).click()
    page.wait_for_function(NO_PROMPT)
    _run_all(page)
    for kind in ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr"):
        assert page.locator(f".jp-Notebook [data-mime-type='{kind}']").all_inner_texts() == []

    views = page.locator(".jp-Notebook .widget-vbox:has(.interact-picture)")
    assert views.count() > 0, "no live figure: was the chapter run with a kernel?"
    moved = 0
    for view in views.all():
        for handle in view.get_by_role("slider").all():
            picture = view.locator(".interact-picture")
            before = picture.inner_html()
            handle.focus()
            at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
            handle.press("ArrowLeft" if at_end else "ArrowRight")
            for _ in range(200):
                if picture.inner_html() != before:
                    break
                page.wait_for_timeout(100)
            else:
                pytest.fail(f"a slider did not move its figure: {view.inner_text()[:200]}", pytrace=False)
            moved += 1
    assert moved > 0


LIVE = """
from matplotlib.figure import Figure
from helpers.sliders import Play, ask, interact

@interact(step=Play(0, 3))
def machine(step=0, word="the"):
    if " " in word:
        raise ValueError("One word, please.")
    panels = [Figure(figsize=(4.8, 2)) for _ in range(2)]
    for panel in panels:
        panel.subplots().plot([0, step])
    return panels, f"Step {step} of {word}."
"""
ASKED = 'ask("How much is 6 × 7?", ["40", "42"], answer="42", why="6 × 7 is 42.")'
SLEEP = "import time\ntime.sleep({})"
# What the note says: a style writes it, after a moment.
NOTE = """(view) => [...view.querySelectorAll(".interact-note, .interact-note *")]
  .map((element) => getComputedStyle(element, "::after"))
  .find((style) => style.content !== "none" && style.opacity === "1")?.content ?? null"""


def test_a_live_figure_has_panels_plays_reads_text_and_goes_back(notebook):
    visited = notebook(LIVE, ASKED)
    page = visited.page
    view = page.locator(".jp-Notebook .widget-vbox:has(> .interact-note)")
    panels = [panel.bounding_box() for panel in view.locator(".interact-picture svg").all()]
    assert len(panels) == 2
    assert panels[0]["y"] == panels[1]["y"]
    assert panels[0]["x"] + panels[0]["width"] <= panels[1]["x"]

    sentence = view.locator(".interact-sentence")
    expect(sentence).to_have_text("Step 0 of the.")
    view.locator(".widget-play button").first.click()
    expect(sentence).to_have_text("Step 3 of the.", timeout=20_000)
    expect(view.get_by_role("slider")).to_have_attribute("aria-valuenow", "3.0")
    page.wait_for_timeout(1000)
    expect(sentence).to_have_text("Step 3 of the.")

    view.get_by_role("slider").press("ArrowLeft")
    expect(sentence).to_have_text("Step 2 of the.")
    word = view.get_by_role("textbox", name="word")
    word.fill("two words")
    word.press("Enter")
    expect(view.get_by_role("alert")).to_contain_text("One word, please.")
    word.fill("cat")
    word.press("Enter")
    expect(sentence).to_have_text("Step 2 of cat.")
    view.get_by_role("button", name="Reset").click()
    expect(sentence).to_have_text("Step 0 of the.")
    expect(view.get_by_role("slider")).to_have_attribute("aria-valuenow", "0.0")

    page.get_by_role("radio", name="42").check()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert").get_by_text("6 × 7 is 42.")).to_be_visible()
    assert visited.complaints == []


# JupyterLab sends what moves to a thread of its own; other front ends, and older kernels, have one thread for all.
@pytest.mark.parametrize("threads", ["perCommTarget", "disabled"])
def test_a_note_says_that_the_kernel_is_busy_with_another_cell(threads, notebook):
    kernels = {"apputils-extension/kernels-settings.jupyterlab-settings": json.dumps({"commsOverSubshells": threads})}
    visited = notebook(LIVE, SLEEP.format(0), settings=kernels)
    page = visited.page
    view = page.locator(".jp-Notebook .widget-vbox:has(> .interact-note)")
    sentence = view.locator(".interact-sentence")
    slider = view.get_by_role("slider")
    slider.press("ArrowRight")
    expect(sentence).to_have_text("Step 1 of the.")
    page.wait_for_timeout(4000)
    assert view.evaluate(NOTE) is None, "the figure has followed"

    editor = page.locator(".jp-CodeCell").last.get_by_role("textbox")
    editor.click()
    editor.press("ControlOrMeta+A")
    page.keyboard.type(SLEEP.format(10))
    page.keyboard.press("Control+Enter")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='busy']").wait_for()
    slider.press("ArrowRight")
    page.wait_for_function(NOTE, arg=view.element_handle())
    assert "The kernel is busy" in view.evaluate(NOTE)
    assert sentence.inner_text() == "Step 1 of the."
    page.locator(".jp-Notebook .jp-CodeCell .jp-InputArea-editor").first.click()
    assert view.evaluate(NOTE) is not None, "it stays when the reader is elsewhere"
    expect(sentence).to_have_text("Step 2 of the.", timeout=30_000)
    page.wait_for_function(f"(view) => ({NOTE})(view) === null", arg=view.element_handle())
    page.wait_for_timeout(1000)
    assert view.evaluate(NOTE) is None

    # A new figure, and the cell below it at once.
    page.locator(".jp-Notebook .jp-CodeCell .jp-InputArea-editor").first.click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("document.querySelector('.jp-Notebook .interact-note')?.innerText.trim()")
    page.wait_for_timeout(1000)
    assert page.locator(".jp-Notebook-ExecutionIndicator[data-status='busy']").count()
    assert view.evaluate(NOTE) is None, "nobody has touched a control"
    assert visited.complaints == []
