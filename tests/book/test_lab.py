"""Chapters in JupyterLab, as a reader opens them: every cell runs, and a slider moves its figure.

The chapters that train longest are left to `LAB=all make site`: nbval and the book run them too, and with a third run
of them the tests would take more than half an hour on two cores.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from helpers.sliders.in_page import IN_PAGE

ROOT = Path(__file__).parents[2]
LONG = ("08", "09", "12", "13")
ALL = sorted(path.name for path in (ROOT / "book").glob("[0-9][0-9]_*.ipynb"))
CHAPTERS = ALL if os.environ.get("LAB") == "all" else [name for name in ALL if not name.startswith(LONG)]
RUN = 600  # s: the slowest machine that we think of
NO_PROMPT = "[...document.querySelectorAll('.jp-Notebook .jp-InputArea-prompt')].every((p) => !/\\d/.test(p.innerText))"
SETTINGS = {
    # All outputs stay on the page, where the test can see them.
    "notebook-extension/tracker.jupyterlab-settings": '{"windowingMode": "none"}',
    "apputils-extension/notification.jupyterlab-settings": '{"fetchNews": "false", "checkForUpdates": false}',
}


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab of its own, with a copy of the chapters and nobody's settings."""
    shutil.copytree(ROOT / "book", tmp_path / "book", ignore=shutil.ignore_patterns("_*", ".*"))
    for name, text in SETTINGS.items():
        path = tmp_path / "settings" / "@jupyterlab" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    environment = {key: value for key, value in os.environ.items() if key != IN_PAGE}
    environment |= {key: str(tmp_path / name) for key, name in folders.items()}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={tmp_path / 'book'}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    log = tmp_path / "lab.log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(address, server, log):
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}", pytrace=False)


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
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
    page.get_by_text("Python 3", exact=False).first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=120_000)
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
